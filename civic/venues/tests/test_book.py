"""Rooms: taken once, in plain words, also when two press together."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from civic.core.errors import Denied, Refused
from civic.journal.models import Entry
from civic.venues.models import Booking
from civic.venues.services import booking as services
from civic.venues.tests.factories import BookingFactory, RoomFactory
from tests.moments import NOON, SHANGHAI

FRIDAY = datetime(2026, 11, 27, 9, 0, tzinfo=SHANGHAI)
HOUR = timedelta(hours=1)


@pytest.fixture
def room(station):
    return RoomFactory(venue=station, name="多功能厅")


def book(room, by, starts_at=FRIDAY, hours=2, title="太极班", at=NOON):
    return services.book(
        room_id=room.pk, title=title, starts_at=starts_at, ends_at=starts_at + hours * HOUR, by=by, at=at
    )


def test_a_clerk_takes_a_room(room, station_clerk):
    booking = book(room, station_clerk)
    assert (booking.span.lower, booking.span.upper, booking.booked_by) == (
        FRIDAY,
        FRIDAY + 2 * HOUR,
        station_clerk,
    )
    assert Entry.objects.get(what="venues.book").place_path == room.venue.place.path


def test_who_has_the_room_is_said_with_day_and_hours(room, station_clerk):
    book(room, station_clerk)
    with pytest.raises(Refused) as refusal:
        book(room, station_clerk, starts_at=FRIDAY + HOUR, title="合唱")
    assert str(refusal.value) == "已被“太极班”占用：11月27日 周五 9:00 到 11:00"
    assert Booking.objects.count() == 1


def test_one_ends_when_the_next_begins(room, station_clerk):
    book(room, station_clerk)
    book(room, station_clerk, starts_at=FRIDAY + 2 * HOUR)
    book(room, station_clerk, starts_at=FRIDAY - 2 * HOUR)
    assert Booking.objects.count() == 3


def test_another_room_is_another_matter(room, station_clerk):
    book(room, station_clerk)
    book(RoomFactory(venue=room.venue), station_clerk)


def test_a_cancelled_booking_frees_the_room(room, station_clerk):
    first = book(room, station_clerk)
    services.cancel_booking(booking_id=first.pk, by=station_clerk, at=NOON)
    book(room, station_clerk, title="合唱")


@pytest.mark.parametrize("who", ["stranger", "supervisor", "zhang", "auditor"])
def test_others_are_denied(room, request, who):
    with pytest.raises(Denied):
        book(room, request.getfixturevalue(who))


@pytest.mark.parametrize("who", ["institute_clerk", "dispatcher"])
def test_those_above_may(room, request, who):
    book(room, request.getfixturevalue(who))


@pytest.mark.parametrize(
    ("starts_at", "hours", "words"),
    [
        (FRIDAY, 0, "晚于开始"),
        (FRIDAY, -1, "晚于开始"),
        (FRIDAY, 25, "24 小时"),
        (NOON - 3 * HOUR, 2, "已经过了"),
        (NOON + timedelta(days=500), 1, "一年以后"),
    ],
)
def test_an_unsound_span_is_refused(room, station_clerk, starts_at, hours, words):
    with pytest.raises(Refused, match=words):
        book(room, station_clerk, starts_at=starts_at, hours=hours)


def test_a_closed_room_is_refused(room, station_clerk):
    services.close_room(room_id=room.pk, by=station_clerk, at=NOON)
    with pytest.raises(Refused, match="已经停用"):
        book(room, station_clerk)


def test_a_name_with_markup_is_kept_as_it_is(room, station_clerk):
    assert book(room, station_clerk, title="<b>太极</b>" * 9).title == ("<b>太极</b>" * 9)[:60]


def test_the_database_keeps_rooms_apart_without_the_service(room):
    BookingFactory(room=room)
    with pytest.raises(IntegrityError, match="venues_booking_room_is_taken_once"), transaction.atomic():
        BookingFactory(room=room)


def test_who_lost_to_a_booking_that_was_cancelled_at_once_is_asked_to_try_again(
    room, station_clerk, monkeypatch
):
    def lose(**_row):
        raise IntegrityError(services.GUARD)

    monkeypatch.setattr(Booking.objects, "create", lose)
    with pytest.raises(Refused, match="再试一次"):
        book(room, station_clerk)


# --- The race, thirty times, with the guard and without.


def race(room, by, starts_at):
    """Two clerks press together; their answers, sorted."""
    line, answers = threading.Barrier(2), []

    def press():
        line.wait()
        try:
            book(room, by, starts_at=starts_at)
            answers.append("booked")
        except Refused:
            answers.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_at_once_thirty_times_take_it_thirty_times(room, station_clerk):
    spans = [FRIDAY + timedelta(days=day) for day in range(30)]
    assert [race(room, station_clerk, span) for span in spans] == [["booked", "refused"]] * 30
    assert Booking.objects.count() == 30


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_race_is_real_without_the_guard(room, station_clerk):
    guard = next(rule for rule in Booking._meta.constraints if rule.name == services.GUARD)
    with connection.schema_editor() as editor:
        editor.remove_constraint(Booking, guard)
    try:
        spans = [FRIDAY + timedelta(days=day) for day in range(30)]
        doubled = sum(race(room, station_clerk, span) == ["booked", "booked"] for span in spans)
        assert doubled == 30
    finally:
        Booking.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Booking, guard)
