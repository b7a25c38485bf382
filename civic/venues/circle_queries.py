"""Reading the last count of the 15-minute circle, within the reader's reach."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, CharField, Count, F, Func, Q, QuerySet, Sum, Value, When
from django.utils.translation import gettext as _

from civic.access.queries import paths_reached, places_reached
from civic.access.roles import Permission
from civic.places import queries as places
from civic.places.models import Level, Place, within
from civic.places.queries import Spot
from civic.venues.models import CirclePlace, CircleRun, Nearness

if TYPE_CHECKING:
    from civic.people.models import Person

SEE = Permission.FIGURES_SEE
PAGE = 30
GAP = Q(nearness=Nearness.GAP)
# The least share of each shade of the map, in percent; 1 is the darkest.
SHADES = (100, 99, 95, 80)
SUMS = {
    "total": Count("id"),
    **{nearness.value: Count("id", filter=Q(nearness=nearness)) for nearness in Nearness},
    "unsure_gaps": Count("id", filter=GAP & Q(is_estimated=True)),
    "told": Count("id", filter=Q(household_count__isnull=False)),
    "households": Sum("household_count", default=0),
    "households_near": Sum(Case(When(~GAP, then=F("household_count")), default=Value(0)), default=0),
}


@dataclass(frozen=True, slots=True)
class Tally:
    """How many villages of an area are served how; of `told`, the files of their stations tell households."""

    total: int = 0
    own: int = 0
    measured: int = 0
    estimated: int = 0
    gap: int = 0
    unsure_gaps: int = 0
    told: int = 0
    households: int = 0
    households_near: int = 0

    @property
    def near(self) -> int:
        """Those inside the circle."""
        return self.total - self.gap

    @property
    def percent(self) -> int:
        """The share inside, rounded down: 100 means all."""
        return 100 * self.near // self.total if self.total else 0

    @property
    def shade(self) -> int:
        """From 1, the darkest, to 5."""
        return 1 + sum(self.percent < least for least in SHADES)


@dataclass(frozen=True, slots=True)
class Area:
    """One county, township or village of the table; where its square stands on the map, 0 when nowhere."""

    place: Place
    tally: Tally
    column: int
    row: int


@dataclass(frozen=True, slots=True)
class Served:
    """One line of the list."""

    spot: Spot
    answer: CirclePlace


@dataclass(frozen=True, slots=True)
class Point:
    """One proposed point: where, and which places it closes."""

    rank: int
    spot: Spot
    closes: list[Place]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of rows; `next_cursor` is None at the end."""

    rows: Sequence[Any]
    next_cursor: str | None


def latest() -> CircleRun | None:
    """The last count that is done."""
    return CircleRun.objects.exclude(done_at=None).order_by("-done_at", "-id").first()


def is_waiting(since: datetime) -> bool:
    """Whether a count that was asked for after `since` is still to come."""
    return CircleRun.objects.filter(done_at=None, asked_at__gt=since).exists()


def tops(person: "Person | AnonymousUser") -> list[Place]:
    """The highest places whose figures the person sees."""
    return list(Place.objects.filter(path__in=paths_reached(person, SEE)).order_by("path"))


def tally(run: CircleRun, above: Sequence[Place]) -> Tally:
    """The figures of all villages below these places."""
    found = run.places.filter(within([place.path for place in above], "place__path"))
    return Tally(**found.aggregate(**SUMS))


def areas(run: CircleRun, above: Place) -> list[Area]:
    """The places right below one, each with its figures, in the national order; empty ones go."""
    below = Func(
        F("place__path"),
        Value("/"),
        Value(len(above.ancestor_ids) + 1),
        function="SPLIT_PART",
        output_field=CharField(),
    )
    rows = run.places.filter(within([above.path], "place__path")).annotate(part=below).values("part")
    told = rows.annotate(**SUMS).order_by("part").values_list("part", *SUMS)
    found = {int(part): Tally(*sums) for part, *sums in told if part}
    grid = places.grid()
    return [
        Area(place, found[place.pk], *grid.get(place.code or "", (0, 0)))
        for place in places.children(above)
        if place.pk in found
    ]


def in_reach(person: "Person | AnonymousUser", place_id: int) -> Place | None:
    """A place whose figures the person sees; None for any other."""
    return places_reached(person, SEE).filter(pk=place_id).first()


def served(run: CircleRun, above: Sequence[Place], *, nearness: str = "", after: str = "") -> Page:
    """Villages below these places in the order of the tree, of one kind of nearness or of all."""
    found = run.places.filter(within([place.path for place in above], "place__path"))
    if nearness:
        found = found.filter(nearness=nearness)
    if after:
        found = found.filter(place__path__gt=after[:120])
    rows = list(found.select_related("place", "nearest").order_by("place__path")[: PAGE + 1])
    shown = rows[:PAGE]
    spots = places.spots(row.place for row in shown)
    end = shown[-1].place.path if len(rows) > PAGE else None
    return Page([Served(spot, row) for spot, row in zip(spots, shown, strict=True)], end)


def points(run: CircleRun, above: Sequence[Place], *, after: str = "", most: int = PAGE) -> Page:
    """Proposed points below these places, the one that closes most gaps first."""
    found = run.points.filter(within([place.path for place in above], "place__path"))
    if after.isascii() and after.isdigit() and len(after) < 9:
        found = found.filter(rank__gt=int(after))
    rows = list(found.select_related("place").order_by("rank")[: most + 1])
    shown = rows[:most]
    closed = Place.objects.in_bulk({place_id for row in shown for place_id in row.closes})
    told = [
        Point(row.rank, spot, [closed[place_id] for place_id in row.closes])
        for row, spot in zip(shown, places.spots(row.place for row in shown), strict=True)
    ]
    return Page(told, str(shown[-1].rank) if len(rows) > most else None)


# --- The workbook.


def headers() -> list[str]:
    """The columns of the export."""
    return [
        _("县区"),
        _("乡镇街道"),
        _("村社区"),
        _("服务圈"),
        _("圈内阵地数（含估算）"),
        _("最近的阵地"),
        _("直线距离（米）"),
        _("依据"),
        _("服务户数"),
    ]


def export_rows(person: "Person | AnonymousUser") -> list[list[object]]:
    """Every village in reach, in the order of the tree; empty before the first count."""
    run = latest()
    if run is None:
        return []
    found = _with_names(run.places.filter(within(paths_reached(person, SEE), "place__path")))
    above = {place.pk: place.name for place in Place.objects.exclude(level=Level.VILLAGE).only("id", "name")}
    return [_line(row, above) for row in found]


def _with_names(found: "QuerySet[CirclePlace]") -> "QuerySet[CirclePlace]":
    return found.select_related("place", "nearest").order_by("place__path")


def _line(row: CirclePlace, above: dict[int, str]) -> list[object]:
    _city, county, township = [*row.place.ancestor_ids[:-1], 0, 0, 0][:3]
    return [
        above.get(county, ""),
        above.get(township, ""),
        row.place.name,
        row.get_nearness_display(),
        row.site_count,
        row.nearest.name if row.nearest else "",
        *_distance(row),
        row.household_count,
    ]


def _distance(row: CirclePlace) -> tuple[int | None, str]:
    """Metres to the nearest site, and what they rest on; a site of its own is not measured to."""
    if row.nearness == Nearness.OWN:
        return None, _("按阵地档案")
    if row.is_estimated and row.metres is not None:
        return round(row.metres, -2), _("示意位置估算")
    return row.metres, _("有坐标")
