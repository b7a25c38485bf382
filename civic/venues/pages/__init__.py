"""Pages of venues, one module per audience and matter."""
