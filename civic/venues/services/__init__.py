"""Everything that changes venues, one module per family of verbs."""
