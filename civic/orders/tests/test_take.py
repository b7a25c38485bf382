"""A volunteer takes an order of her own accord."""

import pytest

from civic.core.errors import Denied, Refused
from civic.orders.models import Dispatch
from civic.orders.services import dispatching
from civic.orders.tests.verbs import at_once, closed_to, fresh, last_line, last_step, told
from civic.volunteers.tests.factories import VolunteerFactory
from tests.moments import NOON


@pytest.fixture
def allowed(city_sets):
    city_sets("matching.volunteers_may_take", 1)


@pytest.fixture
def handy(fuqian, order_in):
    """A way to get a volunteer of the neighbourhood who can do what the order asks."""

    def make(order, **fields):
        return VolunteerFactory(**{"home": fuqian, "skills": [order.item.skill]} | fields).person

    return make


def take(order, by):
    return dispatching.take(order_id=order.pk, by=by, at=NOON)


def test_it_is_hers_and_the_resident_knows(allowed, order_in, handy, zhang):
    order = order_in("screened")
    her = handy(order)
    take(order, her)
    order = fresh(order)
    assert (order.state, order.current.volunteer.person, order.current.state) == ("accepted", her, "accepted")
    assert (order.current.answered_at, order.current.answered_by) == (NOON, her)
    assert last_step(order) == ("take", "accepted", her)
    assert last_line(order) == ("orders.take", her, None)
    assert told(order) == {(zhang, "accepted")}


@pytest.mark.parametrize("state", closed_to("take"))
def test_only_what_waits(allowed, order_in, handy, state):
    order = order_in(state)
    her = handy(order)
    with pytest.raises((Refused, Denied)):
        take(order, her)


def test_only_where_the_city_allows_it(order_in, handy):
    order = order_in("screened")
    with pytest.raises(Refused):
        take(order, handy(order))


def test_not_her_own_nor_without_the_skill(allowed, order_in, handy, zhang, wang):
    order = order_in("screened")
    handy(order, person=zhang)
    for who in (zhang, wang):
        with pytest.raises(Denied):
            take(order, who)


def test_not_in_the_next_county(allowed, order_in, handy, zhangzi):
    order = order_in("screened")
    with pytest.raises(Denied):
        take(order, handy(order, home=zhangzi))


def test_not_after_she_said_no(allowed, order_in, handy, dispatcher):
    order = order_in("screened")
    her = handy(order)
    Dispatch.objects.create(
        order=order, volunteer=her.volunteer, state="declined", dispatched_at=NOON, dispatched_by=dispatcher
    )
    with pytest.raises(Refused):
        take(order, her)


@pytest.mark.django_db(transaction=True)
def test_twice_at_once(allowed, order_in, handy):
    order = order_in("screened")
    one, other = handy(order), handy(order)
    assert at_once(lambda: take(order, one), lambda: take(order, other)) == ["done", "refused"]
