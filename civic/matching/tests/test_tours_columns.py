"""Days large enough to need cuts, against dynamic programming over sets; the cuts; labels; the offers of
PyVRP."""

import numpy as np
import pytest

from civic.matching import tours
from civic.matching.tests.test_tours import day, village_day
from civic.matching.tours_columns import Searcher, kinds_of, priced
from civic.matching.tours_generation import Generation
from civic.matching.tours_model import Crew, Problem
from civic.matching.tours_packing import Pool
from civic.matching.tours_vrp import drive

NEVER = -(10**9)


def sets_of(problem: Problem, crew: Crew) -> np.ndarray:
    """The best value of each set of stops (as a bit mask) for a crew, by labels kept whole: no bound, no
    cut."""
    base, many = len(problem.depots), len(problem.stops)
    best = np.full(1 << many, NEVER)
    best[0] = 0
    labels = {(0, -1): [(crew.starts, 0)]}
    while labels:
        after: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for (served, last), ends in labels.items():
            row = problem.minutes[crew.depot if last < 0 else base + last]
            for clock, value in ends:
                if last >= 0 and clock + row[crew.depot] <= crew.ends:
                    best[served] = max(best[served], value - row[crew.depot])
                for at, stop in enumerate(problem.stops):
                    begin = max(clock + row[base + at], stop.earliest)
                    if not served >> at & 1 and begin <= stop.latest and not stop.need & ~crew.skills:
                        label = (begin + stop.minutes, value + stop.prize - row[base + at])
                        after.setdefault((served | 1 << at, at), []).append(label)
        labels = after
    return best


def by_sets(problem: Problem) -> int:
    """The best value of a day where nothing must be served, one crew after another over all sets."""
    total = np.full(1 << len(problem.stops), NEVER)
    total[0] = 0
    for crew in problem.crews:
        own, joined = sets_of(problem, crew), total.copy()
        for served in np.flatnonzero(own > 0):
            free = np.flatnonzero((np.arange(len(total)) & served == 0) & (total > NEVER))
            joined[free | served] = np.maximum(joined[free | served], total[free] + own[served])
        total = joined
    return int(total.max())


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_equals_dynamic_programming_over_sets(seed: int) -> None:
    random = np.random.default_rng(100 + seed)
    for _ in range(4):
        drawn = day(random, 8, int(random.integers(2, 4)))
        stops = [tours.Stop(s.id, 0, 0, s.need, s.minutes, 0, 300, s.prize + 20) for s in drawn.stops]
        problem = Problem(stops, drawn.crews, drawn.depots, drawn.minutes)
        found = tours.plan(problem)
        assert found.proven
        assert found.value == by_sets(problem)


def test_a_cut_closes_the_odd_ring() -> None:
    pool = Pool(np.ones(3), np.zeros(3, bool))
    for rows in ((0, 1), (1, 2), (0, 2)):
        pool.add(rows, 1.0)
    loose = pool.relax()
    assert loose.value == pytest.approx(1.5)
    assert pool.violated(loose.part, 3, 9) == [(0, 1, 2)]
    pool.cut([(0, 1, 2)])
    pool.add((0, 1, 2), 0.5)
    tight = pool.relax()
    assert tight.value == pytest.approx(1.0)
    assert pool.violated(tight.part, 3, 9) == []
    assert pool.rows[3].tolist() == [0, 1, 2, 3]
    assert pool.pack(seconds=None, nodes=10).value == 1


@pytest.mark.slow
def test_cuts_charge_the_tours_that_take_two_of_three() -> None:
    problem = village_day(12, 1, seed=2)
    kind = kinds_of(problem, (), ())[0]
    prize = np.array([stop.prize for stop in problem.stops], float)
    cut = tuple(int(stop) for stop in kind.stops[:3])
    searcher = Searcher([kind])
    free = searcher.above(priced(kind, prize, [], []), 0.0, 10**6)
    charged = searcher.above(priced(kind, prize, [cut], [40.0]), -100.0, 10**6)
    worth = {frozenset(tour.stops): tour.worth for tour in charged}
    assert any(len({*cut} & {*tour.stops}) > 1 for tour in free)
    for tour in free:
        charge = 40.0 if len({*cut} & {*tour.stops}) > 1 else 0.0
        assert worth[frozenset(tour.stops)] == pytest.approx(tour.worth - charge)


@pytest.mark.slow
def test_cuts_lower_the_bound_and_keep_it_above_the_best_plan() -> None:
    problem = village_day(40, 6, seed=1)
    kinds, required = tours.prepare(problem, (), ())
    generation = Generation(problem, kinds, required)
    generation.generate()
    before = generation.bound
    outcome = generation.choose()
    assert outcome.proven
    assert outcome.value <= generation.bound + 1e-6 <= before + 2e-6


@pytest.mark.slow
def test_pyvrp_gives_tours_that_can_be_driven_the_same_each_time() -> None:
    problem = village_day(30, 4, seed=6)
    kinds = kinds_of(problem, (), ())
    first, second = (drive(problem, kinds, np.zeros(30, bool), iterations=60) for _ in range(2))
    assert first == second
    assert first.best
    for tour in first.met:
        crew = problem.crews[kinds[tour.kind].crews[0]]
        route = tours.evaluate(problem, crew.id, [problem.stops[stop].id for stop in tour.stops])
        assert isinstance(route, tours.Route)
        assert route.drive_minutes == tour.drive
