"""Messages as files in the data folder; for the demo city."""
