"""Accept: whom the order was handed to takes it."""

import threading

import pytest

from civic.core.errors import Denied, Refused
from civic.orders.models import Dispatch, Order
from civic.orders.services import _life, dispatching
from civic.orders.tests.verbs import (
    HOURS_LATER_16,
    TOMORROW,
    WITH_DISPATCH,
    at_once,
    closed_to,
    fresh,
    last_line,
    last_step,
    steps,
    told,
)
from civic.volunteers.tests.factories import VolunteerFactory
from tests.moments import NOON

REPEATS = 30


@pytest.fixture
def order(order_in):
    return order_in("dispatched")


def accept(order, by, *members):
    ids = [member.volunteer.pk for member in members]
    return dispatching.accept(order_id=order.pk, by=by, at=NOON, member_ids=ids)


def hand(order, **to):
    """Hand the order to a site or a volunteer in place of the team."""
    Dispatch.objects.filter(pk=order.current_id).update(team=None, **to)
    return order


def test_the_resident_learns_who_comes(order, li, zhang):
    accept(order, li)

    order = fresh(order)
    assert order.state == "accepted"
    assert order.due_at == HOURS_LATER_16
    assert (order.current.state, order.current.answered_at) == ("accepted", NOON)
    assert order.current.answered_by == li
    assert last_step(order) == ("accept", "accepted", li)
    assert last_line(order) == ("orders.accept", li, None)
    assert order.events.get().actor == "「匠心家电」"
    assert told(order) == {(zhang, "accepted")}


def test_members_can_be_named_at_once_and_are_told(order, li, wang, zhang):
    accept(order, li, wang)
    assert list(fresh(order).current.members.all()) == [wang.volunteer]
    assert told(order) == {(zhang, "accepted"), (wang, "assigned")}


def test_somebody_else_is_no_member(order, li, neighbour):
    VolunteerFactory(person=neighbour)
    with pytest.raises(Refused):
        accept(order, li, neighbour)
    assert fresh(order).state == "dispatched"


def test_a_sites_clerk_accepts_for_the_site(order, station, station_clerk):
    accept(hand(order, venue=station), station_clerk)
    assert last_step(order) == ("accept", "accepted", station_clerk)


def test_an_invited_volunteer_accepts_alone(order, wang):
    accept(hand(order, volunteer=wang.volunteer), wang)
    assert last_step(order) == ("accept", "accepted", wang)


def test_a_volunteer_alone_names_no_members(order, li, wang):
    with pytest.raises(Refused):
        accept(hand(order, volunteer=wang.volunteer), wang, li)


@pytest.mark.parametrize(
    "who",
    [
        "zhang",
        "neighbour",
        "wang",  # a member, not the leader
        "station_clerk",  # the team is not her site
        "dispatcher",  # nobody accepts for another
        "head",
        "stranger",
        "other_dispatcher",
    ],
)
def test_nobody_accepts_for_the_team(order, person, who):
    with pytest.raises(Denied):
        accept(order, person(who))
    assert fresh(order).state == "dispatched"


def test_the_next_townships_clerk_does_not_accept_for_the_site(order, station, stranger):
    with pytest.raises(Denied):
        accept(hand(order, venue=station), stranger)


@pytest.mark.parametrize("state", closed_to("accept"))
def test_only_a_dispatched_order_is_accepted(order_in, li, state):
    order = order_in(state)
    with pytest.raises(Refused if state in WITH_DISPATCH else Denied):
        accept(order, li)
    assert fresh(order).state == state


# --- The race, with the guard switched off and on.


def unguarded(order_id):
    """Read the order as `_life.locked` does, but lock nothing."""
    return Order.objects.select_related("place", "item", "resident", "current__team__leader").get(pk=order_id)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_two_presses_accept_twice(order, li, monkeypatch):
    met = threading.Barrier(2)

    def read_then_meet(order_id):
        found = unguarded(order_id)
        met.wait(10)  # both have read "dispatched" before either writes
        return found

    monkeypatch.setattr(_life, "locked", read_then_meet)
    assert at_once(lambda: accept(order, li), lambda: accept(order, li)) == ["done", "done"]
    assert steps(order, "accept") == 2


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_with_the_lock_two_presses_accept_once(order_in, li, zhang):
    for _ in range(REPEATS):
        order = order_in("dispatched", due_at=TOMORROW)
        assert at_once(lambda: accept(order, li), lambda: accept(order, li)) == ["done", "refused"]  # noqa: B023 (run at once)
        assert steps(order, "accept") == 1
        assert told(order) == {(zhang, "accepted")}
