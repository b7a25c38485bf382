"""Reading venues: the finder, one venue, rooms by week, imports."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import cos, radians, sqrt
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.search import SearchQuery
from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    FloatField,
    Func,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast
from django.utils import timezone

from civic.access.models import CalendarDay
from civic.access.queries import paths_reached
from civic.access.roles import Permission
from civic.core import words
from civic.places import queries as places
from civic.places.models import Level, Place, within
from civic.venues import weeks
from civic.venues.models import (
    Batch,
    BatchRow,
    Booking,
    OpeningHours,
    Photo,
    Room,
    Venue,
    VenueKind,
    VenueQuerySet,
)

if TYPE_CHECKING:
    from civic.people.models import Person

KM_PER_DEGREE = 111.32
PAGE = 30
KIND_ORDER = [
    VenueKind.STATION,
    VenueKind.POST,
    VenueKind.POINT,
    VenueKind.BASE,
    VenueKind.INSTITUTE,
    VenueKind.CENTER,
]


# --- The finder.


@dataclass(frozen=True, slots=True)
class Found:
    """One venue of the finder: its trail, how far it is, whether it is open now (None when not told)."""

    venue: Venue
    trail: str
    is_open: bool | None
    km: float | None = None


def found_by_words(text: str, *, at: datetime, limit: int = 30) -> list[Found]:
    """Open venues by name, brand, place, other name of the place, or pinyin initials; best first."""
    asked = words.fold(text)[:60]
    if not asked:
        return []
    spots = places.search(asked, limit=limit)
    here = [spot.place.pk for spot in spots]
    hit = Q(name__contains=asked) | Q(brand__contains=asked) | Q(place__in=here)
    tokens = words.tokens(asked)
    if tokens:
        query = SearchQuery(" & ".join(map(_lexeme, tokens)), config="simple", search_type="raw")
        hit |= Q(search=query)
    ranks = [When(place=pk, then=Value(rank)) for rank, pk in enumerate(here)]
    near = [Case(*ranks, default=Value(len(here)))] if ranks else []  # a bare number would name a column
    found = _shown().filter(hit).order_by(*near, _kind_rank(), "sort_key", "id")[:limit]
    return _told(found, at=at)


def nearest(*, lon: float, lat: float, at: datetime, limit: int = 10) -> list[Found]:
    """Open venues by distance from a point, nearest first; of one rough point, stations come first.

    The distance is flat-earth arithmetic in kilometres, good to a percent within a city.
    """
    shrink = cos(radians(lat))
    dx = (Cast("lon", FloatField()) - Value(lon)) * Value(shrink)
    dy = Cast("lat", FloatField()) - Value(lat)
    venues = list(
        _shown()
        .exclude(lon=None)
        .annotate(square=ExpressionWrapper(dx * dx + dy * dy, output_field=FloatField()))
        .order_by("square", _kind_rank(), "id")[:limit]
    )
    km = {venue.pk: sqrt(venue.square) * KM_PER_DEGREE for venue in venues}
    return _told(venues, at=at, km=km)


def around(place: Place, *, at: datetime) -> list[Found]:
    """The venues that serve a place: its own, then those of its township and its county."""
    levels = Case(
        *[When(place=pk, then=Value(-depth)) for depth, pk in enumerate(place.ancestor_ids)],
        default=Value(1),
        output_field=IntegerField(),
    )
    found = _shown().filter(place__in=place.ancestor_ids).order_by(levels, _kind_rank(), "sort_key", "id")
    return _told(found, at=at)


def at_place(place: Place, *, at: datetime) -> list[Found]:
    """Open venues right at a place."""
    return _told(_shown().filter(place=place).order_by(_kind_rank(), "sort_key", "id"), at=at)


def below(place: Place, *, at: datetime) -> list[Found]:
    """Open venues at a place and at everything below it, the place's own first, then in pinyin order."""
    found = _shown().filter(within([place.path], "place__path"))
    return _told(found.order_by("place__level_order", "sort_key", "id"), at=at)


def venue_counts(above: Sequence[Place]) -> dict[int, int]:
    """How many open venues stand at and below each place; one query for places of one level."""
    counts = {place.pk: 0 for place in above}
    levels: dict[int, list[str]] = {}
    for place in above:
        levels.setdefault(len(place.ancestor_ids), []).append(place.path)
    for depth, paths in levels.items():
        below_each = Func(
            F("place__path"), Value("/"), Value(depth), function="SPLIT_PART", output_field=CharField()
        )
        found = Venue.objects.open().filter(within(paths, "place__path")).annotate(top=below_each)
        rows = found.values("top").annotate(n=Count("id")).order_by("top")
        counts |= {int(row["top"]): row["n"] for row in rows}
    return counts


# --- One venue.


def venue_file(venue_id: int) -> Venue | None:
    """A venue, open or closed, with place, hours, photos and rooms in use."""
    rooms = Room.objects.filter(closed_on=None).order_by("id")
    return (
        Venue.objects.filter(pk=venue_id)
        .select_related("place")
        .prefetch_related(
            Prefetch("hours", OpeningHours.objects.order_by("weekday", "opens")),
            Prefetch("photos", Photo.objects.order_by("id"), to_attr="shown_photos"),
            Prefetch("rooms", rooms, to_attr="rooms_in_use"),
        )
        .first()
    )


def is_open(hours: Iterable[OpeningHours], at: datetime) -> bool | None:
    """Whether a venue with these hours is open at `at`; None when it has told none."""
    spans = list(hours)
    if not spans:
        return None
    local = timezone.localtime(at)
    return any(span.weekday == local.weekday() and span.opens <= local.time() < span.closes for span in spans)


def hours_by_day(venue: Venue) -> list[tuple[int, list[OpeningHours]]]:
    """The seven weekdays with their spans; empty when the venue has told no hours."""
    spans = list(venue.hours.all())
    return [(day, [span for span in spans if span.weekday == day]) for day in range(7)] if spans else []


def editable(person: "Person | AnonymousUser") -> VenueQuerySet:
    """Open venues whose file the person may edit."""
    reached = within(paths_reached(person, Permission.VENUES_EDIT), "place__path")
    return Venue.objects.open().filter(reached).select_related("place")


def sites(place: Place) -> list[Venue]:
    """Every venue right at a place, closed ones last."""
    return list(Venue.objects.filter(place=place).order_by(F("closed_on").asc(nulls_first=True), "id"))


@dataclass(frozen=True, slots=True)
class Files:
    """One page of files; `next_cursor` is None at the end."""

    rows: Sequence[Venue]
    next_cursor: str | None


def files(person: "Person | AnonymousUser", *, kind: str = "", text: str = "", after: str = "") -> Files:
    """Venues whose file the person may edit, in the order of the tree, with what is missing in each."""
    found = editable(person).annotate(
        has_hours=Exists(OpeningHours.objects.filter(venue=OuterRef("pk"))),
        has_photo=Exists(Photo.objects.filter(venue=OuterRef("pk"))),
    )
    if kind:
        found = found.filter(kind=kind)
    asked = words.fold(text)
    if asked:
        spots = [spot.place.pk for spot in places.search(asked, limit=50)]
        found = found.filter(Q(name__contains=asked) | Q(brand__contains=asked) | Q(place__in=spots))
    path, _dot, last = after.rpartition(".")
    if last.isascii() and last.isdigit() and len(last) < 19:
        found = found.filter(Q(place__path__gt=path) | Q(place__path=path, pk__gt=int(last)))
    rows = list(found.order_by("place__path", "id")[: PAGE + 1])
    end = rows[PAGE - 1] if len(rows) > PAGE else None
    return Files(rows[:PAGE], f"{end.place.path}.{end.pk}" if end else None)


# --- Rooms.


@dataclass(frozen=True, slots=True)
class Planned:
    """One date of a weekly booking that is being thought of."""

    day: date
    is_holiday: bool
    taken_by: Booking | None

    @property
    def is_free(self) -> bool:
        """Whether the room can be taken on that date."""
        return self.taken_by is None


def weekly_plan(
    room: Room, *, weekday: int, opens: time, closes: time, first_on: date, last_on: date
) -> list[Planned]:
    """Every date of a weekly booking with what stands in its way."""
    days = weeks.weekly(weekday, first_on, last_on)
    if not days:
        return []
    begin, end = weeks.span_on(days[0], opens, closes)[0], weeks.span_on(days[-1], opens, closes)[1]
    taken = list(standing(room, begin, end))
    by_hand = dict(CalendarDay.objects.filter(on__in=days).values_list("on", "is_working"))
    plan = []
    for day in days:
        starts_at, ends_at = weeks.span_on(day, opens, closes)
        clash = next((b for b in taken if b.span.lower < ends_at and starts_at < b.span.upper), None)
        plan.append(Planned(day, weeks.is_holiday(day, by_hand), clash))
    return plan


def standing(room: Room, begin: datetime, end: datetime) -> Iterable[Booking]:
    """Standing bookings of a room that touch a span, in order."""
    return (
        Booking.objects.filter(
            room=room, cancelled_at=None, span__startswith__lt=end, span__endswith__gt=begin
        )
        .select_related("booked_by", "series")
        .order_by("span", "id")
    )


def week(room: Room, monday: date) -> list[tuple[date, list[Booking]]]:
    """The seven days of a week with the bookings that touch each."""
    begin = weeks.span_on(monday, time(0), time(0))[0]
    bookings = list(standing(room, begin, begin + timedelta(days=7)))
    days = []
    for number in range(7):
        day = monday + timedelta(days=number)
        starts_at = weeks.span_on(day, time(0), time(0))[0]
        ends_at = starts_at + timedelta(days=1)
        days.append((day, [b for b in bookings if b.span.lower < ends_at and starts_at < b.span.upper]))
    return days


def ahead(room: Room, *, at: datetime) -> list[Booking]:
    """Standing bookings of a room that are not over."""
    found = Booking.objects.filter(room=room, cancelled_at=None, span__endswith__gt=at)
    return list(found.select_related("booked_by", "series").order_by("span", "id")[:200])


def next_bookings(rooms: Iterable[Room], *, at: datetime) -> dict[int, Booking]:
    """The booking of each room that is on or comes next."""
    found = Booking.objects.filter(
        room__in=[room.pk for room in rooms], cancelled_at=None, span__endswith__gt=at
    )
    return {booking.room_id: booking for booking in found.order_by("room", "span", "id").distinct("room")}


def bookable_rooms(person: "Person | AnonymousUser") -> QuerySet[Room]:
    """Rooms in use that the person may book, by venue."""
    reached = within(paths_reached(person, Permission.VENUES_BOOK), "venue__place__path")
    return (
        Room.objects.filter(reached, closed_on=None, venue__closed_on=None)
        .select_related("venue__place")
        .order_by("venue__sort_key", "venue", "id")
    )


# --- Imports.


def batches(person: "Person | AnonymousUser") -> QuerySet[Batch]:
    """Workbooks uploaded for places where the person may import, newest first."""
    reached = within(paths_reached(person, Permission.VENUES_IMPORT), "place__path")
    return Batch.objects.filter(reached).select_related("place", "uploaded_by").order_by("-id")


def batch_rows(batch: Batch, *, verdict: str = "", after: str = "") -> tuple[list[BatchRow], int | None]:
    """Rows of a workbook by number, a page of them, and the number to go on after (None at the end)."""
    rows = batch.rows.order_by("number")
    if verdict:
        rows = rows.filter(verdict=verdict)
    if after.isascii() and after.isdigit() and len(after) < 9:
        rows = rows.filter(number__gt=int(after))
    found = list(rows[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].number if len(found) > PAGE else None


def taken_count(batch: Batch) -> int:
    """How many rows of a workbook are in already."""
    return batch.rows.exclude(before="").count()


def export_rows(person: "Person | AnonymousUser") -> VenueQuerySet:
    """Open venues for an export, in the order of the tree."""
    reached = within(paths_reached(person, Permission.VENUES_IMPORT), "place__path")
    return Venue.objects.open().filter(reached).select_related("place").order_by("place__path", "id")


# --- Their parts.


def _shown() -> VenueQuerySet:
    hours = Prefetch("hours", OpeningHours.objects.order_by("weekday", "opens"))
    return Venue.objects.open().select_related("place").prefetch_related(hours)


def _kind_rank() -> Case:
    ranks = [When(kind=kind, then=Value(rank)) for rank, kind in enumerate(KIND_ORDER)]
    return Case(*ranks, default=Value(9), output_field=IntegerField())


def _lexeme(token: str) -> str:
    quoted = token.replace("\\", "").replace("'", "")
    return f"'{quoted}':*" if quoted else "'-'"


def _told(venues: Iterable[Venue], *, at: datetime, km: dict[int, float] | None = None) -> list[Found]:
    venues = list(venues)
    trails = {spot.place.pk: spot for spot in places.spots(venue.place for venue in venues)}
    return [
        Found(
            venue=venue,
            trail=" ".join(filter(None, [trails[venue.place_id].trail, _own(venue.place)])),
            is_open=is_open(venue.hours.all(), at),
            km=(km or {}).get(venue.pk),
        )
        for venue in venues
    ]


def _own(place: Place) -> str:
    return "" if place.level == Level.CITY else place.name
