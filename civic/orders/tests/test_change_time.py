"""Change the time: the resident asks for another day while the service has not begun."""

from datetime import date, timedelta

import pytest

from civic.core.errors import Denied, Refused
from civic.orders.services import placing
from civic.orders.states import OrderState
from civic.orders.tests.verbs import TOMORROW, at_once, fresh, last_line, last_step, steps, told
from tests.moments import NOON

S = OrderState
WEDNESDAY = date(2026, 11, 25)
OPEN_TO_IT = (
    S.SUBMITTED, S.RETURNED, S.SCREENED, S.DISPATCHED, S.ACCEPTED, S.PROVISIONED, S.SCHEDULED,
)  # fmt: skip


def change_time(order, by, wanted_on=WEDNESDAY, wanted_half="morning"):
    return placing.change_time(
        order_id=order.pk, wanted_on=wanted_on, wanted_half=wanted_half, by=by, at=NOON
    )


@pytest.mark.parametrize("state", OPEN_TO_IT)
def test_the_wish_is_kept_and_nothing_else_moves(order_in, zhang, state):
    order = change_time(order_in(state, due_at=TOMORROW), zhang)

    assert (fresh(order).wanted_on, fresh(order).wanted_half) == (WEDNESDAY, "morning")
    assert (fresh(order).state, fresh(order).due_at) == (state, TOMORROW)
    assert last_step(order) == ("change_time", state, zhang)
    assert last_line(order) == ("orders.change_time", zhang, None)


def test_whoever_holds_it_is_told_the_wish(order_in, zhang, li):
    order = change_time(order_in("scheduled"), zhang)
    assert told(order) == {(li, "time_asked")}
    assert "11-25" in li.notices.get().params["when"]
    assert fresh(order).starts_at == TOMORROW, "the agreed time stands until they agree anew"


def test_any_day_will_do(order_in, zhang):
    order = change_time(order_in("submitted"), zhang, wanted_on=None, wanted_half="evening")
    assert (fresh(order).wanted_on, fresh(order).wanted_half) == (None, "evening")
    assert told(order) == set()


def test_a_clerk_does_it_for_her_and_both_are_kept(order_in, station_clerk, zhang):
    assert last_line(change_time(order_in("submitted"), station_clerk)) == (
        "orders.change_time", station_clerk, zhang,
    )  # fmt: skip


@pytest.mark.parametrize("days", [0, 60])
def test_from_today_to_sixty_days_ahead(order_in, zhang, days):
    day = NOON.date() + timedelta(days=days)
    assert change_time(order_in("submitted"), zhang, day).wanted_on == day


@pytest.mark.parametrize("days", [-1, 61])
def test_a_day_out_of_bounds_is_refused(order_in, zhang, days):
    with pytest.raises(Refused):
        change_time(order_in("submitted"), zhang, NOON.date() + timedelta(days=days))


@pytest.mark.parametrize("who", ["neighbour", "li", "wang", "stranger", "other_dispatcher", "supervisor"])
def test_nobody_else_changes_it(order_in, person, who):
    with pytest.raises(Denied):
        change_time(order_in("accepted"), person(who))


@pytest.mark.parametrize("state", [state for state in S if state not in OPEN_TO_IT])
def test_once_begun_or_ended_it_is_too_late(order_in, zhang, state):
    order = order_in(state)
    with pytest.raises(Refused):
        change_time(order, zhang)
    assert fresh(order).wanted_on is None


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_her_and_the_clerk_at_once_the_last_wish_stands(order_in, zhang, station_clerk):
    order = order_in("submitted")
    outcomes = at_once(
        lambda: change_time(order, zhang, wanted_half="morning"),
        lambda: change_time(order, station_clerk, wanted_half="evening"),
    )
    assert outcomes == ["done", "done"]
    assert steps(order, "change_time") == 2
    assert fresh(order).get_wanted_half_display() in order.events.order_by("-id").first().note
