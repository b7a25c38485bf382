"""The sites a network has by law: one for each statutory division."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.postgres.search import SearchVector
from django.db import transaction
from django.db.models import Value

from civic.core import words
from civic.journal import services as journal
from civic.places.models import Kind, Level, Place, Precision
from civic.venues.models import STATUTORY, Venue, VenueKind

if TYPE_CHECKING:
    from civic.people.models import Person

# Divisions that have a site of their own; zones and virtual villages have none.
KIND_FOR = {
    Kind.DISTRICT: VenueKind.CENTER,
    Kind.COUNTY: VenueKind.CENTER,
    Kind.COUNTY_CITY: VenueKind.CENTER,
    Kind.SUBDISTRICT: VenueKind.INSTITUTE,
    Kind.TOWN: VenueKind.INSTITUTE,
    Kind.RURAL_TOWNSHIP: VenueKind.INSTITUTE,
    Kind.RESIDENTS_COMMITTEE: VenueKind.STATION,
    Kind.VILLAGERS_COMMITTEE: VenueKind.STATION,
}
# Stored words, in the city's own language whatever the reader's is.
NAME_FOR = {
    VenueKind.CENTER: "{place}新时代文明实践中心",
    VenueKind.INSTITUTE: "{place}新时代文明实践所",
    VenueKind.STATION: "{place}新时代文明实践站",
}
EXACT = {Precision.OWN, Precision.SEAT}


@transaction.atomic
def load_venues(*, at: datetime, by: "Person | None" = None) -> int:
    """Open the missing center, institute or station of every statutory division; returns how many.

    Divisions that have theirs are left alone, so the load may be repeated after places were added.
    """
    places = Place.objects.valid().filter(kind__in=KIND_FOR).prefetch_related("aliases").in_order()
    count = open_missing(places)
    if count:
        journal.write(at=at, by=by, what="venues.load", venue_count=count)
    return count


def open_missing(places: Iterable[Place]) -> int:
    """Open the site that follows from the kind of each place and is not there yet; returns how many."""
    served = set(Venue.objects.open().filter(kind__in=STATUTORY).values_list("place_id", flat=True))
    venues = [_site_of(place) for place in places if place.kind in KIND_FOR and place.pk not in served]
    Venue.objects.bulk_create(venues, batch_size=500)
    return len(venues)


def _site_of(place: Place) -> Venue:
    kind = KIND_FOR[Kind(place.kind)]
    name = NAME_FOR[kind].format(place=place.name)
    return Venue(
        place=place,
        kind=kind,
        name=name,
        lon=place.lon,
        lat=place.lat,
        position_is_rough=place.precision not in EXACT or place.level == Level.VILLAGE,
        sort_key=place.sort_key,
        search=search_vector(name, place.name, *(alias.name for alias in place.aliases.all())),
    )


def search_vector(*parts: str) -> SearchVector:
    """What a venue is found by, ready to be stored."""
    return SearchVector(Value(words.search_text(*parts)), config="simple")


def refresh_search(venues: Iterable[Venue]) -> None:
    """Store what these venues are found by anew: their names, brands, places and the places' other names."""
    known: dict[int, list[str]] = {}
    for venue in venues:
        if venue.place_id not in known:
            known[venue.place_id] = list(venue.place.aliases.order_by("id").values_list("name", flat=True))
        vector = search_vector(venue.name, venue.brand, venue.place.name, *known[venue.place_id])
        Venue.objects.filter(pk=venue.pk).update(search=vector)
