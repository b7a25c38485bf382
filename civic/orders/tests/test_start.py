"""Start: the service begins."""

import pytest

from civic.core.errors import Denied, Refused
from civic.orders.models import Visit
from civic.orders.services import serving
from civic.orders.tests.verbs import (
    AN_HOUR,
    TOMORROW,
    at_once,
    closed_to,
    fresh,
    last_line,
    last_step,
    steps,
    told,
)


def start(order, by, at=TOMORROW):
    return serving.start(order_id=order.pk, by=by, at=at)


def test_a_visit_begins(order_in, li):
    order = start(order_in("scheduled"), li)

    assert fresh(order).state == "in_service"
    assert fresh(order).due_at == TOMORROW + AN_HOUR
    assert last_step(order) == ("start", "in_service", li)
    assert last_line(order) == ("orders.start", li, None)
    assert told(order) == set()
    visit = Visit.objects.get(order=order)
    assert (visit.dispatch, visit.started_at, visit.started_by) == (order.current, TOMORROW, li)
    assert visit.finished_at is None


@pytest.mark.parametrize("who", ["li", "wang", "station_clerk", "dispatcher"])
def test_whoever_serves_and_clerks_for_a_team_without_a_phone(order_in, wang, person, who):
    order = order_in("scheduled")
    order.current.members.add(wang.volunteer)
    assert start(order, person(who)).state == "in_service"


@pytest.mark.parametrize("who", ["zhang", "wang", "neighbour", "stranger", "other_dispatcher", "supervisor"])
def test_nobody_else_starts(order_in, person, who):
    with pytest.raises(Denied):
        start(order_in("scheduled"), person(who))


@pytest.mark.parametrize("state", closed_to("start"))
def test_only_what_was_agreed_begins(order_in, station_clerk, state):
    order = order_in(state)
    with pytest.raises(Refused):
        start(order, station_clerk)
    assert fresh(order).state == state


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_at_once_begin_one_visit(order_in, li, station_clerk):
    order = order_in("scheduled")
    assert at_once(lambda: start(order, li), lambda: start(order, station_clerk)) == ["done", "refused"]
    assert Visit.objects.filter(order=order).count() == steps(order, "start") == 1
