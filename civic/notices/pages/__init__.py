"""Pages of the inbox, and the health of the machine."""
