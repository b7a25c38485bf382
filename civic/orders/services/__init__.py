"""The only writer of orders. One module per family of verbs; one function, one use case, one transaction."""
