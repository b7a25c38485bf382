"""Where a place lies, in kilometres on a flat plane, and whether that is known or only estimated.

Open data give coordinates to the city, its counties and a few townships. Every other place is put near the
one above it by a fixed rule, so that distances can be thought about at all; such a point says `is_estimated`,
and whoever shows it says so too (示意位置). A surveyed point, given as `known`, always wins.

The spread is the two-dimensional additive recurrence with the plastic number (M. Roberts, "The unreasonable
effectiveness of quasirandom sequences", 2018) on the place's id: neighbours in the list lie evenly over a
disc, and a point never moves when siblings come or go.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import cos, hypot, pi, radians, sin, sqrt

from django.db.models import Q

from civic.places.models import Kind, Level, Place, Precision, within

KM_PER_DEGREE = 111.32
EXACT = {Precision.OWN, Precision.SEAT}
# How far from the place above it a place may be put, in degrees of latitude.
TOWNSHIP, SUBDISTRICT, VILLAGE, COMMUNITY = 0.12, 0.03, 0.03, 0.01
TOWN_KINDS = {Kind.SUBDISTRICT, Kind.RESIDENTS_COMMITTEE, Kind.QUASI_RESIDENTS}
FIRST, SECOND = 0.7548776662466927, 0.5698402909980532  # one and two steps of the plastic number

Degrees = tuple[Decimal | float, Decimal | float]  # longitude, latitude


@dataclass(frozen=True, slots=True)
class Point:
    """Kilometres east and north of the city's seat."""

    x_km: float
    y_km: float
    is_estimated: bool = False

    def km_to(self, other: "Point") -> float:
        """Straight-line distance in kilometres."""
        return hypot(self.x_km - other.x_km, self.y_km - other.y_km)


@dataclass(frozen=True, slots=True)
class Plane:
    """The tangent plane at the city's seat; good to a few metres in a kilometre within a city."""

    lon: float = 0.0
    lat: float = 0.0

    def point(self, lon: Decimal | float, lat: Decimal | float, *, is_estimated: bool = False) -> Point:
        """The point of a longitude and latitude in degrees."""
        return Point(
            (float(lon) - self.lon) * KM_PER_DEGREE * cos(radians(self.lat)),
            (float(lat) - self.lat) * KM_PER_DEGREE,
            is_estimated,
        )


def positions(
    ids: Iterable[int] | None = None,
    *,
    paths: Iterable[str] | None = None,
    known: Mapping[int, Degrees] | None = None,
) -> dict[int, Point]:
    """The points of these places, or of all at and below these paths, or of every place; one query.

    `known` holds surveyed coordinates by place id, for instance those of a site that stands there. Ids of no
    place are left out.
    """
    ids = None if ids is None else list(ids)
    paths = None if paths is None else tuple(paths)
    rows = Place.objects.filter(_asked(ids, paths)).order_by("level_order", "id")
    places = list(rows.only("id", "path", "level", "kind", "parent_id", "lon", "lat", "precision"))
    found = laid_out(places, known or {})
    if ids is not None:
        return {place_id: found[place_id] for place_id in ids if place_id in found}
    if paths is None:
        return found
    return {place.pk: found[place.pk] for place in places if place.path.startswith(paths)}


def point_of(place: Place) -> Point:
    """The point of one place; one query. Ask `positions` for many."""
    return positions([place.pk])[place.pk]


def plane() -> Plane:
    """The city's plane, to put other coordinates on the same map; one query."""
    tops = Place.objects.exclude(level=Level.VILLAGE).order_by("level_order", "id")
    return plane_of(tops.only("id", "lon", "lat", "precision"))


def plane_of(places: Iterable[Place]) -> Plane:
    """The plane at the first place whose seat is known, upper levels first; at 0, 0 when none is."""
    for place in places:
        if place.lon is not None and place.lat is not None and place.precision in EXACT:
            return Plane(float(place.lon), float(place.lat))
    return Plane()


def laid_out(places: Iterable[Place], known: Mapping[int, Degrees]) -> dict[int, Point]:
    """Points by place id, parents before children; pure."""
    places = list(places)
    ground = plane_of(place for place in places if place.level != Level.VILLAGE)
    found: dict[int, Point] = {}
    for place in places:
        if place.pk in known:
            found[place.pk] = ground.point(*known[place.pk])
        elif place.precision in EXACT and place.lon is not None and place.lat is not None:
            found[place.pk] = ground.point(place.lon, place.lat)
        else:
            above = found.get(place.parent_id or 0, Point(0.0, 0.0, is_estimated=True))
            found[place.pk] = _near(above, place.pk, _reach(place))
    return found


def _asked(ids: Iterable[int] | None, paths: Iterable[str] | None) -> Q:
    above = ~Q(level=Level.VILLAGE)  # always comes along: a point hangs on those above it
    if ids is not None:
        return above | Q(pk__in=ids)
    return Q() if paths is None else above | within(paths)


def _reach(place: Place) -> float:
    in_town = place.kind in TOWN_KINDS
    if place.level == Level.VILLAGE:
        return COMMUNITY if in_town else VILLAGE
    return SUBDISTRICT if in_town else TOWNSHIP


def _near(above: Point, number: int, degrees: float) -> Point:
    """The `number`-th point of an even spread over a disc of so many degrees."""
    angle = 2 * pi * (number * FIRST % 1)
    radius = degrees * KM_PER_DEGREE * sqrt(number * SECOND % 1)
    return Point(above.x_km + radius * cos(angle), above.y_km + radius * sin(angle), is_estimated=True)
