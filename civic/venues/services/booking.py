"""Rooms and their bookings. That a room is never taken twice is kept by the database."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.core.errors import Denied, Refused
from civic.journal import services as journal
from civic.venues import rules, weeks
from civic.venues.models import Booking, Room, Series, Venue
from civic.venues.phrases import day_words

if TYPE_CHECKING:
    from civic.people.models import Person

GUARD = "venues_booking_room_is_taken_once"
LONGEST = timedelta(hours=24)
FURTHEST = timedelta(days=400)
MOST_DATES = 60


# --- Rooms.


@transaction.atomic
def add_room(
    *, venue_id: int, name: str, seat_count: int | None, uses: str, by: "Person", at: datetime
) -> Room:
    """A room with its many uses. Raises Denied; Refused when the venue is closed or has one of that name."""
    venue = Venue.objects.select_for_update(of=("self",)).select_related("place").get(pk=venue_id)
    if not rules.may_edit(by, venue):
        raise Denied
    if venue.closed_on is not None:
        raise Refused(_("「{venue}」已经关闭。").format(venue=venue.name))
    _demand_free_room_name(venue, name)
    room = Room.objects.create(venue=venue, name=name, seat_count=seat_count, uses=uses)
    journal.write(at=at, by=by, what="venues.add_room", about=room, place_path=venue.place.path, name=name)
    return room


@transaction.atomic
def edit_room(
    *, room_id: int, name: str, seat_count: int | None, uses: str, by: "Person", at: datetime
) -> Room:
    """Describe a room anew. Raises Denied, Refused."""
    room = _locked_room(room_id)
    if not rules.may_edit(by, room.venue):
        raise Denied
    if name != room.name:
        _demand_free_room_name(room.venue, name)
    room.name, room.seat_count, room.uses = name, seat_count, uses
    room.save(update_fields=["name", "seat_count", "uses"])
    journal.write(
        at=at, by=by, what="venues.edit_room", about=room, place_path=room.venue.place.path, name=name
    )
    return room


@transaction.atomic
def close_room(*, room_id: int, by: "Person", at: datetime) -> Room:
    """Take a room out of use. Raises Denied; Refused while it is booked ahead."""
    room = _locked_room(room_id)
    if not rules.may_edit(by, room.venue):
        raise Denied
    ahead = room.bookings.filter(cancelled_at=None, span__endswith__gt=at).count()
    if ahead:
        raise Refused(_("「{room}」还有 {count} 个预约，请先取消。").format(room=room.name, count=ahead))
    room.closed_on = timezone.localdate(at)
    room.save(update_fields=["closed_on"])
    journal.write(at=at, by=by, what="venues.close_room", about=room, place_path=room.venue.place.path)
    return room


# --- Bookings.


@transaction.atomic
def book(
    *, room_id: int, title: str, starts_at: datetime, ends_at: datetime, by: "Person", at: datetime
) -> Booking:
    """Take a room from `starts_at` to `ends_at`.

    Of two who book together one gets Refused, with who has the room and until when. Raises Denied out of
    reach; Refused also for a span in the past, empty, or over a day long, and for a closed room.
    """
    room = _bookable(room_id, by=by)
    _demand_sound(starts_at, ends_at, at=at)
    booking = _take(room, title, starts_at, ends_at, by=by, at=at, series=None)
    path = room.venue.place.path
    journal.write(at=at, by=by, what="venues.book", about=booking, place_path=path, room=room.pk)
    return booking


def _weekly(dates: Iterable[date]) -> list[date]:
    """The dates in order. Raises Refused when there are none, too many, or on several weekdays."""
    days = sorted(set(dates))
    if not days:
        raise Refused(_("请至少选一天。"))
    if len(days) > MOST_DATES or any(day.weekday() != days[0].weekday() for day in days):
        raise Refused(_("每周预约只能选同一个星期几，最多 {most} 次。").format(most=MOST_DATES))
    return days


@transaction.atomic
def book_weekly(
    *,
    room_id: int,
    title: str,
    dates: Iterable[date],
    opens: time,
    closes: time,
    by: "Person",
    at: datetime,
) -> Series:
    """Take a room on several dates of one weekday, all of them or none.

    Which dates fall on holidays or are taken is shown before by `queries.weekly_plan`; a date taken in
    between is Refused by name. Raises Denied, Refused.
    """
    room = _bookable(room_id, by=by)
    days = _weekly(dates)
    if closes <= opens:
        raise Refused(_("结束时间要晚于开始时间。"))
    series = Series.objects.create(
        room=room,
        title=title,
        weekday=days[0].weekday(),
        opens=opens,
        closes=closes,
        first_on=days[0],
        last_on=days[-1],
        at=at,
        by=by,
    )
    for day in days:
        starts_at, ends_at = weeks.span_on(day, opens, closes)
        _demand_sound(starts_at, ends_at, at=at)
        _take(room, title, starts_at, ends_at, by=by, at=at, series=series)
    path = room.venue.place.path
    journal.write(at=at, by=by, what="venues.book_weekly", about=series, place_path=path, count=len(days))
    return series


@transaction.atomic
def cancel_booking(*, booking_id: int, by: "Person", at: datetime) -> Booking:
    """Free the room again. Raises Denied out of reach; Refused when over or cancelled already."""
    booking = (
        Booking.objects.select_for_update(of=("self",))
        .select_related("room__venue__place")
        .get(pk=booking_id)
    )
    if not rules.may_cancel_booking(by, booking):
        raise Denied
    if booking.cancelled_at is not None:
        raise Refused(_("这个预约已经取消了。"))
    if booking.span.upper <= at:
        raise Refused(_("已经用过的预约不能取消。"))
    booking.cancelled_at, booking.cancelled_by = at, by
    booking.save(update_fields=["cancelled_at", "cancelled_by"])
    path = booking.room.venue.place.path
    journal.write(at=at, by=by, what="venues.cancel_booking", about=booking, place_path=path)
    return booking


@transaction.atomic
def cancel_series(*, series_id: int, by: "Person", at: datetime) -> int:
    """Cancel what is still ahead of a weekly booking; returns how many dates. Raises Denied, Refused."""
    series = (
        Series.objects.select_for_update(of=("self",)).select_related("room__venue__place").get(pk=series_id)
    )
    if not rules.may_book(by, series.room):
        raise Denied
    ahead = series.bookings.filter(cancelled_at=None, span__startswith__gt=at)
    count = ahead.update(cancelled_at=at, cancelled_by=by)
    if not count:
        raise Refused(_("后面没有要取消的预约了。"))
    path = series.room.venue.place.path
    journal.write(at=at, by=by, what="venues.cancel_series", about=series, place_path=path, count=count)
    return count


# --- Their parts.


def _locked_room(room_id: int) -> Room:
    return Room.objects.select_for_update(of=("self",)).select_related("venue__place").get(pk=room_id)


def _bookable(room_id: int, *, by: "Person") -> Room:
    """The room, within reach and in use. Locked: two rows that meet in the exclusion constraint may each
    wait for the other, which PostgreSQL ends as a deadlock and not as a refusal.
    """
    room = _locked_room(room_id)
    if not rules.may_book(by, room):
        raise Denied
    if room.closed_on is not None or room.venue.closed_on is not None:
        raise Refused(_("「{room}」已经停用。").format(room=room.name))
    return room


def _take(
    room: Room,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    *,
    by: "Person",
    at: datetime,
    series: Series | None,
) -> Booking:
    """One booking; a room that is taken is Refused with the name and time of what stands there."""
    span = DateTimeTZRange(starts_at, ends_at)
    try:
        with transaction.atomic():
            return Booking.objects.create(
                room=room, series=series, title=title.strip()[:60], span=span, booked_at=at, booked_by=by
            )
    except IntegrityError as error:
        if GUARD not in str(error):
            raise
    standing = room.bookings.filter(cancelled_at=None, span__overlap=span).order_by("span").first()
    if standing is None:
        raise Refused(_("刚刚有人占用了「{room}」，请再试一次。").format(room=room.name))
    raise Refused(_("已被“{title}”占用：{when}").format(title=standing.title, when=_when(standing)))


def _when(booking: Booking) -> str:
    """11月27日 周五 9:00 到 11:00, in the city's time."""
    begins, ends = timezone.localtime(booking.span.lower), timezone.localtime(booking.span.upper)
    return _("{day} {begins} 到 {ends}").format(
        day=day_words(begins.date()), begins=f"{begins.hour}:{begins:%M}", ends=f"{ends.hour}:{ends:%M}"
    )


def _demand_sound(starts_at: datetime, ends_at: datetime, *, at: datetime) -> None:
    if ends_at <= starts_at:
        raise Refused(_("结束时间要晚于开始时间。"))
    if ends_at - starts_at > LONGEST:
        raise Refused(_("一次最多约 24 小时。"))
    if ends_at <= at:
        raise Refused(_("这个时间已经过了，请选以后的时间。"))
    if starts_at - at > FURTHEST:
        raise Refused(_("最远只能约到一年以后。"))


def _demand_free_room_name(venue: Venue, name: str) -> None:
    if Room.objects.filter(venue=venue, name=name, closed_on=None).exists():
        raise Refused(_("已经有叫「{name}」的房间了。").format(name=name))
