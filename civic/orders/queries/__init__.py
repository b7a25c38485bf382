"""Reading orders: what each audience may see, in the order it needs it."""
