"""One round's day: its needs, teams and stops, and the same as a problem that can be priced and planned."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Prefetch, Q

from civic.matching.tours_model import Crew, Pin, Problem, Route, Stop, TourPlan, assemble
from civic.orders.states import OrderState
from civic.places.positions import Point, positions
from civic.pooling import models
from civic.pooling.models import Contribution, Need, Pool, Tour
from civic.pooling.states import ContributionState
from civic.pooling.valuing import masks, minute_of, window, worth

HERE = Point(0.0, 0.0, is_estimated=True)


@dataclass(frozen=True, slots=True)
class Day:
    """The round as it stands. `problem` holds what may be driven; `plan` the tours as they are laid.

    `is_broken` when the tours can no longer be driven as they are laid; the plan is then empty.
    """

    pool: Pool
    needs: dict[int, Need]
    tours: dict[int, Tour]
    stops: dict[int, models.Stop]
    points: dict[int, Point]
    problem: Problem
    plan: TourPlan
    is_broken: bool = False
    pins: list[Pin] = field(default_factory=list)

    def route(self, tour_id: int) -> Route:
        """The road of one team."""
        return self.plan.route(tour_id)


def day_of(pool: Pool) -> Day:
    """Everything about the round's day; seven queries, however long the day."""
    needs = standing_needs(pool)
    tours = standing_tours(pool)
    rows = models.Stop.objects.filter(tour__in=tours).order_by("tour_id", "position")
    stops = {stop.need_id: stop for stop in rows}
    places: set[int] = {need.place_id for need in needs} | {tour.depot_id for tour in tours}
    points = positions(places) if places else {}
    problem = _problem(needs, tours, points)
    laid = [
        (
            tour.pk,
            [s.need_id for s in stops.values() if s.tour_id == tour.pk and s.need_id in problem.stop_index],
        )
        for tour in tours
    ]
    try:
        plan, is_broken = assemble(problem, laid), False
    except ValueError:
        plan, is_broken = assemble(problem, []), True
    return Day(
        pool,
        {need.pk: need for need in needs},
        {tour.pk: tour for tour in tours},
        stops,
        points,
        problem,
        plan,
        is_broken,
        [Pin(stop.need_id, stop.tour_id) for stop in stops.values() if stop.is_pinned],
    )


def standing_needs(pool: Pool) -> list[Need]:
    """Needs that wait in the round, the most worth first; of one that is over, those it ended with."""
    waiting = Q(released_at=None)
    since = pool.published_at or pool.ended_at
    if since is not None:
        waiting |= Q(released_at__gte=since)
    found = Need.objects.filter(waiting, pool=pool).select_related(
        "place__parent", "item__skill", "order", "asked_by"
    )
    return sorted(found.order_by("id"), key=lambda need: -worth(need.people, need.priority))


def standing_tours(pool: Pool) -> list[Tour]:
    """The teams of the day, in the order in which they were added, with their skills and who rides along."""
    found = Tour.objects.filter(pool=pool).select_related("team__leader", "team__place", "depot")
    riders = Contribution.objects.filter(state=ContributionState.TAKEN).select_related("skill").order_by("id")
    return list(found.prefetch_related("team__skills", Prefetch("riders", queryset=riders)).order_by("id"))


def is_open(need: Need) -> bool:
    """Whether a tour may still serve it: its order, if it has one, waits to be handed out."""
    return need.order is None or need.order.state == OrderState.SCREENED


def skill_ids(tour: Tour) -> set[int]:
    """What a team can do on its tour: its own skills and those of who rides along."""
    own = {skill.pk for skill in tour.team.skills.all()}
    return own | {rider.skill_id for rider in tour.riders.all() if rider.skill_id is not None}


def _problem(needs: Sequence[Need], tours: Sequence[Tour], points: dict[int, Point]) -> Problem:
    bits = masks(need.item.skill_id for need in needs)
    depots = list(dict.fromkeys(tour.depot_id for tour in tours))
    crews = [
        Crew(
            tour.pk,
            depots.index(tour.depot_id),
            sum(bits[skill] for skill in skill_ids(tour) if skill in bits),
            minute_of(tour.opens),
            minute_of(tour.closes),
        )
        for tour in tours
    ]
    where = {place: points.get(place, HERE) for place in depots}
    return Problem(
        [_stop(need, bits, points.get(need.place_id, HERE)) for need in needs if is_open(need)],
        crews,
        [(where[place].x_km, where[place].y_km) for place in depots],
    )


def _stop(need: Need, bits: dict[int, int], point: Point) -> Stop:
    earliest, latest = window(need.half, need.minutes)
    return Stop(
        need.pk,
        point.x_km,
        point.y_km,
        bits[need.item.skill_id],
        need.minutes,
        earliest,
        latest,
        worth(need.people, need.priority),
    )
