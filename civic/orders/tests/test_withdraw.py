"""Withdraw: the resident no longer needs it."""

import pytest

from civic.core.errors import Denied, Refused
from civic.orders.models import Dispatch
from civic.orders.services import dispatching, placing
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


def withdraw(order, by, reason=""):
    return placing.withdraw(order_id=order.pk, reason=reason, by=by, at=NOON)


@pytest.mark.parametrize("state", open_to("withdraw"))
def test_she_owes_nobody_a_reason(order_in, zhang, state):
    order = withdraw(order_in(state, due_at=NOON), zhang)

    assert fresh(order).state == "withdrawn"
    assert (fresh(order).current, fresh(order).due_at) == (None, None)
    assert last_step(order) == ("withdraw", "withdrawn", zhang)
    assert last_line(order) == ("orders.withdraw", zhang, None)


def test_whoever_was_asked_is_told(order_in, zhang, li):
    order = withdraw(order_in("dispatched"), zhang, reason="儿子回来修好了")
    assert told(order) == {(li, "withdrawn")}
    assert Dispatch.objects.get(order=order).state == "recalled"
    assert order.events.get().note == "儿子回来修好了"


def test_a_clerk_does_it_for_her_and_both_are_kept(order_in, station_clerk, zhang):
    order = withdraw(order_in("submitted"), station_clerk)
    assert last_line(order) == ("orders.withdraw", station_clerk, zhang)


@pytest.mark.parametrize("who", ["neighbour", "li", "wang", "stranger", "other_dispatcher", "supervisor"])
def test_nobody_else_withdraws_it(order_in, person, who):
    with pytest.raises(Denied):
        withdraw(order_in("dispatched"), person(who))


@pytest.mark.parametrize("state", closed_to("withdraw"))
def test_after_somebody_accepted_it_is_too_late(order_in, zhang, state):
    order = order_in(state)
    with pytest.raises(Refused):
        withdraw(order, zhang)
    assert fresh(order).state == state


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_withdrawn_and_accepted_at_once_one_of_both_counts(order_in, zhang, li):
    order = order_in("dispatched")

    def accept():
        dispatching.accept(order_id=order.pk, by=li, at=NOON)

    # Withdrawn first, the order is no longer the team's to accept; accepted first, it is too late.
    assert at_once(lambda: withdraw(order, zhang), accept) in (["denied", "done"], ["done", "refused"])
    assert fresh(order).state in ("withdrawn", "accepted")
    assert order.events.count() == 1
