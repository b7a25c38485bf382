"""Send back: the clerk asks the resident to say more."""

import pytest

from civic.core.errors import Denied, Refused
from civic.orders.services import screening
from civic.orders.tests.verbs import at_once, closed_to, fresh, last_line, last_step, steps, told
from tests.moments import NOON

REASON = "请补上门牌"


def send_back(order, by, reason=REASON):
    return screening.send_back(order_id=order.pk, reason=reason, by=by, at=NOON)


def test_the_resident_has_the_next_move(order_in, institute_clerk, zhang):
    order = send_back(order_in("submitted", due_at=NOON), institute_clerk)

    assert fresh(order).state == "returned"
    assert fresh(order).reason == REASON
    assert fresh(order).due_at is None
    assert last_step(order) == ("send_back", "returned", institute_clerk)
    assert last_line(order) == ("orders.send_back", institute_clerk, None)
    assert told(order) == {(zhang, "returned")}
    assert order.events.get().note == REASON


@pytest.mark.parametrize("reason", ["", "  \n", "长" * 201])
def test_a_reason_is_said_and_short(order_in, institute_clerk, reason):
    order = order_in("submitted")
    with pytest.raises(Refused):
        send_back(order, institute_clerk, reason)
    assert fresh(order).state == "submitted"


@pytest.mark.parametrize(
    "who", ["zhang", "neighbour", "li", "station_clerk", "stranger", "other_dispatcher", "supervisor"]
)
def test_nobody_else_sends_back(order_in, person, who):
    with pytest.raises(Denied):
        send_back(order_in("submitted"), person(who))


@pytest.mark.parametrize("state", closed_to("send_back"))
def test_only_a_submitted_order_is_sent_back(order_in, institute_clerk, state):
    order = order_in(state)
    with pytest.raises(Refused):
        send_back(order, institute_clerk)
    assert fresh(order).state == state


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_clerks_at_once_send_back_once(order_in, institute_clerk, dispatcher):
    order = order_in("submitted")
    outcomes = at_once(lambda: send_back(order, institute_clerk), lambda: send_back(order, dispatcher))
    assert outcomes == ["done", "refused"]
    assert steps(order, "send_back") == 1
