"""Reject: it cannot be served, and why."""

import pytest

from civic.core.errors import Denied, Refused
from civic.orders.services import screening
from civic.orders.tests.verbs import (
    at_once,
    closed_to,
    fresh,
    last_line,
    last_step,
    open_to,
    steps,
    told,
)
from tests.moments import NOON

REASON = "需要专业资质，志愿者不能做"


def reject(order, by, reason=REASON):
    return screening.reject(order_id=order.pk, reason=reason, by=by, at=NOON)


@pytest.mark.parametrize("state", open_to("reject"))
def test_the_order_ends_with_a_reason(order_in, institute_clerk, zhang, state):
    order = reject(order_in(state, due_at=NOON), institute_clerk)

    assert fresh(order).state == "rejected"
    assert fresh(order).reason == REASON
    assert fresh(order).due_at is None
    assert last_step(order) == ("reject", "rejected", institute_clerk)
    assert last_line(order) == ("orders.reject", institute_clerk, None)
    assert told(order) == {(zhang, "rejected")}


def test_without_a_reason_it_stays(order_in, institute_clerk):
    order = order_in("submitted")
    with pytest.raises(Refused):
        reject(order, institute_clerk, reason=" ")
    assert fresh(order).state == "submitted"


@pytest.mark.parametrize(
    "who", ["zhang", "neighbour", "li", "station_clerk", "stranger", "other_dispatcher", "supervisor"]
)
def test_nobody_else_rejects(order_in, person, who):
    with pytest.raises(Denied):
        reject(order_in("submitted"), person(who))


@pytest.mark.parametrize("state", closed_to("reject"))
def test_an_order_already_handed_out_is_not_rejected(order_in, institute_clerk, state):
    order = order_in(state)
    with pytest.raises(Refused):
        reject(order, institute_clerk)
    assert fresh(order).state == state


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_clerks_at_once_reject_once(order_in, institute_clerk, dispatcher):
    order = order_in("submitted")
    outcomes = at_once(lambda: reject(order, institute_clerk), lambda: reject(order, dispatcher))
    assert outcomes == ["done", "refused"]
    assert steps(order, "reject") == 1
