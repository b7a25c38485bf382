"""Everything that changes the tree. Who may is asked above, in `venues`: a place knows nothing of roles.

Changes of shape take the row of the city first, so that two of them never run at once.
"""

import csv
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import Case, Value, When
from django.db.models.functions import Concat, Substr
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.core import words
from civic.core.errors import Refused
from civic.journal import services as journal
from civic.places.models import Alias, Change, ChangeKind, Kind, Level, Place, within

if TYPE_CHECKING:
    from civic.people.models import Person

DATA = Path(__file__).with_name("data")
DIVISIONS = DATA / "places_changzhi.csv"
ALIASES = DATA / "aliases_changzhi.csv"
LOADED = "按区划代码表建立"  # stored words, in the city's language

LONGEST_NAME = 60
VERBS: dict[str, str] = {
    ChangeKind.ADDED: "add",
    ChangeKind.RENAMED: "rename",
    ChangeKind.MERGED: "merge",
    ChangeKind.CLOSED: "close",
}
ORDER = {level: number for number, level in enumerate(Level)}
# Kinds that a place of each level may be.
KINDS_OF = {
    Level.CITY: (Kind.PREFECTURE_CITY,),
    Level.COUNTY: (Kind.DISTRICT, Kind.COUNTY, Kind.COUNTY_CITY),
    Level.TOWNSHIP: (Kind.SUBDISTRICT, Kind.TOWN, Kind.RURAL_TOWNSHIP, Kind.QUASI_TOWNSHIP),
    Level.VILLAGE: (
        Kind.RESIDENTS_COMMITTEE,
        Kind.VILLAGERS_COMMITTEE,
        Kind.QUASI_RESIDENTS,
        Kind.QUASI_VILLAGERS,
        Kind.VIRTUAL,
    ),
}


# --- The first load.


@transaction.atomic
def load_divisions(
    *, at: datetime, by: "Person | None" = None, file: Path = DIVISIONS, aliases: Path = ALIASES
) -> int:
    """Fill the tree from a list of divisions; returns how many places are new.

    A place whose code is known stays as it is, whatever the list says: the city edits its own tree, and
    the load may be repeated. Parents stand before their children in the list.
    """
    known = {str(code): path for code, path in Place.objects.exclude(code=None).values_list("code", "path")}
    with file.open(encoding="utf-8", newline="") as lines:
        fresh = [row for row in csv.DictReader(lines) if row["code"] not in known]
    places = _built(fresh, known)
    Place.objects.bulk_create(places, batch_size=1000)
    Change.objects.bulk_create(
        [_change(place, ChangeKind.ADDED, at=at, by=by, after=place.name, reason=LOADED) for place in places],
        batch_size=1000,
    )
    _load_aliases(aliases)
    if places:
        journal.write(at=at, by=by, what="places.load", place_count=len(places), file=file.name)
    return len(places)


def _built(rows: list[dict[str, str]], paths: dict[str, str]) -> list[Place]:
    """New places with their ids and paths; `paths` by code grows along."""
    built = []
    for row, place_id in zip(rows, _ids(len(rows)), strict=True):
        above = row["parent_code"]
        path = f"{paths[above] if above else ''}{place_id}/"
        paths[row["code"]] = path
        built.append(
            Place(
                id=place_id,
                code=row["code"],
                name=row["name"],
                full_name=row["full_name"],
                level=row["level"],
                level_order=ORDER[Level(row["level"])],
                kind=row["kind"],
                parent_id=int(path.split("/")[-3]) if above else None,
                path=path,
                lon=row["lon"] or None,
                lat=row["lat"] or None,
                precision=row["coord_precision"],
                **_sorting(row["name"]),
            )
        )
    return built


def _ids(count: int) -> list[int]:
    """Ids for places that are not there yet: a path holds the id of its own place."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('places_place', 'id')) FROM generate_series(1, %s)",
            [count],
        )
        return [row[0] for row in cursor.fetchall()]


def _sorting(name: str) -> dict[str, str]:
    return {"sort_key": words.sort_key(name)[:200], "initials": words.initials(name)[:40]}


def _load_aliases(file: Path) -> None:
    with file.open(encoding="utf-8", newline="") as lines:
        wanted = {row["code"]: row["alias"] for row in csv.DictReader(lines)}
    places = Place.objects.filter(code__in=wanted).order_by("id")
    Alias.objects.bulk_create(
        [Alias(place=place, name=wanted[str(place.code)]) for place in places], ignore_conflicts=True
    )


# --- Edits.


@transaction.atomic
def add(
    *, parent_id: int, name: str, kind: str, reason: str, by: "Person", at: datetime, code: str = ""
) -> Place:
    """A new place below `parent_id`, one level down; its code is optional.

    Raises Refused when the parent is closed or a village, or when the name or the code is taken.
    """
    parent = _locked(parent_id)
    _demand_standing(parent)
    level = _level_below(parent)
    if kind not in KINDS_OF[level]:
        raise Refused(
            _("「{kind}」不能设在「{parent}」下面。").format(kind=Kind(kind).label, parent=parent.name)
        )
    name = _fresh_name(name, siblings_of=parent)
    _demand_free_code(code)
    place_id = _ids(1)[0]
    place = Place.objects.create(
        id=place_id,
        code=code or None,
        name=name,
        full_name=name,
        level=level,
        level_order=ORDER[level],
        kind=kind,
        parent=parent,
        path=f"{parent.path}{place_id}/",
        valid_from=timezone.localdate(at),
        **_sorting(name),
    )
    _record(place, ChangeKind.ADDED, at=at, by=by, after=name, reason=reason)
    return place


@transaction.atomic
def rename(*, place_id: int, name: str, reason: str, by: "Person", at: datetime) -> Place:
    """Give a place a new name; the old one stays findable as an alias. Raises Refused like `add`."""
    place = _locked(place_id)
    _demand_standing(place)
    before = place.name
    place.name = place.full_name = _fresh_name(name, siblings_of=place.parent)
    for field, value in _sorting(place.name).items():
        setattr(place, field, value)
    place.save(update_fields=["name", "full_name", "sort_key", "initials"])
    Alias.objects.get_or_create(place=place, name=before)
    _record(place, ChangeKind.RENAMED, at=at, by=by, before=before, after=place.name, reason=reason)
    return place


@transaction.atomic
def merge(*, place_id: int, into_id: int, reason: str, by: "Person", at: datetime) -> Place:
    """Close a place into another of its level, with all it holds.

    Its children move under the other one. The place itself stays, closed, below its successor: orders,
    grants and venues that still point at it are reached and counted there, and no row is rewritten but
    places. Its name becomes an alias of the successor. Raises Refused when the two differ in level, when
    one lies in the other, or when children would bear one name twice.
    """
    place, into = _locked(place_id), _locked(into_id)
    _demand_standing(place)
    _demand_standing(into)
    if place.level != into.level or place == into or place.level == Level.CITY:
        raise Refused(_("只能并入同一级的另一个地方。"))
    _demand_no_twins(place, into)
    _close_row(place, at=at, merged_into=into)
    Place.objects.filter(parent=place).update(parent=into)
    _graft(place, into)
    names = [place.name, *place.aliases.order_by("id").values_list("name", flat=True)]
    Alias.objects.bulk_create([Alias(place=into, name=name) for name in names], ignore_conflicts=True)
    _record(
        place, ChangeKind.MERGED, at=at, by=by, before=place.name, after=into.name, reason=reason, into=into
    )
    place.refresh_from_db()
    return place


@transaction.atomic
def close(*, place_id: int, reason: str, by: "Person", at: datetime) -> Place:
    """Close a place that is no more. Raises Refused while it still holds others, or when it is the city."""
    place = _locked(place_id)
    _demand_standing(place)
    if place.level == Level.CITY:
        raise Refused(_("不能撤销整个城市。"))
    below = Place.objects.valid().filter(parent=place).count()
    if below:
        raise Refused(
            _("「{place}」下面还有 {count} 个地方，请先并入别处或撤销。").format(
                place=place.name, count=below
            )
        )
    _close_row(place, at=at)
    _record(place, ChangeKind.CLOSED, at=at, by=by, before=place.name, reason=reason)
    return place


@transaction.atomic
def add_alias(*, place_id: int, name: str, by: "Person", at: datetime) -> Alias:
    """Another name that people use for a place. Raises Refused when it is empty or already there."""
    place = Place.objects.select_for_update(of=("self",), no_key=True).get(pk=place_id)
    name = _clean(name)
    if name == place.name or Alias.objects.filter(place=place, name=name).exists():
        raise Refused(_("「{place}」已经有这个名字了。").format(place=place.name))
    alias = Alias.objects.create(place=place, name=name)
    journal.write(at=at, by=by, what="places.add_alias", about=place, place_path=place.path, name=name)
    return alias


@transaction.atomic
def remove_alias(*, alias_id: int, by: "Person", at: datetime) -> Place:
    """Forget another name of a place."""
    alias = Alias.objects.select_related("place").select_for_update(of=("self",)).get(pk=alias_id)
    place, name = alias.place, alias.name
    alias.delete()
    journal.write(at=at, by=by, what="places.remove_alias", about=place, place_path=place.path, name=name)
    return place


# --- Their parts.


def _locked(place_id: int) -> Place:
    """The place, read after the row of the city is taken: changes of shape come one after another."""
    list(Place.objects.select_for_update(of=("self",), no_key=True).filter(parent=None).order_by("id"))
    return Place.objects.select_related("parent").get(pk=place_id)


def _level_below(parent: Place) -> Level:
    number = parent.level_order + 1
    if number >= len(ORDER):
        raise Refused(_("村社区下面不能再设区划。"))
    return list(Level)[number]


def _clean(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise Refused(_("请填写名称，最多 60 个字。"))
    return name


def _fresh_name(name: str, *, siblings_of: Place | None) -> str:
    """A clean name that no standing sister bears."""
    name = _clean(name)
    if Place.objects.valid().filter(parent=siblings_of, name=name).exists():
        raise Refused(_("同级已经有「{name}」了。").format(name=name))
    return name


def _demand_standing(place: Place) -> None:
    if place.valid_to is not None:
        raise Refused(_("「{place}」已经并入别处或撤销。").format(place=place.name))


def _demand_free_code(code: str) -> None:
    if not code:
        return
    if len(code) != 12 or not (code.isascii() and code.isdigit()):
        raise Refused(_("区划代码是 12 位数字，没有可以不填。"))
    holder = Place.objects.filter(code=code).first()
    if holder is not None:
        raise Refused(_("代码 {code} 已经给了「{place}」。").format(code=code, place=holder.name))


def _demand_no_twins(place: Place, into: Place) -> None:
    mine = Place.objects.valid().filter(parent=place).values("name")
    twins = Place.objects.valid().filter(parent=into, name__in=mine).order_by("sort_key", "id")
    names = "、".join(twins.values_list("name", flat=True)[:5])
    if names:
        raise Refused(_("两边都有「{names}」，请先把重名的改名或合并。").format(names=names))


def _close_row(place: Place, *, at: datetime, merged_into: Place | None = None) -> None:
    place.valid_to = timezone.localdate(at)
    place.merged_into = merged_into
    place.save(update_fields=["valid_to", "merged_into"])


def _graft(place: Place, into: Place) -> None:
    """Rewrite the paths of a merged place and of all below it, in one statement."""
    moved = Case(When(pk=place.pk, then=Value(f"{place.pk}/")), default=Substr("path", len(place.path) + 1))
    Place.objects.filter(within([place.path])).update(path=Concat(Value(into.path), moved))
    Place.objects.filter(pk=place.pk).update(parent=into)


def _change(place: Place, kind: str, *, at: datetime, by: "Person | None", **told: object) -> Change:
    return Change(place=place, kind=kind, on=timezone.localdate(at), at=at, by=by, **told)


def _record(place: Place, kind: str, *, at: datetime, by: "Person", reason: str, **told: object) -> None:
    """The line of the history and the line of the journal."""
    _change(place, kind, at=at, by=by, reason=reason, **told).save()
    what = f"places.{VERBS[kind]}"
    journal.write(at=at, by=by, what=what, about=place, place_path=place.path, reason=reason)
