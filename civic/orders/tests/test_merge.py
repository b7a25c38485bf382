"""Merge: a duplicate is folded into another open order."""

import pytest

from civic.core.errors import Denied, Refused
from civic.orders.models import Event
from civic.orders.services import screening
from civic.orders.states import OPEN, OrderState
from civic.orders.tests.factories import OrderFactory
from civic.orders.tests.verbs import (
    at_once,
    closed_to,
    fresh,
    last_line,
    last_step,
    open_to,
    told,
)
from tests.moments import NOON


@pytest.fixture
def older(fuqian, neighbour):
    """The neighbour asked for the same before."""
    return OrderFactory(place=fuqian, resident=neighbour)


def merge(order, into, by, reason="和王家那一单是同一件事"):
    return screening.merge(order_id=order.pk, into_id=into.pk, reason=reason, by=by, at=NOON)


@pytest.mark.parametrize("state", open_to("merge"))
def test_the_duplicate_ends_and_points_to_the_other(
    order_in, older, institute_clerk, zhang, neighbour, state
):
    order = merge(order_in(state, due_at=NOON), older, institute_clerk)

    assert fresh(order).state == "merged"
    assert fresh(order).merged_into == older
    assert fresh(order).due_at is None
    assert last_step(order) == ("merge", "merged", institute_clerk)
    assert last_line(order) == ("orders.merge", institute_clerk, None)
    assert told(order) == {(zhang, "merged")}
    assert told(older) == set()


def test_the_other_notes_it_for_staff_only(order_in, older, institute_clerk):
    order = merge(order_in("submitted"), older, institute_clerk)
    note = Event.objects.get(order=older)
    assert (note.what, note.note, note.is_internal) == ("absorb", order.short_number, True)
    assert fresh(older).state == "submitted"


def test_an_order_is_not_merged_into_itself(order_in, institute_clerk):
    order = order_in("submitted")
    with pytest.raises(Refused):
        merge(order, order, institute_clerk)


@pytest.mark.parametrize("state", [str(state) for state in OrderState if state not in OPEN])
def test_nothing_is_merged_into_an_order_that_ended(order_in, older, institute_clerk, state):
    with pytest.raises(Refused):
        merge(older, order_in(state), institute_clerk)
    assert fresh(older).state == "submitted"


def test_a_reason_is_given(order_in, older, institute_clerk):
    with pytest.raises(Refused):
        merge(order_in("submitted"), older, institute_clerk, reason="")


def test_both_orders_are_within_reach(order_in, institute_clerk, dispatcher, wangqiao):
    order, far = order_in("submitted"), OrderFactory(place=wangqiao)
    for one, other in [(order, far), (far, order)]:
        with pytest.raises(Denied):
            merge(one, other, institute_clerk)
    assert merge(order, far, dispatcher).state == "merged"


@pytest.mark.parametrize(
    "who", ["zhang", "neighbour", "li", "station_clerk", "stranger", "other_dispatcher", "supervisor"]
)
def test_nobody_else_merges(order_in, older, person, who):
    with pytest.raises(Denied):
        merge(order_in("submitted"), older, person(who))


@pytest.mark.parametrize("state", closed_to("merge"))
def test_an_order_already_handed_out_is_not_merged(order_in, older, institute_clerk, state):
    order = order_in(state)
    with pytest.raises(Refused):
        merge(order, older, institute_clerk)
    assert fresh(order).state == state


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_orders_folded_into_each_other_at_once_leave_one(order_in, older, institute_clerk, dispatcher):
    order = order_in("submitted")
    outcomes = at_once(lambda: merge(order, older, institute_clerk), lambda: merge(older, order, dispatcher))
    assert outcomes == ["done", "refused"]
    assert sorted([fresh(order).state, fresh(older).state]) == ["merged", "submitted"]
