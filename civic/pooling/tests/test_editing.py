"""The clerk's hand on the tours: what a change costs, what cannot be driven, what is pinned."""

from datetime import time

import pytest

from civic.core.errors import Denied, Refused
from civic.orders.tests.factories import ItemFactory
from civic.orders.tests.verbs import at_once
from civic.pooling.models import Need, Stop, Tour
from civic.pooling.queries import desk
from civic.pooling.queries.day import day_of
from civic.pooling.services import crews, editing, needs
from civic.pooling.tests.days import MONDAY, driven, fresh, last_line

pytestmark = pytest.mark.django_db


def move(pool, need, tour, position, by, stamp=None):
    return editing.move_stop(
        pool_id=pool.pk,
        need_id=need.pk,
        tour_id=tour and tour.pk,
        position=position,
        stamp=stamp,
        by=by,
        at=MONDAY,
    )


def test_moved_within_a_tour_at_the_price_that_was_shown(planned, tour, asked, dispatcher):
    before = day_of(planned)
    shown = editing.priced(before, asked[2].pk, tour.pk, 0)
    order = driven(planned)[tour.pk]
    move(planned, asked[2], tour, 0, dispatcher, stamp=planned.stamp)
    after = day_of(planned)
    assert before.plan.value - after.plan.value == shown.price
    assert fresh(planned).value is None
    assert driven(planned)[tour.pk] == [asked[2].pk, *[one for one in order if one != asked[2].pk]]
    assert last_line(planned) == ("pooling.move_stop", dispatcher)
    assert Stop.objects.get(need=asked[2]).is_pinned


def test_the_cheapest_places_are_offered_first(planned, asked):
    day = day_of(planned)
    prices = [one.price for one in desk.choices(day, asked[0].pk)]
    assert prices == sorted(prices)
    assert len(prices) == 3


def test_taken_out_and_put_in_again(planned, tour, asked, dispatcher):
    move(planned, asked[0], None, 0, dispatcher)
    assert (fresh(asked[0]).how, fresh(asked[0]).why) == ("none", "taken_out")
    assert tour.stops.count() == 3
    move(planned, asked[0], tour, 99, dispatcher)
    assert driven(planned)[tour.pk][-1] == asked[0].pk
    assert fresh(asked[0]).how == "tour"


def test_positions_are_counted_from_one_without_a_gap(planned, tour):
    assert list(tour.stops.order_by("position").values_list("position", flat=True)) == [1, 2, 3, 4]


def test_a_skill_nobody_has(planned, tour, villages, dispatcher):
    strange = needs.add_need(
        pool_id=planned.pk,
        place_id=villages[0].pk,
        item_id=ItemFactory(name="看牙", skill__name="牙医").pk,
        minutes=30,
        half="any",
        people=5,
        priority=0,
        words="",
        by=dispatcher,
        at=MONDAY,
    )
    with pytest.raises(Refused, match="没有会牙医的"):
        move(planned, strange, tour, 0, dispatcher)


def test_too_late_for_the_morning_and_for_home(planned, tour, asked, dispatcher):
    Need.objects.filter(pk=asked[0].pk).update(half="morning", minutes=240)
    Stop.objects.filter(need=asked[0]).delete()
    with pytest.raises(Refused, match=r"要晚 \d+ 分钟"):
        move(planned, asked[0], tour, 3, dispatcher)
    Need.objects.filter(pk=asked[0].pk).update(half="any")
    Tour.objects.filter(pk=tour.pk).update(closes=time(11))
    with pytest.raises(Refused, match="收车"):
        move(planned, asked[0], tour, 0, dispatcher)


def test_not_what_the_clerk_saw(planned, tour, asked, dispatcher):
    with pytest.raises(Refused, match="刚才有人改过"):
        move(planned, asked[0], tour, 0, dispatcher, stamp=planned.stamp - 1)


def test_a_tour_of_another_round(planned, asked, next_township_pool, van, wangqiao, dispatcher):
    stray = Tour.objects.create(
        pool=next_township_pool,
        team=van,
        on=next_township_pool.on,
        depot=wangqiao,
        opens=time(8),
        closes=time(18),
        added_at=MONDAY,
        added_by=dispatcher,
    )
    with pytest.raises(Refused, match="不在这一轮"):
        move(planned, asked[0], stray, 0, dispatcher)


def test_pinned_and_let_go(planned, asked, dispatcher):
    def pin(need, is_pinned):
        editing.pin(pool_id=planned.pk, need_id=need.pk, is_pinned=is_pinned, by=dispatcher, at=MONDAY)

    pin(asked[0], False)
    assert not Stop.objects.get(need=asked[0]).is_pinned
    pin(asked[0], True)
    assert Stop.objects.get(need=asked[0]).is_pinned
    move(planned, asked[0], None, 0, dispatcher)
    with pytest.raises(Refused, match="不在线路上"):
        pin(asked[0], True)


@pytest.mark.parametrize("name", ["zhang", "li", "institute_clerk", "stranger", "other_dispatcher"])
def test_wrong_person(planned, tour, asked, person, name):
    by = person(name)
    with pytest.raises(Denied):
        move(planned, asked[0], tour, 0, by)
    with pytest.raises(Denied):
        editing.pin(pool_id=planned.pk, need_id=asked[0].pk, is_pinned=False, by=by, at=MONDAY)


def test_not_after_publishing(published, tour, asked, dispatcher):
    with pytest.raises(Refused, match="现在不能改"):
        move(published, asked[0], tour, 0, dispatcher)
    with pytest.raises(Refused, match="现在不能改"):
        editing.pin(pool_id=published.pk, need_id=asked[0].pk, is_pinned=False, by=dispatcher, at=MONDAY)


def test_a_need_taken_out_of_the_round_leaves_its_tour(planned, tour, asked, dispatcher):
    needs.remove_need(need_id=asked[1].pk, by=dispatcher, at=MONDAY)
    assert asked[1].pk not in driven(planned)[tour.pk]
    assert list(tour.stops.order_by("position").values_list("position", flat=True)) == [1, 2, 3]
    assert fresh(asked[1]).released_by == dispatcher


def test_without_its_team_the_stops_wait_again(planned, tour, dispatcher):
    crews.remove_team(tour_id=tour.pk, by=dispatcher, at=MONDAY)
    assert not Stop.objects.exists()
    assert set(Need.objects.values_list("how", flat=True)) == {"none"}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_twice_at_once(planned, tour, asked, dispatcher, head):
    def one(by):
        return lambda: move(planned, asked[0], tour, 0, by, stamp=planned.stamp)

    assert at_once(one(dispatcher), one(head)) == ["done", "refused"]
