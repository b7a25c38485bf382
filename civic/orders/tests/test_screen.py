"""Screen: a clerk takes an order in under an item of the menu."""

import pytest

from civic.core.errors import Denied, Refused
from civic.orders.services import screening
from civic.orders.tests.factories import ItemFactory
from civic.orders.tests.verbs import (
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


def screen(order, by, **said):
    said = {"item_id": order.item_id, "is_urgent": False, "note": ""} | said
    return screening.screen(order_id=order.pk, by=by, at=NOON, **said)


def test_the_order_waits_to_be_dispatched(order_in, institute_clerk, zhang):
    order = screen(order_in("submitted"), institute_clerk)

    assert fresh(order).state == "screened"
    assert fresh(order).due_at == HOURS_LATER_8
    assert last_step(order) == ("screen", "screened", institute_clerk)
    assert last_line(order) == ("orders.screen", institute_clerk, None)
    assert told(order) == {(zhang, "screened")}


def test_words_of_a_resident_become_an_item(order_in, institute_clerk):
    order, item = order_in("submitted", item=None), ItemFactory()
    screened = screen(order, institute_clerk, item_id=item.pk, is_urgent=True)
    assert (screened.item, screened.is_urgent) == (item, True)


def test_an_item_that_was_withdrawn_is_refused(order_in, institute_clerk):
    gone = ItemFactory(withdrawn_on=NOON.date())
    with pytest.raises(Refused):
        screen(order_in("submitted"), institute_clerk, item_id=gone.pk)


@pytest.mark.parametrize("who", ["institute_clerk", "dispatcher", "head"])
def test_institute_and_center_screen(order_in, person, who):
    assert screen(order_in("submitted"), person(who)).state == "screened"


@pytest.mark.parametrize(
    "who",
    ["zhang", "neighbour", "li", "station_clerk", "stranger", "other_dispatcher", "supervisor", "admin"],
)
def test_nobody_else_screens(order_in, person, who):
    order = order_in("submitted")
    with pytest.raises(Denied):
        screen(order, person(who))
    assert fresh(order).state == "submitted"


@pytest.mark.parametrize("state", closed_to("screen"))
def test_only_a_submitted_order_is_screened(order_in, institute_clerk, state):
    order = order_in(state)
    with pytest.raises(Refused):
        screen(order, institute_clerk)
    assert fresh(order).state == state


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_clerks_at_once_screen_once(order_in, institute_clerk, dispatcher):
    order = order_in("submitted")
    outcomes = at_once(lambda: screen(order, institute_clerk), lambda: screen(order, dispatcher))
    assert outcomes == ["done", "refused"]
    assert steps(order, "screen") == 1
