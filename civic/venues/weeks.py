"""Days on which something weekly takes place, on the Chinese calendar. Pure."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar

ZONE = ZoneInfo("Asia/Shanghai")
NO_DAYS: Mapping[date, bool] = {}


def weekly(weekday: int, first_on: date, last_on: date) -> list[date]:
    """Every `weekday` (0 is Monday) from `first_on` to `last_on`, both counted in."""
    start = first_on + timedelta(days=(weekday - first_on.weekday()) % 7)
    return [start + timedelta(weeks=number) for number in range(max(0, (last_on - start).days // 7 + 1))]


def is_holiday(day: date, by_hand: Mapping[date, bool] = NO_DAYS) -> bool:
    """Whether `day` is a public holiday; a plain Saturday or Sunday is none. Days set by hand win."""
    if day in by_hand:
        return not by_hand[day]
    try:
        resting, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:  # the yearly notice is not published yet
        return False
    return bool(resting and name)


def span_on(day: date, opens: time, closes: time) -> tuple[datetime, datetime]:
    """The instants of a span of one day in the city's time."""
    return datetime.combine(day, opens, ZONE), datetime.combine(day, closes, ZONE)


def monday_of(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())
