"""The file of a venue: opening, describing, hours, photos, closing."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, time
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.core import words
from civic.core.errors import Denied, Refused
from civic.core.pictures import clean_picture
from civic.journal import services as journal
from civic.places.models import Level, Place
from civic.venues import rules
from civic.venues.models import STATUTORY, Booking, OpeningHours, Photo, Venue, VenueKind
from civic.venues.services.loading import refresh_search

if TYPE_CHECKING:
    from civic.people.models import Person

MOST_PHOTOS = 12
LEVEL_OF = {
    VenueKind.CENTER: Level.COUNTY,
    VenueKind.INSTITUTE: Level.TOWNSHIP,
    VenueKind.STATION: Level.VILLAGE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What can be written about a venue. Empty means not told."""

    name: str
    brand: str = ""
    intro: str = ""
    head_name: str = ""
    phone: str = ""
    street: str = ""
    area_m2: Decimal | None = None
    household_count: int | None = None
    person_count: int | None = None
    platforms: Sequence[str] = ()
    lon: Decimal | None = None
    lat: Decimal | None = None

    def columns(self) -> dict[str, Any]:
        """As columns of the table; without a point of its own the venue keeps the rough one it has."""
        told = asdict(self) | {"platforms": list(self.platforms)}
        if self.lon is None or self.lat is None:
            del told["lon"], told["lat"]
            return told
        return told | {"position_is_rough": False}


@dataclass(frozen=True, slots=True)
class Span:
    """One span of one weekday; 0 is Monday."""

    weekday: int
    opens: time
    closes: time


@transaction.atomic
def open_venue(*, place_id: int, kind: str, profile: Profile, by: "Person", at: datetime) -> Venue:
    """A new venue at a place.

    Raises Denied out of reach; Refused when the place is closed, of the wrong level for a center, an
    institute or a station, or when it has one already.
    """
    place = Place.objects.select_for_update(of=("self",), no_key=True).get(pk=place_id)
    if not rules.may_open(by, place):
        raise Denied
    if place.valid_to is not None:
        raise Refused(_("「{place}」已经并入别处或撤销。").format(place=place.name))
    if kind in LEVEL_OF and LEVEL_OF[VenueKind(kind)] != place.level:
        raise Refused(_("中心设在县区，所设在乡镇街道，站设在村社区。"))
    _demand_free_name(place, kind, profile.name)
    point = {"lon": place.lon, "lat": place.lat} | profile.columns()
    venue = Venue.objects.create(place=place, kind=kind, sort_key=words.sort_key(profile.name)[:200], **point)
    refresh_search([venue])
    journal.write(at=at, by=by, what="venues.open", about=venue, place_path=place.path, name=venue.name)
    return venue


@transaction.atomic
def edit_venue(*, venue_id: int, profile: Profile, version: int, by: "Person", at: datetime) -> Venue:
    """Write a venue's profile anew.

    `version` is what the form was filled from: when someone else saved in between, nothing is overwritten.
    Raises Denied out of reach; Refused when it was changed or closed meanwhile, or the name is taken.
    """
    venue = _locked(venue_id, by=by)
    if venue.version != version:
        raise Refused(_("您填写时别人改过这份档案。请核对新内容后再保存。"))
    changed = {field: value for field, value in profile.columns().items() if getattr(venue, field) != value}
    if "name" in changed:
        _demand_free_name(venue.place, "", profile.name)
    for field, value in changed.items():
        setattr(venue, field, value)
    if venue.kind not in STATUTORY:  # the three by law sort with their places
        venue.sort_key = words.sort_key(venue.name)[:200]
    venue.version += 1
    venue.save()
    refresh_search([venue])
    told = sorted(changed)
    journal.write(
        at=at,
        by=by,
        what="venues.edit",
        about=venue,
        place_path=venue.place.path,
        fields=told,
        version=venue.version,
    )
    return venue


@transaction.atomic
def set_hours(*, venue_id: int, spans: Iterable[Span], by: "Person", at: datetime) -> Venue:
    """Write the opening hours of a week anew. Raises Refused when two spans of a day overlap."""
    venue = _locked(venue_id, by=by)
    ordered = sorted(spans, key=lambda span: (span.weekday, span.opens))
    for earlier, later in pairwise(ordered):
        if earlier.weekday == later.weekday and later.opens < earlier.closes:
            raise Refused(_("同一天的两段开放时间不能重叠。"))
    if any(span.closes <= span.opens for span in ordered):
        raise Refused(_("关门时间要晚于开门时间。"))
    venue.hours.all().delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(venue=venue, weekday=span.weekday, opens=span.opens, closes=span.closes)
        for span in ordered
    )
    journal.write(at=at, by=by, what="venues.set_hours", about=venue, place_path=venue.place.path)
    return venue


@transaction.atomic
def add_photo(*, venue_id: int, upload: UploadedFile, caption: str, by: "Person", at: datetime) -> Photo:  # type: ignore[type-arg]
    """Keep a picture of a venue, drawn anew. Raises Refused when it is no picture or there are enough."""
    picture = clean_picture(upload)
    venue = _locked(venue_id, by=by)
    if venue.photos.count() >= MOST_PHOTOS:
        raise Refused(_("一个阵地最多放 {most} 张照片，请先删掉旧的。").format(most=MOST_PHOTOS))
    photo = Photo(venue=venue, caption=caption.strip()[:60], at=at, by=by)
    photo.file.save(str(picture.name), picture, save=True)
    journal.write(
        at=at, by=by, what="venues.add_photo", about=venue, place_path=venue.place.path, photo=photo.pk
    )
    return photo


@transaction.atomic
def remove_photo(*, photo_id: int, by: "Person", at: datetime) -> Venue:
    """Forget a picture; its file goes when the transaction is through."""
    photo = Photo.objects.select_for_update(of=("self",)).select_related("venue__place").get(pk=photo_id)
    if not rules.may_edit(by, photo.venue):
        raise Denied
    storage, name = photo.file.storage, str(photo.file)
    photo.delete()
    transaction.on_commit(lambda: storage.delete(name))
    venue = photo.venue
    journal.write(
        at=at, by=by, what="venues.remove_photo", about=venue, place_path=venue.place.path, photo=photo_id
    )
    return venue


@transaction.atomic
def close_venue(*, venue_id: int, reason: str, by: "Person", at: datetime) -> Venue:
    """Close a venue for good. Raises Refused while its rooms are booked ahead."""
    venue = _locked(venue_id, by=by)
    return shut(venue, reason=reason, by=by, at=at)


def shut(venue: Venue, *, reason: str, by: "Person", at: datetime) -> Venue:
    """Close a venue that the caller has locked and may close."""
    ahead = Booking.objects.filter(room__venue=venue, cancelled_at=None, span__endswith__gt=at).count()
    if ahead:
        raise Refused(
            _("「{venue}」还有 {count} 个房间预约，请先取消。").format(venue=venue.name, count=ahead)
        )
    venue.closed_on = timezone.localdate(at)
    venue.version += 1
    venue.save(update_fields=["closed_on", "version"])
    journal.write(
        at=at,
        by=by,
        what="venues.close",
        about=venue,
        place_path=venue.place.path,
        name=venue.name,
        reason=reason,
    )
    return venue


def _locked(venue_id: int, *, by: "Person") -> Venue:
    """The venue, locked, open and within reach."""
    venue = Venue.objects.select_for_update(of=("self",)).select_related("place").get(pk=venue_id)
    if not rules.may_edit(by, venue):
        raise Denied
    if venue.closed_on is not None:
        raise Refused(_("「{venue}」已经关闭。").format(venue=venue.name))
    return venue


def _demand_free_name(place: Place, kind: str, name: str) -> None:
    here = Venue.objects.open().filter(place=place)
    if kind in STATUTORY and here.filter(kind=kind).exists():
        raise Refused(_("「{place}」已经有{kind}了。").format(place=place.name, kind=VenueKind(kind).label))
    if here.filter(name=name).exists():
        raise Refused(_("「{place}」已经有叫「{name}」的阵地了。").format(place=place.name, name=name))
