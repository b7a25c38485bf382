"""Schedule: they agree on when."""

from datetime import timedelta

import pytest

from civic.core.errors import Denied, Refused
from civic.orders.models import Dispatch
from civic.orders.services import serving
from civic.orders.tests.verbs import (
    AN_HOUR,
    TOMORROW,
    at_once,
    closed_to,
    fresh,
    last_line,
    last_step,
    told,
)
from civic.volunteers.tests.factories import VolunteerFactory
from tests.moments import NOON

MINUTE = timedelta(minutes=1)


def schedule(order, by, starts_at=TOMORROW, hours=1):
    return serving.schedule(
        order_id=order.pk, starts_at=starts_at, ends_at=starts_at + hours * AN_HOUR, by=by, at=NOON
    )


@pytest.mark.parametrize("state", ["provisioned", "scheduled"])
def test_the_resident_learns_when(order_in, li, zhang, state):
    order = schedule(order_in(state), li, TOMORROW + AN_HOUR)

    assert fresh(order).state == "scheduled"
    assert (fresh(order).starts_at, fresh(order).ends_at) == (TOMORROW + AN_HOUR, TOMORROW + 2 * AN_HOUR)
    assert fresh(order).due_at == TOMORROW + 2 * AN_HOUR, "it should have been served by then"
    assert last_step(order) == ("schedule", "scheduled", li)
    assert last_line(order) == ("orders.schedule", li, None)
    assert told(order) == {(zhang, "scheduled")}
    assert "10:00" in zhang.notices.get().params["when"]


# --- Five steps, or four.


def test_with_five_steps_provision_comes_first(order_in, li):
    order = order_in("accepted")
    with pytest.raises(Refused):
        schedule(order, li)
    assert fresh(order).state == "accepted"


def test_with_four_steps_it_follows_acceptance(order_in, li, city_sets):
    city_sets("orders.steps", 4)
    assert schedule(order_in("accepted"), li).state == "scheduled"


# --- The time.


@pytest.mark.parametrize(
    ("starts_at", "hours"),
    [(NOON, 1), (NOON - 5 * MINUTE, 1), (TOMORROW, 12)],
    ids=["now", "five minutes ago", "twelve hours"],
)
def test_a_sound_time(order_in, li, starts_at, hours):
    assert schedule(order_in("provisioned"), li, starts_at, hours).starts_at == starts_at


@pytest.mark.parametrize(
    ("starts_at", "hours"),
    [(NOON - 6 * MINUTE, 1), (TOMORROW, 0), (TOMORROW, -1), (TOMORROW, 12.1)],
    ids=["past", "no length", "backwards", "too long"],
)
def test_a_time_that_cannot_be(order_in, li, starts_at, hours):
    with pytest.raises(Refused):
        schedule(order_in("provisioned"), li, starts_at, hours)


# --- Nobody serves two orders at once.


@pytest.fixture
def busy(order_in, wang):
    """王师傅 is down for an order tomorrow from nine to ten."""
    order = order_in("scheduled")
    order.current.members.add(wang.volunteer)
    return order


def of_wang(order, wang, *, alone):
    """Give the order to 王师傅, by name in the team or in person."""
    if alone:
        Dispatch.objects.filter(pk=order.current_id).update(team=None, volunteer=wang.volunteer)
    else:
        order.current.members.add(wang.volunteer)
    return order


@pytest.mark.parametrize("alone", [True, False])
def test_a_volunteer_serves_one_order_at_a_time(order_in, busy, wang, station_clerk, alone):
    order = of_wang(order_in("provisioned"), wang, alone=alone)
    with pytest.raises(Refused, match=busy.short_number):
        schedule(order, station_clerk, TOMORROW + AN_HOUR - MINUTE)
    assert schedule(order, station_clerk, TOMORROW + AN_HOUR).state == "scheduled"


def test_an_order_does_not_clash_with_itself(busy, li):
    assert schedule(busy, li, TOMORROW + 10 * MINUTE).state == "scheduled"


def test_other_volunteers_do_not_clash(order_in, busy, li):
    order = order_in("provisioned")
    order.current.members.add(VolunteerFactory())
    assert schedule(order, li).state == "scheduled"


def test_an_order_that_ended_takes_no_time(order_in, busy, wang, li):
    busy.state, busy.reason = "cancelled", "下大雪"
    busy.save()
    assert schedule(of_wang(order_in("provisioned"), wang, alone=False), li).state == "scheduled"


# --- Who may, whether, twice.


@pytest.mark.parametrize("who", ["li", "wang", "station_clerk", "institute_clerk", "dispatcher"])
def test_whoever_serves_and_clerks_for_them(order_in, wang, person, who):
    order = of_wang(order_in("provisioned"), wang, alone=False)
    assert schedule(order, person(who)).state == "scheduled"


@pytest.mark.parametrize(
    "who",
    [
        "zhang",
        "neighbour",
        "wang",  # of the team, but not named for this order
        "stranger",
        "other_dispatcher",
        "supervisor",
    ],
)
def test_nobody_else_schedules(order_in, person, who):
    with pytest.raises(Denied):
        schedule(order_in("provisioned"), person(who))


@pytest.mark.parametrize("state", closed_to("schedule"))
def test_only_between_acceptance_and_service(order_in, station_clerk, state):
    order = order_in(state)
    with pytest.raises(Refused):
        schedule(order, station_clerk)
    assert fresh(order).state == state


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_orders_at_once_do_not_get_one_volunteer_for_one_hour(order_in, wang, li, station_clerk):
    one = of_wang(order_in("provisioned"), wang, alone=False)
    other = of_wang(order_in("provisioned"), wang, alone=True)
    assert at_once(lambda: schedule(one, li), lambda: schedule(other, station_clerk)) == ["done", "refused"]
    assert sorted([fresh(one).state, fresh(other).state]) == ["provisioned", "scheduled"]
