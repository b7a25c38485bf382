"""The leader says yes: orders are accepted and have their time."""

import pytest

from civic.core.errors import Denied, Refused
from civic.orders.models import Order
from civic.orders.services import dispatching
from civic.orders.tests.verbs import at_once
from civic.pooling.services import driving
from civic.pooling.tests.days import MONDAY, fresh, in_state, last_line

pytestmark = pytest.mark.django_db


def take_on(tour, by):
    return driving.take_on(tour_id=tour.pk, by=by, at=MONDAY)


def test_wrong_state(published, tour, li):
    take_on(tour, li)
    with pytest.raises(Refused):
        take_on(tour, li)


@pytest.mark.parametrize("state", ["open", "planned", "done", "cancelled"])
def test_only_of_a_published_round(planned, tour, li, state):
    in_state(planned, state)
    with pytest.raises(Refused):
        take_on(tour, li)


@pytest.mark.parametrize("name", ["zhang", "wang", "station_clerk", "institute_clerk", "dispatcher", "head"])
def test_wrong_person(published, tour, person, name):
    with pytest.raises(Denied):
        take_on(tour, person(name))


@pytest.mark.parametrize("name", ["stranger", "other_dispatcher"])
def test_next_township_and_county(published, tour, person, name):
    with pytest.raises(Denied):
        take_on(tour, person(name))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_twice_at_once(published, tour, li):
    assert at_once(lambda: take_on(tour, li), lambda: take_on(tour, li)) == ["done", "refused"]


def test_works(published, tour, order, li):
    take_on(tour, li)
    assert fresh(tour).state == "accepted"
    assert last_line(published) == ("pooling.take_on", li)
    order = Order.objects.get(pk=order.pk)
    stop = tour.stops.get(need__order=order)
    assert order.state == "scheduled"
    assert f"{order.starts_at.astimezone(MONDAY.tzinfo):%H:%M}" == f"{stop.starts:%H:%M}"


def test_a_city_of_four_steps_needs_no_provision(published, tour, order, li, city_of_four_steps):
    take_on(tour, li)
    order = Order.objects.get(pk=order.pk)
    assert order.state == "scheduled"
    assert not hasattr(order, "provision")


def test_an_order_that_was_declined_by_itself_is_left_alone(published, tour, order, li):
    dispatching.decline(order_id=order.pk, reason="这家去过了", by=li, at=MONDAY)
    take_on(tour, li)
    assert Order.objects.get(pk=order.pk).state == "screened"
