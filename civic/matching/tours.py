"""Tours of mobile teams: one door. Types and prices of single changes live in `tours_model` (plain Python).

    plan(problem)            the best day: proven by columns where the district-day is small, else PyVRP and its gap
    evaluate(problem, …)     drive one tour as the clerk ordered it, or learn why it cannot be driven
    price / places_for       what the drag of one stop costs; where else it could stand

A web page imports `tours_model` only; this module loads numpy, numba, SciPy and PyVRP.
"""

from collections.abc import Collection, Sequence

from civic.matching.tours_model import (
    Crew,
    Id,
    Move,
    Pin,
    Problem,
    Reason,
    Route,
    Stop,
    TourPlan,
    Undrivable,
    Visit,
    apply,
    assemble,
    evaluate,
    places_for,
    price,
)

__all__ = [
    "Crew",
    "Move",
    "Pin",
    "Problem",
    "Reason",
    "Route",
    "Stop",
    "TourPlan",
    "Undrivable",
    "Visit",
    "apply",
    "assemble",
    "evaluate",
    "places_for",
    "plan",
    "price",
]


def plan(
    problem: Problem,
    *,
    pins: Sequence[Pin] = (),
    excluded: Collection[Id] = (),
    seconds: float | None = None,
) -> TourPlan:
    """The plan of greatest value that keeps the clerk's pins, with a bound no plan can beat.

    `excluded` stops are left out. Without `seconds` the work is limited by counts and the answer is the same on
    every run; with `seconds` (of CPU) it may stop early with a larger gap. Raises ValueError, in plain words,
    where pins contradict each other or where stops that must be served cannot be.
    """
    tours = _by_hand(problem, pins, excluded)
    return assemble(problem, tours)


def _by_hand(
    problem: Problem, pins: Sequence[Pin], excluded: Collection[Id]
) -> list[tuple[Id, Sequence[Id]]]:
    taken = set(excluded)
    tours: list[tuple[Id, Sequence[Id]]] = []
    for crew in problem.crews:
        tour: list[Id] = [pin.stop for pin in pins if pin.crew == crew.id]
        for stop in problem.stops:
            if stop.id not in taken and isinstance(evaluate(problem, crew.id, [*tour, stop.id]), Route):
                tour.append(stop.id)
        taken.update(tour)
        tours.append((crew.id, tour))
    return tours
