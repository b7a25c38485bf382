"""A stop is done: the order is served."""

import pytest

from civic.core.errors import Denied, Refused
from civic.orders.models import Order
from civic.orders.tests.verbs import at_once
from civic.pooling.services import driving
from civic.pooling.tests.days import MORNING, fresh, in_state, last_line

pytestmark = pytest.mark.django_db


def complete(stop, by):
    return driving.complete(stop_id=stop.pk, summary="剪完了，扫干净了。", served=9, by=by, at=MORNING)


def test_wrong_state(there, li):
    complete(there, li)
    with pytest.raises(Refused):
        complete(there, li)


@pytest.mark.parametrize("name", ["zhang", "wang", "station_clerk", "institute_clerk", "dispatcher", "head"])
def test_wrong_person(there, person, name):
    with pytest.raises(Denied):
        complete(there, person(name))


@pytest.mark.parametrize("name", ["stranger", "other_dispatcher"])
def test_next_township_and_county(there, person, name):
    with pytest.raises(Denied):
        complete(there, person(name))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_twice_at_once(there, li):
    assert at_once(lambda: complete(there, li), lambda: complete(there, li)) == ["done", "refused"]


def test_works(there, published, order, li):
    complete(there, li)
    assert (fresh(there).state, fresh(there).served) == ("done", 9)
    assert last_line(published) == ("pooling.complete", li)
    order = Order.objects.get(pk=order.pk)
    assert order.state == "served"
    assert order.visits.get().summary == "剪完了，扫干净了。"


def test_what_was_done_is_told(there, li):
    with pytest.raises(Refused, match="两句话"):
        driving.complete(stop_id=there.pk, summary=" ", served=1, by=li, at=MORNING)
    with pytest.raises(Refused, match="多少人"):
        driving.complete(stop_id=there.pk, summary="好了", served=-1, by=li, at=MORNING)


def test_not_before_arriving(going, li):
    with pytest.raises(Refused):
        complete(going, li)


def test_an_order_in_other_hands_is_left_alone(there, order, li):
    in_state(there.tour.pool, "published")
    Order.objects.filter(pk=order.pk).update(state="scheduled")
    complete(there, li)
    assert Order.objects.get(pk=order.pk).state == "scheduled"
