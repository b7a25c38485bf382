"""T11: tours of mobile teams on district-days: proven optimum, gap to the bound, and what others reach.

A district-day is drawn from the generated city: depots at the
three centres, crews with two of five talents, villages that
ask for one, half-day windows, 45 to 120 minutes a stop, prizes by residents. Times are CPU seconds of this
process.
"""

import time
from collections.abc import Callable

import numpy as np

from bench import _tours_peers as peers
from bench.matching_rows import Row
from civic.matching import tours
from civic.matching.instances import villages
from civic.matching.tours import Crew, Problem, Stop
from civic.matching.tours_columns import kinds_of
from civic.matching.tours_vrp import drive

DAY = 540
WINDOWS = np.array([(0, 210), (300, DAY), (0, DAY)])


def district(stops: int, crews: int, seed: int) -> Problem:
    """A day of a district and its two neighbours; equal arguments, equal day."""
    random = np.random.default_rng(seed)
    spots, _weight = villages(1, random)
    centers = np.random.default_rng(seed).uniform(8, 110, (12, 2))  # what `villages` draws first
    of = ((spots[:, None] - centers) ** 2).sum(-1).argmin(1)
    middles = np.array([spots[of == at].mean(0) for at in range(12)])
    three = np.argsort(((middles - middles[random.integers(12)]) ** 2).sum(1))[:3]
    chosen = spots[random.choice(np.flatnonzero(np.isin(of, three)), stops, replace=False)]
    talent, minutes = random.integers(0, 5, stops), random.choice([45, 60, 90, 120], stops)
    depots = middles[three]
    window = WINDOWS[random.choice(3, stops, p=[0.3, 0.3, 0.4])]
    people = np.clip(random.lognormal(5.5, 0.6, stops), 50, 2500)
    prize = np.rint(people / 10 * random.choice([1, 2], stops, p=[0.8, 0.2])) + 30
    teams = [(random.integers(3), random.choice(5, 2, replace=False)) for _ in range(max(3, crews // 2))]
    return Problem(
        stops=[
            Stop(
                at,
                *map(float, chosen[at]),
                need=1 << int(talent[at]),
                minutes=int(minutes[at]),
                earliest=int(window[at][0]),
                latest=int(window[at][1]),
                prize=int(prize[at]),
            )
            for at in range(stops)
        ],
        crews=[
            Crew(at, int(depot), sum(1 << int(skill) for skill in skills), 0, DAY)
            for at in range(crews)
            for depot, skills in [teams[at % len(teams)]]
        ],
        depots=[tuple(map(float, depot)) for depot in depots],
    )


def measure(quick: bool) -> list[Row]:
    """Rows of the small days (60 villages × 8 teams) and, unless `quick`, of the large (200 × 16)."""
    tours.plan(district(20, 3, 1))  # compile
    rows = [_small(seed, 2.0 if quick else 5.0) for seed in ((1,) if quick else (1, 2, 3))]
    return rows if quick else rows + [_large(seed, 30.0) for seed in (1, 2, 3)]


def _small(seed: int, budget: float) -> Row:
    problem = district(60, 8, seed)
    begin = time.process_time()
    plan = tours.plan(problem)
    spent = time.process_time() - begin
    hand = peers.nearest_next(problem)
    said = "proved" if plan.proven else "not proved"
    return Row(
        target="T11",
        what=f"tours, 60 villages × 8 teams, day {seed}",
        wanted="proved in 3 s, ≥ 1.3 × by hand",
        measured=f"{plan.value:,} {said} in {spent:.1f} s, {plan.value / hand:.2f} ×",
        peer=f"by hand {hand:,}; {_others(problem, plan.value, budget)}",
        met=plan.proven and spent <= 3 and plan.value >= 1.3 * hand,
    )


def _large(seed: int, budget: float) -> Row:
    problem = district(200, 16, seed)
    begin = time.process_time()
    plan = tours.plan(problem, seconds=budget)
    spent = time.process_time() - begin
    hand = peers.nearest_next(problem)
    said = "proved" if plan.proven else f"{plan.gap:.2%} to the bound {plan.bound:,.1f}"
    return Row(
        target="T11",
        what=f"tours, 200 villages × 16 teams, day {seed}",
        wanted="≤ 0.5% to the bound in 30 s, ≥ 1.3 × by hand",
        measured=f"{plan.value:,} {said} in {spent:.0f} s, {plan.value / hand:.2f} ×",
        peer=f"by hand {hand:,}; {_others(problem, plan.value, budget)}",
        met=plan.gap <= 0.005 and spent <= 1.05 * budget and plan.value >= 1.3 * hand,
    )


def _others(problem: Problem, ours: int, budget: float) -> str:
    """What each peer's tours are worth in the same budget, and how far below ours that is."""
    found: dict[str, Callable[[], int]] = {
        f"OR-Tools routing {budget:g} s": lambda: peers.ortools(problem, budget),
        "VROOM": lambda: peers.vroom(problem),
        f"PyVRP alone {budget:g} s": lambda: _pyvrp(problem, budget),
    }
    values = {name: solve() for name, solve in found.items()}
    return ", ".join(f"{name} {value:,} ({value / ours - 1:+.1%})" for name, value in values.items())


def _pyvrp(problem: Problem, seconds: float) -> int:
    kinds = kinds_of(problem, (), ())
    optional = np.zeros(len(problem.stops), bool)
    best = drive(problem, kinds, optional, iterations=0, seconds=seconds).best or ()
    return sum(problem.stops[stop].prize for tour in best for stop in tour.stops) - sum(t.drive for t in best)


if __name__ == "__main__":
    for row in measure(quick=False):
        print(f"{row.what}: {row.measured} | {row.peer} | {'met' if row.met else 'not met'}", flush=True)
