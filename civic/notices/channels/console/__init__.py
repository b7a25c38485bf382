"""Messages as lines of the log; for development."""
