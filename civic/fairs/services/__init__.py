"""Everything that changes fairs, one module per family of verbs."""
