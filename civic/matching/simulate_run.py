"""One run of one policy through one world: discrete events in order of time, and what came of it.

Three kinds of event: an order is placed, an offer is answered (or lapses), a tick. The run owns the state
and the facts of life (who is free, who tires, when people answer); a policy only decides whom to ask and
when.
"""

import heapq
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import numpy as np
from numba import njit
from numpy.typing import NDArray

from civic.matching.costs import Floats, Ints
from civic.matching.policy import CLOSING_HOURS, is_quiet
from civic.matching.simulate_bound import ANSWER_BEFORE_START
from civic.matching.simulate_world import World

PLACED, ANSWERED, TICK = 0, 1, 2
WEEK_HOURS = 168.0
MORNING = 7.0


class Policy(Protocol):
    """Who is asked, and when. `tick` in hours, 0 for none; offers in seven days are limited to `per_week`."""

    key: str
    tick: float
    limited: bool

    def placed(self, run: "Run", order: int, now: float) -> None:
        """A new order."""

    def answered(self, run: "Run", order: int, now: float) -> None:
        """An offer of an order that still lacks people has ended, by an answer or by silence."""

    def ticked(self, run: "Run", now: float) -> None:
        """The clock."""


class State(NamedTuple):
    """What makes a pair askable, as flat arrays for the compiled loops."""

    asked: NDArray[np.bool_]  # by pair
    standing: NDArray[np.int16]  # by column: open offers that block it
    busy: NDArray[np.bool_]  # by seat
    taken: NDArray[np.int16]  # by quota: jobs of the week
    recent: NDArray[np.int16]  # by person: offers in the last seven days
    jobs: Ints  # by person


class Links(NamedTuple):
    """The world's numbering, next to the state."""

    first: Ints
    who: Ints
    column: Ints
    seat: Ints
    quota: Ints


@njit(cache=True)
def askable(orders, state, links, weekly_jobs, per_week):
    """Pairs of `orders` that may be asked now: (start, pair), n-th order in start[n]…start[n+1]."""
    room = 0
    for i in orders:
        room += links.first[i + 1] - links.first[i]
    start = np.zeros(len(orders) + 1, np.int64)
    pair = np.empty(room, np.int64)
    found = 0
    for n, i in enumerate(orders):
        for e in range(links.first[i], links.first[i + 1]):
            if (
                not state.asked[e]
                and state.standing[links.column[e]] == 0
                and not state.busy[links.seat[e]]
                and state.taken[links.quota[e]] < weekly_jobs
                and state.recent[links.who[e]] < per_week
            ):
                pair[found] = e
                found += 1
        start[n + 1] = found
    return start, pair[:found]


@dataclass(frozen=True)
class Outcome:
    """What a policy achieved in a world. Waits in hours from placing to a yes, per filled head."""

    policy: str
    weighted: float  # filled share of weighted heads
    urgent: float  # filled share of heads of the highest priority
    filled: int
    offers: int
    median_wait: float
    p90_wait: float
    km: float
    gini: float  # of offers over the people who got any
    most_offers: int
    unneeded: int  # a yes that came when nobody was needed any more
    waits: Floats = field(repr=False)

    @property
    def offers_per_fill(self) -> float:
        """Offers sent per head filled."""
        return self.offers / max(1, self.filled)


class Run:
    """`missing` heads and `sent` = {pair: moment} of the standing offers, per order."""

    def __init__(self, world: World, policy: Policy, *, seed: int = 0) -> None:
        self.world, self.policy = world, policy
        self.rng = np.random.default_rng(seed)
        columns, seats, quotas = world.sizes
        self.state = State(
            np.zeros(len(world.who), bool),
            np.zeros(columns, np.int16),
            np.zeros(seats, bool),
            np.zeros(quotas, np.int16),
            np.zeros(world.people, np.int16),
            np.zeros(world.people, np.int64),
        )
        self.links = Links(world.first, world.who, world.column, world.seat, world.quota)
        self.per_week = world.offers_per_week if policy.limited else 1 << 14
        self.missing: list[int] = world.heads.tolist()
        self.starts: list[float] = world.starts.tolist()
        self.sent: dict[int, dict[int, float]] = defaultdict(dict)
        self.open: dict[int, None] = {}  # orders that lack people and have time, in order of arrival
        self.offered = np.zeros(world.people, np.int64)
        self.unneeded = 0
        self.answers: list[tuple[int, bool]] = []  # ended offers, silence is a no; without the recalled
        self._filled: list[tuple[float, int]] = []  # (moment, pair)
        self._events: list[tuple[float, int, int, int, bool | None, bool]] = []
        self._tiring: deque[tuple[float, int]] = deque()

    # --- what policies use

    def free(self, order: int) -> Ints:
        """Pairs of one order that may be asked now, nearest first."""
        return self.free_of([order])[1]

    def free_of(self, orders: list[int]) -> tuple[Ints, Ints]:
        """The same for many orders: (start, pair)."""
        numbers = np.array(orders, np.int64)
        return askable(numbers, self.state, self.links, self.world.weekly_jobs, self.per_week)

    def left(self, order: int, now: float) -> float:
        """Hours to the start."""
        return self.starts[order] - now

    def lacking(self, order: int) -> int:
        """Heads missing beyond the offers that stand."""
        return self.missing[order] - len(self.sent[order])

    def offer(self, pair: int, order: int, now: float, patience: float, *, blocks: bool = True) -> None:
        """Ask; silence lapses after `patience` hours. `blocks`: no other offer goes there meanwhile."""
        world, who = self.world, int(self.world.who[pair])
        self.state.asked[pair] = True
        self.state.standing[world.column[pair]] += blocks
        self.state.recent[who] += 1
        self.offered[who] += 1
        self._tiring.append((now + WEEK_HOURS, who))
        self.sent[order][pair] = now
        willing = world.coin[pair] < world.chance[pair] * world.fatigue ** (self.state.recent[who] - 1)
        answer = awake(now + float(world.delay[pair]))
        if answer <= now + patience:
            heapq.heappush(self._events, (answer, ANSWERED, order, pair, bool(willing), blocks))
        else:
            heapq.heappush(self._events, (now + patience, ANSWERED, order, pair, None, blocks))

    # --- the loop

    def play(self) -> Outcome:
        """Run all events and count."""
        for order, moment in enumerate(self.world.placed.tolist()):
            self._events.append((moment, PLACED, order, 0, None, False))
        if self.policy.tick:
            for moment in np.arange(0, self.world.starts.max(), self.policy.tick).tolist():
                self._events.append((moment, TICK, 0, 0, None, False))
        heapq.heapify(self._events)
        while self._events:
            now, kind, order, pair, yes, blocks = heapq.heappop(self._events)
            while self._tiring and self._tiring[0][0] <= now:
                self.state.recent[self._tiring.popleft()[1]] -= 1
            if kind == TICK:
                self._close(now)
                self.policy.ticked(self, now)
            elif kind == PLACED:
                self.open[order] = None
                self.policy.placed(self, order, now)
            else:
                self._answer(now, order, pair, yes, blocks)
        return self._outcome()

    def _close(self, now: float) -> None:
        """Forget orders for which nobody can be asked any more."""
        for order in [order for order in self.open if self.starts[order] - now <= CLOSING_HOURS]:
            del self.open[order]

    def _answer(self, now: float, order: int, pair: int, yes: bool | None, blocks: bool) -> None:
        recalled = self.sent[order].pop(pair, None) is None
        if not recalled:
            self.state.standing[self.world.column[pair]] -= blocks
            self.answers.append((pair, bool(yes)))
        if yes and not recalled and self._takes(now, order, pair):
            self._fill(now, order, pair)
            if not self.missing[order]:
                self._recall(order, blocks)
        elif yes:
            self.unneeded += 1
        if not recalled and self.missing[order] and self.left(order, now) > CLOSING_HOURS:
            self.policy.answered(self, order, now)

    def _takes(self, now: float, order: int, pair: int) -> bool:
        """Whether a yes can be used."""
        state, world = self.state, self.world
        free = not state.busy[world.seat[pair]] and state.taken[world.quota[pair]] < world.weekly_jobs
        return bool(free and self.missing[order] > 0 and self.left(order, now) > ANSWER_BEFORE_START)

    def _fill(self, now: float, order: int, pair: int) -> None:
        self.missing[order] -= 1
        self.state.busy[self.world.seat[pair]] = True
        self.state.taken[self.world.quota[pair]] += 1
        self.state.jobs[self.world.who[pair]] += 1
        self._filled.append((now, pair))

    def _recall(self, order: int, blocks: bool) -> None:
        """The order is complete: everybody else asked is free again."""
        for pair in self.sent[order]:
            self.state.standing[self.world.column[pair]] -= blocks
        self.sent[order].clear()
        self.open.pop(order, None)

    def _outcome(self) -> Outcome:
        world = self.world
        got = world.heads - np.array(self.missing)
        pairs = np.array([pair for _, pair in self._filled], np.int64)
        waits = np.array([at for at, _ in self._filled]) - world.placed[world.order_of_pair[pairs]]
        urgent = world.priority == 2
        return Outcome(
            policy=self.policy.key,
            weighted=float((got * world.weight).sum() / (world.heads * world.weight).sum()),
            urgent=float(got[urgent].sum() / max(1, world.heads[urgent].sum())),
            filled=int(got.sum()),
            offers=int(self.offered.sum()),
            median_wait=float(np.median(waits)) if len(waits) else np.nan,
            p90_wait=float(np.percentile(waits, 90)) if len(waits) else np.nan,
            km=float(world.km[pairs].mean()) if len(waits) else np.nan,
            gini=gini(self.offered[self.offered > 0]),
            most_offers=int(self.offered.max()),
            unneeded=self.unneeded,
            waits=waits,
        )


def awake(moment: float) -> float:
    """The moment an answer really comes: those of the night come in the first hour of the morning."""
    if moment == np.inf or not is_quiet(moment % 24):
        return moment
    return (moment + 2) // 24 * 24 + MORNING + moment % 1


def gini(counts: NDArray[np.int64]) -> float:
    """Gini coefficient of counts: 0 when all are equal, near 1 when one has everything; 0 for nobody."""
    if not counts.sum():
        return 0.0
    n = len(counts)
    return float((2 * np.arange(1, n + 1) - n - 1) @ np.sort(counts) / (n * counts.sum()))
