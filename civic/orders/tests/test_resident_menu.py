"""R3: the menu, one item, and suggestions for own words; all of it open to guests."""

from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from civic.orders.models import Claim, Issue, Referral, Switch, Synonym
from civic.orders.queries import menu as queries
from civic.orders.queries import search
from civic.orders.services.menu import index_items
from civic.orders.tests.factories import CategoryFactory, ItemFactory
from civic.places.models import Level
from civic.places.tests.factories import PlaceFactory
from civic.venues.tests.factories import VenueFactory
from civic.volunteers.tests.factories import TeamFactory
from tests.moments import LONG_AGO, NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
TODAY = NOON.date()


@pytest.fixture
def daily():
    return CategoryFactory(slug="daily", name="便民维修", position=5)


@pytest.fixture
def repair(daily):
    return ItemFactory(slug="appliance", name="小家电维修", category=daily, description="修电饭锅、电水壶。")


def page(response):
    return BeautifulSoup(response.content, "html.parser")


def switch(item, place, months, by):
    return Switch.objects.create(item=item, place=place, months=months, at=LONG_AGO, by=by)


def claim(item, venue, by, **fields):
    return Claim.objects.create(item=item, venue=venue, claimed_at=LONG_AGO, claimed_by=by, **fields)


# --- What a place offers


def test_a_switch_above_takes_the_item_off_all_year_or_outside_its_months(fuqian, xiangyuan, guhan, zhang):
    off, winter, summer, on = ItemFactory.create_batch(4)
    switch(off, xiangyuan, "", zhang)
    switch(winter, guhan, "11,12,1", zhang)
    switch(summer, fuqian, "6,7,8", zhang)
    assert list(queries.offered_at(fuqian, TODAY)) == [winter, on]
    assert list(queries.offered_at(fuqian, date(2026, 7, 1))) == [summer, on]


def test_an_item_has_its_own_season_and_may_be_withdrawn(fuqian):
    winter, january = ItemFactory(months="11,12"), ItemFactory(months="1,12")
    ItemFactory(withdrawn_on=TODAY)
    assert list(queries.offered_at(fuqian, TODAY)) == [winter]
    assert list(queries.offered_at(None, date(2026, 1, 5))) == [january]


def test_the_switch_of_the_next_county_changes_nothing_here(fuqian, zhangzi, zhang, repair):
    switch(repair, zhangzi, "", zhang)
    assert list(queries.offered_at(fuqian, TODAY)) == [repair]


def test_favourites_leave_out_what_is_not_offered(fuqian, zhang):
    haircut, legal = ItemFactory(slug="haircut"), ItemFactory(slug="legal-advice")
    switch(legal, fuqian, "", zhang)
    assert [tile.slug for tile in queries.favourites(fuqian, TODAY)] == [haircut.slug]
    assert [(tile.name, tile.sign) for tile in queries.favourites(None, TODAY)] == [
        ("理发", "理"),
        ("法律咨询", "法"),
    ]


def test_this_months_list_is_the_nearest_published_one(fuqian, xiangyuan, city, center, zhang):
    told = {
        "demonstration": center,
        "drafted_at": LONG_AGO,
        "drafted_by": zhang,
        "number": 1,
        "theme": "温暖过冬",
    }
    out = {"published_at": LONG_AGO, "published_by": zhang}
    month = TODAY.replace(day=1)
    Issue.objects.create(place=city, month=month, **told, **out)
    county = Issue.objects.create(place=xiangyuan, month=month, **told)
    assert queries.current_issue(fuqian, TODAY).place == city
    Issue.objects.filter(pk=county.pk).update(**out)
    assert queries.current_issue(fuqian, TODAY) == county
    assert queries.current_issue(fuqian, date(2026, 12, 1)) is None


def test_claims_near_are_those_of_the_township_and_of_the_centers_above(
    fuqian, station, center, institute, wangqiao, zhang, repair
):
    here, above = claim(repair, station, zhang), claim(repair, center, zhang)
    claim(repair, VenueFactory(place=wangqiao), zhang)
    claim(repair, institute, zhang, dropped_at=NOON, dropped_by=zhang)
    assert set(queries.claims_near(fuqian)) == {here, above}


def test_helpers_are_sites_that_claimed_it_and_teams_with_the_skill(
    fuqian, station, guhan, wangqiao, zhang, repair
):
    claim(repair, station, zhang)
    near = TeamFactory(place=guhan, skills=[repair.skill])
    TeamFactory(place=wangqiao, skills=[repair.skill])
    TeamFactory(place=guhan)
    found = queries.helpers_near(repair, fuqian)
    assert (found.venues, found.teams) == ([station], [near])


def test_sites_serving_a_place_come_nearest_first(fuqian, station, institute, center, wangqiao):
    VenueFactory(place=wangqiao)
    center.phone = "0355-7220000"
    center.save()
    found = queries.venues_serving(fuqian)
    assert found == [station, institute, center]
    assert queries.phone_for(found) == center
    assert queries.phone_for([station]) is None


# --- Pages


def test_the_menu_shows_every_category_and_a_box_for_own_words(client, daily):
    shown = page(client.get(reverse("orders:menu")))
    assert [link.text for link in shown.select(".cats a")] == ["修便民维修"]
    assert shown.select_one("form[action='/order/say/'] input[name=words]")


@pytest.mark.parametrize("count", [1, 3])
def test_a_category_asks_as_often_for_one_item_as_for_three(
    client, daily, fuqian, count, django_assert_num_queries
):
    items = ItemFactory.create_batch(count, category=daily)
    client.post(reverse("places:pick", args=[fuqian.pk]))
    # session and whether anybody is signed in, category, place, switches, settings, items
    with django_assert_num_queries(7):
        response = client.get(reverse("orders:category", args=["daily"]))
    assert [name.text for name in page(response).select(".cells b")] == [item.name for item in items]


def test_an_empty_category_says_where_to_go_on(client, daily):
    assert "这一类这个月没有能点的" in page(client.get(reverse("orders:category", args=["daily"]))).text


@pytest.mark.parametrize("name", ["category", "item"])
def test_what_the_menu_does_not_know_is_absent(client, name):
    assert client.get(reverse(f"orders:{name}", args=["nothing"])).status_code == 404


def test_an_item_tells_its_risk_its_safeguards_and_who_can_help(client, fuqian, station, zhang, repair):
    claim(repair, station, zhang)
    client.post(reverse("places:pick", args=[fuqian.pk]))
    shown = page(client.get(reverse("orders:item", args=["appliance"])))
    for words in ("用电要当心。", "先断电，再动手。", "约 60 分钟", "不收钱", station.name):
        assert words in shown.text
    assert shown.select_one("a.btn")["href"] == "/order/tell/?item=appliance"


def test_an_item_switched_off_here_cannot_be_ordered_from_its_page(client, fuqian, zhang, repair):
    switch(repair, fuqian, "", zhang)
    client.post(reverse("places:pick", args=[fuqian.pk]))
    shown = page(client.get(reverse("orders:item", args=["appliance"])))
    assert "这个月这里不开展这一项" in shown.text
    assert "附近还没有登记的队伍" in shown.text
    assert not shown.select("a.btn")


# --- Own words


@pytest.fixture
def suggested(repair):
    Synonym.objects.create(item=repair, words="电饭锅不通电")
    Referral.objects.create(
        words="煤气中毒", target="120", sentence="请马上拨打120。", is_urgent=True, unless="防煤气中毒"
    )
    Referral.objects.create(words="路灯", target="12345", sentence="请拨打12345。")
    index_items([repair.pk])
    return repair


@pytest.mark.slow
def test_own_words_lead_to_the_item_and_keep_the_words(client, suggested):
    shown = page(client.get(reverse("orders:say"), {"words": "我家电饭锅不通电了"}))
    first, own = shown.select(".cells a")[:2]
    assert first.b.text == "小家电维修"
    assert first["href"].startswith("/order/tell/?item=appliance&words=%E6%88%91")
    assert own["href"].startswith("/order/tell/?words=")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "phone", "kind"), [("我爸煤气中毒了", "120", "box-over"), ("门口路灯不亮", "12345", "box-note")]
)
def test_words_for_another_desk_show_its_number_first(client, suggested, words, phone, kind):
    shown = page(client.get(reverse("orders:say"), {"words": words}))
    box = shown.select_one(f".box.{kind}")
    assert box.select_one(f"a[href='tel:{phone}']")
    assert page(client.get(reverse("orders:tell"), {"words": words})).select_one(f"a[href='tel:{phone}']")


@pytest.mark.slow
def test_an_exception_of_the_phrase_is_no_emergency(suggested):
    assert search.advice_for("想听听怎么防煤气中毒") is None


@pytest.mark.slow
def test_words_that_fit_nothing_can_still_be_sent(client, suggested):
    shown = page(client.get(reverse("orders:say"), {"words": "嗯嗯嗯"}))
    assert "菜单里没有正好的" in shown.h1.text
    assert shown.select_one(".cells a")["href"].startswith("/order/tell/?words=")
    assert "用自己的话说" in page(client.get(reverse("orders:say"))).h1.text


@pytest.mark.slow
def test_an_item_switched_off_is_not_suggested(suggested, fuqian, zhang):
    assert [offer.item for offer in search.offers_for("电饭锅不通电", fuqian, TODAY)] == [suggested]
    switch(suggested, fuqian, "", zhang)
    assert search.offers_for("电饭锅不通电", fuqian, TODAY) == []


@pytest.mark.slow
@pytest.mark.parametrize("text", ["小家电", "电饭锅", "xjdwx"])
def test_items_are_found_by_name_everyday_words_and_initials(suggested, fuqian, text):
    assert search.items_matching(text, fuqian, TODAY) == [suggested]


@pytest.mark.parametrize("text", ["", "，。"])
def test_signs_alone_find_nothing(text):
    assert search.items_matching(text, None, TODAY) == []


@pytest.mark.slow
def test_a_word_added_to_the_menu_is_known_at_once(suggested, fuqian):
    assert search.offers_for("豆浆机打不碎", fuqian, TODAY) == []
    Synonym.objects.create(item=suggested, words="豆浆机打不碎")
    assert [offer.item for offer in search.offers_for("豆浆机打不碎", fuqian, TODAY)] == [suggested]


def test_a_place_above_townships_has_its_county_around(xiangyuan, station, fuqian, zhang, repair):
    made = claim(repair, station, zhang)
    assert queries.claims_near(xiangyuan) == [made]
    assert queries.claims_near(PlaceFactory(level=Level.COUNTY)) == []
