"""Reading the tree: search, children, trails."""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, Value, When
from django.db.models.functions import Length

from civic.core import words
from civic.places.models import Alias, Change, Level, Place, PlaceQuerySet, within

GRID = Path(__file__).with_name("data") / "tiles_changzhi.csv"
LATIN = re.compile(r"^[a-z0-9]+$")
# Last signs that people leave out or mix up: 府前, 府前村 and 府前社区 are asked for alike.
ENDINGS = ("社区", "街道", "村", "镇", "乡", "县", "区")


@dataclass(frozen=True, slots=True)
class Spot:
    """A place with the names above it, from the county down: 府前社区 in (襄垣县, 古韩镇)."""

    place: Place
    above: tuple[Place, ...]

    @property
    def trail(self) -> str:
        """The names above, joined: 襄垣县 古韩镇."""
        return " ".join(place.name for place in self.above)


def by_id(place_id: int | str | None) -> Place | None:
    """The standing place with this id; None when there is none, or the id is no number."""
    text = str(place_id or "")
    if not (text.isascii() and text.isdigit()) or len(text) > 18:
        return None
    return Place.objects.valid().filter(pk=int(text)).first()


def root() -> Place | None:
    """The city itself; None before the tree is loaded."""
    return Place.objects.filter(level=Level.CITY).order_by("id").first()


def children(place: Place) -> PlaceQuerySet:
    """The standing places right below, in the national order."""
    return Place.objects.valid().filter(parent=place).in_order()


def counties() -> PlaceQuerySet:
    """The standing counties and districts, in the national order."""
    return Place.objects.valid().filter(level=Level.COUNTY).in_order()


def ancestors(place: Place) -> list[Place]:
    """From the city down to the parent; empty for the city."""
    ids = place.ancestor_ids[:-1]
    found = {above.pk: above for above in Place.objects.filter(pk__in=ids)} if ids else {}
    return [found[place_id] for place_id in ids]


def spots(places: Iterable[Place]) -> list[Spot]:
    """Places with their trails, in the given order; one query more, however many they are."""
    places = list(places)
    ids = {above for place in places for above in place.ancestor_ids[:-1]}
    named = {above.pk: above for above in Place.objects.filter(pk__in=ids).exclude(level=Level.CITY)}
    return [
        Spot(place, tuple(named[above] for above in place.ancestor_ids[:-1] if above in named))
        for place in places
    ]


def history(place: Place) -> list[Change]:
    """What happened to a place and to the places merged into it, newest first."""
    return list(
        Change.objects.filter(Q(place=place) | Q(into=place))
        .select_related("place", "into", "by")
        .order_by("-at", "-id")
    )


@cache
def grid() -> dict[str, tuple[int, int]]:
    """Column and row, from 1, of each county in the tile map, by code; some have no square."""
    with GRID.open(encoding="utf-8", newline="") as lines:
        return {row["code"]: (int(row["col"]), int(row["row"])) for row in csv.DictReader(lines)}


# --- Search.


def search(text: str, *, top: Place | None = None, limit: int = 20) -> list[Spot]:
    """Standing places by name, alias, pinyin initials or full path (襄垣县古韩镇府前社区), best first.

    `top` narrows to its subtree. Whole names come before beginnings, beginnings before parts; of equals
    the larger place comes first.
    """
    asked = words.fold(text)[:60]
    if not asked:
        return []
    ground = Place.objects.valid().under(top.path) if top else Place.objects.valid()
    pieces = asked.split(" ")
    for last in reversed(range(len(pieces))):
        ground_here = _below(ground, pieces[:last]) if last else ground
        found = _matching(ground_here, "".join(pieces[last:]), limit)
        if found:
            return spots(found)
    return []


def _below(ground: PlaceQuerySet, names: list[str]) -> PlaceQuerySet:
    """The part of `ground` that lies under places bearing each of these names, or their beginnings."""
    for name in names:
        tops = Place.objects.valid().filter(Q(name__startswith=name) | Q(aliases__name__startswith=name))
        ground = ground.filter(within(tops.order_by("id").values_list("path", flat=True).distinct()[:50]))
    return ground


def _matching(ground: PlaceQuerySet, name: str, limit: int) -> list[Place]:
    """Best matches of one name; a name that holds those of the places above it is taken apart."""
    if LATIN.match(name):
        return list(_ranked(ground.filter(initials__startswith=name), name, limit))
    found = list(_ranked(ground.filter(_named(name)), name, limit))
    if not found:
        found = _by_path(ground, name, limit)
    bare = _bare(name)
    if not found and bare != name:
        found = list(_ranked(ground.filter(_named(bare)), bare, limit))
    if not found and len(name) > 2:
        # 延南街道 for 延安南路街道: the signs in their order, whatever stands between.
        found = list(_ranked(ground.filter(name__regex=".*".join(map(re.escape, name))), name, limit))
    return found


def _named(name: str) -> Q:
    return Q(name__contains=name) | Q(Exists(Alias.objects.filter(place=OuterRef("pk"), name__contains=name)))


def _by_path(ground: PlaceQuerySet, name: str, limit: int) -> list[Place]:
    """襄垣古韩府前: the longest beginning that is a county or township, then the rest below it."""
    tops = Place.objects.valid().exclude(level=Level.VILLAGE).order_by("-level_order", "id")
    known: dict[str, int] = {}
    for top in tops:
        for called in {top.name, _bare(top.name)}:
            if name.startswith(called) and len(called) < len(name):
                known[top.path] = max(len(called), known.get(top.path, 0))
    for path, length in sorted(known.items(), key=lambda pair: (-pair[1], pair[0])):
        found = _matching(ground.filter(within([path])).exclude(path=path), name[length:], limit)
        if found:
            return found
    return []


def _bare(name: str) -> str:
    """Without the last sign of its kind: 襄垣县 → 襄垣; a name of one or two signs stays."""
    for ending in ENDINGS:
        if name.endswith(ending) and len(name) - len(ending) >= 2:
            return name.removesuffix(ending)
    return name


def _ranked(places: PlaceQuerySet, name: str, limit: int) -> PlaceQuerySet:
    alias = Alias.objects.filter(place=OuterRef("pk"), name=name)
    rank = Case(
        When(Q(name=name) | Q(initials=name) | Q(Exists(alias)), then=Value(0)),
        When(Q(name__startswith=name), then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return places.order_by(rank, "level_order", Length("name"), "sort_key", "id")[:limit]
