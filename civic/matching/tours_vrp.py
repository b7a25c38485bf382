"""Tours by PyVRP (iterated local search): a good plan in a second, and its tours as columns for the master.

Skills are routing profiles: each kind of crew has its own table of minutes in which a stop it may not serve
is out of reach. Stops that need not be served are optional clients with a prize, several depots are PyVRP's
own. PyVRP has no word for "the third stop of the tour", so a position is only asked of the tour afterwards
(`columns`).

PyVRP: Wouda, Lan & Kool, INFORMS Journal on Computing 36(4), 2024; the search is the version 0.14's.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyvrp
from pyvrp.IteratedLocalSearch import IteratedLocalSearchCallbacks, IteratedLocalSearchParams
from pyvrp.solve import SolveParams

from civic.matching.tours_columns import Kind
from civic.matching.tours_model import Problem

OUT_OF_REACH = 1_000_000
HARVEST_EVERY = 4


@dataclass(frozen=True, slots=True)
class Driven:
    """One tour of a kind of crew (index into the kinds): stops of the problem in driving order, minutes
    driven."""

    kind: int
    stops: tuple[int, ...]
    drive: int


@dataclass(frozen=True, slots=True)
class Searched:
    """What PyVRP found: its best tours (none, if it found no plan that serves all it must), and every tour
    met on the way that can be driven."""

    best: tuple[Driven, ...] | None
    met: tuple[Driven, ...]


class CpuBudget:
    """A stopping rule of PyVRP: after `seconds` of this process's CPU."""

    def __init__(self, seconds: float) -> None:
        self._end = time.process_time() + seconds

    def __call__(self, best_cost: int) -> bool:
        del best_cost
        return time.process_time() >= self._end


class _Harvest(IteratedLocalSearchCallbacks):
    """Collects the feasible tours of every few candidates."""

    def __init__(self) -> None:
        self.tours: dict[tuple[int, tuple[int, ...]], int] = {}
        self._step = 0

    def on_iteration(
        self,
        current: pyvrp.Solution,
        candidate: pyvrp.Solution,
        best: pyvrp.Solution,
        cost_evaluator: pyvrp.CostEvaluator,
    ) -> None:
        """Take what the candidate drives."""
        del current, best, cost_evaluator
        self._step += 1
        if self._step % HARVEST_EVERY == 0:
            self.take(candidate)

    def take(self, solution: pyvrp.Solution) -> None:
        """Keep each feasible tour of a solution, by kind and order."""
        for route in solution.routes():
            if route.is_feasible():
                self.tours[route.vehicle_type(), _stops(route)] = int(route.distance())


def _stops(route: pyvrp.Route) -> tuple[int, ...]:
    return tuple(int(step.idx) for step in route.schedule() if step.is_client())


def data_of(problem: Problem, kinds: Sequence[Kind], required: np.ndarray) -> pyvrp.ProblemData:
    """The problem in PyVRP's words: one vehicle type and profile per kind; `required` per stop. A stop that
    no kind may serve stays out of reach of all."""
    base = len(problem.depots)
    minutes = np.asarray(problem.minutes, np.int64)
    tables: list[Any] = []
    types = []
    for at, kind in enumerate(kinds):
        crew = problem.crews[kind.crews[0]]
        table = minutes.copy()
        barred = np.setdiff1d(np.arange(len(problem.stops)), kind.stops) + base
        table[barred, :] = OUT_OF_REACH
        table[:, barred] = OUT_OF_REACH
        np.fill_diagonal(table, 0)
        tables.append(table)
        types.append(
            pyvrp.VehicleType(
                num_available=len(kind.crews),
                start_depot=crew.depot,
                end_depot=crew.depot,
                tw_early=crew.starts,
                tw_late=crew.ends,
                profile=at,
            )
        )
    places = [pyvrp.Location(x, y) for x, y in problem.depots]
    places += [pyvrp.Location(stop.x, stop.y) for stop in problem.stops]
    depots = [pyvrp.Depot(location=at) for at in range(base)]
    return pyvrp.ProblemData(places, _clients(problem, required), depots, types, tables, tables)


def _clients(problem: Problem, required: np.ndarray) -> list[pyvrp.Client]:
    base = len(problem.depots)
    return [
        pyvrp.Client(
            location=base + at,
            service_duration=stop.minutes,
            tw_early=max(0, stop.earliest),
            tw_late=max(0, stop.latest),
            prize=stop.prize,
            required=bool(required[at]),
        )
        for at, stop in enumerate(problem.stops)
    ]


def drive(
    problem: Problem,
    kinds: Sequence[Kind],
    required: np.ndarray,
    *,
    iterations: int,
    seconds: float | None = None,
    seed: int = 1,
) -> Searched:
    """Search for `iterations`, or for `seconds` of CPU where they are given; equal input, equal answer per
    count."""
    data = data_of(problem, kinds, required)
    harvest = _Harvest()
    params = SolveParams(ils=IteratedLocalSearchParams(callbacks=harvest))
    stop = pyvrp.stop.MaxIterations(iterations) if seconds is None else CpuBudget(seconds)
    result = pyvrp.solve(data, stop=stop, seed=seed, collect_stats=False, display=False, params=params)
    harvest.take(result.best)
    met = tuple(Driven(kind, stops, minutes) for (kind, stops), minutes in harvest.tours.items())
    best = None
    if result.is_feasible():
        best = tuple(
            Driven(route.vehicle_type(), _stops(route), int(route.distance()))
            for route in result.best.routes()
        )
    return Searched(best, met)
