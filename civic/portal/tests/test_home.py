"""R1: the first page, for a guest without a place, with one, and for a resident with an open order."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from civic.orders.models import Claim, Issue
from civic.orders.tests.factories import ItemFactory, OrderFactory
from civic.orders.tests.verbs import bring
from tests.moments import LONG_AGO, NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
LIGHT = 80 * 1024


@pytest.fixture
def here(client, fuqian):
    client.post(reverse("places:pick", args=[fuqian.pk]))


def page(response):
    return BeautifulSoup(response.content, "html.parser")


def home(client):
    return page(client.get(reverse("portal:home")))


def test_a_guest_without_a_place_can_order_and_is_asked_where_she_is(client):
    ItemFactory(slug="haircut")
    shown = home(client)
    assert shown.h1.text == "有需要，点一单"
    assert shown.select_one("a.btn")["href"] == reverse("orders:menu")
    assert [tile.text for tile in shown.select(".cats a")] == ["理理发"]
    assert "您在哪个村、哪个社区" in shown.text
    assert shown.select_one(".top-place")["href"] == "/where/?next=%2F"


def test_without_any_phone_the_second_button_tells_where_to_go(client):
    assert home(client).select_one(".buttons-even .btn-2")["href"] == reverse("portal:phones")


def test_the_nearest_site_with_a_phone_is_called(client, here, station, center):
    center.phone = "0355-7220000"
    center.save()
    assert home(client).select_one(".buttons-even .btn-2")["href"] == "tel:0355-7220000"


def test_near_a_place_are_its_sites_what_they_offer_and_the_theme_of_the_month(
    client, here, station, xiangyuan, center, zhang
):
    item = ItemFactory(name="磨刀磨剪")
    Claim.objects.create(item=item, venue=station, claimed_at=LONG_AGO, claimed_by=zhang)
    Issue.objects.create(
        place=xiangyuan,
        month=NOON.date().replace(day=1),
        number=11,
        theme="温暖过冬",
        demonstration=center,
        drafted_at=LONG_AGO,
        drafted_by=zhang,
        published_at=LONG_AGO,
        published_by=zhang,
    )
    shown = home(client)
    assert shown.select_one(".top-place").text.split() == ["襄垣县", "·", "府前社区"]
    for words in ("磨刀磨剪", station.name, center.name, "温暖过冬", "第 11 期清单"):
        assert words in shown.text


@pytest.mark.parametrize("count", [1, 3])
def test_the_first_page_of_a_guest_takes_few_queries(
    client, here, station, zhang, count, django_assert_num_queries
):
    for _ in range(count):
        Claim.objects.create(item=ItemFactory(), venue=station, claimed_at=LONG_AGO, claimed_by=zhang)
    with django_assert_num_queries(10):
        # session and whether anybody is signed in, place, switches, favourites, sites, trail, claims,
        # issue, settings
        client.get(reverse("portal:home"))


def test_the_first_page_is_light_and_asks_few_files(client, here, station):
    response = client.get(reverse("portal:home"))
    files = {tag["src"] for tag in page(response).select("[src]")}
    files |= {link["href"] for link in page(response).select("link[href]")}
    assert len(response.content) < LIGHT
    assert len(files) <= 8


def test_a_resident_sees_her_order_and_what_waits_for_her(client, zhang, fuqian, team):
    OrderFactory(place=fuqian, resident=zhang)
    served = bring("served", place=fuqian, resident=zhang, team=team)
    OrderFactory(place=fuqian, resident=zhang)
    client.force_login(zhang)
    shown = home(client)
    assert shown.select_one(f"a[href='{reverse('orders:detail', args=[served.pk])}']")
    assert shown.select_one(f"a[href='{reverse('orders:review', args=[served.pk])}']")


def test_a_returned_order_asks_for_more_on_the_first_page(client, zhang, fuqian, team):
    order = bring("returned", place=fuqian, resident=zhang, team=team, item=None, words="院里的树倒了")
    client.force_login(zhang)
    shown = home(client)
    assert shown.select_one(f"a[href='{reverse('orders:repair', args=[order.pk])}']")
    assert "院里的树倒了" in shown.text


def test_her_home_is_the_place_until_she_chooses_another(client, zhang, wangqiao):
    client.force_login(zhang)
    assert "府前社区" in home(client).select_one(".top-place").text
    client.post(reverse("places:pick", args=[wangqiao.pk]))
    assert "王桥镇" in home(client).select_one(".top-place").text


def test_a_county_has_no_trail_before_its_name(client, xiangyuan):
    client.post(reverse("places:pick", args=[xiangyuan.pk]))
    assert home(client).select_one(".top-place").text.split() == ["襄垣县"]


def test_who_works_finds_the_way_to_her_work(client, dispatcher, li, team, zhang):
    for person, address in ((dispatcher, "orders:today"), (li, "orders:team_home")):
        client.force_login(person)
        assert home(client).select_one(f"main .cells a[href='{reverse(address)}']")
    client.force_login(zhang)
    assert not home(client).select("main .cells a[href^='/desk/'], main .cells a[href^='/team/']")
