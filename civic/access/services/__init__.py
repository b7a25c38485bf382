"""The only writer of grants, settings and the calendar; the only place where masked data is opened."""

from civic.access.services.accounts import disable, enable, invite, reset_second_step
from civic.access.services.founding import found
from civic.access.services.grants import grant, narrow, revoke, revoke_all
from civic.access.services.settings import drop_calendar_day, set_calendar, set_calendar_day, set_setting
from civic.access.services.unmasking import Opened, unmask

__all__ = [
    "Opened",
    "disable",
    "drop_calendar_day",
    "enable",
    "found",
    "grant",
    "invite",
    "narrow",
    "reset_second_step",
    "revoke",
    "revoke_all",
    "set_calendar",
    "set_calendar_day",
    "set_setting",
    "unmask",
]
