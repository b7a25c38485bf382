"""Decline: whom the order was handed to says no, and nothing else follows (R03)."""

import pytest

from civic.core.errors import Denied, Refused
from civic.orders.models import Dispatch
from civic.orders.services import dispatching
from civic.orders.tests.verbs import (
    HOURS_LATER_8,
    WITH_DISPATCH,
    at_once,
    closed_to,
    fresh,
    last_line,
    last_step,
    steps,
    told,
)
from tests.moments import NOON

REASON = "这几天时间排不开"


@pytest.fixture
def order(order_in, dispatcher):
    order = order_in("dispatched")
    Dispatch.objects.filter(pk=order.current_id).update(dispatched_by=dispatcher)
    return order


def decline(order, by, reason=REASON):
    return dispatching.decline(order_id=order.pk, reason=reason, by=by, at=NOON)


def test_the_order_waits_again_and_the_dispatcher_is_told(order, li, dispatcher):
    decline(order, li)

    order = fresh(order)
    assert order.state == "screened"
    assert (order.current, order.due_at) == (None, HOURS_LATER_8)
    assert last_step(order) == ("decline", "screened", li)
    assert last_line(order) == ("orders.decline", li, None)
    assert told(order) == {(dispatcher, "declined")}
    answer = Dispatch.objects.get(order=order)
    assert (answer.state, answer.answered_by, answer.note) == ("declined", li, REASON)


def test_nothing_follows_for_who_declined(order, li):
    decline(order, li)
    assert not li.notices.exists()
    li.volunteer.refresh_from_db()
    assert li.volunteer.matching


def test_a_team_says_why(order, li):
    with pytest.raises(Refused):
        decline(order, li, reason="")
    assert fresh(order).state == "dispatched"


def test_an_invited_volunteer_need_not_say_why(order, wang):
    Dispatch.objects.filter(pk=order.current_id).update(team=None, volunteer=wang.volunteer)
    assert decline(order, wang, reason="").state == "screened"


@pytest.mark.parametrize(
    "who", ["zhang", "wang", "station_clerk", "dispatcher", "stranger", "other_dispatcher", "supervisor"]
)
def test_nobody_declines_for_the_team(order, person, who):
    with pytest.raises(Denied):
        decline(order, person(who))


@pytest.mark.parametrize("state", closed_to("decline"))
def test_once_accepted_it_is_not_declined(order_in, li, state):
    order = order_in(state)
    with pytest.raises(Refused if state in WITH_DISPATCH else Denied):
        decline(order, li)
    assert fresh(order).state == state


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_decline_once(order, li):
    # The second finds the order no longer in the team's hands.
    assert at_once(lambda: decline(order, li), lambda: decline(order, li)) == ["denied", "done"]
    assert steps(order, "decline") == 1
