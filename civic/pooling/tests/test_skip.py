"""A stop came to nothing: the desk is told."""

import pytest

from civic.core.errors import Denied, Refused
from civic.orders.models import Order
from civic.orders.tests.verbs import at_once
from civic.pooling.services import driving
from civic.pooling.tests.days import MORNING, fresh, in_state, last_line, told

pytestmark = pytest.mark.django_db


def skip(stop, by):
    return driving.skip(stop_id=stop.pk, reason="家里没人", by=by, at=MORNING)


def test_wrong_state(going, li):
    skip(going, li)
    with pytest.raises(Refused):
        skip(going, li)


@pytest.mark.parametrize("name", ["zhang", "wang", "station_clerk", "institute_clerk", "dispatcher", "head"])
def test_wrong_person(going, person, name):
    with pytest.raises(Denied):
        skip(going, person(name))


@pytest.mark.parametrize("name", ["stranger", "other_dispatcher"])
def test_next_township_and_county(going, person, name):
    with pytest.raises(Denied):
        skip(going, person(name))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_twice_at_once(going, li):
    assert at_once(lambda: skip(going, li), lambda: skip(going, li)) == ["done", "refused"]


def test_works(going, published, order, li, dispatcher):
    skip(going, li)
    assert fresh(going).state == "skipped"
    assert last_line(published) == ("pooling.skip", li)
    assert (dispatcher, "skipped") in told(published)
    assert Order.objects.get(pk=order.pk).state == "scheduled"
    assert fresh(going.need).released_by == li


def test_a_reason_is_given(going, published, li):
    with pytest.raises(Refused, match="为什么没办成"):
        driving.skip(stop_id=going.pk, reason=" ", by=li, at=MORNING)
    in_state(published, "done")
    with pytest.raises(Refused):
        skip(going, li)
