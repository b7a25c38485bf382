"""Measurements: each module prepares its own data, measures, prints a table, and ends with one JSON line."""
