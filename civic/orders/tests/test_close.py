"""Close: the center ends a reviewed or disputed order, once no call is owed."""

import pytest

from civic.core.errors import Denied, Refused
from civic.orders.models import CallBack
from civic.orders.services import reviewing
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


def close(order, by, note=""):
    return reviewing.close(order_id=order.pk, note=note, by=by, at=NOON)


@pytest.mark.parametrize("state", open_to("close"))
def test_the_order_ends(order_in, dispatcher, zhang, state):
    order = close(order_in(state, due_at=NOON), dispatcher, note="电话里说满意")

    assert fresh(order).state == "closed"
    assert fresh(order).due_at is None
    assert last_step(order) == ("close", "closed", dispatcher)
    assert last_line(order) == ("orders.close", dispatcher, None)
    assert order.events.get().note == "电话里说满意"
    assert told(order) == {(zhang, "closed")}


def test_a_call_still_owed_is_made_first(order_in, dispatcher):
    order = order_in("reviewed")
    call = CallBack.objects.create(order=order, reason="sample", opened_at=NOON, due_at=NOON)
    with pytest.raises(Refused):
        close(order, dispatcher)
    assert fresh(order).state == "reviewed"

    reviewing.call(callback_id=call.pk, outcome="满意", is_content=True, by=dispatcher, at=NOON)
    assert close(order, dispatcher).state == "closed"


@pytest.mark.parametrize(
    "who", ["zhang", "li", "station_clerk", "institute_clerk", "stranger", "other_dispatcher", "supervisor"]
)
def test_nobody_below_the_center_closes(order_in, person, who):
    with pytest.raises(Denied):
        close(order_in("reviewed"), person(who))


@pytest.mark.parametrize("state", closed_to("close"))
def test_only_what_was_reviewed_or_disputed_is_closed(order_in, dispatcher, state):
    order = order_in(state)
    with pytest.raises(Refused):
        close(order, dispatcher)
    assert fresh(order).state == state


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_closed_and_put_back_at_once_one_decision_counts(order_in, dispatcher, head):
    order = order_in("disputed")

    def rework():
        reviewing.rework(order_id=order.pk, note="", by=head, at=NOON)

    assert at_once(lambda: close(order, dispatcher), rework) == ["done", "refused"]
    assert steps(order, "close") + steps(order, "rework") == 1
