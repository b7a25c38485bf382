"""What a few sites of the demo tell of themselves: profile, hours, rooms, weekly uses, a post."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from civic.people.models import Person
from civic.places.models import Place
from civic.venues.models import Platform, Venue, VenueKind
from civic.venues.services import booking, profile

ROOMS = (
    ("理论宣讲室", 60, "宣讲、开会、看电影"),
    ("文化活动室", 40, "唱歌、下棋、排练"),
    ("儿童托管室", 24, "写作业、读书、手工"),
    ("科普室", 30, "学手机、看展"),
    ("健身室", 20, "太极拳、量血压"),
)
# Weekday, room, title, hours.
WEEKLY = (
    (1, "文化活动室", "合唱队排练", time(9), time(11)),
    (4, "健身室", "太极班", time(9), time(11)),
    (5, "儿童托管室", "周末托管", time(14), time(17)),
)
MORNING, AFTERNOON = (time(8, 30), time(11, 30)), (time(14, 30), time(18))


def describe(venues: Iterable[Venue], *, by: Person, at: datetime) -> None:
    """Fill in the profiles of some venues as their clerks would."""
    for index, venue in enumerate(venues):
        share = {VenueKind.CENTER: 9, VenueKind.INSTITUTE: 3}.get(VenueKind(venue.kind), 1)
        profile.edit_venue(
            venue_id=venue.pk,
            profile=profile.Profile(
                name=venue.name,
                intro="天天开门，左邻右舍都来坐坐；有事可以在这里点单，也可以打电话。",
                head_name="演示负责人",
                phone=f"0355-0000{index:03}",
                street=f"{venue.place.name}演示路{index + 1}号",
                area_m2=Decimal("257.21") * share,
                household_count=1150 * share,
                person_count=3200 * share,
                platforms=list(Platform.values),
            ),
            version=venue.version,
            by=by,
            at=at,
        )
        spans = [profile.Span(day, *half) for day in range(7) for half in (MORNING, AFTERNOON)]
        profile.set_hours(venue_id=venue.pk, spans=spans, by=by, at=at)
        _rooms(venue, by=by, at=at)


def _rooms(venue: Venue, *, by: Person, at: datetime) -> None:
    made = {
        name: booking.add_room(venue_id=venue.pk, name=name, seat_count=seats, uses=uses, by=by, at=at)
        for name, seats, uses in ROOMS
    }
    today = timezone.localdate(at)
    for weekday, room, title, opens, closes in WEEKLY:
        first = today + timedelta(days=(weekday - today.weekday()) % 7 or 7)
        booking.book_weekly(
            room_id=made[room].pk,
            title=title,
            dates=[first + timedelta(weeks=week) for week in range(6)],
            opens=opens,
            closes=closes,
            by=by,
            at=at,
        )


def open_post(place: Place, *, by: Person, at: datetime) -> Venue:
    """A 邻里驿家 in a village, on top of its station."""
    return profile.open_venue(
        place_id=place.pk,
        kind=VenueKind.POST,
        profile=profile.Profile(
            name=f"{place.name}邻里驿家", brand="邻里驿家", intro="楼下的小客厅，歇脚、充电、说事。"
        ),
        by=by,
        at=at,
    )
