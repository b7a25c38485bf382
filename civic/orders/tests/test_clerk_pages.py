"""S1, S2, S4, C8 and opinions: a clerk's day."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from civic.journal.models import Entry
from civic.orders.models import Dispatch, Order, Referral, Synonym
from civic.orders.services import menu
from civic.orders.tests.factories import ItemFactory, OrderFactory
from civic.orders.tests.verbs import AN_HOUR, fresh
from civic.people.models import Person
from civic.people.tests.factories import PersonFactory
from civic.places.models import Level
from civic.places.tests.factories import PlaceFactory
from civic.venues.tests.factories import BookingFactory, RoomFactory, VenueFactory
from tests.moments import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

NEW = reverse("orders:place_for")
HTMX = {"HX-Request": "true"}
SAID = {
    "channel": "phone",
    "contact_phone": "139 0000 7777",
    "contact_name": "赵大娘",
    "words": "电饭锅不通电",
    "where": "home",
    "address": "3号楼2单元",
    "wanted_on": "2026-11-27",
    "wanted_half": "morning",
}


def at(thing, name):
    return reverse(f"orders:{name}", args=[thing.pk])


def soup(answer):
    return BeautifulSoup(answer.content.decode(), "html.parser")


def titles(answer):
    return [row.select_one("b").text for row in soup(answer).select(".queue-item")]


@pytest.fixture
def mending(appliances):
    """小家电维修, found by everyday words."""
    item = ItemFactory(name="小家电维修", description="修电饭锅、电水壶", skill=appliances)
    Synonym.objects.create(item=item, words="电饭锅坏了")
    Synonym.objects.create(item=item, words="不通电")
    menu.index_items([item.pk])
    return item


# --- S1


def test_today_lists_what_waits_for_this_clerk_by_deadline(client, institute_clerk, station, order_in):
    offered = order_in("dispatched", due_at=NOON + 3 * AN_HOUR)
    Dispatch.objects.filter(pk=offered.current_id).update(team=None, venue=station)
    order_in("dispatched")  # the team's to answer
    order_in("submitted", due_at=NOON + AN_HOUR)
    order_in("accepted", due_at=NOON + 2 * AN_HOUR)
    order_in("provisioned", due_at=NOON + 4 * AN_HOUR)
    order_in("scheduled", due_at=NOON + 5 * AN_HOUR, starts_at=NOON + AN_HOUR, ends_at=NOON + 2 * AN_HOUR)
    order_in("scheduled", due_at=NOON + 9 * AN_HOUR)  # tomorrow
    order_in("in_service", due_at=NOON + 6 * AN_HOUR)
    order_in("returned", channel="phone", due_at=None)
    order_in("returned", due_at=None)  # the resident mends it online
    order_in("served")
    client.force_login(institute_clerk)

    answer = client.get(reverse("orders:today"))

    todo = [title.split("：")[0] for title in titles(answer)]
    assert todo == ["受理", "配单", "接单", "约时间", "今天服务", "写小结", "问清补上"]


@pytest.mark.parametrize("count", [1, 3])
def test_today_asks_the_same_number_of_queries(
    client, institute_clerk, order_in, django_assert_num_queries, count
):
    for _ in range(count):
        order_in("submitted")
    client.force_login(institute_clerk)

    # session with sign-in and person, grants, orders, settings
    with django_assert_num_queries(4):
        answer = client.get(reverse("orders:today"))

    assert len(titles(answer)) == count


def test_an_empty_day_offers_to_enter_an_order(client, station_clerk):
    client.force_login(station_clerk)

    assert "今天要办的都办完了" in client.get(reverse("orders:today"), headers=HTMX).text


# --- S2


def test_a_clerk_enters_an_order_for_a_resident_who_called(client, station_clerk, fuqian, mending):
    client.force_login(station_clerk)

    answer = client.post(NEW, SAID | {"item": mending.pk})

    order = Order.objects.get()
    assert answer.url == at(order, "at_desk")
    assert (order.place, order.item, order.channel) == (fuqian, mending, "phone")
    assert order.placed_by == station_clerk
    assert (order.resident.name, order.resident.phone) == ("赵大娘", "13900007777")
    assert order.resident.home == fuqian
    assert Entry.objects.filter(what="orders.place", by=station_clerk, on_behalf_of=order.resident).exists()


def test_for_a_resident_without_a_phone(client, station_clerk, fuqian):
    client.force_login(station_clerk)

    client.post(NEW, SAID | {"contact_phone": "", "channel": "walk_in"})

    order = Order.objects.get()
    assert (order.contact_phone, order.resident.phone, order.resident.phone_hash) == ("", "", None)
    assert "没有电话" in client.get(at(order, "at_desk")).text


def test_a_known_phone_is_the_same_person(client, station_clerk, zhang):
    client.force_login(station_clerk)

    client.post(NEW, SAID | {"contact_phone": zhang.phone})

    assert Order.objects.get().resident == zhang


def test_all_or_nothing(client, station_clerk, fuqian):
    item = ItemFactory(mode="site")
    client.force_login(station_clerk)

    answer = client.post(NEW, SAID | {"item": item.pk})

    assert answer.status_code == 422
    assert "只能到站" in answer.text
    assert not Person.objects.filter(name="赵大娘").exists()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"contact_phone": "1390000777"}, "手机号少一位"),
        ({"contact_name": ""}, "请写怎么称呼"),
        ({"words": ""}, "请写居民要办什么"),
        ({"address": ""}, "请写一下门牌"),
        ({"wanted_on": "2026-11-01"}, "请选今天起"),
        ({"place_words": "月亮"}, "没有找到这个村或社区"),
    ],
)
def test_what_is_missing_is_said_and_the_rest_is_kept(client, station_clerk, wrong, words):
    client.force_login(station_clerk)

    answer = client.post(NEW, SAID | wrong)

    assert answer.status_code == 422
    assert words in answer.text
    assert "电饭锅不通电" in answer.text or "words" in wrong
    assert not Order.objects.exists()


def test_places_are_looked_up_within_reach(client, institute_clerk, guhan, fuqian, wangqiao):
    for number in range(15):
        PlaceFactory(parent=guhan, name=f"城关{number}村")
    PlaceFactory(parent=wangqiao, name="府前村")
    client.force_login(institute_clerk)

    assert not soup(client.get(NEW)).select("[name=place]")
    found = soup(client.get(reverse("orders:place_choices"), {"place_words": "府前"}))
    assert [label.text.strip() for label in found.select("label.choice")] == ["府前社区（古韩镇）"]


def test_a_place_that_may_be_several_is_chosen_among_them(client, institute_clerk, guhan):
    made = [PlaceFactory(parent=guhan, name=name) for name in ("城东村", "城西村")]
    client.force_login(institute_clerk)

    several = client.post(NEW, SAID | {"place_words": "城"})
    assert several.status_code == 422
    assert "选一个" in several.text
    client.post(NEW, SAID | {"place_words": "城", "place": made[1].pk})
    assert Order.objects.get().place == made[1]


def test_out_of_reach_places_are_no_choice(client, institute_clerk, wangqiao):
    village = PlaceFactory(parent=wangqiao, name="王村")
    client.force_login(institute_clerk)

    assert client.post(NEW, SAID | {"place": village.pk}).status_code == 422


def test_items_are_suggested_for_the_words(client, station_clerk, mending):
    client.force_login(station_clerk)

    found = soup(client.post(reverse("orders:item_choices"), {"words": "电饭锅坏了，不通电"}))

    assert [label.text.strip() for label in found.select("label.choice")] == [
        "小家电维修",
        "都不像，受理时再归类",
    ]


def test_words_for_another_desk_are_answered_with_its_number(client, station_clerk):
    Referral.objects.create(words="着火", target="119", sentence="请先到安全的地方。", is_urgent=True)
    client.force_login(station_clerk)

    assert "119" in client.post(reverse("orders:item_choices"), {"words": "着火了"}).text


def test_a_phone_is_looked_up_masked_and_written_down(client, station_clerk, zhang, danzhu, fuqian):
    PersonFactory(name="王远方", phone="13800001111", home=danzhu)
    OrderFactory(place=fuqian, resident=zhang)
    ask = reverse("orders:known_person")
    client.force_login(station_clerk)

    ours = client.post(ask, {"contact_phone": zhang.phone}).text
    theirs = client.post(ask, {"contact_phone": "13800001111"}).text
    nobody = client.post(ask, {"contact_phone": "13900009999"}).text

    assert "张*" in ours
    assert "王" not in theirs
    assert "登记过" in theirs
    assert nobody.strip() == ""
    assert Entry.objects.filter(what="people.look_up", by=station_clerk).count() == 2


# --- S4


def test_provision_takes_a_free_room(client, institute_clerk, order_in, station):
    room = RoomFactory(venue=station)
    order = order_in("accepted")
    client.force_login(institute_clerk)

    client.post(
        at(order, "provision"),
        {"room": room.pk, "day": "2026-11-27", "opens": "9:00", "closes": "10:00", "materials": "万用表"},
    )

    order = fresh(order)
    assert (order.state, order.provision.materials) == ("provisioned", "万用表")
    assert order.provision.booking.room == room
    assert room.name in client.get(at(order, "at_desk")).text


def test_a_room_that_is_taken_is_refused_and_shown_as_taken(client, institute_clerk, order_in, station):
    room = RoomFactory(venue=station)
    BookingFactory(room=room)
    order = order_in("accepted")
    client.force_login(institute_clerk)

    answer = client.post(
        at(order, "provision"), {"room": room.pk, "day": "2026-11-20", "opens": "12:30", "closes": "13:30"}
    )
    shown = client.get(at(order, "rooms_taken"), {"day": "2026-11-20"}).text

    assert answer.status_code == 422
    assert fresh(order).state == "accepted"
    assert "12:00–14:00 太极拳" in shown
    assert "全天空" in client.get(at(order, "rooms_taken"), {"day": "2026-11-21"}).text
    assert client.get(at(order, "rooms_taken"), {"day": "x"}).status_code == 200


def test_a_room_needs_its_hours(client, institute_clerk, order_in, station):
    room = RoomFactory(venue=station)
    order = order_in("accepted")
    client.force_login(institute_clerk)

    answer = client.post(at(order, "provision"), {"room": room.pk})

    assert answer.status_code == 422
    assert "从几点到几点" in answer.text


def test_provision_again_begins_with_what_was_there(client, institute_clerk, order_in):
    order = order_in("accepted")
    client.force_login(institute_clerk)
    client.post(at(order, "provision"), {"materials": "梯子", "helpers": "小王", "safety": "先断电"})

    form = soup(client.get(at(order, "provision")))

    assert form.select_one("[name=materials]").text.strip() == "梯子"


def test_a_city_wide_reach_orders_nothing(client, supervisor):
    assert supervisor.grants.get().place.level == Level.CITY
    client.force_login(supervisor)

    assert client.get(NEW).status_code == 403


def test_rooms_of_the_site_that_was_asked_for_are_offered_too(
    client, institute_clerk, order_in, institute, wangqiao
):
    away = VenueFactory(place=wangqiao, kind="institute", name="王桥镇实践所")
    near, far = RoomFactory(venue=institute), RoomFactory(venue=away)
    order = order_in("accepted", venue=away, where="site")
    client.force_login(institute_clerk)

    offered = soup(client.get(at(order, "provision"))).select("[name=room] option")

    assert {one["value"] for one in offered} == {"", str(near.pk), str(far.pk)}


def test_the_time_begins_with_the_room_that_was_taken(client, institute_clerk, order_in, station):
    room = RoomFactory(venue=station)
    order = order_in("accepted")
    client.force_login(institute_clerk)
    client.post(
        at(order, "provision"), {"room": room.pk, "day": "2026-11-27", "opens": "9:30", "closes": "10:00"}
    )

    form = soup(client.get(at(order, "schedule")))
    again = soup(client.get(at(order, "provision")))

    assert [form.select_one(f"[name={name}]")["value"] for name in ("day", "opens", "closes")] == [
        "2026-11-27",
        "09:30",
        "10:00",
    ]
    assert again.select_one("[name=room] [selected]")["value"] == str(room.pk)


def test_ordering_for_somebody_is_offered_to_those_who_may(client, institute_clerk, supervisor):
    for person, may in ((institute_clerk, True), (supervisor, False)):
        client.force_login(person)
        for page in ("orders:desk", "orders:today"):
            assert bool(soup(client.get(reverse(page))).select(f"main a[href='{NEW}']")) is may


def test_the_place_never_reads_as_optional(client, dispatcher, fuqian):
    client.force_login(dispatcher)

    searched = soup(client.get(reverse("orders:place_choices"), {"place_words": fuqian.name}, headers=HTMX))
    sent = soup(client.post(NEW, {"place_words": fuqian.name}))

    assert not searched.select(".opt")
    assert not sent.select_one("label[for=id_place_words]").select(".opt")
