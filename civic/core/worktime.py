"""Working time of public offices in China: statutory holidays, make-up Saturdays, eight hours a day. Pure.

The national calendar is known up to the year of the last published notice; after that the week decides, until
the city pastes the new notice (`overrides`: day → whether it is worked). A deadline counts only office hours,
so that an order of Friday evening is not late on Saturday.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar

ZONE = ZoneInfo("Asia/Shanghai")
SPANS = ((time(8), time(12)), (time(14), time(18)))
HOURS_A_DAY = 8
SATURDAY = 5
HORIZON_DAYS = 4000  # a calendar without a single working day must not turn for ever

Overrides = Mapping[date, bool]


def is_working_day(day: date, overrides: Overrides | None = None) -> bool:
    """Whether offices work on `day`. Never raises: after the last known notice the week decides."""
    if overrides is not None and day in overrides:
        return overrides[day]
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < SATURDAY


def add_working_hours(start: datetime, hours: float, overrides: Overrides | None = None) -> datetime:
    """The moment when `hours` of office time have passed since `start`, in the city's time.

    Nothing passes at night, at noon and on days off; with no hours left the answer is `start` itself. Raises
    ValueError when no working day comes.
    """
    if hours <= 0:
        return start.astimezone(ZONE)
    rest = timedelta(hours=hours)
    for opens, closes in _spans_from(start, overrides):
        if opens + rest <= closes:
            return opens + rest
        rest -= closes - opens
    raise ValueError("the calendar has no working days")


def working_hours_between(start: datetime, end: datetime, overrides: Overrides | None = None) -> float:
    """Office hours between two moments; 0 when `end` is not later."""
    passed = timedelta()
    for opens, closes in _spans_from(start, overrides):
        if opens >= end:
            break
        passed += min(closes, end.astimezone(ZONE)) - opens
    return passed / timedelta(hours=1)


def add_working_days(day: date, days: int, overrides: Overrides | None = None) -> date:
    """The `days`-th working day after `day`. Raises ValueError when there is none."""
    found = day
    for _ in range(HORIZON_DAYS):
        if days <= 0:
            return found
        found += timedelta(days=1)
        if is_working_day(found, overrides):
            days -= 1
    raise ValueError("the calendar has no working days")


def _spans_from(start: datetime, overrides: Overrides | None) -> Iterator[tuple[datetime, datetime]]:
    """Stretches of office time from `start` on, the first one cut at `start`."""
    local = start.astimezone(ZONE)
    for ahead in range(HORIZON_DAYS):
        day = local.date() + timedelta(days=ahead)
        if not is_working_day(day, overrides):
            continue
        for opens, closes in SPANS:
            begin = max(datetime.combine(day, opens, ZONE), local)
            end = datetime.combine(day, closes, ZONE)
            if begin < end:
                yield begin, end
