"""Which days a rhythm falls on, and what the calendar says of a day. Pure."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar

ZONE = ZoneInfo("Asia/Shanghai")
SATURDAY = 5
FIRST_YEAR, LAST_YEAR = 2000, 2100
HOLIDAY, WEEKEND, MADE_UP = "holiday", "weekend", "made_up"
NAMES = {holiday.value: holiday.chinese for holiday in chinese_calendar.Holiday}

ByHand = Mapping[date, tuple[bool, str]]  # day → whether it is worked, and the name of the holiday


@dataclass(frozen=True, slots=True)
class Mark:
    """What kind of day it is: `holiday`, `weekend`, `made_up` (a worked weekend), or a plain one, empty."""

    kind: str = ""
    name: str = ""


def falls_on(day: date, *, weekday: int | None, day_of_month: int | None) -> bool:
    """Whether a weekly rhythm (`weekday`, 0 is Monday) or a monthly one (`day_of_month`) meets `day`."""
    return day.weekday() == weekday if weekday is not None else day.day == day_of_month


def mark_of(day: date, by_hand: ByHand | None = None) -> Mark:
    """What the calendar says of `day`; days that the city set by hand win.

    After the last published yearly notice the week decides.
    """
    is_weekend = day.weekday() >= SATURDAY
    if by_hand is not None and day in by_hand:
        works, name = by_hand[day]
        if works:
            return Mark(MADE_UP) if is_weekend else Mark()
        return Mark(HOLIDAY, name)
    try:
        rests, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return Mark(WEEKEND) if is_weekend else Mark()
    if rests:
        return Mark(HOLIDAY, NAMES.get(name, "")) if name else Mark(WEEKEND)
    return Mark(MADE_UP) if is_weekend else Mark()


def month_of(text: str, today: date) -> date:
    """The first day of the month written as 2026-11; of this month for anything else."""
    year, _dash, month = text.partition("-")
    if not (text.isascii() and year.isdigit() and month.isdigit() and len(text) <= len("2026-11")):
        return today.replace(day=1)
    if not (FIRST_YEAR <= int(year) <= LAST_YEAR and 1 <= int(month) <= 12):
        return today.replace(day=1)
    return date(int(year), int(month), 1)


def days_of(first: date) -> list[date]:
    """Every day of the month that begins with `first`."""
    count: int = monthrange(first.year, first.month)[1]
    return [first + timedelta(days=number) for number in range(count)]


def next_month(first: date) -> date:
    """The first day of the month after."""
    return (first + timedelta(days=31)).replace(day=1)


def month_before(first: date) -> date:
    """The first day of the month before."""
    return (first - timedelta(days=1)).replace(day=1)


def span_on(day: date, opens: time, closes: time) -> tuple[datetime, datetime]:
    """The instants of a span of one day in the city's time."""
    return datetime.combine(day, opens, ZONE), datetime.combine(day, closes, ZONE)
