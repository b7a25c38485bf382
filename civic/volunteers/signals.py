"""Upward news. Every signal is sent inside the transaction of what it tells of."""

from django.dispatch import Signal

# Who may be asked for what is not what it was: changed (a team or a volunteer).
supply_changed = Signal()
