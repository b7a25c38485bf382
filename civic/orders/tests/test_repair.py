"""Repair: the resident says more, and the order goes back in."""

import pytest

from civic.core.errors import Denied, Refused
from civic.orders.services import placing
from civic.orders.tests.factories import ItemFactory
from civic.orders.tests.verbs import (
    HOURS_LATER_2,
    HOURS_LATER_8,
    at_once,
    closed_to,
    fresh,
    last_line,
    last_step,
    steps,
    told,
)
from tests.moments import NOON

WORDS = "3号楼2单元，电饭锅不通电"


def repair(order, by, words=WORDS, item_id=None):
    return placing.repair(order_id=order.pk, words=words, item_id=item_id, by=by, at=NOON)


def test_it_is_back_with_the_clerk(order_in, zhang):
    order = repair(order_in("returned"), zhang)

    assert fresh(order).state == "submitted"
    assert (fresh(order).words, fresh(order).reason, fresh(order).item) == (WORDS, "", None)
    assert fresh(order).due_at == HOURS_LATER_8
    assert last_step(order) == ("repair", "submitted", zhang)
    assert last_line(order) == ("orders.repair", zhang, None)
    assert told(order) == set()


def test_an_urgent_one_is_due_in_two_hours(order_in, zhang):
    assert repair(order_in("returned", is_urgent=True), zhang).due_at == HOURS_LATER_2


def test_a_clerk_does_it_for_her_and_both_are_kept(order_in, station_clerk, zhang):
    order = repair(order_in("returned"), station_clerk)
    assert last_line(order) == ("orders.repair", station_clerk, zhang)
    assert order.events.get().on_behalf_of == zhang


def test_an_item_may_be_chosen(order_in, zhang):
    item = ItemFactory()
    assert repair(order_in("returned"), zhang, item_id=item.pk).item == item


def test_an_item_that_rests_this_month_is_refused(order_in, zhang):
    with pytest.raises(Refused):
        repair(order_in("returned"), zhang, item_id=ItemFactory(months="6,7,8").pk)


def test_something_must_be_said(order_in, zhang):
    order = order_in("returned")
    with pytest.raises(Refused):
        repair(order, zhang, words=" ")
    assert fresh(order).state == "returned"


@pytest.mark.parametrize("who", ["neighbour", "li", "stranger", "other_dispatcher", "supervisor", "admin"])
def test_nobody_else_speaks_for_her(order_in, person, who):
    with pytest.raises(Denied):
        repair(order_in("returned"), person(who))


@pytest.mark.parametrize("state", closed_to("repair"))
def test_only_a_returned_order_is_repaired(order_in, zhang, state):
    order = order_in(state)
    with pytest.raises(Refused):
        repair(order, zhang)
    assert fresh(order).state == state


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_her_and_the_clerk_at_once_repair_once(order_in, zhang, station_clerk):
    order = order_in("returned")
    assert at_once(lambda: repair(order, zhang), lambda: repair(order, station_clerk)) == ["done", "refused"]
    assert steps(order, "repair") == 1
