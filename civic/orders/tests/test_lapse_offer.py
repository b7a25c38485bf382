"""An offer whose time passed in silence."""

from datetime import timedelta

import pytest

from civic.core.errors import Refused
from civic.orders.models import Dispatch
from civic.orders.services import dispatching
from civic.orders.tests.verbs import AN_HOUR, at_once, fresh, last_line, last_step, told
from tests.moments import NOON

LATE = NOON + AN_HOUR


@pytest.fixture
def offered(order_in):
    order = order_in("dispatched")
    Dispatch.objects.filter(pk=order.current_id).update(answer_by=NOON)
    return order


def lapse(order, at=LATE):
    return dispatching.lapse_offer(dispatch_id=order.current_id, at=at)


def test_the_order_goes_back_and_nobody_is_blamed(offered):
    lapse(offered)
    order, offer = fresh(offered), Dispatch.objects.get(pk=offered.current_id)
    assert (order.state, order.current) == ("screened", None)
    assert (offer.state, offer.answered_at, offer.answered_by) == ("lapsed", None, None)
    assert last_step(order) == ("lapse_offer", "screened", None)
    assert last_line(order) == ("orders.lapse_offer", None, None)
    assert told(order) == set()


def test_while_another_is_asked_the_order_waits_for_that_one(offered, other_team, dispatcher):
    other = Dispatch.objects.create(
        order=offered, team=other_team, dispatched_at=NOON, dispatched_by=dispatcher
    )
    lapse(offered)
    assert (fresh(offered).state, fresh(offered).current) == ("dispatched", other)


def test_not_before_its_time(offered):
    with pytest.raises(Refused):
        lapse(offered, at=NOON - timedelta(minutes=1))


@pytest.mark.parametrize("state", ["accepted", "declined", "recalled", "lapsed", "done"])
def test_only_what_waits_for_an_answer(offered, li, state):
    answered = {"answered_at": NOON, "answered_by": li} if state in {"accepted", "declined"} else {}
    Dispatch.objects.filter(pk=offered.current_id).update(state=state, **answered)
    with pytest.raises(Refused):
        lapse(offered)


@pytest.mark.django_db(transaction=True)
def test_twice_at_once(offered):
    assert at_once(lambda: lapse(offered), lambda: lapse(offered)) == ["done", "refused"]
