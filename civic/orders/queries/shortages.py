"""缺人地图: which skill, where and when, has too few people; from the shadow prices of the plan.

Shown to who sees figures or manages teams, within reach.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from civic.access.queries import paths_reached
from civic.access.roles import Permission
from civic.core.web import id_in
from civic.orders.models import Shortage
from civic.orders.queries.cards import minutes
from civic.people.models import Person
from civic.places import queries as places
from civic.places.models import Place, PlaceQuerySet, within
from civic.volunteers.models import Skill

PAGE_ROWS = 30
MOST_ROWS = 5_000
SHADES = 5


@dataclass(frozen=True, slots=True)
class Row:
    """One shortage, with the names of the places above and its price in minutes."""

    shortage: Shortage
    county: str

    @property
    def minutes(self) -> str:
        """What one more pair of hands would save, in minutes."""
        return minutes(self.shortage.price)


@dataclass(frozen=True, slots=True)
class Page:
    """Some shortages, the dearest first, and where the next ones begin (empty at the end)."""

    rows: list[Row]
    next_cursor: str


@dataclass(frozen=True, slots=True)
class Tile:
    """A county on the map: its square on the grid (0 when unknown), and how many hands it lacks."""

    place: Place
    column: int
    row: int
    lacking: int
    shade: int  # 1 is the darkest, where most are lacking


def reach(person: Person) -> list[str]:
    """The subtrees whose shortages the person may see."""
    seen = paths_reached(person, Permission.FIGURES_SEE) + paths_reached(person, Permission.TEAMS_EDIT)
    return sorted(set(seen))


def reached(person: Person, *, place_path: str = "", skill_id: int | None = None) -> Q:
    """The condition of a shortage within reach that passes the filters."""
    found = within(reach(person), "place__path")
    if place_path:
        found &= within([place_path], "place__path")
    return found & Q(skill_id=skill_id) if skill_id else found


def page(person: Person, after: str = "", **sieve: int | str | None) -> Page:
    """One page of the list, the dearest first."""
    found = Shortage.objects.filter(reached(person, **sieve))  # type: ignore[arg-type]
    price, _tilde, key = after.partition("~")
    if id_in(price) is not None and id_in(key) is not None:
        found = found.filter(Q(price__lt=int(price)) | Q(price=int(price), pk__gt=int(key)))
    rows = _named(list(_sorted(found)[: PAGE_ROWS + 1]))
    if len(rows) <= PAGE_ROWS:
        return Page(rows, "")
    last = rows[PAGE_ROWS - 1].shortage
    return Page(rows[:PAGE_ROWS], f"{last.price}~{last.pk}")


def table(person: Person, **sieve: int | str | None) -> list[Row]:
    """The whole list, for a workbook; MOST_ROWS of them at most."""
    found = Shortage.objects.filter(reached(person, **sieve))  # type: ignore[arg-type]
    return _named(list(_sorted(found)[:MOST_ROWS]))


def made_at(person: Person) -> datetime | None:
    """When the list was worked out."""
    latest = Shortage.objects.filter(reached(person)).order_by("-made_at").first()
    return latest.made_at if latest else None


def tiles(person: Person) -> list[Tile]:
    """The counties within reach and below their grid; none for who sees a single one only in part."""
    above = [one for one in places.counties() if one.path.startswith(tuple(reach(person)) or ("-",))]
    if len(above) < 2:
        return []
    lacking = _lacking(above)
    most = max(lacking.values())
    grid = places.grid()
    shade = {pk: SHADES - (SHADES - 1) * count // max(1, most) for pk, count in lacking.items()}
    found = [Tile(one, *grid.get(one.code or "", (0, 0)), lacking[one.pk], shade[one.pk]) for one in above]
    return sorted(found, key=lambda tile: (tile.row == 0, tile.row, tile.column, tile.place.pk))


def _lacking(above: list[Place]) -> dict[int, int]:
    """How many hands each county lacks, in one query."""
    rows = Shortage.objects.filter(within([one.path for one in above], "place__path"))
    sums = rows.order_by().values_list("place__path").annotate(n=Sum("lacking"))
    found = dict.fromkeys((one.pk for one in above), 0)
    for path, count in sums:
        for county in above:
            if path.startswith(county.path):
                found[county.pk] += count
    return found


def places_to_choose(person: Person) -> PlaceQuerySet:
    """What the place filter offers: the person's own places and the level below."""
    tops = Place.objects.filter(path__in=reach(person)).values("pk")
    return Place.objects.valid().filter(Q(pk__in=tops) | Q(parent__in=tops)).in_order()


def skills_lacking(person: Person) -> list[Skill]:
    """The skills that are short somewhere in reach."""
    short = Shortage.objects.filter(reached(person)).order_by().values("skill")
    return list(Skill.objects.filter(pk__in=short).order_by("name", "pk"))


def slot(shortage: Shortage) -> str:
    """When, as a workbook says it: a day and a half of it, or only the half."""
    half = str(shortage.get_wanted_half_display())
    return f"{shortage.wanted_on:%Y-%m-%d} {half}" if shortage.wanted_on else half


def is_old(made: datetime | None, now: datetime) -> bool:
    """Whether the list is of another day than today."""
    return made is not None and timezone.localdate(made) != timezone.localdate(now)


def _sorted(found: QuerySet[Shortage]) -> QuerySet[Shortage]:
    return found.select_related("skill", "place__parent").order_by("-price", "pk")


def _named(rows: list[Shortage]) -> list[Row]:
    """Each with the county above its place."""
    names = {one.path: one.name for one in places.counties()}
    return [Row(one, names.get("".join(f"{p}/" for p in one.place.path.split("/")[:2]), "")) for one in rows]
