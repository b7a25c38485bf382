"""Rows as the engine's values: which orders wait, who could help, how offers were answered so far."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from civic.matching.policy import Acceptance, Answer
from civic.orders.matching.parts import HALVES, TEAM, VENUE, VOLUNTEER, Helper, Need, Slot, group
from civic.orders.models import Claim, Dispatch, Order, Ruling
from civic.orders.models.matching import RulingKind
from civic.orders.models.menu import DispatchMode
from civic.orders.models.order import Where
from civic.orders.states import STANDING, DispatchState, OrderState
from civic.places.positions import Point, positions
from civic.venues.models import Venue
from civic.volunteers.models import Team, Volunteer

D = DispatchState
WAITING = (OrderState.SCREENED, OrderState.DISPATCHED)
IN_VAIN = (D.DECLINED, D.LAPSED)
YES = (D.ACCEPTED, D.DONE)
REMEMBERED = timedelta(days=180)
WITHIN, AT_LEAST = timedelta(days=7), timedelta(days=1)  # how soon an order without a day should be done
KINDS = {TEAM: "team_id", VENUE: "venue_id", VOLUNTEER: "volunteer_id"}


@dataclass(frozen=True, slots=True)
class Waiting:
    """An order that waits for somebody, with what the engine need not know to plan it."""

    need: Need
    state: str
    mode: str
    placed_at: datetime
    standing: tuple[str, ...]  # targets that have been asked and may still answer
    is_refused: bool  # somebody was asked in vain


class Points(dict[int, Point]):
    """Where places lie; one that is newer than the rest is asked for when it is first met."""

    def __missing__(self, place_id: int) -> Point:
        self.update(positions([place_id]))
        return dict.__getitem__(self, place_id)


def points() -> Points:
    """Where every place lies; read once a day by the worker."""
    return Points(positions())


def target_of(dispatch: Mapping[str, Any]) -> str:
    """``team:7`` of a row with the three keys of a dispatch."""
    kind, key = next((kind, dispatch[column]) for kind, column in KINDS.items() if dispatch[column])
    return f"{kind}:{key}"


def among(targets: Iterable[str], prefix: str = "") -> Q:
    """Rows whose team, site or volunteer is one of `targets`."""
    keys = defaultdict(list)
    for target in targets:
        kind, _, number = target.partition(":")
        keys[kind].append(int(number))
    found = Q(pk__in=[])
    for kind, numbers in keys.items():
        found |= Q(**{f"{prefix}{KINDS[kind]}__in": numbers})
    return found


# --- What waits.


def waiting(where: Points, order_ids: Iterable[int] | None = None) -> dict[int, Waiting]:
    """Orders that wait for somebody and that the engine may think of; of `order_ids`, or all."""
    orders = Order.objects.filter(state__in=WAITING, item__isnull=False)
    orders = orders.exclude(item__category__dispatch_mode=DispatchMode.OFF)
    if order_ids is not None:
        orders = orders.filter(pk__in=list(order_ids))
    rows = list(
        orders.order_by("pk").values(
            "pk", "state", "place_id", "place__path", "where", "venue__place_id", "item_id", "item__skill_id",
            "item__category_id", "item__category__dispatch_mode", "wanted_on", "wanted_half", "is_urgent",
            "resident_id", "placed_at", "rework_count",
        )
    )  # fmt: skip
    keys = [row["pk"] for row in rows]
    asked, pins, barred = _asked(keys), *_ruled(keys)
    return {
        row["pk"]: Waiting(
            need=_need(row, where, barred[row["pk"]] | asked[row["pk"]][1], pins.get(row["pk"], "")),
            state=row["state"],
            mode=row["item__category__dispatch_mode"],
            placed_at=row["placed_at"],
            standing=tuple(asked[row["pk"]][0]),
            is_refused=bool(asked[row["pk"]][1]),
        )
        for row in rows
    }


def _need(row: Mapping[str, Any], where: Points, barred: set[str], pin: str) -> Need:
    site = row["venue__place_id"] if row["where"] == Where.SITE else None
    at = where[site or row["place_id"]]
    path = row["place__path"].split("/")[:-1]
    return Need(
        id=row["pk"],
        county=county_of(row["place__path"]),
        township=int(path[min(2, len(path) - 1)]),
        x_km=at.x_km,
        y_km=at.y_km,
        is_estimated=at.is_estimated,
        item_id=row["item_id"],
        skill_id=row["item__skill_id"],
        category_id=row["item__category_id"],
        on=row["wanted_on"],
        half=row["wanted_half"],
        is_pressing=row["is_urgent"] or row["rework_count"] > 0,
        resident_id=row["resident_id"],
        barred=frozenset(barred - {pin}),
        pin=pin,
    )


def county_of(path: str) -> str:
    """The first two places of a path."""
    return "".join(f"{part}/" for part in path.split("/")[:-1][:2])


def _asked(order_ids: list[int]) -> dict[int, tuple[list[str], set[str]]]:
    """Order → who is asked now, the latest first; and who was asked in vain."""
    found: dict[int, tuple[list[str], set[str]]] = {key: ([], set()) for key in order_ids}
    rows = Dispatch.objects.filter(order__in=order_ids, state__in=(D.OFFERED, *IN_VAIN))
    for row in rows.order_by("-pk").values("order_id", "state", *KINDS.values()):
        standing, in_vain = found[row["order_id"]]
        if row["state"] == D.OFFERED:
            standing.append(target_of(row))
        else:
            in_vain.add(target_of(row))
    return found


def _ruled(order_ids: list[int]) -> tuple[dict[int, str], dict[int, set[str]]]:
    """Order → the pinned target; and order → the forbidden ones."""
    pins: dict[int, str] = {}
    barred: dict[int, set[str]] = defaultdict(set)
    rows = Ruling.objects.filter(order__in=order_ids, lifted_at=None).order_by("pk")
    for order_id, kind, target in rows.values_list("order_id", "kind", "target"):
        if kind == RulingKind.PIN:
            pins[order_id] = target
        else:
            barred[order_id].add(target)
    return pins, barred


def targets_touching(order_ids: Iterable[int]) -> set[str]:
    """Everybody who was ever handed one of the orders: what they have in hand may have changed."""
    rows = Dispatch.objects.filter(order__in=list(order_ids)).order_by().values(*KINDS.values())
    return {target_of(row) for row in rows.distinct()}


# --- Who could help.


def helpers(where: Points, now: datetime, targets: Iterable[str] | None = None) -> dict[str, Helper]:
    """Teams, sites and volunteers that let themselves be proposed; of `targets`, or all."""
    wanted = None if targets is None else list(targets)
    in_hand, busy, asked = _loads(wanted)
    month = _this_month(now, wanted)
    rows = [*_teams(wanted), *_venues(wanted), *_volunteers(wanted)]
    found = {}
    for row in rows:
        at, target = where[row.pop("place_id")], row["target"]
        found[target] = Helper(
            county=county_of(row.pop("path")),
            x_km=at.x_km,
            y_km=at.y_km,
            is_estimated=at.is_estimated,
            in_hand=in_hand[target],
            this_month=month[target],
            busy=frozenset(busy[target]),
            is_asked=target in asked and target.startswith(VOLUNTEER),
            **row,
        )
    return found


def _of(rows: "QuerySet[Any]", kind: str, targets: list[str] | None) -> "QuerySet[Any]":
    if targets is None:
        return rows
    keys = [int(one.partition(":")[2]) for one in targets if one.startswith(f"{kind}:")]
    return rows.filter(pk__in=keys)


def _teams(targets: list[str] | None) -> list[dict[str, Any]]:
    rows = list(
        _of(Team.objects.filter(closed_on=None, matching=True), TEAM, targets)
        .order_by("pk")
        .values("pk", "name", "place_id", "place__path", "is_mobile")
    )
    skills = _many(
        Team.skills.through.objects.filter(team__in=[row["pk"] for row in rows]), "team_id", "skill_id"
    )
    return [
        {
            "target": f"{TEAM}:{row['pk']}",
            "name": row["name"],
            "place_id": row["place_id"],
            "path": row["place__path"],
            "is_mobile": row["is_mobile"],
            "skill_ids": skills[row["pk"]],
        }
        for row in rows
    ]


def _venues(targets: list[str] | None) -> list[dict[str, Any]]:
    claims = Claim.objects.filter(dropped_at=None, item__withdrawn_on=None)
    rows = _of(Venue.objects.open().filter(pk__in=claims.values("venue")), VENUE, targets)
    found = list(rows.order_by("pk").values("pk", "name", "place_id", "place__path"))
    items = _many(claims.filter(venue__in=[row["pk"] for row in found]), "venue_id", "item_id")
    return [
        {
            "target": f"{VENUE}:{row['pk']}",
            "name": row["name"],
            "place_id": row["place_id"],
            "path": row["place__path"],
            "item_ids": items[row["pk"]],
        }
        for row in found
    ]


def _volunteers(targets: list[str] | None) -> list[dict[str, Any]]:
    rows = _of(
        Volunteer.objects.filter(matching=True, left_at=None, person__is_active=True), VOLUNTEER, targets
    )
    found = list(rows.order_by("pk").values("pk", "person__name", "person_id", "home_id", "home__path"))
    through = Volunteer.skills.through.objects.filter(volunteer__in=[row["pk"] for row in found])
    skills = _many(through, "volunteer_id", "skill_id")
    return [
        {
            "target": f"{VOLUNTEER}:{row['pk']}",
            "name": row["person__name"],
            "place_id": row["home_id"],
            "path": row["home__path"],
            "person_id": row["person_id"],
            "skill_ids": skills[row["pk"]],
        }
        for row in found
        if skills[row["pk"]]
    ]


def _many(rows: "QuerySet[Any]", one: str, other: str) -> dict[int, frozenset[int]]:
    found = defaultdict(set)
    for key, value in rows.order_by().values_list(one, other):
        found[key].add(value)
    return defaultdict(frozenset, {key: frozenset(values) for key, values in found.items()})


def _loads(targets: list[str] | None) -> tuple[dict[str, int], dict[str, set[Slot]], set[str]]:
    """Target → orders in hand; target → half-days given away; who is asked and has not answered."""
    in_hand: dict[str, int] = defaultdict(int)
    busy: dict[str, set[Slot]] = defaultdict(set)
    asked = set()
    rows = Dispatch.objects.filter(state__in=STANDING)
    if targets is not None:
        rows = rows.filter(among(targets))
    fields = ("state", "order__wanted_on", "order__wanted_half", "order__starts_at", *KINDS.values())
    for row in rows.order_by("pk").values(*fields):
        target = target_of(row)
        in_hand[target] += 1
        busy[target] |= _slots_of(row)
        if row["state"] == D.OFFERED:
            asked.add(target)
    return in_hand, busy, asked


def _slots_of(row: dict[str, Any]) -> set[Slot]:
    """The half-days that an order in hand takes: the one agreed on, else the one wished for."""
    if row["order__starts_at"] is not None:
        local = timezone.localtime(row["order__starts_at"])
        return {Slot(local.date(), HALVES[0 if local.hour < 12 else 1 if local.hour < 18 else 2])}
    on, half = row["order__wanted_on"], row["order__wanted_half"]
    return {Slot(on, half)} if on is not None and half in HALVES else set()


def _this_month(now: datetime, targets: list[str] | None) -> dict[str, int]:
    """Target → orders taken on since the first of the month."""
    first = timezone.localdate(now).replace(day=1)
    since = datetime.combine(first, time.min, timezone.get_current_timezone())
    rows = Dispatch.objects.filter(state__in=YES, answered_at__gte=since)
    if targets is not None:
        rows = rows.filter(among(targets))
    counted = rows.order_by().values(*KINDS.values()).annotate(n=Count("pk"))
    return defaultdict(int, {target_of(row): row["n"] for row in counted})


def invited(targets: Iterable[str], *, since: datetime) -> dict[str, tuple[int, int]]:
    """``volunteer:7`` → invitations that wait for an answer, and those the engine sent since then."""
    volunteers = [one for one in targets if one.startswith(VOLUNTEER)]
    rows = Dispatch.objects.filter(among(volunteers)).order_by().values("volunteer")
    counted = rows.annotate(
        waits=Count("pk", filter=Q(state=D.OFFERED)),
        sent=Count("pk", filter=Q(is_auto=True, dispatched_at__gt=since)),
    )
    return {f"{VOLUNTEER}:{row['volunteer']}": (row["waits"], row["sent"]) for row in counted}


# --- How offers were answered.


def rates(where: Points, now: datetime) -> Acceptance:
    """Chances of a yes, from the answers of half a year up to last midnight.

    Nothing of today counts, so an answer changes no order's costs before tomorrow, and then only as one of
    its group.
    """
    local = timezone.localdate(now)
    midnight = datetime.combine(local, time.min, timezone.get_current_timezone())
    closed = Q(answered_at__lt=midnight) | Q(state=D.LAPSED, answer_by__lt=midnight)
    rows = (
        Dispatch.objects.filter(closed, dispatched_at__gte=midnight - REMEMBERED, order__item__isnull=False)
        .filter(state__in=(*YES, *IN_VAIN))
        .annotate(at_place=F("order__place_id"), category=F("order__item__category_id"))
        .annotate(home=F("volunteer__home_id"), team_place=F("team__place_id"), site=F("venue__place_id"))
        .order_by("pk")
    )
    fields = ("state", "at_place", "category", "home", "team_place", "site", *KINDS.values())
    return Acceptance.fit(_answer(row, where) for row in rows.values(*fields, half=F("order__wanted_half")))


def _answer(row: dict[str, Any], where: Points) -> Answer:
    target = target_of(row)
    there, here = where[row["at_place"]], where[row["home"] or row["team_place"] or row["site"]]
    asked = (target.partition(":")[0], row["category"])
    return Answer(target, group(asked, there.km_to(here), row["half"]), row["state"] in YES)
