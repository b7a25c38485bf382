"""Editing the tree: a place knows nothing of roles, so who may is asked here, and the sites follow."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from civic.core.errors import Denied, Refused
from civic.places import services as places
from civic.places.models import Alias, Place
from civic.venues import rules
from civic.venues.models import STATUTORY, Venue, VenueKind, VenueQuerySet
from civic.venues.services import loading, profile

if TYPE_CHECKING:
    from civic.people.models import Person


@transaction.atomic
def add_place(
    *, parent_id: int, name: str, kind: str, reason: str, by: "Person", at: datetime, code: str = ""
) -> Place:
    """A new place below another, with the site that follows from its kind. Raises Denied, Refused."""
    _demand_reach(parent_id, by)
    place = places.add(
        parent_id=parent_id, name=name, kind=kind, reason=_told(reason), code=code, by=by, at=at
    )
    loading.open_missing([place])
    return place


@transaction.atomic
def rename_place(*, place_id: int, name: str, reason: str, by: "Person", at: datetime) -> Place:
    """Rename a place, and its center, institute or station along with it unless that has a name of its own.

    Raises Denied, Refused.
    """
    before = _demand_reach(place_id, by).name
    place = places.rename(place_id=place_id, name=name, reason=_told(reason), by=by, at=at)
    sites = list(_sites(place))
    for site in sites:
        if site.kind in STATUTORY and site.name == _by_law(site, before):
            Venue.objects.filter(pk=site.pk).update(
                name=_by_law(site, place.name), sort_key=place.sort_key, version=site.version + 1
            )
            site.refresh_from_db()
    loading.refresh_search(sites)
    return place


@transaction.atomic
def merge_place(*, place_id: int, into_id: int, reason: str, by: "Person", at: datetime) -> Place:
    """Merge a place into another; its own center, institute or station closes, other sites go on.

    The person must reach both. Raises Denied, Refused (also while rooms of the closing site are booked).
    """
    place, into = _demand_reach(place_id, by), _demand_reach(into_id, by)
    for site in _sites(place).filter(kind__in=STATUTORY):
        profile.shut(site, reason=_told(reason), by=by, at=at)
    merged = places.merge(place_id=place.pk, into_id=into.pk, reason=_told(reason), by=by, at=at)
    loading.refresh_search(_sites(into))
    return merged


@transaction.atomic
def close_place(*, place_id: int, reason: str, by: "Person", at: datetime) -> Place:
    """Close a place that is no more, with its site. Raises Denied; Refused while other sites stand there."""
    place = _demand_reach(place_id, by)
    others = _sites(place).exclude(kind__in=STATUTORY).count()
    if others:
        raise Refused(
            _("「{place}」还有 {count} 个基地、点或驿家，请先关闭。").format(place=place.name, count=others)
        )
    for site in _sites(place):
        profile.shut(site, reason=_told(reason), by=by, at=at)
    return places.close(place_id=place_id, reason=_told(reason), by=by, at=at)


@transaction.atomic
def add_alias(*, place_id: int, name: str, by: "Person", at: datetime) -> Alias:
    """Another name for a place, by which its sites are found too. Raises Denied, Refused."""
    place = _demand_reach(place_id, by)
    alias = places.add_alias(place_id=place_id, name=name, by=by, at=at)
    loading.refresh_search(_sites(place))
    return alias


@transaction.atomic
def remove_alias(*, alias_id: int, by: "Person", at: datetime) -> Place:
    """Forget another name of a place. Raises Denied."""
    alias = Alias.objects.select_related("place").get(pk=alias_id)
    _demand_reach(alias.place_id, by)
    place = places.remove_alias(alias_id=alias_id, by=by, at=at)
    loading.refresh_search(_sites(place))
    return place


def _demand_reach(place_id: int, by: "Person") -> Place:
    place = Place.objects.get(pk=place_id)
    if not rules.may_edit_place(by, place):
        raise Denied
    return place


def _told(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise Refused(_("请写明理由，将来查得到。"))
    return reason[:200]


def _sites(place: Place) -> VenueQuerySet:
    return Venue.objects.open().filter(place=place).select_related("place").order_by("id")


def _by_law(site: Venue, place_name: str) -> str:
    return loading.NAME_FOR[VenueKind(site.kind)].format(place=place_name)
