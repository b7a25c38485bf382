"""News of this app for those above it."""

from django.dispatch import Signal

# A visitor chose where she is: `person` (None for a guest), `place`, `at`.
place_chosen = Signal()
