"""How a need could be met without a tour: by a team nearby, or at a stall of a fair; columns of the master.

    team    value = worth of the need − minutes driven there and back − set-up
    stall   value = worth of the need / 2 − minutes that people are on their way       (not everybody comes)

Set-up is what one more telephone call and one more trip cost (ours). A team goes out alone once a day; an
order that was placed for the home is not met at a fair.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from civic.fairs.models import Fair, StallSession
from civic.matching.tours_model import DETOUR, KMH
from civic.orders.models.order import Where
from civic.places.models import within
from civic.places.positions import Point, positions
from civic.pooling.models import How, Need, Tour
from civic.pooling.queries.day import HERE, Day, is_open
from civic.pooling.states import TourState
from civic.pooling.valuing import worth
from civic.volunteers.models import Team

SET_UP = 45  # minutes
NEAREST = 3  # teams that are looked at for one need
FAIR_DAYS = 14  # a fair may come so many days after the round
FAIR_KM = 5.0


@dataclass(frozen=True, slots=True)
class Other:
    """One way without a tour: how, which need, what it is worth, whose day it takes, in words."""

    how: How
    need_id: int
    value: int
    words: str
    team_id: int | None = None


def ways(day: Day) -> list[Other]:
    """Every way without a tour that is worth anything; six queries."""
    needs = [need for need in day.needs.values() if is_open(need)]
    alone = list(_teams(day))
    fairs = list(_sessions(day))
    places = {team.place_id for team in alone} | {one.fair.place_id for one in fairs}
    points = positions(places) | day.points if places else day.points
    found = [way for need in needs for way in (*_singles(need, alone, points), *_stalls(need, fairs, points))]
    return [way for way in found if way.value > 0]


def minutes(one: Point, other: Point) -> int:
    """Minutes on the road between two points."""
    return round(one.km_to(other) * DETOUR * 60 / KMH)


def _teams(day: Day) -> Iterable[Team]:
    """Standing teams of the county that may be proposed and drive no tour on that day."""
    busy = Tour.objects.filter(team=OuterRef("pk"), on=day.pool.on, is_off=False).exclude(
        state=TourState.HANDED_BACK
    )
    county = "/".join(day.pool.place.path.split("/")[:2]) + "/"
    found = Team.objects.filter(within([county], "place__path"), ~Exists(busy), closed_on=None, matching=True)
    return found.prefetch_related("skills").order_by("id")


def _sessions(day: Day) -> Iterable[StallSession]:
    """Stalls at fairs of the area that are to come, on the round's day or soon after."""
    first = datetime.combine(day.pool.on, time.min, timezone.get_current_timezone())
    span = (first, first + timedelta(days=FAIR_DAYS))
    near = Fair.objects.standing().filter(within([day.pool.place.path], "place__path"), span__overlap=span)
    found = StallSession.objects.filter(fair__in=near, left_at=None, team__isnull=False)
    return found.select_related("fair", "team").prefetch_related("team__skills").order_by("id")


def _can(team: Team | None, need: Need) -> bool:
    return team is not None and any(skill.pk == need.item.skill_id for skill in team.skills.all())


def _singles(need: Need, teams: list[Team], points: dict[int, Point]) -> Iterator[Other]:
    here = points.get(need.place_id, HERE)
    able = [(minutes(points.get(team.place_id, HERE), here), team) for team in teams if _can(team, need)]
    for away, team in sorted(able, key=lambda pair: (pair[0], pair[1].pk))[:NEAREST]:
        value = worth(need.people, need.priority) - 2 * away - SET_UP
        yield Other(How.SINGLE, need.pk, value, team.name, team.pk)


def _stalls(need: Need, sessions: list[StallSession], points: dict[int, Point]) -> Iterator[Other]:
    if need.order is not None and need.order.where == Where.HOME:
        return
    here = points.get(need.place_id, HERE)
    for session in sessions:
        there = points.get(session.fair.place_id, HERE)
        if _can(session.team, need) and here.km_to(there) <= FAIR_KM:
            value = worth(need.people, need.priority) // 2 - minutes(here, there)
            local = timezone.localtime(session.fair.span.lower)
            words = f"{local.month}月{local.day}日 {session.fair.title}"
            yield Other(How.FAIR, need.pk, value, words[:80])
