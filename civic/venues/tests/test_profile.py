"""The file of a venue, asked of the services."""

from datetime import time
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from civic.core.errors import Denied, Refused
from civic.core.tests.test_pictures import shot
from civic.venues.models import Photo, Venue, VenueKind
from civic.venues.services import booking, profile
from civic.venues.services.profile import Profile, Span
from civic.venues.tests.factories import BookingFactory, RoomFactory, VenueFactory
from tests.moments import LONG_AGO, NOON

STRANGERS = ["stranger", "zhang", "supervisor", "auditor"]


def picture():
    return SimpleUploadedFile("a.jpg", shot())


def deeds(venue, by):
    room, photo = RoomFactory(venue=venue), add_photo(venue)
    told = Profile(name="新名字")
    return [
        lambda: profile.edit_venue(venue_id=venue.pk, profile=told, version=1, by=by, at=NOON),
        lambda: profile.set_hours(venue_id=venue.pk, spans=[], by=by, at=NOON),
        lambda: profile.add_photo(venue_id=venue.pk, upload=picture(), caption="", by=by, at=NOON),
        lambda: profile.remove_photo(photo_id=photo.pk, by=by, at=NOON),
        lambda: profile.close_venue(venue_id=venue.pk, reason="x", by=by, at=NOON),
        lambda: profile.open_venue(place_id=venue.place_id, kind="post", profile=told, by=by, at=NOON),
        lambda: booking.add_room(venue_id=venue.pk, name="x", seat_count=1, uses="", by=by, at=NOON),
        lambda: booking.edit_room(room_id=room.pk, name="x", seat_count=1, uses="", by=by, at=NOON),
        lambda: booking.close_room(room_id=room.pk, by=by, at=NOON),
    ]


def add_photo(venue):
    from civic.people.tests.factories import PersonFactory  # noqa: PLC0415 (only here)

    return Photo.objects.create(
        venue=venue, file="venues/x.jpg", width=4, height=3, at=LONG_AGO, by=PersonFactory()
    )


@pytest.mark.parametrize("who", STRANGERS)
def test_every_deed_is_denied_out_of_reach(station, request, who):
    for deed in deeds(station, request.getfixturevalue(who)):
        with pytest.raises(Denied):
            deed()


def test_a_place_has_one_station_and_the_database_knows(station):
    with pytest.raises(IntegrityError, match="one_statutory_site"), transaction.atomic():
        VenueFactory(place=station.place, name="又一站")
    VenueFactory(place=station.place, name="又一站", closed_on=NOON.date())


@pytest.mark.parametrize(
    ("kind", "name", "words"),
    [
        (VenueKind.STATION, "又一站", "已经有实践站"),
        (VenueKind.POST, "府前社区新时代文明实践站", "已经有叫"),
        (VenueKind.CENTER, "中心", "中心设在县区"),
    ],
)
def test_what_cannot_be_opened_is_refused(station, station_clerk, kind, name, words):
    with pytest.raises(Refused, match=words):
        profile.open_venue(
            place_id=station.place_id, kind=kind, profile=Profile(name=name), by=station_clerk, at=NOON
        )


def test_a_closed_place_opens_nothing(fuqian, station_clerk):
    type(fuqian).objects.filter(pk=fuqian.pk).update(valid_to=NOON.date())
    with pytest.raises(Refused, match="撤销"):
        profile.open_venue(
            place_id=fuqian.pk, kind="post", profile=Profile(name="x"), by=station_clerk, at=NOON
        )


def test_a_closed_venue_is_not_edited(station, station_clerk):
    profile.close_venue(venue_id=station.pk, reason="搬迁", by=station_clerk, at=NOON)
    with pytest.raises(Refused, match="已经关闭"):
        profile.set_hours(venue_id=station.pk, spans=[], by=station_clerk, at=NOON)
    with pytest.raises(Refused, match="已经关闭"):
        booking.add_room(venue_id=station.pk, name="x", seat_count=None, uses="", by=station_clerk, at=NOON)


def test_a_name_that_another_bears_is_refused(station, station_clerk):
    VenueFactory(place=station.place, kind=VenueKind.POST, name="府前驿家")
    with pytest.raises(Refused, match="已经有叫"):
        profile.edit_venue(
            venue_id=station.pk, profile=Profile(name="府前驿家"), version=1, by=station_clerk, at=NOON
        )


@pytest.mark.parametrize(
    "spans",
    [
        [Span(0, time(9), time(9))],
        [Span(0, time(9), time(12)), Span(0, time(11), time(13))],
    ],
)
def test_hours_that_cannot_be_are_refused(station, station_clerk, spans):
    with pytest.raises(Refused):
        profile.set_hours(venue_id=station.pk, spans=spans, by=station_clerk, at=NOON)


def test_a_point_that_is_written_is_no_longer_rough(station, station_clerk):
    told = Profile(name=station.name, lon=Decimal("113.05"), lat=Decimal("36.53"))
    profile.edit_venue(venue_id=station.pk, profile=told, version=1, by=station_clerk, at=NOON)
    found = Venue.objects.get(pk=station.pk)
    assert (str(found.lon), found.position_is_rough) == ("113.05000", False)


def test_there_is_an_end_to_photos(station, station_clerk, monkeypatch):
    monkeypatch.setattr(profile, "MOST_PHOTOS", 1)
    add_photo(station)
    with pytest.raises(Refused, match="最多放 1 张"):
        profile.add_photo(venue_id=station.pk, upload=picture(), caption="", by=station_clerk, at=NOON)


def test_rooms_booked_ahead_keep_a_venue_and_a_room_open(station, station_clerk):
    room = RoomFactory(venue=station)
    BookingFactory(room=room)
    with pytest.raises(Refused, match="1 个房间预约"):
        profile.close_venue(venue_id=station.pk, reason="x", by=station_clerk, at=NOON)
    with pytest.raises(Refused, match="1 个预约"):
        booking.close_room(room_id=room.pk, by=station_clerk, at=NOON)


def test_a_room_keeps_its_own_name_and_takes_no_other(station, station_clerk):
    room, other = RoomFactory(venue=station, name="甲"), RoomFactory(venue=station, name="乙")
    booking.edit_room(room_id=room.pk, name="甲", seat_count=9, uses="", by=station_clerk, at=NOON)
    with pytest.raises(Refused, match="已经有叫「甲」"):
        booking.edit_room(room_id=other.pk, name="甲", seat_count=9, uses="", by=station_clerk, at=NOON)


def test_a_base_sorts_by_its_own_name_and_a_station_with_its_place(station, station_clerk):
    base = VenueFactory(place=station.place, kind=VenueKind.BASE, name="旧")
    for venue in (base, station):
        profile.edit_venue(
            venue_id=venue.pk, profile=Profile(name=f"安{venue.kind}"), version=1, by=station_clerk, at=NOON
        )
    assert Venue.objects.get(pk=base.pk).sort_key.startswith("an1")
    assert not Venue.objects.get(pk=station.pk).sort_key.startswith("an1")


def test_a_booking_is_cancelled_once_and_not_after_the_fact(station, station_clerk, stranger):
    taken = BookingFactory(room=RoomFactory(venue=station))
    with pytest.raises(Denied):
        booking.cancel_booking(booking_id=taken.pk, by=stranger, at=LONG_AGO)
    booking.cancel_booking(booking_id=taken.pk, by=station_clerk, at=LONG_AGO)
    with pytest.raises(Refused, match="已经取消"):
        booking.cancel_booking(booking_id=taken.pk, by=station_clerk, at=LONG_AGO)
    over = BookingFactory(room=taken.room)
    with pytest.raises(Refused, match="已经用过"):
        booking.cancel_booking(booking_id=over.pk, by=station_clerk, at=over.span.upper)


def test_other_integrity_errors_are_not_taken_for_a_clash(station, station_clerk):
    room = RoomFactory(venue=station)
    from datetime import timedelta  # noqa: PLC0415 (only here)

    with pytest.raises(IntegrityError):
        booking._take(
            room,
            "x",
            NOON + timedelta(days=1),
            NOON + timedelta(days=2),
            by=station_clerk,
            at=None,
            series=None,
        )
