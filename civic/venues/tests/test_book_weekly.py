from datetime import date, time

import pytest

from civic.core.errors import Denied, Refused
from civic.venues import queries, weeks
from civic.venues.models import Booking, Series
from civic.venues.services import booking as services
from civic.venues.tests.factories import RoomFactory
from tests.moments import NOON

NINE, ELEVEN = time(9), time(11)
DECEMBER = [date(2026, 12, day) for day in (4, 11, 18, 25)]


@pytest.fixture
def room(station):
    return RoomFactory(venue=station)


def book(room, by, dates=DECEMBER, opens=NINE, closes=ELEVEN):
    return services.book_weekly(
        room_id=room.pk, title="太极班", dates=dates, opens=opens, closes=closes, by=by, at=NOON
    )


def test_a_room_is_taken_every_friday(room, station_clerk):
    series = book(room, station_clerk)
    assert (series.weekday, series.first_on, series.last_on) == (4, DECEMBER[0], DECEMBER[-1])
    assert series.bookings.count() == 4


def test_one_taken_date_refuses_all_and_is_named(room, station_clerk):
    starts_at, ends_at = weeks.span_on(DECEMBER[2], time(10), time(12))
    services.book(
        room_id=room.pk, title="合唱", starts_at=starts_at, ends_at=ends_at, by=station_clerk, at=NOON
    )
    with pytest.raises(Refused, match=r"合唱.*12月18日 周五 10:00 到 12:00"):
        book(room, station_clerk)
    assert Series.objects.count() == 0
    plan = queries.weekly_plan(
        room, weekday=4, opens=NINE, closes=ELEVEN, first_on=DECEMBER[0], last_on=DECEMBER[-1]
    )
    assert [bool(planned.taken_by) for planned in plan] == [False, False, True, False]
    free = [planned.day for planned in plan if planned.is_free]
    assert book(room, station_clerk, dates=free).bookings.count() == 3


def test_holidays_are_marked_and_made_up_working_days_are_not(room, db):
    plan = queries.weekly_plan(
        room, weekday=3, opens=NINE, closes=ELEVEN, first_on=date(2026, 9, 24), last_on=date(2026, 10, 8)
    )
    assert [(planned.day.day, planned.is_holiday) for planned in plan] == [(24, False), (1, True), (8, False)]


def test_a_plain_weekend_is_no_holiday_and_a_day_set_by_hand_wins():
    saturday = date(2026, 11, 28)
    assert not weeks.is_holiday(saturday)
    assert weeks.is_holiday(saturday, {saturday: False})
    assert not weeks.is_holiday(date(2026, 10, 1), {date(2026, 10, 1): True})
    assert not weeks.is_holiday(date(2031, 10, 1))  # not published yet: nobody knows


def test_weeks_begin_on_the_asked_day_and_end_inside():
    assert weeks.weekly(4, date(2026, 12, 1), date(2026, 12, 25)) == DECEMBER
    assert weeks.weekly(4, date(2026, 12, 5), date(2026, 12, 10)) == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"dates": []}, "至少选一天"),
        ({"dates": [date(2026, 12, 4), date(2026, 12, 5)]}, "同一个星期几"),
        ({"closes": NINE}, "晚于开始"),
        ({"dates": [date(2026, 11, 13)]}, "已经过了"),
    ],
)
def test_what_cannot_be_is_refused(room, station_clerk, options, words):
    with pytest.raises(Refused, match=words):
        book(room, station_clerk, **options)


def test_the_next_township_is_denied(room, stranger):
    with pytest.raises(Denied):
        book(room, stranger)


def test_cancelling_the_series_frees_what_is_ahead(room, station_clerk, stranger):
    series = book(room, station_clerk)
    later = weeks.span_on(DECEMBER[1], ELEVEN, time(12))[0]
    with pytest.raises(Denied):
        services.cancel_series(series_id=series.pk, by=stranger, at=later)
    assert services.cancel_series(series_id=series.pk, by=station_clerk, at=later) == 2
    assert Booking.objects.filter(cancelled_at=None).count() == 2
    with pytest.raises(Refused, match="没有要取消"):
        services.cancel_series(series_id=series.pk, by=station_clerk, at=later)
