"""Publishing: tours are locked, orders go to their team, everybody is told."""

import pytest

from civic.core.errors import Denied, Refused
from civic.orders.models import Order
from civic.orders.services import screening
from civic.orders.tests.verbs import at_once
from civic.pooling.models import Need, Tour
from civic.pooling.services import editing, publishing
from civic.pooling.states import POOL, PoolState
from civic.pooling.tests.days import EVENING, MONDAY, fresh, in_state, last_line, told

pytestmark = pytest.mark.django_db


def publish(pool, by, stamp=None, at=MONDAY):
    return publishing.publish(pool_id=pool.pk, stamp=stamp, by=by, at=at)


def test_works(planned, order, tour, van, dispatcher, li):
    publish(planned, dispatcher, stamp=planned.stamp)
    assert fresh(planned).state == "published"
    assert last_line(planned) == ("pooling.publish", dispatcher)
    order = Order.objects.get(pk=order.pk)
    assert (order.state, order.current.team) == ("dispatched", van)
    assert "左右到" in order.events.get(what="dispatch").note
    assert (li, "tour") in told(planned)


def test_who_asked_is_told_when_the_team_comes(planned, asked, head, dispatcher):
    Need.objects.filter(pk=asked[0].pk).update(asked_by=head)
    publish(planned, dispatcher)
    assert (head, "coming") in told(planned)


def test_what_is_on_no_tour_is_let_go(planned, pooled, order, dispatcher):
    editing.move_stop(
        pool_id=planned.pk,
        need_id=pooled.pk,
        tour_id=None,
        position=0,
        stamp=None,
        by=dispatcher,
        at=MONDAY,
    )
    publish(planned, dispatcher)
    pooled = fresh(pooled)
    assert (pooled.released_by, pooled.why) == (dispatcher, "taken_out")
    assert Order.objects.get(pk=order.pk).state == "screened"


def test_a_team_without_a_stop_stays_at_home(planned, asked, pooled, dispatcher):
    for need in (*asked, pooled):
        editing.move_stop(
            pool_id=planned.pk,
            need_id=need.pk,
            tour_id=None,
            position=0,
            stamp=None,
            by=dispatcher,
            at=MONDAY,
        )
    with pytest.raises(Refused, match="还没有一站"):
        publish(planned, dispatcher)
    assert Tour.objects.count() == 1


@pytest.mark.parametrize("state", [s for s in PoolState if not POOL.is_open_to("publish", s)])
def test_wrong_state(planned, dispatcher, state):
    with pytest.raises(Refused):
        publish(in_state(planned, state), dispatcher)


def test_an_order_that_went_another_way_is_named(planned, order, dispatcher):
    screening.cancel(order_id=order.pk, reason="居民说不用了", by=dispatcher, at=MONDAY)
    with pytest.raises(Refused, match=order.short_number):
        publish(planned, dispatcher)


def test_not_what_the_clerk_saw(planned, dispatcher):
    with pytest.raises(Refused, match="刚才有人改过"):
        publish(planned, dispatcher, stamp=planned.stamp - 1)


def test_a_day_that_is_over(planned, dispatcher):
    with pytest.raises(Refused, match="已经过了"):
        publish(planned, dispatcher, at=EVENING.replace(day=25))


@pytest.mark.parametrize("name", ["zhang", "li", "station_clerk", "institute_clerk", "supervisor", "admin"])
def test_wrong_person(planned, person, name):
    with pytest.raises(Denied):
        publish(planned, person(name))


@pytest.mark.parametrize("name", ["stranger", "other_dispatcher"])
def test_next_township_and_county(planned, person, name):
    with pytest.raises(Denied):
        publish(planned, person(name))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_twice_at_once(planned, dispatcher, head):
    assert at_once(lambda: publish(planned, dispatcher), lambda: publish(planned, head)) == [
        "done",
        "refused",
    ]
