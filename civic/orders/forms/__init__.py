"""Forms take input; no rule lives here alone."""
