"""The words of a day of mobile-team tours (流动服务): stops, crews, routes, the price of a change.

A crew leaves its depot, serves stops one after another and comes back before its day ends. A stop asks for
skills, takes some minutes, may only begin between `earliest` and `latest`, and is worth `prize`: the minutes
of driving one is willing to spend for it. Waiting is free; so

    value(route) = Σ prize of its stops − minutes driven,        value(plan) = Σ value of its routes.

Plain Python on purpose: a page that prices the drag of one stop need not load a solver, nor numpy.
Times are whole minutes of the day, counted from whatever midnight the caller chose. Source of the model: the
prize-collecting vehicle routing problem with time windows (Feillet, Dejax & Gendreau, Transportation Science
39(2), 2005); codes and sentences are ours.
"""

import math
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

KMH = 30  # a small bus on village roads
DETOUR = 1.3  # road kilometres per kilometre as the crow flies

Id = Hashable


@dataclass(frozen=True, slots=True)
class Stop:
    """A place that asks for a service. `need` is a mask of skills, all wanted at once; `minutes` the service;
    `earliest`…`latest` bound its beginning; `optional=False` says that a plan must serve it."""

    id: Id
    x: float
    y: float
    need: int
    minutes: int
    earliest: int
    latest: int
    prize: int
    optional: bool = True


@dataclass(frozen=True, slots=True)
class Crew:
    """A team with its vehicle: `depot` is an index into `Problem.depots`, `skills` a mask, the day is
    `starts`…`ends` (back at the depot)."""

    id: Id
    depot: int
    skills: int
    starts: int
    ends: int


@dataclass(frozen=True, slots=True)
class Pin:
    """The clerk's word that `crew` serves `stop`; `position` (0 = first of the tour) may be fixed too."""

    stop: Id
    crew: Id
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """One line of the route sheet: `starts` is later than `arrives` where the crew waits for the window."""

    stop: Id
    arrives: int
    starts: int
    leaves: int


@dataclass(frozen=True, slots=True)
class Route:
    """What one crew drives. Without visits the crew stays at its depot and the value is 0."""

    crew: Id
    visits: tuple[Visit, ...]
    departs: int
    returns: int
    drive_minutes: int
    value: int

    @property
    def stops(self) -> tuple[Id, ...]:
        """The ids of the stops in the order they are driven."""
        return tuple(visit.stop for visit in self.visits)


@dataclass(frozen=True, slots=True)
class TourPlan:
    """`routes`: one per crew in the problem's order. No plan's value is above `bound`; `proven` says that
    no better plan exists; `method` is "columns", "columns and pyvrp" or "by hand"."""

    routes: tuple[Route, ...]
    unserved: tuple[Id, ...]
    value: int
    bound: float
    proven: bool
    method: str

    @property
    def gap(self) -> float:
        """(bound − value) / bound, the most that could still be gained; 0 for a proven plan."""
        return max(0.0, (self.bound - self.value) / self.bound) if self.bound > 0 else 0.0

    def route(self, crew: Id) -> Route:
        """The route of a crew; KeyError for a crew the plan does not know."""
        for route in self.routes:
            if route.crew == crew:
                return route
        raise KeyError(crew)


class Reason(StrEnum):
    """Why a tour cannot be driven."""

    SKILL = "skill"  # the crew lacks a skill the stop needs
    LATE = "late"  # arrives after the window has closed
    HOME = "home"  # would come back after the crew's day
    TWICE = "twice"  # the same stop stands twice in the tour


@dataclass(frozen=True, slots=True)
class Undrivable:
    """A tour that cannot be driven: why, at which stop, by how many minutes too late (0: not a matter of
    time)."""

    crew: Id
    reason: Reason
    stop: Id
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Move:
    """A changed plan. `price` = value before − value after in minutes: what the change costs (negative: it
    gains). `routes` are the changed routes only (one or two)."""

    stop: Id
    crew: Id | None
    position: int | None
    price: int
    routes: tuple[Route, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """A district-day. `depots` are (x, y) in km; `minutes[a][b]` drives from place a to place b, depots
    first, then stops, in whole minutes (left out: straight lines × 1.3 at 30 km/h). Raises ValueError, in
    plain words, for anything that is not a problem."""

    stops: Sequence[Stop]
    crews: Sequence[Crew]
    depots: Sequence[tuple[float, float]]
    minutes: Sequence[Sequence[int]] = ()
    stop_index: dict[Id, int] = field(init=False, repr=False, compare=False)
    crew_index: dict[Id, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        keep = object.__setattr__  # frozen afterwards
        keep(self, "stop_index", {stop.id: at for at, stop in enumerate(self.stops)})
        keep(self, "crew_index", {crew.id: at for at, crew in enumerate(self.crews)})
        if len(self.minutes) == 0:
            keep(self, "minutes", straight_minutes([*self.depots, *((s.x, s.y) for s in self.stops)]))
        for complaint in _complaints(self):
            raise ValueError(complaint)

    def place(self, stop: Id) -> int:
        """The row of a stop in `minutes`; ValueError for a stop that is not in the problem."""
        if stop not in self.stop_index:
            raise ValueError(f"There is no stop {stop}.")
        return len(self.depots) + self.stop_index[stop]

    def stop(self, stop: Id) -> Stop:
        """The stop with this id; ValueError if there is none."""
        return self.stops[self.place(stop) - len(self.depots)]

    def crew(self, crew: Id) -> Crew:
        """The crew with this id; ValueError if there is none."""
        if crew not in self.crew_index:
            raise ValueError(f"There is no crew {crew}.")
        return self.crews[self.crew_index[crew]]


def straight_minutes(points: Sequence[tuple[float, float]]) -> tuple[tuple[int, ...], ...]:
    """Whole minutes between points in km along straight lines × 1.3 at 30 km/h."""
    scale = DETOUR * 60 / KMH
    return tuple(tuple(round(math.dist(a, b) * scale) for b in points) for a in points)


def _complaints(problem: Problem) -> Iterator[str]:
    if len(problem.stop_index) != len(problem.stops):
        yield "Two stops have the same id."
    if len(problem.crew_index) != len(problem.crews):
        yield "Two crews have the same id."
    places = len(problem.depots) + len(problem.stops)
    if len(problem.minutes) != places or any(len(row) != places for row in problem.minutes):
        yield f"The table of minutes must be {places} × {places}: the depots, then the stops."
    if any(value < 0 or int(value) != value for row in problem.minutes for value in row):
        yield "Driving times must be whole minutes, not negative."
    yield from _crew_complaints(problem)
    for stop in problem.stops:
        if stop.minutes < 1 or stop.prize < 0 or stop.need < 0:
            yield f"Stop {stop.id} takes less than a minute, or its prize or need is negative."
        if stop.earliest > stop.latest:
            yield f"Stop {stop.id} closes before it opens."


def _crew_complaints(problem: Problem) -> Iterator[str]:
    for crew in problem.crews:
        if not 0 <= crew.depot < len(problem.depots):
            yield f"Crew {crew.id} has no depot {crew.depot}."
        if crew.skills < 0 or not 0 <= crew.starts <= crew.ends:
            yield f"Crew {crew.id} ends before it starts, or before the day does, or its skills are no mask."


def evaluate(problem: Problem, crew: Id, stops: Sequence[Id]) -> Route | Undrivable:
    """Drive `stops` in this order, each as early as possible: the route, or why it cannot be driven.

    The crew leaves so that it does not wait at its first stop. Raises ValueError for unknown ids.
    """
    team = problem.crew(crew)
    at, clock, drive, prize = team.depot, team.starts, 0, 0
    visits: list[Visit] = []
    for place, stop in [(problem.place(id_), problem.stop(id_)) for id_ in stops]:
        step = int(problem.minutes[at][place])
        arrives = clock + step if visits else max(clock + step, stop.earliest)
        begins = max(arrives, stop.earliest)
        if any(visit.stop == stop.id for visit in visits):
            return Undrivable(crew, Reason.TWICE, stop.id)
        if stop.need & ~team.skills:
            return Undrivable(crew, Reason.SKILL, stop.id)
        if begins > stop.latest:
            return Undrivable(crew, Reason.LATE, stop.id, begins - stop.latest)
        visits.append(Visit(stop.id, arrives, begins, begins + stop.minutes))
        at, clock, drive, prize = place, begins + stop.minutes, drive + step, prize + stop.prize
    if not visits:
        return Route(crew, (), team.starts, team.starts, 0, 0)
    home = int(problem.minutes[at][team.depot])
    if clock + home > team.ends:
        return Undrivable(crew, Reason.HOME, visits[-1].stop, clock + home - team.ends)
    departs = visits[0].arrives - int(problem.minutes[team.depot][problem.place(visits[0].stop)])
    return Route(crew, tuple(visits), departs, clock + home, drive + home, prize - drive - home)


def assemble(problem: Problem, tours: Sequence[tuple[Id, Sequence[Id]]]) -> TourPlan:
    """A plan of the given (crew, stops) tours, crews left out staying home, without any claim: the bound is
    the sum of all prizes. Raises ValueError if a tour cannot be driven or a stop stands in two."""
    given = {crew: tuple(stops) for crew, stops in tours}
    routes = []
    for crew in problem.crews:
        route = evaluate(problem, crew.id, given.pop(crew.id, ()))
        if isinstance(route, Undrivable):
            raise ValueError(f"Crew {crew.id} cannot drive this tour: {route.reason} at stop {route.stop}.")
        routes.append(route)
    if given:
        raise ValueError(f"There is no crew {next(iter(given))}.")
    served = [stop for route in routes for stop in route.stops]
    if len(set(served)) != len(served):
        raise ValueError("One stop stands in two tours.")
    unserved = tuple(stop.id for stop in problem.stops if stop.id not in set(served))
    bound = float(sum(stop.prize for stop in problem.stops))
    return TourPlan(tuple(routes), unserved, sum(r.value for r in routes), bound, False, "by hand")


def price(
    problem: Problem, plan: TourPlan, *, stop: Id, crew: Id | None, position: int = 0
) -> Move | Undrivable:
    """What it costs to move `stop` to `position` of `crew`'s tour (crew None: to leave it out).

    The stop is first taken from where it stands; `position` counts in the tour without it. Exact difference
    of values of the plan as it stands, other tours unchanged. Raises ValueError for unknown ids or a position
    beyond the end.
    """
    problem.place(stop)
    tours = {route.crew: [one for one in route.stops if one != stop] for route in plan.routes}
    touched = {route.crew for route in plan.routes if stop in route.stops}
    if crew is not None:
        problem.crew(crew)
        tour = tours.setdefault(crew, [])
        if not 0 <= position <= len(tour):
            raise ValueError(f"The tour of crew {crew} has no position {position}.")
        tour.insert(position, stop)
        touched.add(crew)
    before = sum(route.value for route in plan.routes if route.crew in touched)
    routes = []
    for one in sorted(touched, key=problem.crew_index.__getitem__):
        route = evaluate(problem, one, tours[one])
        if isinstance(route, Undrivable):
            return route
        routes.append(route)
    after = sum(route.value for route in routes)
    return Move(stop, crew, None if crew is None else position, before - after, tuple(routes))


def places_for(problem: Problem, plan: TourPlan, stop: Id) -> list[Move]:
    """Every place of every tour where `stop` could stand, cheapest first (ties: crew, then position)."""
    moves = []
    for route in plan.routes:
        for position in range(len([one for one in route.stops if one != stop]) + 1):
            move = price(problem, plan, stop=stop, crew=route.crew, position=position)
            if isinstance(move, Move):
                moves.append(move)
    return sorted(moves, key=lambda move: move.price)


def apply(problem: Problem, plan: TourPlan, move: Move) -> TourPlan:
    """The plan after a move; its bound stays what it was, but nothing is proven of a plan changed by hand."""
    changed = {route.crew: route for route in move.routes}
    routes = tuple(changed.get(route.crew, route) for route in plan.routes)
    served = {stop for route in routes for stop in route.stops}
    unserved = tuple(stop.id for stop in problem.stops if stop.id not in served)
    value = sum(route.value for route in routes)
    return TourPlan(routes, unserved, value, max(plan.bound, float(value)), False, "by hand")
