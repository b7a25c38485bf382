"""The policies that are compared: what people do today, what platforms do, and ours.

All but the last know the true chances up to noise (`World.guess`); ours starts knowing nothing and learns
from its own offers, with the functions of `policy` that the live loop runs.
"""

import numpy as np

from civic.matching import policy
from civic.matching.assignment import solve
from civic.matching.costs import Floats, Ints
from civic.matching.simulate_run import Run

OFFICE_DAYS = 5
BROADCAST = 30
SOON_HOURS = 12.0
SCALE = 100_000  # value 1.0 as an integer cost


def in_office(now: float) -> bool:
    """Monday to Friday, 9–12 and 14–18."""
    hour = now % 24
    return (now // 24) % 7 < OFFICE_DAYS and (9 <= hour < 12 or 14 <= hour < 18)


def patience(now: float, left: float) -> float:
    """Hours the simple policies wait for an answer: 3, over night 12, at most half the time left."""
    night = now % 24 > 20 or now % 24 < 7
    return max(0.5, min(12.0 if night else 3.0, (left - policy.CLOSING_HOURS) / 2))


class OneByOne:
    """Order by order, round the clock: ask as many as are missing, replace each refusal."""

    tick, limited = 0.0, False

    def __init__(self, key: str, by: str) -> None:
        self.key, self.by = key, by

    def placed(self, run: Run, order: int, now: float) -> None:
        self.ask(run, order, now)

    def answered(self, run: Run, order: int, now: float) -> None:
        self.ask(run, order, now)

    def ticked(self, run: Run, now: float) -> None:
        """No clock."""

    def ask(self, run: Run, order: int, now: float) -> None:
        """The next ones in rank."""
        count = run.lacking(order)
        if count <= 0 or run.left(order, now) <= policy.CLOSING_HOURS:
            return
        for pair in self.ranked(run, order)[:count].tolist():
            run.offer(pair, order, now, patience(now, run.left(order, now)))

    def ranked(self, run: Run, order: int) -> Ints:
        """Askable pairs, best first."""
        pairs = run.free(order)
        if self.by == "luck":
            return run.rng.permutation(pairs)
        if self.by == "value":
            return pairs[np.argsort(-value(run, order, pairs), kind="stable")]
        return pairs  # listed by distance


def value(run: Run, order: int | Ints, pairs: Ints) -> Floats:
    """w · estimated chance, less a little for the way and for jobs already done."""
    world = run.world
    who = world.who[pairs]
    chance = world.guess[pairs] * world.fatigue ** run.state.recent[who]
    return world.weight[order] * chance - 0.002 * world.km[pairs] - 0.01 * run.state.jobs[who]


class Clerk(OneByOne):
    """A person who phones the nearest, in office hours only."""

    tick = 0.5

    def __init__(self) -> None:
        super().__init__("clerk", "distance")
        self.waiting: dict[int, None] = {}

    def placed(self, run: Run, order: int, now: float) -> None:
        if in_office(now):
            self.ask(run, order, now)
        else:
            self.waiting[order] = None

    def answered(self, run: Run, order: int, now: float) -> None:
        self.placed(run, order, now)

    def ticked(self, run: Run, now: float) -> None:
        if in_office(now):
            for order in self.waiting:
                if run.missing[order]:
                    self.ask(run, order, now)
            self.waiting.clear()


class Broadcast(OneByOne):
    """To the thirty nearest at once; the first yes wins."""

    def __init__(self) -> None:
        super().__init__("broadcast", "distance")

    def ask(self, run: Run, order: int, now: float) -> None:
        left = run.left(order, now)
        if run.lacking(order) > 0 and left > policy.CLOSING_HOURS:
            for pair in run.free(order)[:BROADCAST].tolist():
                run.offer(pair, order, now, patience(now, left), blocks=False)


class Batch(OneByOne):
    """Every `tick` hours the best assignment of all open orders together; refusals replaced at once."""

    def __init__(self, key: str, tick: float) -> None:
        super().__init__(key, "value")
        self.tick = tick

    def placed(self, run: Run, order: int, now: float) -> None:
        if run.left(order, now) < max(policy.URGENT_HOURS, 3 * self.tick):
            self.ask(run, order, now)

    def ticked(self, run: Run, now: float) -> None:
        orders = [order for order in run.open if run.lacking(order) > 0]
        if not orders:
            return
        start, pairs = run.free_of(orders)
        heads = np.array([run.lacking(order) for order in orders])
        of = np.repeat(np.array(orders), np.diff(start))
        soon = run.world.starts[of] - now < SOON_HOURS
        worth = np.where(soon, 1.5, 1.0) * value(run, of, pairs)
        cost = np.maximum(0, 10 * SCALE - np.rint(SCALE * worth).astype(np.int64))
        wanted = heads, np.full(len(orders), 10 * SCALE)
        for n, pair in assigned(start, pairs, run.world.column[pairs], cost, wanted):
            run.offer(pair, orders[n], now, patience(now, run.left(orders[n], now)))


def assigned(
    start: Ints, pairs: Ints, columns: Ints, cost: Ints, wanted: tuple[Ints, Ints]
) -> list[tuple[int, int]]:
    """(n-th order, pair) of the cheapest assignment, one pair per column; `wanted` = heads and penalties."""
    names, column = np.unique(columns, return_inverse=True)
    heads, penalty = np.minimum(wanted[0], np.diff(start)), wanted[1]
    found = solve(start, column, cost, heads, penalty, len(names))
    served = found.column >= 0
    chosen = []
    for n, j in zip(found.order_of[served].tolist(), found.column[served].tolist(), strict=True):
        here = column[start[n] : start[n + 1]]
        chosen.append((n, int(pairs[start[n] + int(np.flatnonzero(here == j)[0])])))
    return chosen
