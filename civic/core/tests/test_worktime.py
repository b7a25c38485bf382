"""Office time: holidays, make-up Saturdays, noon, nights, and years that no notice covers."""

from datetime import UTC, date, datetime

import pytest

from civic.core import worktime
from civic.core.worktime import (
    ZONE,
    add_working_days,
    add_working_hours,
    is_working_day,
    working_hours_between,
)


def at(day, clock="09:00"):
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 11, 20), True),  # a Friday
        (date(2026, 11, 21), False),  # a Saturday
        (date(2026, 10, 1), False),  # National Day, a Thursday
        (date(2026, 10, 10), True),  # a Saturday made up for it
        (date(2031, 5, 1), True),  # a Thursday no notice covers yet: the week decides
        (date(2031, 5, 3), False),
        (date(1999, 1, 4), True),  # before the first notice
    ],
)
def test_days(day, working):
    assert is_working_day(day) is working


def test_the_citys_own_calendar_wins():
    overrides = {date(2026, 11, 20): False, date(2026, 11, 21): True}
    assert not is_working_day(date(2026, 11, 20), overrides)
    assert is_working_day(date(2026, 11, 21), overrides)
    assert not is_working_day(date(2026, 11, 22), overrides)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        (at("2026-11-20", "09:00"), 2, at("2026-11-20", "11:00")),
        (at("2026-11-20", "11:00"), 2, at("2026-11-20", "15:00")),  # over noon
        (at("2026-11-20", "12:30"), 1, at("2026-11-20", "15:00")),  # begun at noon
        (at("2026-11-20", "17:00"), 2, at("2026-11-23", "09:00")),  # over a weekend
        (at("2026-11-20", "23:59"), 8, at("2026-11-23", "18:00")),  # ends exactly when the office does
        (at("2026-11-21", "00:01"), 1, at("2026-11-23", "09:00")),
        (at("2026-09-30", "17:00"), 2, at("2026-10-08", "09:00")),  # over National Day
        (at("2026-12-31", "17:30"), 1, at("2027-01-01", "08:30")),  # 2027 has no notice: New Year is a Friday
        (at("2026-11-20", "09:00"), 16, at("2026-11-24", "09:00")),
        (at("2026-11-20", "09:00"), 0.5, at("2026-11-20", "09:30")),
        (at("2026-11-21", "09:00"), 0, at("2026-11-21", "09:00")),
        (datetime(2026, 11, 20, 1, 0, tzinfo=UTC), 2, at("2026-11-20", "11:00")),  # 09:00 in the city
    ],
)
def test_deadlines(start, hours, end):
    assert add_working_hours(start, hours) == end


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        (at("2026-11-20", "09:00"), at("2026-11-20", "11:00"), 2),
        (at("2026-11-20", "17:00"), at("2026-11-23", "09:00"), 2),
        (at("2026-11-21", "09:00"), at("2026-11-22", "11:00"), 0),
        (at("2026-11-20", "11:00"), at("2026-11-20", "09:00"), 0),
        (at("2026-11-20", "09:00"), datetime(2026, 11, 20, 2, 30, tzinfo=UTC), 1.5),
    ],
)
def test_time_between(start, end, hours):
    assert working_hours_between(start, end) == hours


def test_working_days():
    assert add_working_days(date(2026, 11, 20), 3) == date(2026, 11, 25)
    assert add_working_days(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert add_working_days(date(2026, 11, 21), 0) == date(2026, 11, 21)


class NeverWorked(dict):
    def __contains__(self, day):
        return True

    def __getitem__(self, day):
        return False


def test_a_calendar_without_working_days_says_so(monkeypatch):
    monkeypatch.setattr(worktime, "HORIZON_DAYS", 40)
    with pytest.raises(ValueError, match="no working days"):
        add_working_hours(at("2026-11-20"), 1, NeverWorked())
    with pytest.raises(ValueError, match="no working days"):
        add_working_days(date(2026, 11, 20), 1, NeverWorked())
    assert working_hours_between(at("2026-11-20"), at("2026-12-20"), NeverWorked()) == 0
