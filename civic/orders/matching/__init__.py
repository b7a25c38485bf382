"""The engine's view of orders, without a database: what a pair costs (`parts`), the warm plan (`network`)."""
