"""Volunteers, their skills, and the teams they serve in."""
