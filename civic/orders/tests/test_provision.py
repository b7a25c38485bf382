"""Provision: goods, helpers and, for a service on site, a room."""

from datetime import timedelta

import pytest
from django.db import connection

from civic.core.errors import Denied, Refused
from civic.orders.models import Dispatch, Provision
from civic.orders.services import serving
from civic.orders.tests.verbs import (
    AN_HOUR,
    HOURS_LATER_16,
    TOMORROW,
    at_once,
    closed_to,
    fresh,
    last_line,
    last_step,
    steps,
    told,
)
from civic.venues.models import Booking
from civic.venues.tests.factories import BookingFactory, RoomFactory
from tests.moments import NOON

REPEATS = 30


@pytest.fixture
def room(station):
    return RoomFactory(venue=station, name="活动室")


def provision(order, by, room=None, at=NOON, **said):
    if room is not None:
        said = {"room_id": room.pk, "starts_at": TOMORROW, "ends_at": TOMORROW + AN_HOUR} | said
    return serving.provision(order_id=order.pk, by=by, at=at, **said)


@pytest.mark.parametrize("state", ["accepted", "provisioned"])
def test_goods_and_helpers_are_named(order_in, station_clerk, li, state):
    order = provision(
        order_in(state), station_clerk, materials=" 工具箱 ", helpers="网格员小王", safety="先断电"
    )

    assert fresh(order).state == "provisioned"
    assert fresh(order).due_at == HOURS_LATER_16
    assert last_step(order) == ("provision", "provisioned", station_clerk)
    assert last_line(order) == ("orders.provision", station_clerk, None)
    assert told(order) == {(li, "provisioned")}
    assert order.events.get().note == "工具箱；网格员小王"
    ready = Provision.objects.get(order=order)
    assert (ready.materials, ready.helpers, ready.safety) == ("工具箱", "网格员小王", "先断电")
    assert (ready.booking, ready.provisioned_by, ready.provisioned_at) == (None, station_clerk, NOON)


def test_a_room_is_taken_in_the_orders_name(order_in, station_clerk, room):
    order = provision(order_in("accepted"), station_clerk, room)
    booking = Provision.objects.get(order=order).booking
    assert (booking.room, booking.title) == (room, order.short_number)
    assert (booking.span.lower, booking.span.upper) == (TOMORROW, TOMORROW + AN_HOUR)
    assert order.events.get().note == "活动室"


def test_a_room_that_is_taken_changes_nothing(order_in, station_clerk, room):
    BookingFactory(room=room, span=(TOMORROW, TOMORROW + AN_HOUR), title="太极拳")
    order = order_in("accepted")
    with pytest.raises(Refused, match="太极拳"):
        provision(order, station_clerk, room, materials="工具箱")
    assert fresh(order).state == "accepted"
    assert not Provision.objects.exists()


@pytest.mark.parametrize("missing", ["starts_at", "ends_at"])
def test_a_room_is_taken_from_when_to_when(order_in, station_clerk, room, missing):
    with pytest.raises(Refused):
        provision(order_in("accepted"), station_clerk, room, **{missing: None})


def test_done_again_the_first_room_is_free_and_the_second_taken(order_in, station_clerk, station, room):
    order = provision(order_in("accepted"), station_clerk, room)
    other = RoomFactory(venue=station)
    provision(order, station_clerk, other)
    assert Booking.objects.get(cancelled_at=None).room == other
    provision(order, station_clerk)
    assert not Booking.objects.filter(cancelled_at=None).exists()
    assert steps(order, "provision") == 3


def test_the_same_room_again_at_another_hour(order_in, station_clerk, room):
    order = provision(order_in("accepted"), station_clerk, room)
    provision(order, station_clerk, room, ends_at=TOMORROW + 2 * AN_HOUR)
    assert Booking.objects.get(cancelled_at=None).span.upper == TOMORROW + 2 * AN_HOUR


def test_a_room_used_in_an_earlier_round_is_left_as_history(order_in, station_clerk, room):
    order = provision(order_in("accepted"), station_clerk, room)
    provision(order, station_clerk, materials="新插座", at=TOMORROW + timedelta(days=3))
    assert Booking.objects.get().cancelled_at is None


def test_long_lists_of_goods_and_helpers_fit_the_timeline(order_in, station_clerk):
    order = provision(order_in("accepted"), station_clerk, materials="米" * 200, helpers="王" * 200)
    assert len(order.events.get().note) == 300


@pytest.mark.parametrize("who", ["station_clerk", "institute_clerk", "dispatcher", "li"])
def test_clerks_and_whoever_holds_it_provision(order_in, person, who):
    assert provision(order_in("accepted"), person(who), materials="工具箱").state == "provisioned"


def test_a_leader_cannot_take_a_room_she_may_not_book(order_in, li, room):
    with pytest.raises(Denied):
        provision(order_in("accepted"), li, room)


def test_a_volunteer_provisions_her_own_order(order_in, wang):
    order = order_in("accepted")
    Dispatch.objects.filter(pk=order.current_id).update(team=None, volunteer=wang.volunteer)
    assert provision(order, wang, materials="工具箱").state == "provisioned"


@pytest.mark.parametrize("who", ["zhang", "neighbour", "wang", "stranger", "other_dispatcher", "supervisor"])
def test_nobody_else_provisions(order_in, person, who):
    with pytest.raises(Denied):
        provision(order_in("accepted"), person(who))


@pytest.mark.parametrize("state", closed_to("provision"))
def test_only_between_acceptance_and_appointment(order_in, station_clerk, state):
    order = order_in(state)
    with pytest.raises(Refused):
        provision(order, station_clerk)
    assert fresh(order).state == state


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_clerks_at_once_leave_one_provision(order_in, station_clerk, institute_clerk):
    order = order_in("accepted")
    outcomes = at_once(
        lambda: provision(order, station_clerk, materials="工具箱"),
        lambda: provision(order, institute_clerk, materials="梯子"),
    )
    assert outcomes == ["done", "done"]
    assert Provision.objects.filter(order=order).count() == 1


# --- The room: the race, with the guard switched off and on.


@pytest.fixture
def unguarded(transactional_db):
    """The database forgets for one test that a room is taken once."""
    guard = next(one for one in Booking._meta.constraints if one.name == "venues_booking_room_is_taken_once")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Booking, guard)
    yield
    Provision.objects.update(booking=None)
    Booking.objects.all().delete()
    with connection.schema_editor() as editor:
        editor.add_constraint(Booking, guard)


def both_want(order_in, clerk, room):
    """Two orders that want one room at one time, provisioned at once; how many stand there then."""
    one, other = order_in("accepted"), order_in("accepted")
    outcomes = at_once(lambda: provision(one, clerk, room), lambda: provision(other, clerk, room))
    return outcomes, room.bookings.filter(cancelled_at=None).count()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_without_the_guard_two_orders_sit_in_one_room(unguarded, order_in, station_clerk, room):
    assert both_want(order_in, station_clerk, room) == (["done", "done"], 2)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_with_the_guard_a_room_is_taken_once(order_in, station, station_clerk):
    for _ in range(REPEATS):
        room = RoomFactory(venue=station)
        assert both_want(order_in, station_clerk, room) == (["done", "refused"], 1)
