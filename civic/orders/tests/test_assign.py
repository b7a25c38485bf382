"""Assign: the leader names who of the team goes."""

import pytest

from civic.core.errors import Denied, Refused
from civic.orders.models import Dispatch
from civic.orders.services import dispatching
from civic.orders.states import OrderState
from civic.orders.tests.verbs import (
    AN_HOUR,
    TOMORROW,
    WITH_DISPATCH,
    at_once,
    fresh,
    last_line,
    last_step,
    steps,
    told,
)
from civic.volunteers.tests.factories import MembershipFactory, VolunteerFactory
from tests.moments import NOON

S = OrderState
IN_WORK = (S.ACCEPTED, S.PROVISIONED, S.SCHEDULED, S.IN_SERVICE)


def assign(order, by, *people):
    ids = [one.volunteer.pk for one in people]
    return dispatching.assign(order_id=order.pk, member_ids=ids, by=by, at=NOON)


def going(order):
    return list(fresh(order).current.members.order_by("id"))


@pytest.mark.parametrize("state", IN_WORK)
def test_whoever_is_named_is_told(order_in, li, wang, state):
    order = assign(order_in(state), li, wang)

    assert going(order) == [wang.volunteer]
    assert fresh(order).state == state
    assert last_step(order) == ("assign", state, li)
    assert last_line(order) == ("orders.assign", li, None)
    assert order.events.get().is_internal
    assert told(order) == {(wang, "assigned")}


def test_the_latest_naming_counts(order_in, li, wang):
    order = assign(order_in("accepted"), li, wang)
    assign(order, li, li)
    assert going(order) == [li.volunteer]
    assign(order, li)
    assert going(order) == []


@pytest.mark.parametrize("standing", [{"state": "asked"}, {"state": "left", "left_at": NOON}, None])
def test_only_standing_members_are_named(order_in, team, li, standing):
    volunteer = VolunteerFactory()
    if standing:
        MembershipFactory(team=team, volunteer=volunteer, **standing)
    with pytest.raises(Refused):
        assign(order_in("accepted"), li, volunteer.person)


def test_a_member_who_serves_elsewhere_then_is_not_named(order_in, li, wang):
    assign(order_in("scheduled"), li, wang)
    order = order_in("scheduled", starts_at=TOMORROW + AN_HOUR / 2, ends_at=TOMORROW + 2 * AN_HOUR)
    with pytest.raises(Refused):
        assign(order, li, wang)
    assert going(order) == []


def test_one_order_after_the_other_is_fine(order_in, li, wang):
    assign(order_in("scheduled"), li, wang)
    later = order_in("scheduled", starts_at=TOMORROW + AN_HOUR, ends_at=TOMORROW + 2 * AN_HOUR)
    assert going(assign(later, li, wang)) == [wang.volunteer]


def test_a_site_has_no_members(order_in, station, station_clerk, wang):
    order = order_in("accepted")
    Dispatch.objects.filter(pk=order.current_id).update(team=None, venue=station)
    with pytest.raises(Refused):
        assign(order, station_clerk, wang)


@pytest.mark.parametrize(
    "who", ["zhang", "wang", "station_clerk", "dispatcher", "stranger", "other_dispatcher", "supervisor"]
)
def test_nobody_but_the_leader_assigns(order_in, wang, person, who):
    with pytest.raises(Denied):
        assign(order_in("accepted"), person(who), wang)


@pytest.mark.parametrize("state", [state for state in S if state not in IN_WORK])
def test_only_while_the_order_is_in_work(order_in, li, wang, state):
    order = order_in(state)
    with pytest.raises(Refused if state in WITH_DISPATCH else Denied):
        assign(order, li, wang)
    assert steps(order, "assign") == 0


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_orders_at_once_do_not_get_one_member_for_one_hour(order_in, li, wang):
    one, other = order_in("scheduled"), order_in("scheduled")
    assert at_once(lambda: assign(one, li, wang), lambda: assign(other, li, wang)) == ["done", "refused"]
    assert len(going(one) + going(other)) == 1
