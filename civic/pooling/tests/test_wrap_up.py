"""The day is over: every stop has ended."""

import pytest

from civic.core.errors import Denied, Refused
from civic.orders.models import Order
from civic.orders.tests.verbs import at_once
from civic.pooling.models import Need
from civic.pooling.services import rounds
from civic.pooling.states import POOL, PoolState
from civic.pooling.tests.days import EVENING, drive, fresh, in_state, last_line

pytestmark = pytest.mark.django_db


def wrap_up(pool, by):
    return rounds.wrap_up(pool_id=pool.pk, by=by, at=EVENING)


def test_works(published, tour, order, dispatcher):
    drive(tour)
    wrap_up(published, dispatcher)
    assert fresh(published).state == "done"
    assert last_line(published) == ("pooling.wrap_up", dispatcher)
    assert not Need.objects.filter(released_at=None).exists()
    assert Order.objects.get(pk=order.pk).state == "served"


def test_not_before_the_last_stop(published, dispatcher):
    with pytest.raises(Refused, match="还有 4 站"):
        wrap_up(published, dispatcher)


@pytest.mark.parametrize("state", [s for s in PoolState if not POOL.is_open_to("wrap_up", s)])
def test_wrong_state(pool, dispatcher, state):
    with pytest.raises(Refused):
        wrap_up(in_state(pool, state), dispatcher)


@pytest.mark.parametrize("name", ["zhang", "li", "station_clerk", "institute_clerk", "supervisor", "admin"])
def test_wrong_person(published, person, name):
    with pytest.raises(Denied):
        wrap_up(published, person(name))


@pytest.mark.parametrize("name", ["stranger", "other_dispatcher"])
def test_next_township_and_county(published, person, name):
    with pytest.raises(Denied):
        wrap_up(published, person(name))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_twice_at_once(published, tour, dispatcher, head):
    drive(tour)
    assert at_once(lambda: wrap_up(published, dispatcher), lambda: wrap_up(published, head)) == [
        "done",
        "refused",
    ]
