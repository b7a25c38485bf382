"""Call: the center rings the resident and writes down what she said."""

import pytest

from civic.core.errors import Denied, Refused
from civic.orders.models import CallBack
from civic.orders.services import reviewing
from civic.orders.tests.verbs import AN_HOUR, at_once, fresh, last_line, last_step, steps, told
from tests.moments import NOON

OUTCOME = "第二天已经补好，满意。"


@pytest.fixture
def owed(order_in):
    """A call owed for a low grade."""
    order = order_in("reviewed")
    return CallBack.objects.create(order=order, reason="low_grade", opened_at=NOON, due_at=NOON + AN_HOUR)


def call(owed, by, outcome=OUTCOME, is_content=True):
    return reviewing.call(callback_id=owed.pk, outcome=outcome, is_content=is_content, by=by, at=NOON)


@pytest.mark.parametrize("is_content", [True, False])
def test_what_she_said_is_kept_for_staff(owed, dispatcher, is_content):
    order = call(owed, dispatcher, is_content=is_content)

    owed.refresh_from_db()
    assert (owed.outcome, owed.is_content) == (OUTCOME, is_content)
    assert (owed.called_at, owed.called_by) == (NOON, dispatcher)
    assert fresh(order).state == "reviewed"
    assert last_step(order) == ("call", "reviewed", dispatcher)
    assert last_line(order) == ("orders.call", dispatcher, None)
    assert order.events.get().is_internal
    assert told(order) == set()


def test_something_is_written_down(owed, dispatcher):
    with pytest.raises(Refused):
        call(owed, dispatcher, outcome=" ")
    owed.refresh_from_db()
    assert owed.called_at is None


def test_a_call_is_made_once(owed, dispatcher, head):
    call(owed, dispatcher)
    with pytest.raises(Refused):
        call(owed, head, outcome="又打了一次")
    owed.refresh_from_db()
    assert owed.called_by == dispatcher


@pytest.mark.parametrize(
    "who", ["zhang", "li", "station_clerk", "institute_clerk", "stranger", "other_dispatcher", "supervisor"]
)
def test_nobody_below_the_center_calls(owed, person, who):
    with pytest.raises(Denied):
        call(owed, person(who))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_at_once_call_once(owed, dispatcher, head):
    assert at_once(lambda: call(owed, dispatcher), lambda: call(owed, head)) == ["done", "refused"]
    assert steps(owed.order, "call") == 1
