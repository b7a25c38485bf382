"""Home pages, search, help, error pages and the demo city. Owns no table and no rule."""
