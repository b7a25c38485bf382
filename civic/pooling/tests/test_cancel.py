"""A round is given up before it is published: orders and teams are free again."""

import pytest

from civic.core.errors import Denied, Refused
from civic.orders.tests.verbs import at_once
from civic.pooling.models import Tour
from civic.pooling.services import crews, giving, needs, rounds
from civic.pooling.states import POOL, PoolState
from civic.pooling.tests.days import MONDAY, TUESDAY, fresh, in_state, last_line, told

pytestmark = pytest.mark.django_db


def cancel(pool, by, reason="下大雪"):
    return rounds.cancel(pool_id=pool.pk, reason=reason, by=by, at=MONDAY)


def test_works(planned, tour, order, station, station_clerk, dispatcher):
    giving.offer(
        pool_id=planned.pk, kind="material", giver=station, words="米面", by=station_clerk, at=MONDAY
    )
    cancel(planned, dispatcher)
    assert fresh(planned).state == "cancelled"
    assert last_line(planned) == ("pooling.cancel", dispatcher)
    assert (station_clerk, "cancelled") in told(planned)
    assert tour.stops.count() == 0


def test_order_and_team_are_free_for_another_round(planned, tour, van, order, guhan, dispatcher):
    cancel(planned, dispatcher)
    other = rounds.create_pool(
        place_id=guhan.pk, title="改天", on=TUESDAY, words="", by=dispatcher, at=MONDAY
    )
    rounds.open_pool(pool_id=other.pk, by=dispatcher, at=MONDAY)
    assert needs.add_orders(pool_id=other.pk, order_ids=[order.pk], by=dispatcher, at=MONDAY) == 1
    crews.add_team(
        pool_id=other.pk,
        team_id=van.pk,
        depot_id=guhan.pk,
        opens=tour.opens,
        closes=tour.closes,
        by=dispatcher,
        at=MONDAY,
    )
    assert Tour.objects.count() == 2


def test_a_reason_is_given(pool, dispatcher):
    with pytest.raises(Refused, match="为什么取消"):
        cancel(pool, dispatcher, " ")


@pytest.mark.parametrize("state", [s for s in PoolState if not POOL.is_open_to("cancel", s)])
def test_wrong_state(pool, dispatcher, state):
    with pytest.raises(Refused):
        cancel(in_state(pool, state), dispatcher)


@pytest.mark.parametrize("name", ["zhang", "li", "station_clerk", "institute_clerk", "supervisor", "admin"])
def test_wrong_person(pool, person, name):
    with pytest.raises(Denied):
        cancel(pool, person(name))


@pytest.mark.parametrize("name", ["stranger", "other_dispatcher"])
def test_next_township_and_county(pool, person, name):
    with pytest.raises(Denied):
        cancel(pool, person(name))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_twice_at_once(pool, dispatcher, head):
    assert at_once(lambda: cancel(pool, dispatcher), lambda: cancel(pool, head)) == ["done", "refused"]
