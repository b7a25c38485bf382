"""Reach: what a person's grants let her see and do. Empty without a grant."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.access.defaults import DEFAULTS
from civic.access.models import CalendarDay, Grant, Setting
from civic.access.roles import SHEETS, Permission, roles_with
from civic.core.rows import Reading
from civic.people.queries import Chapter, by_phone
from civic.people.queries import by_id as person_by_id
from civic.places.models import Place, PlaceQuerySet, within

if TYPE_CHECKING:
    from civic.people.models import Person

SETTINGS_KEY = "access.settings"
CALENDAR_KEY = "access.calendar"
PAGE_SIZE = 50


@lru_cache(maxsize=64)
def _roles(permission: str) -> frozenset[str]:
    return frozenset(roles_with(permission))


_grants = Reading(lambda: Grant.objects.standing().filter(person_id=0).select_related("place").order_by("id"))


def grants_of(person: "Person | AnonymousUser") -> list[Grant]:
    """Standing grants with their places, read once per person object (one request, one query)."""
    if not person.is_authenticated or not person.is_active:
        return []
    kept = getattr(person, "_grants", None)
    if kept is None:
        kept = _grants.all(person.pk)
        person._grants = kept  # type: ignore[attr-defined]
    return cast("list[Grant]", kept)


def paths_reached(person: "Person | AnonymousUser", permission: str) -> list[str]:
    """The tops of the subtrees where the person holds `permission`."""
    allowed = _roles(permission)
    return sorted({grant.place.path for grant in grants_of(person) if grant.role in allowed})


def places_reached(person: "Person | AnonymousUser", permission: str) -> PlaceQuerySet:
    """Every place where the person holds `permission`; none without a grant."""
    return Place.objects.filter(within(paths_reached(person, permission)))


def reaches(person: "Person | AnonymousUser", permission: str, path: str) -> bool:
    """Whether the person holds `permission` over the place at `path`."""
    return any(path.startswith(top) for top in paths_reached(person, permission))


def holds(person: "Person | AnonymousUser", permission: str = "") -> bool:
    """Whether the person holds `permission` anywhere; any role at all when it is empty."""
    grants = grants_of(person)
    if not permission:
        return bool(grants)
    return any(grant.role in _roles(permission) for grant in grants)


def permissions_of(person: "Person | AnonymousUser") -> set[str]:
    """Everything the person may do somewhere; for menus."""
    return {permission for grant in grants_of(person) for permission in SHEETS[grant.role].permissions}


def setting(key: str) -> Any:
    """The city's value for `key`, or the default of the code. Kept ten seconds per process."""
    kept: dict[str, Any] | None = cache.get(SETTINGS_KEY)
    if kept is None:
        kept = dict(Setting.objects.values_list("key", "value"))
        cache.set(SETTINGS_KEY, kept, 10)
    return kept[key] if key in kept else DEFAULTS[key]


def days_off() -> dict[date, bool]:
    """Days that the city's calendar sets by hand: day → whether it is a working day. Kept a minute."""
    kept: dict[date, bool] | None = cache.get(CALENDAR_KEY)
    if kept is None:
        kept = dict(CalendarDay.objects.values_list("on", "is_working"))
        cache.set(CALENDAR_KEY, kept, 60)
    return kept


def city() -> dict[str, Any]:
    """Name, phone and filing numbers of the city, as the frame of every page shows them."""
    named = {key.removeprefix("city."): setting(key) for key in DEFAULTS if key.startswith("city.")}
    return {**named, "order_steps": setting("orders.steps")}


def chapter_of(person: "Person") -> Chapter | None:
    """Every role a person has or had, as a chapter of her own data; None for a resident."""
    rows = [
        {
            _("角色"): str(grant.get_role_display()),
            _("范围"): grant.place.full_name,
            _("授予时间"): f"{timezone.localtime(grant.granted_at):%Y-%m-%d %H:%M}",
            _("收回时间"): f"{timezone.localtime(grant.revoked_at):%Y-%m-%d %H:%M}"
            if grant.revoked_at
            else "",
        }
        for grant in Grant.objects.filter(person=person).select_related("place").order_by("id")
    ]
    return Chapter("grants", _("角色"), rows) if rows else None


@dataclass(frozen=True, slots=True)
class Page:
    """Some grants, and where the next ones begin (None at the end)."""

    rows: list[Grant]
    next_cursor: int | None


def accounts(
    by: "Person", *, text: str = "", role: str = "", top: Place | None = None, after: int | None = None
) -> Page:
    """Standing grants within reach of whoever may grant, newest first: by phone or name, role and subtree."""
    found = Grant.objects.standing().filter(within(paths_reached(by, Permission.GRANTS_EDIT), "place__path"))
    if text:
        person = by_phone(text)
        found = found.filter(person=person) if person else found.filter(person__name__contains=text[:40])
    if role:
        found = found.filter(role=role)
    if top is not None:
        found = found.filter(within([top.path], "place__path"))
    if after is not None:
        found = found.filter(pk__lt=after)
    rows = list(found.select_related("person", "place").order_by("-id")[: PAGE_SIZE + 1])
    return Page(rows[:PAGE_SIZE], rows[PAGE_SIZE - 1].pk if len(rows) > PAGE_SIZE else None)


def account(by: "Person", person_id: int) -> tuple["Person", list[Grant]] | None:
    """A person with every grant she has or had; None when one that stands is out of reach of `by`.

    Somebody without a role can be opened by whoever may grant anywhere: that is how she gets one.
    """
    rows = list(
        Grant.objects.filter(person_id=person_id).select_related("place", "granted_by").order_by("-id")
    )
    tops = paths_reached(by, Permission.GRANTS_EDIT)
    standing = [row for row in rows if row.revoked_at is None]
    if not tops or not all(row.place.path.startswith(tuple(tops)) for row in standing):
        return None
    person = person_by_id(person_id)
    return (person, rows) if person is not None and person.left_at is None else None


def calendar(year: int) -> list[CalendarDay]:
    """The days that the city set by hand in a year."""
    return list(CalendarDay.objects.filter(on__year=year).order_by("on"))
