"""Reading fairs, one module per reader."""
