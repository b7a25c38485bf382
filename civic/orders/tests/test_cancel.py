"""Cancel: the center ends an order that cannot go on."""

from datetime import timedelta

import pytest

from civic.core.errors import Denied, Refused
from civic.orders.models import Dispatch, Provision, Visit
from civic.orders.services import screening
from civic.orders.states import WITH_REASON
from civic.orders.tests.verbs import (
    AN_HOUR,
    TOMORROW,
    at_once,
    closed_to,
    fresh,
    last_line,
    last_step,
    open_to,
    steps,
    told,
)
from civic.venues.tests.factories import BookingFactory, RoomFactory
from tests.moments import NOON

REASON = "下大雪，去不了"


def cancel(order, by, reason=REASON, at=NOON):
    return screening.cancel(order_id=order.pk, reason=reason, by=by, at=at)


@pytest.mark.parametrize("state", open_to("cancel"))
def test_the_order_ends_from_every_state_before_it_was_served(order_in, dispatcher, state):
    order = cancel(order_in(state, due_at=NOON), dispatcher)

    assert fresh(order).state == "cancelled"
    assert fresh(order).reason == REASON
    assert (fresh(order).current, fresh(order).due_at) == (None, None)
    assert last_step(order) == ("cancel", "cancelled", dispatcher)
    assert last_line(order) == ("orders.cancel", dispatcher, None)


def test_whoever_held_it_is_told_and_has_it_no_more(order_in, dispatcher, zhang, li):
    order = cancel(order_in("accepted"), dispatcher)
    assert told(order) == {(zhang, "cancelled"), (li, "recalled")}
    assert Dispatch.objects.get(order=order).state == "recalled"


def test_a_visit_begun_has_ended(order_in, dispatcher, li):
    order = order_in("in_service")
    Visit.objects.create(order=order, dispatch=order.current, started_at=NOON, started_by=li)
    cancel(order, dispatcher, at=NOON + AN_HOUR)
    visit = Visit.objects.get()
    assert (visit.finished_at, visit.finished_by, visit.summary) == (NOON + AN_HOUR, dispatcher, REASON)


def test_its_room_is_free_again(order_in, dispatcher, station):
    order = order_in("provisioned")
    booking = BookingFactory(room=RoomFactory(venue=station), span=(TOMORROW, TOMORROW + AN_HOUR))
    ready(order, booking)

    cancel(order, dispatcher)

    booking.refresh_from_db()
    assert (booking.cancelled_at, booking.cancelled_by) == (NOON, dispatcher)
    assert Provision.objects.get().booking is None


@pytest.mark.parametrize("fate", ["used up", "freed by hand"])
def test_a_room_that_is_no_longer_held_is_left_alone(order_in, dispatcher, station, fate):
    order = order_in("in_service")
    cancelled = {"cancelled_at": NOON, "cancelled_by": dispatcher} if fate == "freed by hand" else {}
    booking = BookingFactory(
        room=RoomFactory(venue=station), span=(TOMORROW, TOMORROW + AN_HOUR), **cancelled
    )
    ready(order, booking)
    later = TOMORROW + timedelta(hours=2) if fate == "used up" else NOON

    assert cancel(order, dispatcher, at=later).state == "cancelled"
    assert Provision.objects.get().booking is None


def ready(order, booking):
    return Provision.objects.create(
        order=order, booking=booking, provisioned_at=NOON, provisioned_by=booking.booked_by
    )


def test_a_reason_is_given(order_in, dispatcher):
    order = order_in("accepted")
    with pytest.raises(Refused):
        cancel(order, dispatcher, reason="")
    assert fresh(order).state == "accepted"


@pytest.mark.parametrize(
    "who",
    ["zhang", "li", "wang", "station_clerk", "institute_clerk", "stranger", "other_dispatcher", "admin"],
)
def test_nobody_below_the_center_cancels(order_in, person, who):
    with pytest.raises(Denied):
        cancel(order_in("accepted"), person(who))


@pytest.mark.parametrize("state", closed_to("cancel"))
def test_what_was_served_or_has_ended_is_not_cancelled(order_in, dispatcher, state):
    order = order_in(state)
    with pytest.raises(Refused):
        cancel(order, dispatcher, reason="又下雪")
    assert fresh(order).state == state
    assert state not in WITH_REASON or fresh(order).reason != "又下雪"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_at_once_cancel_once(order_in, dispatcher, head):
    order = order_in("accepted")
    assert at_once(lambda: cancel(order, dispatcher), lambda: cancel(order, head)) == ["done", "refused"]
    assert steps(order, "cancel") == 1
