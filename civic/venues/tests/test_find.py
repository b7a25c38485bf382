"""R16 找阵地 and R17 阵地主页."""

from datetime import time, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.urls import reverse
from django.utils import timezone

from civic.venues import queries
from civic.venues.models import OpeningHours, VenueKind
from civic.venues.services import loading, profile
from civic.venues.signals import Line, Section, sections_asked
from civic.venues.tests.factories import BookingFactory, RoomFactory, VenueFactory
from tests.html import parse
from tests.moments import NOON

URL = "/venues/"


@pytest.fixture
def found(station, institute, center):
    """The three sites that serve 府前社区, findable by words."""
    loading.refresh_search([station, institute, center])
    return station


def names(response):
    return [tag.get_text() for tag in parse(response).select("#found .cells b")]


@pytest.mark.parametrize("text", ["府前", "府前社区", "fqsq", "府前社区新时代文明实践站"])
def test_a_station_is_found_by_what_people_type(client, found, fuqian, text):
    type(fuqian).objects.filter(pk=fuqian.pk).update(initials="fqsq")
    assert names(client.get(URL, {"q": text}))[0] == found.name


@pytest.mark.parametrize("text", ["没有", "'", "\\", "a & b", "!!", "%", "' | '"])
def test_nonsense_finds_nothing_and_breaks_nothing(client, found, text):
    assert "没有找到" in client.get(URL, {"q": text}).content.decode()


def test_what_serves_the_chosen_place_comes_first(client, found, institute, center, fuqian):
    client.post(reverse("places:pick", args=[fuqian.pk]))
    assert names(client.get(URL)) == [found.name, institute.name, center.name]


def test_the_tree_is_walked_by_taps(client, found, institute, center, xiangyuan, guhan, fuqian):
    page = parse(client.get(URL))
    tile = page.select_one(".tiles a")
    assert tile.get_text(" ", strip=True) == "襄垣县 3"
    page = parse(client.get(tile["href"]))
    assert [b.get_text() for b in page.select("#found .cells b")] == [center.name, guhan.name]
    assert names(client.get(page.select("#found .cells a")[1]["href"])) == [institute.name, found.name]


def test_nearest_first_and_rough_points_say_so(client, found, fuqian, guhan):
    near = VenueFactory(place=guhan, kind=VenueKind.BASE, name="李子基地", lon="113.10", lat="36.50")
    far = VenueFactory(place=guhan, kind=VenueKind.POINT, name="远处", lon="113.50", lat="36.50")
    type(near).objects.filter(pk=near.pk).update(position_is_rough=False)
    response = client.post(reverse("venues:near"), {"lon": "113.101", "lat": "36.5"})
    assert names(response) == [near.name, far.name]
    cells = parse(response).select("#found .cells li")
    assert "大致位置" not in cells[0].get_text()
    assert "大致位置" in cells[1].get_text()
    assert "100 米" in cells[0].get_text()


@pytest.mark.parametrize(
    "point", [{}, {"lon": "x", "lat": "1"}, {"lon": "200", "lat": "1"}, {"lon": "nan", "lat": "1"}]
)
def test_a_point_that_is_none_is_absent(client, db, point):
    assert client.post(reverse("venues:near"), point).status_code == 404


def test_open_now_follows_the_hours_in_the_citys_time(station):
    assert queries.is_open([], NOON) is None
    friday = OpeningHours(venue=station, weekday=4, opens=time(9), closes=time(12))
    assert queries.is_open([friday], NOON) is False
    friday.closes = time(12, 30)
    assert queries.is_open([friday], NOON) is True


def test_the_page_of_a_venue(client, station, guhan):
    RoomFactory(venue=station, name="书画室", uses="书法、国画")
    station.phone, station.platforms = "0355-7221234", ["theory"]
    station.save()
    OpeningHours.objects.create(venue=station, weekday=0, opens=time(9), closes=time(17))
    page = parse(client.get(reverse("venues:detail", args=[station.pk])))
    text = page.get_text(" ", strip=True)
    assert page.h1.get_text() == station.name
    assert "襄垣县 古韩镇 府前社区" in text
    assert "书画室" in text
    assert "9:00–17:00" in text
    assert "理论宣讲" in text
    assert page.select_one('a[href="tel:0355-7221234"]')
    assert "编辑档案" not in text


def test_the_clerk_sees_the_way_to_the_file(client, station, station_clerk):
    client.force_login(station_clerk)
    assert "编辑档案" in client.get(reverse("venues:detail", args=[station.pk])).content.decode()


def test_a_closed_venue_says_since_when(client, station, station_clerk):
    profile.close_venue(venue_id=station.pk, reason="搬迁", by=station_clerk, at=NOON)
    assert "2026年11月20日" in client.get(reverse("venues:detail", args=[station.pk])).content.decode()
    assert names(client.get(URL, {"q": "府前"})) == []


def test_apps_above_tell_what_goes_on(client, station):
    def tell(venue, **_rest):
        return Section(
            "在这里能办的", [Line("理发", url="/order/item/haircut/"), Line("量血压", note="每周五")]
        )

    sections_asked.connect(tell)
    page = parse(client.get(reverse("venues:detail", args=[station.pk])))
    sections_asked.disconnect(tell)
    assert "在这里能办的" in [tag.get_text() for tag in page.select("h2")]
    assert page.select_one('a[href="/order/item/haircut/"] b').get_text() == "理发"


def test_no_venue_is_absent(client, db):
    assert client.get(reverse("venues:detail", args=[999])).status_code == 404


def test_guests_see_free_and_taken_but_not_by_whom(client, station, station_clerk):
    room = RoomFactory(venue=station)
    soon = timezone.now() + timedelta(days=2)
    span = DateTimeTZRange(soon, soon + timedelta(hours=1))
    BookingFactory(room=room, title="张家的事", span=span)
    url = reverse("venues:room_week", args=[room.pk])
    week = {"week": timezone.localdate(soon).isoformat()}
    guest = client.get(url, week).content.decode()
    assert "已占用" in guest
    assert "张家的事" not in guest
    client.force_login(station_clerk)
    clerk = client.get(url, week).content.decode()
    assert "张家的事" in clerk


@pytest.mark.parametrize("week", ["", "x", "1900-01-01", "9999-12-31", "2026-13-40"])
def test_a_wrong_week_is_answered_with_one_that_can_be(client, station, week):
    room = RoomFactory(venue=station)
    assert client.get(reverse("venues:room_week", args=[room.pk]), {"week": week}).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_costs_the_same_for_any_number(client, guhan, count, django_assert_max_num_queries):
    for number in range(count):
        VenueFactory(place=guhan, kind=VenueKind.POINT, name=f"点{number}")
    with django_assert_max_num_queries(9):
        assert len(names(client.get(URL, {"at": guhan.pk}))) == count
