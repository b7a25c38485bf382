"""V2 接单: invitations, open orders near by, and taking one; T2 with several offers."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from civic.core.errors import Refused
from civic.orders.models import Dispatch, Ruling
from civic.orders.models.menu import DispatchMode
from civic.orders.services import dispatching
from civic.orders.tests.verbs import fresh
from civic.places.tests.factories import PlaceFactory
from civic.volunteers.tests.factories import TeamFactory, VolunteerFactory
from tests.moments import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
OFFERS = "/team/open/"


@pytest.fixture
def chen(fuqian, appliances, city_sets):
    """陈小兰, a volunteer who may take orders by herself; the person."""
    city_sets("matching.volunteers_may_take", 1)
    return VolunteerFactory(person__name="陈小兰", home=fuqian, skills=[appliances]).person


@pytest.fixture
def order(order_in, appliances):
    order = order_in("screened", words="电饭锅不通电，家里没人", contact_name="张桂兰", address="门牌三零一")
    order.item.skill = appliances
    order.item.name = "小家电维修"
    order.item.save()
    return order


def said(client):
    return BeautifulSoup(client.get(OFFERS).content.decode(), "html.parser").select_one("main").get_text(" ")


def take(client, order):
    return client.post(reverse("orders:take", args=[order.pk]))


def test_she_sees_what_she_can_do_near_by_without_who_asks(client, chen, order):
    client.force_login(chen)

    page = said(client)
    asked = client.get(reverse("orders:take", args=[order.pk])).content.decode()

    assert "小家电维修" in page
    assert "府前社区 · 约 0.0 公里" in page
    for hidden in ("张桂兰", "门牌三零一", "电饭锅", order.contact_phone):
        assert hidden not in page
        assert hidden not in asked


def test_the_nearest_stands_first(client, chen, order, order_in, guhan):
    far = order_in("screened", item=order.item, place=PlaceFactory(name="远村", parent=guhan))
    client.force_login(chen)

    page = said(client)

    assert page.index("府前社区 · 约") < page.index("远村 · 约")
    assert client.get(reverse("orders:take", args=[far.pk])).status_code == 200


def test_she_takes_it_and_sees_the_contact(client, chen, order):
    client.force_login(chen)

    answer = take(client, order)

    assert answer["Location"] == reverse("orders:team_order", args=[order.pk])
    taken = fresh(order)
    assert (taken.state, taken.current.volunteer.person) == ("accepted", chen)
    assert "门牌三零一" in client.get(answer["Location"]).content.decode()


def test_who_comes_second_reads_so_and_is_back_at_the_list(client, chen, order, monkeypatch):
    client.force_login(chen)

    def gone(**_):
        raise Refused("这一单已经有别人接了。")

    monkeypatch.setattr(dispatching, "take", gone)
    answer = client.post(reverse("orders:take", args=[order.pk]), follow=True)

    assert answer.redirect_chain[-1][0] == OFFERS
    assert "这一单已经有别人接了" in answer.content.decode()


def test_what_she_cannot_take_reads_as_absent(client, chen, order, order_in, appliances, city_sets):
    client.force_login(chen)
    me = chen.volunteer
    hidden = {name: order_in("screened", item=order.item) for name in ("no", "forbidden", "pinned", "own")}
    Dispatch.objects.create(
        order=hidden["no"], volunteer=me, state="declined", dispatched_at=NOON, dispatched_by=chen
    )
    for name, kind, target in (
        ("forbidden", "forbid", f"volunteer:{me.pk}"),
        ("pinned", "pin", "team:1"),
    ):
        Ruling.objects.create(
            order=hidden[name], kind=kind, target=target, reason="说好了", ruled_at=NOON, ruled_by=chen
        )
    hidden["own"].resident = chen
    hidden["own"].save()
    hidden["trade"] = order_in("screened")
    hidden["state"] = order_in("dispatched", item=order.item)

    assert said(client).count("约 60 分钟") == 1
    for one in hidden.values():
        assert take(client, one).status_code == 404

    city_sets("matching.volunteers_may_take", 0)
    assert take(client, order).status_code == 404
    assert "附近等人去的" not in said(client)


def test_a_category_that_the_engine_leaves_alone_is_not_offered(client, chen, order):
    order.item.category.dispatch_mode = DispatchMode.OFF
    order.item.category.save()
    client.force_login(chen)

    assert "附近现在没有等人去的单" in said(client)
    assert take(client, order).status_code == 404


def test_invitations_say_until_when(client, chen, order_in):
    order = order_in("dispatched")
    Dispatch.objects.create(
        order=order,
        volunteer=chen.volunteer,
        is_auto=True,
        dispatched_at=NOON,
        answer_by=NOON + timedelta(hours=3),
        card={"km": 2.4, "estimated": True},
    )
    client.force_login(chen)

    assert "还有 3 小时" in said(client)
    page = client.get(reverse("orders:team_order", args=[order.pk])).content.decode()
    assert "同时还问了别人，先答应的去" in page
    assert "约 2.4 公里" in page
    assert "示意位置估算" in page
    assert "我来帮" in page


def test_who_cannot_serve_yet_is_shown_the_way(client, chen, neighbour, order):
    client.force_login(neighbour)
    assert "登记成志愿者才能接单" in said(client)
    assert take(client, order).status_code == 404

    chen.volunteer.skills.clear()
    client.force_login(chen)
    assert "还没有写您会什么" in said(client)


def test_a_leader_sees_every_order_her_team_is_asked_for(client, li, team, order_in, guhan, wang):
    """Whether hers is the latest offer or not."""
    other = TeamFactory(name="百姓修理队", place=guhan, leader=wang)
    for _one in range(2):
        order = order_in("dispatched")
        order.current = Dispatch.objects.create(
            order=order, team=other, is_auto=True, dispatched_at=NOON, answer_by=NOON + timedelta(hours=2)
        )
        order.save()
    client.force_login(li)

    home = BeautifulSoup(client.get("/team/").content.decode(), "html.parser")
    assert len(home.select(".queue li")) == 2
    page = client.get(reverse("orders:team_order", args=[order.pk])).content.decode()
    assert "接单" in page
    client.post(reverse("orders:accept", args=[order.pk]))
    assert fresh(order).current.team == team


def test_a_clerk_answers_for_her_site_though_another_was_asked_after_it(
    client, station_clerk, station, order_in
):
    order = order_in("dispatched")  # the latest offer is the team's
    Dispatch.objects.create(
        order=order, venue=station, is_auto=True, dispatched_at=NOON, answer_by=NOON + timedelta(hours=2)
    )
    client.force_login(station_clerk)

    assert order.short_number in client.get("/desk/today/").content.decode()
    client.post(reverse("orders:accept", args=[order.pk]))
    assert fresh(order).current.venue == station


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_number_of_queries_for_any_number_of_orders(
    client, chen, order, order_in, count, django_assert_num_queries
):
    for _one in range(count - 1):
        order_in("screened", item=order.item)
    client.force_login(chen)
    client.get(OFFERS)

    with django_assert_num_queries(7):
        client.get(OFFERS)
