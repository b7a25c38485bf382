"""Pages of orders, one module per audience."""
