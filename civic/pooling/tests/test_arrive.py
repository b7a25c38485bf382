"""The team is there: the service begins."""

import pytest

from civic.core.errors import Denied, Refused
from civic.orders.models import Order
from civic.orders.tests.verbs import at_once
from civic.pooling.services import driving
from civic.pooling.tests.days import MORNING, fresh, in_state, last_line

pytestmark = pytest.mark.django_db


def arrive(stop, by):
    return driving.arrive(stop_id=stop.pk, by=by, at=MORNING)


def test_wrong_state(going, li):
    arrive(going, li)
    with pytest.raises(Refused):
        arrive(going, li)


@pytest.mark.parametrize("name", ["zhang", "wang", "station_clerk", "institute_clerk", "dispatcher", "head"])
def test_wrong_person(going, person, name):
    with pytest.raises(Denied):
        arrive(going, person(name))


@pytest.mark.parametrize("name", ["stranger", "other_dispatcher"])
def test_next_township_and_county(going, person, name):
    with pytest.raises(Denied):
        arrive(going, person(name))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_twice_at_once(going, li):
    assert at_once(lambda: arrive(going, li), lambda: arrive(going, li)) == ["done", "refused"]


def test_works(going, published, order, li):
    arrive(going, li)
    assert fresh(going).state == "arrived"
    assert last_line(published) == ("pooling.arrive", li)
    assert Order.objects.get(pk=order.pk).state == "in_service"


def test_not_before_the_tour_is_taken_on(published, tour, li):
    with pytest.raises(Refused, match="先接下"):
        arrive(tour.stops.first(), li)


def test_not_when_the_round_is_over(going, published, li):
    in_state(published, "done")
    with pytest.raises(Refused):
        arrive(going, li)
