"""Tours of mobile teams: one door. Types and prices of single changes live in `tours_model` (plain Python).

    plan(problem)          the best day: proven where the list of tours is short, else with its gap to the
    bound evaluate(problem, …)   drive one tour as the clerk ordered it, or learn why it cannot be driven
    price / places_for     what the drag of one stop costs; where else it could stand

A web page imports `tours_model` only; this module loads numpy, numba, SciPy and PyVRP.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

import numpy as np

from civic.matching.tours_columns import Kind, kinds_of
from civic.matching.tours_generation import Generation, Outcome
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
from civic.matching.tours_vrp import Driven, drive

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

BY_COLUMNS_ALONE = 80  # stops; above it PyVRP finds the first tours
FIRST_LOOK = 5  # iterations of PyVRP per stop before columns
LONG_LOOK = 100  # the same where the columns cannot be listed


def plan(
    problem: Problem,
    *,
    pins: Sequence[Pin] = (),
    excluded: Collection[Id] = (),
    seconds: float | None = None,
) -> TourPlan:
    """The plan of greatest value that keeps the clerk's pins, with a bound no plan can beat.

    `excluded` stops are left out. Without `seconds` the work is limited by counts and the answer is the same
    on every run; with `seconds` (of CPU) it may stop early with a larger gap. Raises ValueError, in plain
    words, where pins contradict each other or where stops that must be served cannot be.
    """
    kinds, required = prepare(problem, pins, excluded)
    _all_in_reach(problem, kinds, required)
    generation = Generation(problem, kinds, required, seconds=seconds)
    method = solve(problem, kinds, pins, generation, seconds)
    outcome = generation.choose()
    if outcome.missing:
        names = ", ".join(str(problem.stops[row].id) for row in outcome.missing)
        raise ValueError(f"No plan serves everything that must be served; left over: {names}.")
    return told(problem, kinds, outcome, method)


def solve(
    problem: Problem,
    kinds: Sequence[Kind],
    pins: Sequence[Pin],
    generation: Generation,
    seconds: float | None,
) -> str:
    """Generate the columns, with PyVRP's help where the day is large or its tours are long; the method's
    name."""
    many = len(problem.stops) > BY_COLUMNS_ALONE
    if many:
        _look(problem, kinds, pins, generation, FIRST_LOOK, None if seconds is None else seconds / 15)
    generation.generate()
    if not generation.complete:
        _look(problem, kinds, pins, generation, LONG_LOOK, None if seconds is None else seconds / 2)
    return "columns" if generation.complete and not many else "columns and pyvrp"


def _look(
    problem: Problem,
    kinds: Sequence[Kind],
    pins: Sequence[Pin],
    generation: Generation,
    effort: int,
    seconds: float | None,
) -> None:
    """Let PyVRP search; its tours become columns, its plan the answer until a better one."""
    found = drive(
        problem,
        kinds,
        generation.required_stops,
        iterations=effort * len(problem.stops),
        seconds=seconds,
    )
    places = {problem.stop_index[pin.stop]: pin.position for pin in pins if pin.position is not None}
    for tour in found.met:
        if _in_place(tour, places):
            generation.add(tour.kind, tour.stops, tour.drive)
    if found.best is not None and all(_in_place(tour, places) for tour in found.best):
        generation.offer((tour.kind, tour.stops, tour.drive) for tour in found.best)


def _in_place(tour: Driven, places: dict[int, int]) -> bool:
    return all(places.get(stop, at) == at for at, stop in enumerate(tour.stops))


def prepare(problem: Problem, pins: Sequence[Pin], excluded: Collection[Id]) -> tuple[list[Kind], np.ndarray]:
    """The kinds of crews and, per stop, whether it must be served. Raises ValueError where pins name what is
    not there, contradict each other, or ask the impossible of one crew."""
    for complaint in _complaints(problem, pins, excluded):
        raise ValueError(complaint)
    pinned = {pin.stop for pin in pins}
    required = np.array(
        [stop.id in pinned or (not stop.optional and stop.id not in excluded) for stop in problem.stops], bool
    )
    return kinds_of(problem, pins, excluded), required


def _all_in_reach(problem: Problem, kinds: Sequence[Kind], required: np.ndarray) -> None:
    reached = {int(stop) for kind in kinds for stop in kind.stops}
    for at in np.flatnonzero(required).tolist():
        if at not in reached:
            raise ValueError(f"Stop {problem.stops[at].id} must be served, but no crew can.")


def _complaints(problem: Problem, pins: Sequence[Pin], excluded: Collection[Id]) -> Iterator[str]:
    for stop in excluded:
        problem.place(stop)
    if len({pin.stop for pin in pins}) != len(pins):
        yield "One stop is pinned twice."
    spots = [(pin.crew, pin.position) for pin in pins if pin.position is not None]
    if len(set(spots)) != len(spots):
        yield "Two stops are pinned to the same place of one tour."
    if any(position < 0 for _crew, position in spots):
        yield "A place in a tour is counted from 0."
    for pin in pins:
        if pin.stop in excluded:
            yield f"Stop {pin.stop} is pinned and excluded at once."
        if problem.stop(pin.stop).need & ~problem.crew(pin.crew).skills:
            yield f"Stop {pin.stop} is pinned to crew {pin.crew}, which lacks a skill it needs."


def told(problem: Problem, kinds: Sequence[Kind], outcome: Outcome, method: str) -> TourPlan:
    """The outcome as routes of named crews: crews of one kind take its tours in a fixed order."""
    free = [list(kind.crews) for kind in kinds]
    tours = [
        (problem.crews[free[kind].pop(0)].id, [problem.stops[stop].id for stop in stops])
        for kind, stops in sorted(outcome.tours)
    ]
    return replace(assemble(problem, tours), bound=outcome.bound, proven=outcome.proven, method=method)
