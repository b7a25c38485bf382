"""Reading inbox, outbox, and how the machine is."""

from civic.notices.queries.machine import Health, Mark, health
from civic.notices.queries.mailbox import Line, Page, Switch, inbox, open_notice, switches, unread_count

__all__ = [
    "Health",
    "Line",
    "Mark",
    "Page",
    "Switch",
    "health",
    "inbox",
    "open_notice",
    "switches",
    "unread_count",
]
