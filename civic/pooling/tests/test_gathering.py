"""What a round gathers: orders of the area, needs of the sites, teams of the day."""

from datetime import datetime, time, timedelta

import pytest

from civic.core.errors import Denied, Refused
from civic.fairs.tests.factories import FairFactory, SessionFactory
from civic.orders.models import Order
from civic.orders.tests.factories import OrderFactory
from civic.orders.tests.verbs import at_once
from civic.pooling.models import Need
from civic.pooling.queries import desk, sites
from civic.pooling.services import crews, needs
from civic.pooling.tests.days import MONDAY, TUESDAY, fresh, last_line
from civic.volunteers.tests.factories import TeamFactory
from tests.moments import SHANGHAI

pytestmark = pytest.mark.django_db


def add_need(pool, place, item, by, **said):
    fields = {"minutes": 30, "half": "any", "people": 5, "priority": 0, "words": ""} | said
    return needs.add_need(pool_id=pool.pk, place_id=place.pk, item_id=item.pk, by=by, at=MONDAY, **fields)


def add_orders(pool, orders, by):
    return needs.add_orders(pool_id=pool.pk, order_ids=[one.pk for one in orders], by=by, at=MONDAY)


def test_an_order_waits_in_the_round(pool, order, dispatcher):
    order.is_urgent, order.wanted_half = True, "evening"
    order.save()
    assert [one.pk for one in desk.orders_to_pool(pool)] == [order.pk]
    assert add_orders(pool, [order], dispatcher) == 1
    need = Need.objects.get()
    assert (need.order, need.half, need.priority, need.people) == (order, "afternoon", 1, 1)
    assert last_line(pool) == ("pooling.add_orders", dispatcher)
    assert desk.orders_to_pool(pool) == []


def test_not_twice_and_not_one_that_went_another_way(pool, order, dispatcher):
    add_orders(pool, [order], dispatcher)
    with pytest.raises(Refused, match="已经在拼单里"):
        add_orders(pool, [order], dispatcher)
    with pytest.raises(Refused, match="至少选一单"):
        add_orders(pool, [], dispatcher)
    Need.objects.all().delete()
    Order.objects.filter(pk=order.pk).update(state="withdrawn")
    with pytest.raises(Refused, match="再选一次"):
        add_orders(pool, [order], dispatcher)


def test_orders_of_elsewhere_and_of_another_day(pool, hair, zhang, wangqiao, fuqian, dispatcher):
    far = OrderFactory(place=wangqiao, item=hair, resident=zhang, state="screened")
    OrderFactory(place=fuqian, item=hair, resident=zhang, state="screened", wanted_on=TUESDAY.replace(day=30))
    assert desk.orders_to_pool(pool) == []
    with pytest.raises(Refused, match="再选一次"):
        add_orders(pool, [far], dispatcher)


@pytest.mark.parametrize(
    "name", ["zhang", "station_clerk", "institute_clerk", "stranger", "other_dispatcher"]
)
def test_orders_are_the_dispatchers(pool, order, person, name):
    with pytest.raises(Denied):
        add_orders(pool, [order], person(name))


def test_a_site_asks_for_its_village(pool, hair, fuqian, station_clerk):
    need = add_need(pool, fuqian, hair, station_clerk, priority=2)
    assert (need.priority, need.asked_by) == (0, station_clerk)
    assert [one.pk for one in sites.own_needs(station_clerk, pool)] == [need.pk]
    needs.remove_need(need_id=need.pk, by=station_clerk, at=MONDAY)
    with pytest.raises(Refused, match="已经不在"):
        needs.remove_need(need_id=need.pk, by=station_clerk, at=MONDAY)


@pytest.mark.parametrize("name", ["zhang", "li", "stranger", "other_dispatcher", "supervisor"])
def test_others_do_not(pool, hair, fuqian, person, name):
    with pytest.raises(Denied):
        add_need(pool, fuqian, hair, person(name))


def test_a_clerk_does_not_take_an_order_out(pool, pooled, station_clerk):
    with pytest.raises(Denied):
        needs.remove_need(need_id=pooled.pk, by=station_clerk, at=MONDAY)


@pytest.mark.parametrize(
    ("said", "words"), [({"minutes": 5}, "10 到 240"), ({"people": 0}, "人数"), ({"minutes": 241}, "10 到")]
)
def test_bad_numbers(pool, hair, fuqian, dispatcher, said, words):
    with pytest.raises(Refused, match=words):
        add_need(pool, fuqian, hair, dispatcher, **said)


def test_a_place_outside_and_a_round_that_is_full(pool, hair, wangqiao, fuqian, dispatcher, monkeypatch):
    with pytest.raises(Refused, match="选不了"):
        add_need(pool, wangqiao, hair, dispatcher)
    monkeypatch.setattr(needs, "MOST_NEEDS", 0)
    with pytest.raises(Refused, match="最多"):
        add_need(pool, fuqian, hair, dispatcher)


def team(pool, van, place, by, *, opens=8, closes=18):
    return crews.add_team(
        pool_id=pool.pk,
        team_id=van.pk,
        depot_id=place.pk,
        opens=time(opens),
        closes=time(closes),
        by=by,
        at=MONDAY,
    )


def test_a_team_goes_out_once_a_day(pool, tour, van, guhan, dispatcher):
    assert desk.mobile_teams(pool) == []
    with pytest.raises(Refused, match="已经有路要跑"):
        team(pool, van, guhan, dispatcher)


def test_not_one_that_stands_at_a_fair(pool, van, guhan, dispatcher):
    begin = datetime(2026, 11, 24, 9, 0, tzinfo=SHANGHAI)
    fair = FairFactory(place=guhan, span=(begin, begin + timedelta(hours=3)))
    SessionFactory(fair=fair, stall__place=guhan, stall__team=van)
    assert desk.mobile_teams(pool) == []
    with pytest.raises(Refused, match="集市出摊"):
        team(pool, van, guhan, dispatcher)


def test_only_mobile_teams_with_a_day(pool, van, guhan, dispatcher, monkeypatch):
    with pytest.raises(Refused, match="选一支流动队"):
        team(pool, TeamFactory(place=guhan), guhan, dispatcher)
    with pytest.raises(Refused, match="晚于出车"):
        team(pool, van, guhan, dispatcher, opens=18, closes=8)
    monkeypatch.setattr(crews, "MOST_TEAMS", 0)
    with pytest.raises(Refused, match="最多"):
        team(pool, van, guhan, dispatcher)


@pytest.mark.parametrize("name", ["zhang", "li", "institute_clerk", "stranger", "other_dispatcher"])
def test_teams_are_the_dispatchers(pool, tour, van, guhan, person, name):
    by = person(name)
    with pytest.raises(Denied):
        team(pool, van, guhan, by)
    with pytest.raises(Denied):
        crews.remove_team(tour_id=tour.pk, by=by, at=MONDAY)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_one_team_by_two_hands_at_once(pool, van, guhan, dispatcher, head):
    acts = [lambda by=by: team(pool, van, guhan, by) for by in (dispatcher, head)]
    assert at_once(*acts) == ["done", "refused"]
    assert fresh(pool).stamp == 2
