"""Home, search, help and error pages."""
