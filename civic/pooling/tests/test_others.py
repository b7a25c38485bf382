"""Needs that are better met without a tour: by a team nearby alone, at a stall of a fair."""

from datetime import datetime, timedelta

import pytest

from civic.fairs.tests.factories import FairFactory, SessionFactory
from civic.orders.models import Order
from civic.pooling.models import How, Need
from civic.pooling.queries import others
from civic.pooling.queries.day import day_of
from civic.pooling.services import editing, planning, publishing
from civic.pooling.tests.days import MONDAY, fresh
from civic.volunteers.tests.factories import TeamFactory
from tests.moments import SHANGHAI

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def local(fuqian, haircut):
    """A team at the very village of the order."""
    return TeamFactory(name="府前理发队", place=fuqian, skills=[haircut])


@pytest.fixture
def fair(villages, hair, haircut, guhan):
    """A fair in the first village two days later, with somebody who cuts hair."""
    begin = datetime(2026, 11, 26, 9, 0, tzinfo=SHANGHAI)
    fair = FairFactory(place=villages[0], title="北关集市", span=(begin, begin + timedelta(hours=3)))
    barber = TeamFactory(name="集市理发摊", place=guhan, skills=[haircut], matching=False)
    SessionFactory(fair=fair, stall__place=villages[0], stall__team=barber)
    return fair


def planned_by_the_worker(pool, by):
    asked = planning.plan(pool_id=pool.pk, by=by, at=MONDAY)
    assert planning.work_out(pool_id=pool.pk, stamp=asked.stamp, at=MONDAY) == "planned"
    return fresh(pool)


def test_a_team_at_the_place_may_go_alone(pool, tour, asked, pooled, local, haircut):
    Need.objects.filter(pk=pooled.pk).update(people=60)
    found = {way.need_id: way for way in others.ways(day_of(pool))}
    assert found[pooled.pk].team_id == local.pk
    assert found[pooled.pk].value == 30 + 60 - others.SET_UP


def test_teams_on_a_tour_or_out_of_matching_are_not_asked(pool, tour, asked, pooled, van, local):
    Need.objects.update(people=200)
    local.matching = False
    local.save()
    assert [way for way in others.ways(day_of(pool)) if way.team_id in {van.pk, local.pk}] == []


def test_a_stall_meets_those_nearby_unless_it_is_for_the_home(pool, asked, pooled, fair, villages):
    Need.objects.filter(pk__in=[asked[0].pk, pooled.pk]).update(people=60, place=villages[0])
    stalls = [way for way in others.ways(day_of(pool)) if way.how == How.FAIR]
    assert {way.need_id for way in stalls} >= {asked[0].pk}
    assert pooled.pk not in {way.need_id for way in stalls}
    assert stalls[0].words == "11月26日 北关集市"


def test_the_plan_tells_how_each_need_is_met(
    pool, tour, van, haircut, asked, pooled, order, local, dispatcher
):
    van.skills.remove(haircut)
    Need.objects.filter(pk=pooled.pk).update(people=60)
    planned = planned_by_the_worker(pool, dispatcher)
    met = fresh(pooled)
    assert (met.how, met.advice, met.single) == ("single", "府前理发队", local)
    assert planned.value >= 45
    assert {fresh(need).how for need in asked} == {"none"}


def test_publishing_hands_it_to_that_team(pool, tour, asked, pooled, order, villages, local, dispatcher):
    Need.objects.filter(pk=pooled.pk).update(people=60, how="single", single=local, advice=local.name)
    editing.move_stop(
        pool_id=pool.pk,
        need_id=asked[0].pk,
        tour_id=tour.pk,
        position=0,
        stamp=None,
        by=dispatcher,
        at=MONDAY,
    )
    publishing.publish(pool_id=pool.pk, stamp=None, by=dispatcher, at=MONDAY)
    order = Order.objects.get(pk=order.pk)
    assert (order.state, order.current.team) == ("dispatched", local)


def test_a_team_that_is_gone_meanwhile_leaves_it_at_the_desk(planned, pooled, order, local, dispatcher):
    editing.move_stop(
        pool_id=planned.pk, need_id=pooled.pk, tour_id=None, position=0, stamp=None, by=dispatcher, at=MONDAY
    )
    Need.objects.filter(pk=pooled.pk).update(how="single", why="", single=local)
    local.closed_on = MONDAY.date()
    local.save()
    publishing.publish(pool_id=planned.pk, stamp=None, by=dispatcher, at=MONDAY)
    assert Order.objects.get(pk=order.pk).state == "screened"
