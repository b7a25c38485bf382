"""Dispute: 「没做完」 instead of a grade."""

import pytest

from civic.core.errors import Denied, Refused
from civic.orders.models import CallBack, Dispatch, Order
from civic.orders.services import reviewing
from civic.orders.tests.verbs import (
    HOURS_LATER_16,
    at_once,
    closed_to,
    fresh,
    last_line,
    last_step,
    steps,
    told,
)
from tests.moments import NOON

WORDS = "只修了一个插座，还有一个"


@pytest.fixture
def order(order_in, dispatcher):
    order = order_in("served")
    Dispatch.objects.filter(pk=order.current_id).update(dispatched_by=dispatcher)
    return order


def dispute(order, by, words=WORDS):
    return reviewing.dispute(order_id=order.pk, words=words, by=by, at=NOON)


def test_the_center_must_call_and_decide(order, zhang, dispatcher):
    dispute(order, zhang)

    assert fresh(order).state == "disputed"
    assert fresh(order).due_at == HOURS_LATER_16
    assert last_step(order) == ("dispute", "disputed", zhang)
    assert last_line(order) == ("orders.dispute", zhang, None)
    assert order.events.get().note == WORDS
    assert told(order) == {(dispatcher, "disputed")}
    call = CallBack.objects.get(order=order)
    assert (call.reason, call.due_at, call.called_at) == ("not_done", HOURS_LATER_16, None)


def test_a_second_dispute_does_not_owe_a_second_call(order, zhang):
    dispute(order, zhang)
    Order.objects.filter(pk=order.pk).update(state="served")
    dispute(order, zhang)
    assert CallBack.objects.filter(order=order).count() == 1


def test_what_is_missing_is_said(order, zhang):
    with pytest.raises(Refused):
        dispute(order, zhang, words=" ")
    assert fresh(order).state == "served"


def test_long_words_are_cut(order, zhang):
    dispute(order, zhang, words="没" * 400)
    assert len(order.events.get().note) == 300


def test_the_center_notes_it_on_the_telephone(order, head, zhang):
    dispute(order, head)
    assert last_line(order) == ("orders.dispute", head, zhang)


@pytest.mark.parametrize(
    "who", ["neighbour", "li", "station_clerk", "institute_clerk", "stranger", "other_dispatcher"]
)
def test_nobody_else_disputes(order, person, who):
    with pytest.raises(Denied):
        dispute(order, person(who))


@pytest.mark.parametrize("state", closed_to("dispute"))
def test_only_what_was_served_is_disputed(order_in, zhang, state):
    order = order_in(state)
    with pytest.raises(Refused):
        dispute(order, zhang)
    assert fresh(order).state == state


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_disputed_and_reviewed_at_once_one_word_counts(order, zhang):
    def review():
        reviewing.review(order_id=order.pk, grade=5, tags=[], words="", is_anonymous=False, by=zhang, at=NOON)

    assert at_once(lambda: dispute(order, zhang), review) == ["done", "refused"]
    assert steps(order, "dispute") + steps(order, "review") == 1
