"""Compile the engine once, so that nobody waits for it: `python -m civic.matching.warm`, part of `make setup`.

Numba keeps what it compiled beside the sources. What an older version left there is thrown away first, since a name
that is gone cannot be read back.
"""

import sys
from pathlib import Path

FOLDER = Path(__file__).parent / "__pycache__"


def main() -> None:
    """Run every compiled part on a small instance."""
    for stale in FOLDER.glob("*.nb[ic]"):
        source = FOLDER.parent / f"{stale.name.partition('.')[0]}.py"
        if not source.exists() or source.stat().st_mtime > stale.stat().st_mtime:
            stale.unlink(missing_ok=True)
    _run()


def _run() -> None:
    from civic.matching.assignment import Plan, solve
    from civic.matching.batch import dispatch
    from civic.matching.candidates import Index
    from civic.matching.certificate import Checker
    from civic.matching.instances import make

    supply, demand = make(60, 600)
    batch = dispatch(Index(supply), demand, 1)
    verdict = Checker(supply).check(demand, batch.decisions, batch.alpha, batch.v)
    if not verdict.is_proved:
        sys.exit(f"the matching engine does not prove its own result here: {verdict}")
    solve([0, 1, 2], [0, 0], [1, 1], [1, 1], [5, 5], 1)
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


if __name__ == "__main__":
    main()
