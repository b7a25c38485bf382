"""Working time of the Chinese calendar, eight hours a day in Asia/Shanghai.

Statutory holidays and make-up working days come from `chinesecalendar`, whose data ends with the last
published notice; beyond it weekdays decide. Days that a city set by hand win over both.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar

ZONE = ZoneInfo("Asia/Shanghai")
# Two halves of a working day: together eight hours.
HALVES = ((time(8, 30), time(12, 0)), (time(13, 30), time(18, 0)))
NO_DAYS: Mapping[date, bool] = {}


def is_working_day(day: date, by_hand: Mapping[date, bool] = NO_DAYS) -> bool:
    """Whether offices work on `day`; `by_hand` maps days the city set to True (works) or False (rests)."""
    if day in by_hand:
        return by_hand[day]
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:  # the yearly notice is not published yet
        return day.weekday() < 5


def add_working_hours(start: datetime, hours: float, by_hand: Mapping[date, bool] = NO_DAYS) -> datetime:
    """The instant at which `hours` of working time have passed since `start` (an aware datetime)."""
    left = timedelta(hours=hours)
    moment = start.astimezone(ZONE)
    day = moment.date()
    while True:
        if is_working_day(day, by_hand):
            for opens, closes in HALVES:
                begin = max(datetime.combine(day, opens, ZONE), moment)
                span = datetime.combine(day, closes, ZONE) - begin
                if span <= timedelta(0):
                    continue
                if left <= span:
                    return (begin + left).astimezone(start.tzinfo)
                left -= span
        day += timedelta(days=1)
        moment = datetime.combine(day, time(0), ZONE)


def add_working_days(day: date, count: int, by_hand: Mapping[date, bool] = NO_DAYS) -> date:
    """The `count`-th working day after `day`."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day, by_hand)
    return day
