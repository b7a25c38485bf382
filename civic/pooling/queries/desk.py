"""What the dispatcher reads: rounds, what they gathered, what could still be put in, the menu made of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from civic.access.queries import paths_reached
from civic.access.roles import Permission
from civic.fairs.models import StallSession
from civic.matching.tours_model import Move, places_for
from civic.orders.models import Order
from civic.orders.states import OrderState
from civic.people.models import Person
from civic.places.models import Level, Place, within
from civic.pooling.models import Contribution, How, Kind, Need, Pool, Stop, Tour
from civic.pooling.queries.day import Day, is_open
from civic.pooling.states import ContributionState, StopState
from civic.volunteers.models import Team

LIST = 60
MOST_PLACES = 12
DISPATCH = Permission.ORDERS_DISPATCH


def pools_reached(person: Person) -> list[Pool]:
    """Rounds of the person's places, the latest day first, with how much each gathered."""
    reached = Pool.objects.filter(within(paths_reached(person, DISPATCH), "place__path"))
    counted = reached.select_related("place").annotate(
        need_count=Count("needs", distinct=True), tour_count=Count("tours", distinct=True)
    )
    return list(counted.order_by("-on", "-id")[:LIST])


def pool_at_desk(person: Person, pool_id: int) -> Pool | None:
    """A round of a place where the person dispatches; None for any other."""
    reached = Pool.objects.filter(within(paths_reached(person, DISPATCH), "place__path"))
    return reached.select_related("place", "created_by", "published_by").filter(pk=pool_id).first()


def places_for_pools(person: Person) -> list[Place]:
    """Where the person may open a round: her counties and their townships."""
    reached = within(paths_reached(person, DISPATCH))
    return list(Place.objects.valid().filter(reached).exclude(level=Level.VILLAGE).in_order())


def orders_to_pool(pool: Pool) -> list[Order]:
    """Orders of the area that wait to be handed out and suit the round: for any day, or for that very day."""
    pooled = Need.objects.filter(order=OuterRef("pk"), released_at=None)
    found = Order.objects.filter(
        within([pool.place.path], "place__path"), ~Exists(pooled), state=OrderState.SCREENED
    ).filter(Q(wanted_on=None) | Q(wanted_on=pool.on))
    return list(found.select_related("place__parent", "item").order_by("due_at", "id")[:LIST])


def at_a_fair(team_id: int | OuterRef, pool: Pool) -> QuerySet[StallSession]:
    """Stalls of a team at a fair on the round's day."""
    first = datetime.combine(pool.on, time.min, timezone.get_current_timezone())
    day = (first, first + timedelta(days=1))
    return StallSession.objects.filter(team=team_id, left_at=None, span__overlap=day)


def mobile_teams(pool: Pool) -> list[Team]:
    """Mobile teams with neither a road nor a stall on that day, the round's own first."""
    busy = Tour.objects.filter(team=OuterRef("pk"), on=pool.on, is_off=False).exclude(state="handed_back")
    standing = at_a_fair(OuterRef("pk"), pool)
    found = Team.objects.filter(~Exists(busy), ~Exists(standing), is_mobile=True, closed_on=None)
    found = found.select_related("place")
    near = pool.place.path.split("/")[:2]
    return sorted(found.order_by("name", "id"), key=lambda team: team.place.path.split("/")[:2] != near)


def depots(pool: Pool) -> list[Place]:
    """Where a team may start: the round's place and the places right below it."""
    below = Place.objects.valid().filter(parent=pool.place).in_order()
    return [pool.place, *below]


def contributions(pool: Pool) -> list[Contribution]:
    """What was put in, by kind, the newest last."""
    found = Contribution.objects.filter(pool=pool).select_related(
        "venue", "team", "skill", "tour__team", "offered_by"
    )
    order = list(Kind.values)
    return sorted(found.order_by("id"), key=lambda given: order.index(given.kind))


@dataclass(frozen=True, slots=True)
class Menu:
    """What the round brings to the villages: services of the teams and talents, ideas, material."""

    services: list[str]
    ideas: list[Contribution]
    materials: list[Contribution]

    @property
    def is_empty(self) -> bool:
        """Nothing at all yet."""
        return not (self.services or self.ideas or self.materials)


def menu(tours: Sequence[Tour], given: Sequence[Contribution]) -> Menu:
    """The menu built of what was put in and taken; no query if the teams came with their skills."""
    taken = [one for one in given if one.state == ContributionState.TAKEN]
    skills = {skill.name for tour in tours for skill in tour.team.skills.all()}
    skills |= {one.skill.name if one.skill else one.words for one in taken if one.kind == Kind.TALENT}
    return Menu(
        sorted(skills),
        [one for one in taken if one.kind == Kind.IDEA],
        [one for one in taken if one.kind == Kind.MATERIAL],
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One stop of a tour on the desk: the stop, its need, and whether its order went another way."""

    stop: Stop
    need: Need
    has_moved_on: bool


@dataclass(frozen=True, slots=True)
class Board:
    """The editor: each tour with its stops, and the needs on none."""

    tours: list[tuple[Tour, list[Line]]]
    waiting: list[Need]
    drive_minutes: int
    people: int
    estimated: bool = False

    @property
    def left(self) -> int:
        """How many needs are met in no way yet."""
        return sum(need.how == How.NONE for need in self.waiting)


def board(day: Day, *, is_draft: bool = True) -> Board:
    """The round's day as the editor shows it; no query. After publishing only what is on a tour is left."""
    rows: list[tuple[Tour, list[Line]]] = []
    for tour in day.tours.values():
        stops = sorted(
            (stop for stop in day.stops.values() if stop.tour_id == tour.pk), key=lambda one: one.position
        )
        lines = [
            Line(stop, day.needs[stop.need_id], is_draft and not is_open(day.needs[stop.need_id]))
            for stop in stops
            if stop.need_id in day.needs
        ]
        rows.append((tour, lines))
    shown = {line.need.pk for _tour, lines in rows for line in lines}
    return Board(
        rows,
        [need for need in day.needs.values() if need.pk not in shown],
        sum(tour.drive_minutes for tour in day.tours.values()),
        sum(day.needs[pk].people for pk in shown),
        any(point.is_estimated for point in day.points.values()),
    )


def choices(day: Day, need_id: int) -> list[Move]:
    """Where a need could stand, cheapest first, other than where it stands; pure."""
    stop = day.stops.get(need_id)
    moves = places_for(day.problem, day.plan, need_id)
    here = (stop.tour_id, stop.position - 1) if stop else None
    return [move for move in moves if (move.crew, move.position) != here][:MOST_PLACES]


def outcome(pool: Pool) -> dict[str, Any]:
    """What the published round came to: stops, how many have ended and how, people served."""
    found = Stop.objects.filter(tour__pool=pool).aggregate(
        stops=Count("id"),
        done=Count("id", filter=Q(state=StopState.DONE)),
        skipped=Count("id", filter=Q(state=StopState.SKIPPED)),
        served=Sum("served"),
    )
    return {**found, "served": found["served"] or 0}
