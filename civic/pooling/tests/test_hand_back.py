"""The leader says no: orders wait at the desk again."""

import pytest

from civic.core.errors import Denied, Refused
from civic.orders.models import Order
from civic.orders.tests.verbs import at_once
from civic.pooling.services import driving
from civic.pooling.tests.days import MONDAY, fresh, in_state, last_line, told

pytestmark = pytest.mark.django_db


def hand_back(tour, by):
    return driving.hand_back(tour_id=tour.pk, reason="车坏了", by=by, at=MONDAY)


def test_wrong_state(published, tour, li):
    hand_back(tour, li)
    with pytest.raises(Refused):
        hand_back(tour, li)


@pytest.mark.parametrize("state", ["open", "planned", "done", "cancelled"])
def test_only_of_a_published_round(planned, tour, li, state):
    in_state(planned, state)
    with pytest.raises(Refused):
        hand_back(tour, li)


@pytest.mark.parametrize("name", ["zhang", "wang", "station_clerk", "institute_clerk", "dispatcher", "head"])
def test_wrong_person(published, tour, person, name):
    with pytest.raises(Denied):
        hand_back(tour, person(name))


@pytest.mark.parametrize("name", ["stranger", "other_dispatcher"])
def test_next_township_and_county(published, tour, person, name):
    with pytest.raises(Denied):
        hand_back(tour, person(name))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_twice_at_once(published, tour, li):
    assert at_once(lambda: hand_back(tour, li), lambda: hand_back(tour, li)) == ["done", "refused"]


def test_works(published, tour, order, li, dispatcher):
    hand_back(tour, li)
    assert fresh(tour).state == "handed_back"
    assert last_line(published) == ("pooling.hand_back", li)
    assert Order.objects.get(pk=order.pk).state == "screened"
    assert (dispatcher, "handed_back") in told(published)
    assert tour.stops.count() == 0
    assert not published.needs.filter(released_at=None).exists()


def test_a_reason_is_given(published, tour, li):
    with pytest.raises(Refused, match="为什么去不了"):
        driving.hand_back(tour_id=tour.pk, reason=" ", by=li, at=MONDAY)
