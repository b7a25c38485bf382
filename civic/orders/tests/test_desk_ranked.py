"""Who is proposed for an order: read from the database, weighed by `candidates`."""

import pytest

from civic.orders.models import Claim, Dispatch
from civic.orders.queries import desk as queries
from civic.orders.targets import Target
from civic.orders.tests.factories import ItemFactory, OrderFactory
from civic.volunteers.tests.factories import TeamFactory, VolunteerFactory
from tests.moments import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(fuqian, appliances, zhang):
    return OrderFactory(place=fuqian, item=ItemFactory(skill=appliances), resident=zhang, state="screened")


def names(order):
    return [one.name for one in queries.ranked(order)]


def test_teams_then_sites_then_volunteers(order, team, wang, station, institute, center):
    assert names(order) == [
        team.name,
        station.name,
        institute.name,
        center.name,
        *sorted(["李建国", "王志强"]),
    ]


def test_each_comes_with_its_reasons(order, team, station, station_clerk):
    Claim.objects.create(item=order.item, venue=station, claimed_at=NOON, claimed_by=station_clerk)

    found = {one.name: one.reasons for one in queries.ranked(order)}

    assert found[team.name] == ["会小家电维修", "在同一乡镇街道", "手上没有别的单"]
    assert found[station.name] == ["领了这一项", "就在本村社区", "手上没有别的单"]


def test_work_in_hand_is_counted(order, team, order_in):
    order_in("accepted")
    order_in("dispatched")
    order_in("served")

    assert queries.ranked(order)[0].reasons[-1] == "手上还有 2 单"


def test_whoever_holds_it_now_is_left_out(order_in, team):
    assert team.name not in names(order_in("accepted"))


def test_having_declined_is_told_and_changes_no_number(order, team, li, dispatcher):
    before = queries.ranked(order)[0]
    Dispatch.objects.create(
        order=order,
        team=team,
        state="declined",
        dispatched_at=NOON,
        dispatched_by=dispatcher,
        answered_at=NOON,
        answered_by=li,
        note="人手不够",
    )
    after = queries.ranked(order)[0]

    assert (after.parts, after.total) == (before.parts, before.total)
    assert after.notes == ["这一单问过，当时没接成"]


def test_other_counties_closed_teams_and_teams_far_off_without_the_trade_are_not_proposed(
    order, appliances, danzhu, guhan, wangqiao, li
):
    TeamFactory(name="邻县", place=danzhu, leader=li, skills=[appliances])
    TeamFactory(name="撤了", place=guhan, leader=li, skills=[appliances], closed_on="2026-01-01")
    TeamFactory(name="邻镇不会", place=wangqiao, leader=li)
    TeamFactory(name="邻镇会", place=wangqiao, leader=li, skills=[appliances])
    TeamFactory(name="邻县流动", place=danzhu, leader=li, skills=[appliances], is_mobile=True)

    assert [name for name in names(order) if name[0] in "邻撤"] == ["邻镇会", "邻县流动"]


def test_volunteers_who_ask_not_to_be_proposed_are_not_nor_is_the_resident(order, fuqian, appliances, zhang):
    VolunteerFactory(person=zhang, home=fuqian, skills=[appliances])
    VolunteerFactory(person__name="不要推荐", home=fuqian, skills=[appliances], matching=False)
    VolunteerFactory(person__name="走了", home=fuqian, skills=[appliances], left_at=NOON)
    VolunteerFactory(person__name="不会", home=fuqian)
    VolunteerFactory(person__name="会的", home=fuqian, skills=[appliances])

    assert [one.name for one in queries.ranked(order) if one.kind == "volunteer"] == ["会的"]


def test_an_order_without_an_item_gets_teams_of_its_own_places_and_no_volunteers(fuqian, team, wang):
    order = OrderFactory(place=fuqian, item=None)

    assert names(order) == [team.name]


def test_totals_are_the_sum_of_their_parts(order, team, wang, station, institute, center):
    assert all(one.total == sum(one.parts.values()) for one in queries.ranked(order))


def test_the_list_costs_the_same_whoever_is_on_it(
    order, guhan, fuqian, appliances, li, django_assert_num_queries
):
    for _ in range(4):
        TeamFactory(place=guhan, leader=li, skills=[appliances])
        VolunteerFactory(home=fuqian, skills=[appliances])

    with django_assert_num_queries(3):  # teams, sites, volunteers
        assert len(queries.ranked(order)) >= 8


def test_reasons_of_one_target(order, team):
    assert queries.reasons_for(order, Target("team", team.pk))[0] == "会小家电维修"
    assert queries.reasons_for(order, Target("team", 0)) == []
