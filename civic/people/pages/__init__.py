"""Pages of the app: signing in, and what belongs to the signed-in person."""
