"""Rework: a disputed order goes back into the queue."""

import pytest

from civic.core.errors import Denied, Refused
from civic.orders.models import Order
from civic.orders.services import reviewing
from civic.orders.tests.factories import walk
from civic.orders.tests.verbs import (
    HOURS_LATER_8,
    at_once,
    closed_to,
    fresh,
    last_line,
    last_step,
    steps,
    told,
)
from tests.moments import NOON


def rework(order, by, note=""):
    return reviewing.rework(order_id=order.pk, note=note, by=by, at=NOON)


def test_it_waits_again_and_counts_its_rounds(order_in, dispatcher, zhang):
    order = rework(order_in("disputed"), dispatcher, note="请电工再去一趟")

    assert fresh(order).state == "screened"
    assert (fresh(order).current, fresh(order).starts_at, fresh(order).rework_count) == (None, None, 1)
    assert fresh(order).due_at == HOURS_LATER_8
    assert last_step(order) == ("rework", "screened", dispatcher)
    assert last_line(order) == ("orders.rework", dispatcher, None)
    assert order.events.get().note == "请电工再去一趟"
    assert told(order) == {(zhang, "rework")}


@pytest.mark.slow
def test_the_second_round_leads_to_a_grade_as_the_first_would(order_in, dispatcher, team, zhang):
    order = walk(order_in("submitted"), "served", dispatcher=dispatcher, team=team)
    reviewing.dispute(order_id=order.pk, words="还差一个插座", by=zhang, at=NOON)
    rework(order, dispatcher)
    Order.objects.filter(pk=order.pk).update(state="submitted")  # where `walk` begins

    order = walk(order, "reviewed", dispatcher=dispatcher, team=team)

    assert order.state == "reviewed"
    assert order.visits.count() == order.dispatches.count() == 2


@pytest.mark.parametrize(
    "who", ["zhang", "li", "station_clerk", "institute_clerk", "stranger", "other_dispatcher", "supervisor"]
)
def test_nobody_below_the_center_decides(order_in, person, who):
    with pytest.raises(Denied):
        rework(order_in("disputed"), person(who))


@pytest.mark.parametrize("state", closed_to("rework"))
def test_only_a_disputed_order_is_done_again(order_in, dispatcher, state):
    order = order_in(state)
    with pytest.raises(Refused):
        rework(order, dispatcher)
    assert (fresh(order).state, fresh(order).rework_count) == (state, 0)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_at_once_count_one_round(order_in, dispatcher, head):
    order = order_in("disputed")
    assert at_once(lambda: rework(order, dispatcher), lambda: rework(order, head)) == ["done", "refused"]
    assert (fresh(order).rework_count, steps(order, "rework")) == (1, 1)
