"""Transfer: the center takes an order back and hands it to another."""

import pytest

from civic.core.errors import Denied, Refused
from civic.orders.models import Dispatch, Provision
from civic.orders.services import dispatching, placing
from civic.orders.targets import Target
from civic.orders.tests.verbs import (
    AN_HOUR,
    HOURS_LATER_16,
    TOMORROW,
    at_once,
    closed_to,
    fresh,
    last_line,
    last_step,
    open_to,
    told,
)
from civic.venues.tests.factories import BookingFactory, RoomFactory
from civic.volunteers.tests.factories import TeamFactory
from tests.moments import NOON

REASON = "原来的队伍时间排不开"


@pytest.fixture
def other_team(guhan):
    return TeamFactory(name="夕阳红", place=guhan)


def transfer(order, to, by, reason=REASON):
    return dispatching.transfer(
        order_id=order.pk, target=Target("team", to.pk), reason=reason, by=by, at=NOON
    )


@pytest.mark.parametrize("state", open_to("transfer"))
def test_another_team_has_it_now(order_in, other_team, dispatcher, zhang, li, state):
    first = order_in(state)
    transfer(first, other_team, dispatcher)

    order = fresh(first)
    assert order.state == "dispatched"
    assert (order.current.team, order.current.state) == (other_team, "offered")
    assert (order.starts_at, order.ends_at, order.due_at) == (None, None, HOURS_LATER_16)
    assert last_step(order) == ("transfer", "dispatched", dispatcher)
    assert last_line(order) == ("orders.transfer", dispatcher, None)
    assert told(order) == {(zhang, "dispatched"), (li, "recalled"), (other_team.leader, "task")}
    recalled = Dispatch.objects.get(pk=first.current_id)
    assert (recalled.state, recalled.note) == ("recalled", REASON)


def test_its_room_is_free_again(order_in, other_team, station, dispatcher):
    order = order_in("provisioned")
    booking = BookingFactory(room=RoomFactory(venue=station), span=(TOMORROW, TOMORROW + AN_HOUR))
    Provision.objects.create(order=order, booking=booking, provisioned_at=NOON, provisioned_by=dispatcher)
    transfer(order, other_team, dispatcher)
    booking.refresh_from_db()
    assert booking.cancelled_by == dispatcher


def test_a_reason_is_given(order_in, other_team, dispatcher):
    order = order_in("accepted")
    with pytest.raises(Refused):
        transfer(order, other_team, dispatcher, reason="")
    assert fresh(order).state == "accepted"


def test_a_target_that_cannot_serve_changes_nothing(order_in, danzhu, dispatcher):
    order = order_in("accepted")
    with pytest.raises(Refused):
        transfer(order, TeamFactory(place=danzhu), dispatcher)
    assert fresh(order).current.state == "accepted"


@pytest.mark.parametrize(
    "who",
    ["zhang", "li", "wang", "station_clerk", "institute_clerk", "stranger", "other_dispatcher", "supervisor"],
)
def test_nobody_else_transfers(order_in, other_team, person, who):
    with pytest.raises(Denied):
        transfer(order_in("accepted"), other_team, person(who))


@pytest.mark.parametrize("state", closed_to("transfer"))
def test_before_it_was_handed_out_and_once_it_began_it_is_not_transferred(
    order_in, other_team, dispatcher, state
):
    order = order_in(state)
    with pytest.raises(Refused):
        transfer(order, other_team, dispatcher)
    assert fresh(order).state == state


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_at_once_leave_one_dispatch_standing(order_in, guhan, other_team, dispatcher, head):
    order, third = order_in("accepted"), TeamFactory(place=guhan)
    outcomes = at_once(lambda: transfer(order, other_team, dispatcher), lambda: transfer(order, third, head))
    # Both may: the second takes the order back from whom the first had given it to.
    assert outcomes == ["done", "done"]
    assert Dispatch.objects.get(order=order, state="offered") == fresh(order).current
    assert Dispatch.objects.filter(order=order, state="recalled").count() == 2


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_withdrawn_at_once_whoever_has_it_then_is_told(order_in, other_team, dispatcher, zhang, li):
    for _ in range(10):
        order = order_in("dispatched")
        outcomes = at_once(
            lambda: transfer(order, other_team, dispatcher),  # noqa: B023 (run at once)
            lambda: placing.withdraw(order_id=order.pk, reason="", by=zhang, at=NOON),  # noqa: B023
        )
        holder = other_team.leader if outcomes == ["done", "done"] else li
        assert fresh(order).state == "withdrawn"
        assert (holder, "withdrawn") in told(order)
