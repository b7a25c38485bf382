"""Pages of fairs, one module per reader."""
