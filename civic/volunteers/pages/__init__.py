"""Pages of volunteers and teams, one module per audience."""
