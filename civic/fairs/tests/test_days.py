"""The calendar: rhythms, holidays, worked weekends, months."""

from datetime import date

import pytest

from civic.fairs import days
from civic.fairs.days import Mark

NATIONAL_DAY = date(2025, 10, 1)
UNREADABLE = ("", "x", "2026-13", "0001-01", "2026-00", "２０２６-11", "2026-1111")


@pytest.mark.parametrize(
    ("day", "weekday", "day_of_month", "falls"),
    [
        (date(2026, 11, 20), 4, None, True),
        (date(2026, 11, 19), 4, None, False),
        (date(2026, 11, 20), None, 20, True),
        (date(2026, 11, 21), None, 20, False),
    ],
)
def test_rhythms(day, weekday, day_of_month, falls):
    assert days.falls_on(day, weekday=weekday, day_of_month=day_of_month) is falls


@pytest.mark.parametrize(
    ("day", "mark"),
    [
        (NATIONAL_DAY, Mark("holiday", "国庆节")),
        (date(2025, 9, 28), Mark("made_up")),  # a Sunday worked for the holiday
        (date(2025, 9, 27), Mark("weekend")),
        (date(2025, 9, 26), Mark()),
        (date(2099, 9, 26), Mark("weekend")),  # nothing is published yet
        (date(2099, 9, 25), Mark()),
    ],
)
def test_what_the_national_calendar_says(day, mark):
    assert days.mark_of(day) == mark


@pytest.mark.parametrize(
    ("day", "said", "mark"),
    [
        (NATIONAL_DAY, (True, ""), Mark()),
        (date(2025, 9, 26), (False, "大雪"), Mark("holiday", "大雪")),
        (date(2025, 9, 27), (True, ""), Mark("made_up")),
    ],
)
def test_what_the_city_says_wins(day, said, mark):
    assert days.mark_of(day, {day: said}) == mark


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("2026-11", date(2026, 11, 1)),
        ("2026-1", date(2026, 1, 1)),
        *(
            (text, date(2026, 3, 1))
            for text in ("", "x", "2026-13", "0001-01", "2026-00", "２０２６-11", "2026-1111")
        ),
    ],
)
def test_months_are_read_or_this_month_is_taken(text, first):
    assert days.month_of(text, date(2026, 3, 15)) == first


def test_a_month_has_its_days_and_its_neighbours():
    first = date(2026, 2, 1)
    assert len(days.days_of(first)) == 28
    assert (days.month_before(first), days.next_month(first)) == (date(2026, 1, 1), date(2026, 3, 1))
    assert days.next_month(date(2026, 12, 1)) == date(2027, 1, 1)
