"""The desk's pages of files, rooms and the tree: who gets in, what she sees, what comes of a form."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from civic.people.models import SignIn
from civic.places.models import Place
from civic.venues.models import Booking, Photo, Room, Series, Venue
from civic.venues.tests.factories import BookingFactory, RoomFactory, VenueFactory
from tests.html import parse


def enter(client, person):
    """Sign in with the second step made, as staff do."""
    client.force_login(person)
    SignIn.objects.filter(person=person).update(verified_at=timezone.now())
    return client


@pytest.fixture
def room(station):
    return RoomFactory(venue=station, name="活动室")


FILE_PAGES = ["file", "edit_venue", "set_hours", "add_photo", "add_room", "close_venue"]
TREE_PAGES = ["place", "add_place", "rename_place", "merge_place", "close_place", "add_alias"]


@pytest.mark.parametrize("name", FILE_PAGES)
def test_files_open_to_the_clerk_and_are_absent_for_the_next_township(
    client, station, station_clerk, stranger, name
):
    url = reverse(f"venues:{name}", args=[station.pk])
    assert enter(client, station_clerk).get(url).status_code == 200
    assert enter(client, stranger).get(url).status_code == 404


@pytest.mark.parametrize("name", TREE_PAGES)
def test_the_tree_opens_to_the_head_and_is_absent_elsewhere(client, guhan, danzhu, head, name):
    enter(client, head)
    assert client.get(reverse(f"venues:{name}", args=[guhan.pk])).status_code == 200
    assert client.get(reverse(f"venues:{name}", args=[danzhu.pk])).status_code == 404


@pytest.mark.parametrize(
    ("who", "name"),
    [("zhang", "files"), ("supervisor", "files"), ("institute_clerk", "tree"), ("auditor", "rooms")],
)
def test_who_has_no_business_here_is_told_so(client, request, who, name):
    assert enter(client, request.getfixturevalue(who)).get(reverse(f"venues:{name}")).status_code == 403


def test_guests_are_asked_to_sign_in(client, station):
    assert client.get(reverse("venues:file", args=[station.pk])).status_code == 302


def test_the_list_of_files_names_what_is_missing_and_can_be_narrowed(
    client, station, institute, institute_clerk
):
    VenueFactory(name="别处的站")
    page = parse(enter(client, institute_clerk).get(reverse("venues:files")))
    shown = [tag.get_text(" ", strip=True) for tag in page.select(".tasks a")]
    assert len(shown) == 2
    assert all("缺电话" in text for text in shown)
    page = parse(client.get(reverse("venues:files"), {"q": "府前", "kind": "station"}))
    assert [tag.span.get_text() for tag in page.select(".tasks a")] == [station.name]
    assert client.get(reverse("venues:files"), {"after": "x.y'"}).status_code == 200


def profile_of(client, station, **said):
    page = parse(client.get(reverse("venues:edit_venue", args=[station.pk])))
    fields = page.select("form [name]")
    told = {tag["name"]: tag.get("value", "") for tag in fields if tag.get("type") != "checkbox"}
    return {**told, **said}


def test_a_profile_is_saved_and_read_again(client, station, station_clerk):
    enter(client, station_clerk)
    said = profile_of(client, station, phone="0355 7221234", area_m2="120.5", platforms=["theory", "culture"])
    answer = client.post(reverse("venues:edit_venue", args=[station.pk]), said)
    assert answer["Location"] == reverse("venues:file", args=[station.pk])
    station.refresh_from_db()
    assert (station.phone, str(station.area_m2), station.platforms) == (
        "03557221234",
        "120.50",
        ["theory", "culture"],
    )
    assert station.version == 2


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"name": ""}, "请填写「名称」"),
        ({"phone": "1390000000"}, "手机号少 1 位"),
        ({"phone": "打我"}, "只写数字"),
        ({"lon": "113.1"}, "一起填"),
        ({"area_m2": "很大"}, "id_area_m2"),
    ],
)
def test_a_wrong_profile_is_answered_with_422_and_kept(client, station, station_clerk, said, words):
    enter(client, station_clerk)
    answer = client.post(reverse("venues:edit_venue", args=[station.pk]), profile_of(client, station, **said))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "<title>错误：" in page


def test_of_two_who_edit_the_later_is_told(client, station, station_clerk):
    enter(client, station_clerk)
    url = reverse("venues:edit_venue", args=[station.pk])
    first, second = profile_of(client, station, brand="甲"), profile_of(client, station, brand="乙")
    client.post(url, first)
    answer = client.post(url, second)
    assert answer.status_code == 422
    assert "别人改过" in answer.content.decode()
    assert Venue.objects.get(pk=station.pk).brand == "甲"


def test_hours_are_typed_as_people_write_them(client, station, station_clerk):
    enter(client, station_clerk)
    url = reverse("venues:set_hours", args=[station.pk])
    client.post(url, {"day_0": "9:00-12:00，14-17：30", "day_5": "9点"})
    assert not station.hours.exists()
    client.post(url, {"day_0": "9:00-12:00，14-17：30", "day_5": ""})
    assert [f"{s.opens:%H:%M}-{s.closes:%H:%M}" for s in station.hours.order_by("opens")] == [
        "09:00-12:00",
        "14:00-17:30",
    ]
    assert "09:00-12:00" in client.get(url).content.decode()
    answer = client.post(url, {"day_0": "9:00-12:00，11:00-13:00"})
    assert "不能重叠" in answer.content.decode()
    assert (
        "9:00-12:00，25:00-26:00" in client.post(url, {"day_0": "9:00-12:00，25:00-26:00"}).content.decode()
    )


def test_a_photo_comes_in_and_goes(client, station, station_clerk, django_capture_on_commit_callbacks):
    enter(client, station_clerk)
    raw = io.BytesIO()
    Image.new("RGB", (40, 30)).save(raw, "PNG")
    raw.seek(0)
    raw.name = "府前.png"
    url = reverse("venues:add_photo", args=[station.pk])
    client.post(url, {"file": raw, "caption": "大门"})
    photo = Photo.objects.get()
    shown = client.get(reverse("venues:photo", args=[photo.pk]))
    assert (shown["Content-Type"], photo.width, photo.caption) == ("image/jpeg", 40, "大门")
    assert "大门" in client.get(reverse("venues:detail", args=[station.pk])).content.decode()
    storage, name = photo.file.storage, photo.file.name
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("venues:remove_photo", args=[photo.pk]))
    assert not Photo.objects.exists()
    assert not storage.exists(name)


def test_what_is_no_picture_is_said_so(client, station, station_clerk):
    enter(client, station_clerk)
    raw = io.BytesIO(b"<script>alert(1)</script>")
    raw.name = "a.jpg"
    answer = client.post(reverse("venues:add_photo", args=[station.pk]), {"file": raw})
    assert answer.status_code == 422
    assert "认不出这张照片" in answer.content.decode()


def test_rooms_are_added_changed_and_closed(client, station, station_clerk):
    enter(client, station_clerk)
    client.post(
        reverse("venues:add_room", args=[station.pk]), {"name": "书画室", "seat_count": "20", "uses": "书法"}
    )
    room = Room.objects.get()
    client.post(
        reverse("venues:edit_room", args=[room.pk]), {"name": "书画室", "seat_count": "24", "uses": ""}
    )
    room.refresh_from_db()
    assert room.seat_count == 24
    assert (
        "已经有叫"
        in client.post(reverse("venues:add_room", args=[station.pk]), {"name": "书画室"}).content.decode()
    )
    client.post(reverse("venues:close_room", args=[room.pk]))
    room.refresh_from_db()
    assert room.closed_on is not None


# --- Bookings.


def ahead(days):
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def test_a_room_is_booked_once_and_a_clash_is_named(client, room, station_clerk):
    enter(client, station_clerk)
    url = reverse("venues:book", args=[room.pk])
    said = {"title": "太极班", "day": ahead(3), "opens": "09:00", "closes": "11:00", "until": ""}
    assert client.post(url, said)["Location"] == reverse("venues:room_bookings", args=[room.pk])
    answer = client.post(url, {**said, "title": "合唱"})
    assert answer.status_code == 422
    assert "已被“太极班”占用" in answer.content.decode()
    assert Booking.objects.count() == 1
    listed = client.get(reverse("venues:room_bookings", args=[room.pk])).content.decode()
    assert "太极班" in listed
    assert "太极班" in client.get(reverse("venues:rooms")).content.decode()
    client.post(reverse("venues:cancel_booking", args=[Booking.objects.get().pk]))
    assert Booking.objects.get().cancelled_by == station_clerk


def test_weekly_dates_are_shown_before_they_are_taken(client, room, station_clerk):
    enter(client, station_clerk)
    url = reverse("venues:book", args=[room.pk])
    said = {"title": "太极班", "day": ahead(10), "opens": "09:00", "closes": "11:00"}
    client.post(url, {**said, "title": "合唱", "day": ahead(17), "until": ""})
    page = parse(client.post(url, {**said, "until": ahead(31)}))
    boxes = page.select("input[name=dates]")
    assert [box.has_attr("disabled") for box in boxes] == [False, True, False, False]
    assert "已被“合唱”占用" in page.get_text()
    assert Series.objects.count() == 0
    free = [box["value"] for box in boxes if not box.has_attr("disabled")]
    assert client.post(url, {**said, "until": ahead(31), "confirm": "1"}).status_code == 422
    client.post(url, {**said, "until": ahead(31), "confirm": "1", "dates": free})
    series = Series.objects.get()
    assert series.bookings.count() == 3
    client.post(reverse("venues:cancel_series", args=[series.pk]))
    assert series.bookings.filter(cancelled_at=None).count() == 0


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"closes": "08:00"}, "晚于开始"),
        ({"until": ahead(1)}, "晚于第一天"),
        ({"day": ""}, "请填写「哪天」"),
        ({"day": ahead(-3)}, "已经过了"),
    ],
)
def test_an_unsound_booking_is_answered_with_422(client, room, station_clerk, said, words):
    enter(client, station_clerk)
    whole = {"title": "太极班", "day": ahead(3), "opens": "09:00", "closes": "11:00", "until": ""}
    answer = client.post(reverse("venues:book", args=[room.pk]), {**whole, **said})
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_the_next_townships_rooms_are_absent(client, room, stranger):
    enter(client, stranger)
    booking = BookingFactory(room=room)
    assert client.get(reverse("venues:book", args=[room.pk])).status_code == 404
    assert client.post(reverse("venues:cancel_booking", args=[booking.pk])).status_code == 404
    assert room.name not in client.get(reverse("venues:rooms")).content.decode()


# --- The tree.


def test_a_place_is_added_renamed_and_closed_with_its_site(client, guhan, head):
    enter(client, head)
    url = reverse("venues:add_place", args=[guhan.pk])
    client.post(url, {"name": "新苑社区", "kind": "residents_committee", "code": "", "reason": "新设"})
    place = Place.objects.get(name="新苑社区")
    assert place.venues.get().name == "新苑社区新时代文明实践站"
    client.post(reverse("venues:rename_place", args=[place.pk]), {"name": "馨苑社区", "reason": "更名"})
    assert place.venues.get().name == "馨苑社区新时代文明实践站"
    client.post(reverse("venues:close_place", args=[place.pk]), {"reason": "设错了"})
    place.refresh_from_db()
    assert place.valid_to is not None
    assert place.venues.get().closed_on is not None
    page = client.get(reverse("venues:place", args=[place.pk])).content.decode()
    assert all(word in page for word in ("新设", "更名", "撤销", "设错了"))
    assert client.get(url.replace(str(guhan.pk), str(place.pk))).status_code == 404


def test_a_wrong_kind_or_name_is_answered_with_422(client, guhan, fuqian, head):
    enter(client, head)
    url = reverse("venues:add_place", args=[guhan.pk])
    assert client.post(url, {"name": "府前社区", "kind": "town", "reason": "x"}).status_code == 422
    answer = client.post(url, {"name": "府前社区", "kind": "residents_committee", "reason": "x"})
    assert "同级已经有" in answer.content.decode()


def test_a_township_is_merged_with_its_station_and_history(client, guhan, wangqiao, fuqian, institute, head):
    VenueFactory(place=wangqiao, kind="institute", name="王桥镇新时代文明实践所")
    VenueFactory(place=wangqiao, kind="base", name="王桥基地")
    enter(client, head)
    url = reverse("venues:merge_place", args=[wangqiao.pk])
    assert "王桥镇" in client.get(url).content.decode()
    client.post(url, {"into": guhan.pk, "reason": "撤并"})
    wangqiao.refresh_from_db()
    assert wangqiao.merged_into == guhan
    states = dict(wangqiao.venues.values_list("kind", "closed_on"))
    assert states["institute"] is not None
    assert states["base"] is None
    page = client.get(reverse("venues:place", args=[guhan.pk])).content.decode()
    assert "并入 王桥镇" in page


def test_names_are_added_and_removed(client, fuqian, station, head):
    enter(client, head)
    client.post(reverse("venues:add_alias", args=[fuqian.pk]), {"name": "老衙门"})
    assert "府前社区" in client.get(reverse("venues:tree"), {"q": "老衙门"}).content.decode()
    assert "府前社区" in client.get(reverse("venues:find"), {"q": "老衙门"}).content.decode()
    client.post(reverse("venues:remove_alias", args=[fuqian.aliases.get().pk]))
    assert not fuqian.aliases.exists()


def test_the_search_of_the_tree_stays_within_reach(client, fuqian, head, zhangzi):
    enter(client, head)
    shown = client.get(reverse("venues:tree"), {"q": "长子"}, headers={"HX-Request": "true"}).content.decode()
    assert "找到 0 个地方" in shown


def test_a_second_site_is_opened_where_the_clerk_may(client, fuqian, danzhu, station, station_clerk):
    enter(client, station_clerk)
    url = reverse("venues:open_venue", args=[fuqian.pk])
    told = {"kind": "post", "name": "邻里驿家·府前", "version": ""}
    assert client.get(url).status_code == 200
    client.post(url, told)
    assert Venue.objects.get(name="邻里驿家·府前").place == fuqian
    assert "已经有实践站" in client.post(url, {**told, "kind": "station", "name": "又一站"}).content.decode()
    assert "所设在乡镇" in client.post(url, {**told, "kind": "institute", "name": "所"}).content.decode()
    assert client.get(reverse("venues:open_venue", args=[danzhu.pk])).status_code == 404
