"""C2: the card of each candidate, why not another, the price of an override, and the rulings."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from civic.orders.models import Dispatch, Ruling
from civic.orders.tests.plans import candidate, plan_for
from civic.orders.tests.verbs import fresh
from civic.places.tests.factories import PlaceFactory
from civic.volunteers.tests.factories import TeamFactory, VolunteerFactory
from tests.moments import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def order(order_in, appliances):
    order = order_in("screened")
    order.item.skill = appliances
    order.item.save()
    return order


@pytest.fixture
def other(guhan, wang, appliances):
    return TeamFactory(name="百姓修理队", place=guhan, leader=wang, skills=[appliances])


@pytest.fixture
def plan(order, team, other):
    """匠心家电 proposed; 百姓修理队 costs the network 4.40 minutes more."""
    first = candidate(f"team:{team.pk}", team.name, travel=2240, fairness=150)
    second = candidate(f"team:{other.pk}", other.name, travel=2600, load=150, price=440)
    return plan_for(order, first, second, target=first["target"])


def url(order, name="at_desk"):
    return reverse(f"orders:{name}", args=[order.pk])


def soup(answer):
    return BeautifulSoup(answer.content.decode(), "html.parser")


def numbers(card):
    """The parts and the total of a card, as a reader adds them up."""
    *parts, total = [Decimal(one.get_text(strip=True)) for one in card.select(".sum dd")]
    return parts, total


@pytest.mark.parametrize("page", ["at_desk", "dispatch"])
def test_the_parts_of_each_card_add_up_to_its_total(client, dispatcher, order, plan, page):
    client.force_login(dispatcher)

    cards = soup(client.get(url(order, page))).select(".plan-cards > li")

    assert len(cards) == 2
    for card in cards:
        parts, total = numbers(card)
        assert sum(parts) == total > 0


def test_the_proposed_one_is_told_in_a_sentence_with_the_numbers_of_its_card(
    client, dispatcher, order, plan, team
):
    client.force_login(dispatcher)

    page = soup(client.get(url(order)))
    said = page.select_one("#plan > p + p").get_text()

    assert said.startswith(f"派给{team.name}：路程 8.6 公里（22.40 分）")
    assert "合计 25.30 分；候选第 1 名；次选百姓修理队，全网多花 4.40 分。" in said
    parts, total = numbers(page.select_one(".plan-first"))
    assert [f"{one}" for one in parts] == re.findall(r"\d+\.\d\d", said)[: len(parts)]
    assert f"合计 {total} 分" in said


def test_a_chance_below_one_half_is_an_alert_with_what_to_do(client, dispatcher, order, plan):
    client.force_login(dispatcher)
    assert "82%" in client.get(url(order)).content.decode()

    plan.chance = 490
    plan.save()

    alert = soup(client.get(url(order))).select_one("#plan .box-due")
    assert "按时有人去的把握只有 49%" in alert.get_text()
    assert "打电话" in alert.get_text()


@pytest.mark.parametrize("age", [None, timedelta(hours=3)])
def test_without_a_fresh_plan_the_simple_list_stands_and_works(client, dispatcher, order, team, age):
    client.force_login(dispatcher)
    if age:
        one = candidate(f"team:{team.pk}", team.name, travel=2240)
        plan_for(order, one, target=one["target"], made_at=NOON - age)

    shown = client.get(url(order)).content.decode()
    assert "智能派单现在没有开" in shown
    assert 'id="plan"' not in shown

    client.post(url(order, "dispatch"), {"target": f"team:{team.pk}"})
    assert fresh(order).state == "dispatched"


def test_the_proposed_one_is_dispatched_with_one_press(client, dispatcher, order, plan, team):
    client.force_login(dispatcher)

    client.post(url(order, "dispatch"), {"target": f"team:{team.pk}"})

    assert fresh(order).current.team == team
    assert not order.events.filter(what="override").exists()


def test_another_is_confirmed_with_the_price_and_a_reason(client, dispatcher, order, plan, other):
    client.force_login(dispatcher)
    target = f"team:{other.pk}"

    asked = client.get(url(order, "dispatch"), {"target": target}).content.decode()
    assert "这样派，全网多花 4.40 分" in asked
    assert "建议的是 匠心家电，合计 25.30 分" in asked

    bare = client.post(url(order, "dispatch"), {"target": target})
    assert bare.status_code == 422
    assert "这样派，全网多花 4.40 分" in bare.content.decode()
    assert fresh(order).state == "screened"

    client.post(url(order, "dispatch"), {"target": target, "words": "大娘点名要他们"})
    assert fresh(order).current.team == other
    assert order.events.get(what="override").note == "大娘点名要他们"


def test_one_outside_the_list_is_confirmed_without_a_price(client, dispatcher, order, plan, station):
    client.force_login(dispatcher)

    asked = client.get(url(order, "dispatch"), {"target": f"venue:{station.pk}"}).content.decode()

    assert "不在智能派单的名单上" in asked


@pytest.mark.parametrize("target", ["", "team:0", "nobody", "team:9999999"])
def test_a_target_that_is_none_leads_to_the_list(client, dispatcher, order, plan, target):
    client.force_login(dispatcher)

    shown = client.get(url(order, "dispatch"), {"target": target})
    assert len(soup(shown).select(".plan-cards > li")) == 2
    for name in ("pin", "forbid"):
        assert client.get(url(order, name), {"target": target}).status_code == 302
    wrong = client.post(url(order, "dispatch"), {"target": target, "words": "就他"})
    assert wrong.status_code == 422


# --- Why not?


def why(client, order, text):
    shown = client.get(url(order, "why_not"), {"q": text})
    assert shown.status_code == 200
    return soup(shown).select_one("main").get_text(" ", strip=True)


def test_why_not_a_candidate_tells_parts_and_price(client, dispatcher, order, plan):
    client.force_login(dispatcher)

    said = why(client, order, "百姓")

    assert "路程 26.00" in said
    assert "候选第 2 名；派给这一家，全网多花 4.40 分" in said


def test_a_lower_bound_says_at_least(client, dispatcher, order, team, other):
    client.force_login(dispatcher)
    first = candidate(f"team:{team.pk}", team.name, travel=2240)
    second = candidate(f"team:{other.pk}", other.name, travel=2600, price=310, exact=False)
    plan_for(order, first, second, target=first["target"])

    assert "全网至少多花 3.10 分" in why(client, order, "百姓")


def test_why_not_one_who_is_no_candidate_tells_what_stands_in_the_way(
    client, dispatcher, order, plan, guhan, li, fuqian, appliances
):
    client.force_login(dispatcher)
    TeamFactory(name="戏曲队", place=guhan, leader=li, skills=[])
    TeamFactory(name="不参加队", place=guhan, leader=li, skills=[appliances], matching=False)
    VolunteerFactory(person__name="赵不参加", home=fuqian, skills=[appliances], matching=False)
    far = TeamFactory(name="远处修理队", place=guhan, leader=li, skills=[appliances])
    Dispatch.objects.create(
        order=order, team=far, state="declined", dispatched_at=NOON, dispatched_by=dispatcher
    )

    assert "没有登记「小家电维修」这门手艺" in why(client, order, "戏曲")
    assert why(client, order, "不参加").count("不参加智能派单") == 2
    assert "不再问第二次" in why(client, order, "远处")
    assert "没有叫「没有这队」的" in why(client, order, "没有这队")
    assert "全网" not in why(client, order, " ").partition("次选")[2].partition("。")[2]


def test_why_not_one_whom_a_dispatcher_forbade_tells_the_reason(client, dispatcher, order, plan, guhan, li):
    client.force_login(dispatcher)
    kept = TeamFactory(name="旧修理队", place=guhan, leader=li, skills=[order.item.skill])
    Ruling.objects.create(
        order=order,
        kind="forbid",
        target=f"team:{kept.pk}",
        reason="居民不愿意",
        ruled_at=NOON,
        ruled_by=dispatcher,
    )

    assert "派单员定了不派：居民不愿意" in why(client, order, "旧修理")


def test_why_not_a_volunteer_who_is_asked_for_another_order(
    client, dispatcher, order, plan, order_in, fuqian, appliances
):
    client.force_login(dispatcher)
    busy = VolunteerFactory(person__name="钱正忙", home=fuqian, skills=[appliances])
    Dispatch.objects.create(
        order=order_in("dispatched"), volunteer=busy, dispatched_at=NOON, dispatched_by=dispatcher
    )
    VolunteerFactory(person__name="孙够格", home=fuqian, skills=[appliances])

    assert "正等对方答复另一单" in why(client, order, "钱正忙")
    assert "下一轮才算进来" in why(client, order, "孙够格")


def test_who_fits_but_comes_after_a_full_list_costs_no_less_than_its_last(
    client, dispatcher, order, team, guhan, li, appliances
):
    client.force_login(dispatcher)
    rows = [candidate(f"team:{team.pk}", team.name, travel=1000)]
    rows += [
        candidate(f"team:{900000 + n}", f"队{n}", travel=1000 + n, price=10 * n, exact=n < 5)
        for n in range(1, 30)
    ]
    plan_for(order, *rows, target=rows[0]["target"])
    TeamFactory(name="第三十一队", place=guhan, leader=li, skills=[appliances])

    said = why(client, order, "第三十一")

    assert "排在前 30 名以后，派给这一家，全网至少多花 2.90 分" in said


def test_a_volunteer_far_away_is_told_so(client, dispatcher, order, plan, xiangyuan, appliances):
    client.force_login(dispatcher)
    far = PlaceFactory(name="远村", parent=xiangyuan, lon="114.9", lat="36.1", precision="own")
    xiangyuan.lon, xiangyuan.lat, xiangyuan.precision = "113.05", "36.53", "own"
    xiangyuan.save()
    VolunteerFactory(person__name="周远方", home=far, skills=[appliances])

    assert "离得超过 20 公里" in why(client, order, "周远方")


def test_why_not_without_a_plan_says_that_nothing_runs(client, dispatcher, order):
    client.force_login(dispatcher)

    assert "智能派单现在没有开" in why(client, order, "匠心")


# --- Rulings.


@pytest.mark.parametrize(("move", "kind"), [("pin", "pin"), ("forbid", "forbid")])
def test_a_ruling_is_made_with_a_reason_listed_and_lifted(client, dispatcher, order, plan, other, move, kind):
    client.force_login(dispatcher)
    target = f"team:{other.pk}"
    assert "全网多花 4.40 分" in client.get(url(order, move), {"target": target}).content.decode()
    assert client.post(url(order, move), {"target": target}).status_code == 422

    client.post(url(order, move), {"target": target, "words": "居民说好了的"})
    ruling = Ruling.objects.get()
    assert (ruling.kind, ruling.target, ruling.reason) == (kind, target, "居民说好了的")
    assert "居民说好了的" in client.get(url(order)).content.decode()

    lifted = client.post(reverse("orders:lift_ruling", args=[order.pk, ruling.pk]), follow=True)
    assert "已撤销" in lifted.content.decode()
    ruling.refresh_from_db()
    assert ruling.lifted_by == dispatcher
    again = client.post(reverse("orders:lift_ruling", args=[order.pk, ruling.pk]), follow=True)
    assert "这条已经撤销了" in again.content.decode()


def test_a_ruling_of_another_order_is_absent_here(client, dispatcher, order, order_in, other):
    client.force_login(dispatcher)
    ruling = Ruling.objects.create(
        order=order_in("screened"),
        kind="pin",
        target=f"team:{other.pk}",
        reason="说好了",
        ruled_at=NOON,
        ruled_by=dispatcher,
    )

    assert client.post(reverse("orders:lift_ruling", args=[order.pk, ruling.pk])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_order_asks_the_same_number_of_queries_for_any_number_of_candidates(
    client, dispatcher, order, team, guhan, li, count, django_assert_num_queries
):
    teams = [team, *TeamFactory.create_batch(count - 1, place=guhan, leader=li)]
    rows = [candidate(f"team:{one.pk}", one.name, travel=1000 + one.pk) for one in teams]
    plan_for(order, *rows, target=rows[0]["target"])
    client.force_login(dispatcher)
    client.get(url(order))

    with django_assert_num_queries(14):
        client.get(url(order))


def test_open_offers_are_listed_with_their_time(client, dispatcher, order_in, other):
    order = order_in("dispatched")
    first = order.current
    first.answer_by = NOON + timedelta(hours=2)
    first.save()
    Dispatch.objects.create(
        order=order, team=other, is_auto=True, dispatched_at=NOON, answer_by=NOON + timedelta(hours=3)
    )
    client.force_login(dispatcher)

    said = soup(client.get(url(order))).get_text(" ", strip=True)

    assert "智能派单发的" in said
    assert "还有 2 小时" in said
    assert "还有 3 小时" in said
