"""Lapse: a review that never came ends the order, without a grade."""

import pytest

from civic.core.errors import Refused
from civic.orders import rules
from civic.orders.models import Review
from civic.orders.services import reviewing
from civic.orders.tests.verbs import (
    at_once,
    closed_to,
    fresh,
    last_line,
    last_step,
    steps,
    told,
)
from tests.moments import NOON


def lapse(order):
    return reviewing.lapse(order_id=order.pk, at=NOON)


def test_the_order_ends_without_a_grade(order_in):
    order = lapse(order_in("served", due_at=NOON))

    assert fresh(order).state == "closed"
    assert fresh(order).due_at is None
    assert last_step(order) == ("lapse", "closed", None)
    assert last_line(order) == ("orders.lapse", None, None)
    assert told(order) == set()
    assert not Review.objects.exists(), "never five stars by default"


@pytest.mark.parametrize("who", ["zhang", "li", "dispatcher", "head", "supervisor", "admin"])
def test_no_person_makes_it_lapse(order_in, person, who):
    assert not rules.may_lapse(person(who), order_in("served"))


@pytest.mark.parametrize("state", closed_to("lapse"))
def test_only_what_waits_for_a_review_lapses(order_in, state):
    order = order_in(state)
    with pytest.raises(Refused):
        lapse(order)
    assert fresh(order).state == state


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_reviewed_at_the_last_moment_one_of_both_counts(order_in, zhang):
    order = order_in("served")

    def review():
        reviewing.review(order_id=order.pk, grade=5, tags=[], words="", is_anonymous=False, by=zhang, at=NOON)

    assert at_once(lambda: lapse(order), review) == ["done", "refused"]
    assert steps(order, "lapse") + steps(order, "review") == 1
