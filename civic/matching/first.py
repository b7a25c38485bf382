"""A small instance of everything that is compiled, run once after installing: compiled, kept, and tried."""

import sys

import numpy as np

from civic.matching import cover, fairness, side, tours
from civic.matching.assignment import Plan, solve
from civic.matching.batch import dispatch
from civic.matching.candidates import Index
from civic.matching.certificate import Checker
from civic.matching.instances import Demand, Supply, make
from civic.matching.tours_model import Crew, Problem, Stop


def run() -> None:
    """Compile it all. Ends the process when the engine does not prove its own result."""
    supply, demand = make(60, 600)
    index = Index(supply)
    batch = dispatch(index, demand, 1)
    verdict = Checker(supply).check(demand, batch.decisions, batch.alpha, batch.v)
    if not verdict.is_proved:
        sys.exit(f"the matching engine does not prove its own result here: {verdict}")
    solve([0, 1, 2], [0, 0], [1, 1], [1, 1], [5, 5], 1)
    _live()
    points = np.random.default_rng(1).uniform(0, 9, (40, 2))
    cover.sites_for_fairs(points, points, np.ones(40, np.int64), p=5, radius_km=1.0)
    _day()
    _week(*make(60, 600))


def _live() -> None:
    """Every event of a warm plan."""
    plan = Plan(1, 1, 1)
    plan.add_column(2)
    order = plan.add_order([0], [3], 10)
    plan.add_edges(order, [1], [2])
    plan.price(order, 0)
    plan.pin(order, 0)
    plan.unpin(order)
    plan.drop_edge(order, 1)
    plan.close_column(1)
    plan.open_column(1)
    plan.cancel(order)


def _day() -> None:
    """A day of two teams and six villages."""
    stops = [Stop(n, n, n % 3, 1, 60, 480, 960, 100) for n in range(6)]
    crews = [Crew(n, 0, 1, 480, 1020) for n in range(2)]
    tours.plan(Problem(stops, crews, [(0.0, 0.0)]))


def _week(supply: Supply, demand: Demand) -> None:
    """Orders that may choose between two slots, all heads together; and a week shared fairly."""
    order, slot = np.repeat(np.arange(60), 2), np.stack([demand.slot, (demand.slot + 3) % 21], 1).ravel()
    side.solve(side.gather(Index(supply), demand, (order, slot), k=6, cap=2))
    listed = Index(supply).nearest(demand, 6)
    people = len(supply.xy)
    work = fairness.Work(
        heads=demand.heads, penalty=demand.penalty, slot=demand.slot, start=listed.start,
        person=listed.volunteer, cost=listed.cost,
        history=np.arange(people) % 5, cap=np.full(people, 3),
    )  # fmt: skip
    fairness.solve(work, fairness.steady(100))


if __name__ == "__main__":
    run()
