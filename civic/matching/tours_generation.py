"""The best day by column generation, with a bound from the first round on, and a proof where the list is
short.

  - The master's relaxation over the tours known so far prices each stop (dual π) and each kind of crew (μ).

  - Labels find tours worth more than μ at gains prize − π; they become columns; repeat until there are none.

  - In every round Σ cap·dual + Σ_kind crews·max(0, best tour − μ) bounds all plans (Lagrange).

  - Subset-row cuts on three stops are added where the relaxation breaks them, and the above repeated.

  - Every tour whose reduced worth is within bound − incumbent is listed: no other can be part of a better
  plan.

  - The master is solved in whole numbers over that list: where the list is whole, the answer is proven.

Sources: column generation for routing (Desrochers, Desrosiers & Solomon, Operations Research 40(2), 1992);
listing within the gap: Baldacci, Christofides & Mingozzi (Math. Programming 115, 2008); subset-row cuts:
Jepsen et al., Operations Research 56(2), 2008.
"""

import math
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from civic.matching.tours_columns import Kind, Searcher, Tour, priced
from civic.matching.tours_model import Problem
from civic.matching.tours_packing import SHORT, Packed, Pool

ROUNDS = 300
FRUITLESS = 20  # rounds in a row in which a table was too small
LISTS = (500, 2500, 10_000)  # columns of the first, second and last choice in whole numbers
CUT_ROUNDS = 40
CUT_SHARE = 0.15  # of the time, where it is limited; the first round may begin until half of it
CUTS = 60  # a round
PATIENCE = 5  # rounds
CUT_GAIN = 0.5  # minutes of bound that they must win together
NODES = 20_000
SLACK = 1e-4  # of float sums; values are whole numbers


@dataclass(frozen=True, slots=True)
class Side:
    """What else the master may choose, and what tours use of it. Rows follow the stops and the kinds of
    crews: `capacity` and `required` per such row; `columns` are (rows of the master, uses, value);
    `stop_uses[s]` are (row, amount) that a tour takes for serving stop s."""

    capacity: tuple[int, ...] = ()
    required: tuple[bool, ...] = ()
    columns: tuple[tuple[tuple[int, ...], tuple[int, ...], int], ...] = ()
    stop_uses: dict[int, tuple[tuple[int, int], ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The choice: (kind, stops in driving order) per tour, indices of the side columns taken, value, bound,
    proof, rows that had to be met and are not, and the duals of the relaxation per row."""

    tours: tuple[tuple[int, tuple[int, ...]], ...]
    side: tuple[int, ...]
    value: int
    bound: float
    proven: bool
    missing: tuple[int, ...]
    dual: np.ndarray


class Generation:
    """One run of the method over one day. `seconds` (CPU, of this process) may cut it short at any step."""

    def __init__(
        self,
        problem: Problem,
        kinds: Sequence[Kind],
        required: np.ndarray,
        *,
        side: Side | None = None,
        seconds: float | None = None,
    ) -> None:
        side = side or Side()
        self._stops, self._kinds = len(problem.stops), list(kinds)
        crews = [len(kind.crews) for kind in kinds]
        capacity = np.r_[np.ones(self._stops), crews, side.capacity]
        met = np.r_[required, np.zeros(len(kinds), bool), np.asarray(side.required, bool)]
        self.required_stops = np.asarray(required, bool)
        self._prize = np.array([stop.prize for stop in problem.stops], float)
        self._pool = Pool(capacity, met)
        self._order: dict[int, tuple[int, tuple[int, ...]]] = {}
        self._side: dict[int, int] = {}
        for number, (rows, uses, value) in enumerate(side.columns):
            at = self._pool.add(rows, value, uses)
            if at not in self._side or value > side.columns[self._side[at]][-1]:
                self._side[at] = number
        self._stop_uses = side.stop_uses
        self._searcher = Searcher(kinds)
        self._start, self._clock = time.process_time(), time.perf_counter()
        self._end = math.inf if seconds is None else time.process_time() + seconds
        self._dual = np.zeros(len(capacity))
        self._part = np.zeros(0)
        self._best = Packed((), -math.inf, False, ())
        self._at_dual = math.inf  # the bound at the present duals; `bound` is the lowest met
        self.bound = float(self._prize.sum()) + sum(max(0, column[-1]) for column in side.columns)
        self.complete = False
        self.offer(())

    def add(self, kind: int, stops: Sequence[int], drive: int) -> int:
        """Add a tour as a column (the better order, if its set is known); its index."""
        uses: dict[int, int] = {}
        for stop in stops:
            for row, amount in self._stop_uses.get(stop, ()):
                uses[row] = uses.get(row, 0) + amount
        rows = (*sorted(stops), self._stops + kind, *sorted(uses))
        amounts = (*([1] * (len(stops) + 1)), *(uses[row] for row in sorted(uses)))
        value = float(self._prize[list(stops)].sum() - drive)
        before = len(self._pool)
        at = self._pool.add(rows, value, amounts)
        if at == before or self._pool.value[at] == value:
            self._order[at] = (kind, tuple(stops))
        return at

    def offer(self, tours: Iterable[tuple[int, Sequence[int], int]]) -> None:
        """A plan found elsewhere, as (kind, stops, minutes driven): columns, and the answer until a better
        one."""
        columns = tuple(self.add(kind, stops, drive) for kind, stops, drive in tours)
        served = {int(row) for at in columns for row in self._pool.rows[at]}
        missing = tuple(int(row) for row in np.flatnonzero(self._pool.required) if row not in served)
        self._keep(
            Packed(
                columns, sum(self._pool.value[at] for at in columns) - SHORT * len(missing), False, missing
            )
        )

    def generate(self) -> None:
        """Price and add tours until none is missing. `complete` says that no tour above the price of its crew
        is missing."""
        fruitless = 0
        for _round in range(ROUNDS):
            relaxed = self._pool.relax()
            self._dual, self._part = relaxed.dual, relaxed.part
            bound, found, whole = float(relaxed.dual @ self._pool.capacity), 0, True
            for kind, one in enumerate(self._kinds):
                day, paid = self._priced(kind)
                answer = self._searcher.price(day, paid)
                bound += len(one.crews) * max(0.0, answer.ceiling - paid)
                whole = whole and answer.complete
                found += len(answer.tours)
                for tour in answer.tours:
                    self.add(kind, tour.stops, tour.drive)
            self._at_dual, self.bound = bound, min(self.bound, bound)
            fruitless = 0 if whole else fruitless + 1
            self.complete = whole and not found
            if not found or fruitless == FRUITLESS or self._late():
                return

    def choose(self) -> Outcome:
        """Cut, choose, list, choose again; after `generate`."""
        proven = self._choose()
        best = self._best
        tours = tuple(self._order[at] for at in best.columns if at in self._order)
        side = tuple(self._side[at] for at in best.columns if at in self._side)
        value = round(best.value) + SHORT * len(best.missing)
        bound = float(value) if proven else max(float(value), self.bound)
        return Outcome(tours, side, value, bound, proven, best.missing, self._dual)

    def _late(self, share: float = 1.0) -> bool:
        """Whether this share of the time is spent."""
        return time.process_time() >= self._start + share * (self._end - self._start)

    def _left(self) -> float | None:
        """Seconds of the wall clock in which the rest of the CPU time will be spent, at the pace so far."""
        if math.isinf(self._end):
            return None
        cpu = time.process_time() - self._start
        pace = max(1.0, (time.perf_counter() - self._clock) / cpu) if cpu > 1 else 1.0
        return max(0.05, (self._end - time.process_time()) * pace)

    def _keep(self, packed: Packed) -> None:
        if packed.value > self._best.value:
            self._best = packed

    def _priced(self, kind: int) -> tuple[Kind, float]:
        """The kind at the present duals: prizes minus what the master pays elsewhere; and the price of a
        crew."""
        gain = self._prize - self._dual[: self._stops]
        for stop, uses in self._stop_uses.items():
            gain[stop] -= sum(amount * self._dual[row] for row, amount in uses)
        charges = np.maximum(0.0, self._dual[len(self._dual) - len(self._pool.cuts) :])
        one = priced(self._kinds[kind], gain, self._pool.cuts, charges.tolist())
        return one, float(self._dual[self._stops + kind])

    def _within(self, distance: float) -> list[tuple[int, Tour]] | None:
        """Tours whose reduced worth is above −distance, the best first, all if not more than the longest of
        `LISTS`; None where they are too many to look through."""
        listed: list[tuple[float, int, Tour]] = []
        for kind in range(len(self._kinds)):
            day, paid = self._priced(kind)
            tours = self._searcher.above(day, paid - distance, LISTS[-1] + 1)
            if tours is None:
                return None
            listed += [(paid - tour.worth, kind, tour) for tour in tours]
        listed.sort(key=lambda entry: entry[:2])
        return [(kind, tour) for _distance, kind, tour in listed]

    def _distance(self) -> float:
        """How far below its price a tour may be and still be part of a plan better by one."""
        return self._at_dual - self._best.value - 1 + SLACK

    def _choose(self) -> bool:
        """Cut, choose among the most promising tours, then among all that matter. Whether proven."""
        if not self.complete:
            self._keep(self._pool.pack(seconds=self._left(), nodes=NODES))
            return self._distance() < 0
        self._tighten()
        reach = max(0.5, abs(self.bound) / 4000)
        for size in LISTS:
            listed, reach = self._list(size, reach)
            whole = reach >= self._distance() and len(listed) <= size
            proven = self._pack(listed[:size]) and whole
            if proven or self._distance() < 0 or self._late():
                return proven or self._distance() < 0
        return False

    def _tighten(self) -> None:
        """Cut while the relaxation is broken into parts, and while that lowers the bound."""
        history = [self._at_dual]
        for _round in range(CUT_ROUNDS):
            threes = self._pool.violated(self._part, self._stops, CUTS)
            if not threes or self._late(CUT_SHARE if _round else 0.5):
                return
            self._pool.cut(threes)
            self.generate()
            if not self.complete:  # the tables overflow: what was cut so far still bounds
                self.complete = True
                return
            history.append(self._at_dual)
            if len(history) > PATIENCE and history[-1 - PATIENCE] - history[-1] < CUT_GAIN:
                return

    def _list(self, size: int, reach: float) -> tuple[list[tuple[int, Tour]], float]:
        """The most promising tours, about `size` if there are as many, and the distance within which they are
        all there are; no further than matters."""
        listed = self._within(min(reach, self._distance()))
        while listed is not None and len(listed) < size and reach < self._distance() and not self._late():
            more = self._within(min(2 * reach, self._distance()))
            if more is None:
                break
            listed, reach = more, 2 * reach
        if listed is None:
            return [], min(reach, self._distance()) / 2
        return listed, reach

    def _pack(self, listed: Sequence[tuple[int, Tour]]) -> bool:
        """Choose over these tours, what was offered, and the side columns. Whether nothing among them is
        better."""
        columns = {self.add(kind, tour.stops, tour.drive) for kind, tour in listed}
        columns |= set(self._side) | set(self._best.columns)
        part = self._left()
        packed = self._pool.pack(
            np.array(sorted(columns), np.int64), seconds=None if part is None else part / 2, nodes=NODES
        )
        self._keep(packed)
        return packed.proven
