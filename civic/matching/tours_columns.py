"""Tours as columns of the master: which crews are alike, and what the labels say of each kind of crew.

Crews of one depot, one mask of skills and one day are one *kind*: the master only counts them. A crew with
pins is a kind of its own. Row numbers of the master: first the stops of the problem, then one row per kind.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from civic.matching.tours_labels import Bound, Day, Labels, blank, ceiling, completions, search
from civic.matching.tours_model import Id, Pin, Problem

SHARES = (0.8, 0.6, 0.3, 0.0)  # of what the relaxation promises: looked for in this order
PRICED = 120  # tours added per kind and round
EPSILON = 1e-6
SMALL_TABLE = 200_000  # labels while pricing
LARGE_TABLE = 2_000_000  # labels while listing everything within the gap


@dataclass(frozen=True, slots=True)
class Kind:
    """Crews that are alike: their indices, the stops any of them may serve (indices into the problem), the
    day."""

    crews: tuple[int, ...]
    stops: np.ndarray
    day: Day


@dataclass(frozen=True, slots=True)
class Tour:
    """One tour of a kind: stops in driving order (indices into the problem), minutes driven, reduced
    worth."""

    stops: tuple[int, ...]
    drive: int
    worth: float


@dataclass(frozen=True, slots=True)
class Priced:
    """Tours above the limit, the best first (not all, where `limit` asked for a few); no tour of the kind is
    worth more than `ceiling`; `complete` is False where the table was too small."""

    tours: list[Tour]
    ceiling: float
    complete: bool


def kinds_of(problem: Problem, pins: Sequence[Pin], excluded: Collection[Id]) -> list[Kind]:
    """The kinds of crews, in the order of their first crew; excluded stops and stops pinned elsewhere left
    out."""
    holders = {pin.stop: pin.crew for pin in pins}
    groups: dict[object, list[int]] = {}
    for at, crew in enumerate(problem.crews):
        own = crew.id if crew.id in holders.values() else None
        groups.setdefault((crew.depot, crew.skills, crew.starts, crew.ends, own), []).append(at)
    return [_kind(problem, tuple(group), pins, excluded) for group in groups.values()]


def _kind(problem: Problem, crews: tuple[int, ...], pins: Sequence[Pin], excluded: Collection[Id]) -> Kind:
    crew = problem.crews[crews[0]]
    holders = {pin.stop: pin.crew for pin in pins}
    minutes = np.asarray(problem.minutes, np.int64)
    base = len(problem.depots)
    stops = [
        at
        for at, stop in enumerate(problem.stops)
        if not stop.need & ~crew.skills
        and stop.id not in excluded
        and holders.get(stop.id, crew.id) == crew.id
        and _in_its_day(problem, crews[0], at)
    ]
    place = np.array(stops, np.int64) + base
    taken = [problem.stops[at] for at in stops]
    position = np.full(len(stops), -1, np.int64)
    spots = {pin.stop: pin.position for pin in pins if pin.crew == crew.id and pin.position is not None}
    holder = np.full(1 + max(spots.values(), default=-1), -1, np.int64)
    for local, stop in enumerate(taken):
        if stop.id in spots:
            position[local] = spots[stop.id]
            holder[spots[stop.id]] = local
    day = Day(
        drive=np.ascontiguousarray(minutes[np.ix_(place, place)]),
        out=np.ascontiguousarray(minutes[crew.depot, place]),
        home=np.ascontiguousarray(minutes[place, crew.depot]),
        service=np.array([stop.minutes for stop in taken], np.int64),
        earliest=np.array([stop.earliest - crew.starts for stop in taken], np.int64),
        latest=np.array([stop.latest - crew.starts for stop in taken], np.int64),
        position=position,
        holder=holder,
        gain=np.zeros(len(stops)),
        closes=crew.ends - crew.starts,
    )
    return Kind(crews, np.array(stops, np.int64), day)


def _in_its_day(problem: Problem, crew: int, stop: int) -> bool:
    """Whether the stop's window and minutes fit into the crew's day at all."""
    team, one = problem.crews[crew], problem.stops[stop]
    begin = max(team.starts, one.earliest)
    return begin <= one.latest and begin + one.minutes <= team.ends


class Searcher:
    """The label tables, kept between searches: allocating them anew would cost more than most searches."""

    def __init__(self, kinds: Iterable[Kind]) -> None:
        self._stops = max((len(kind.stops) for kind in kinds), default=1) or 1
        self._tables: dict[int, Labels] = {}

    def _table(self, cap: int) -> Labels:
        if cap not in self._tables:
            self._tables[cap] = blank(self._stops, cap)
        self._tables[cap].bucket.fill(-1)
        return self._tables[cap]

    def price(self, kind: Kind, gain: np.ndarray, paid: float) -> Priced:
        """Up to `PRICED` tours worth more than `paid` to this kind, if there is one; `gain` per stop of the
        kind. First only tours above half of what the relaxation promises are looked for, then all."""
        if len(kind.stops) == 0:
            return Priced([], 0.0, True)
        day = kind.day._replace(gain=np.ascontiguousarray(gain))
        bound = completions(day)
        top = ceiling(day, bound)
        for share in SHARES:
            limit = paid + share * (top - paid) + EPSILON
            if top <= limit:
                break
            found, whole = self._above(kind, day, bound, limit, SMALL_TABLE)
            if found or not whole:
                return Priced(found[:PRICED], found[0].worth if whole else top, whole)
            top = limit
        return Priced([], paid, True)

    def above(self, kind: Kind, gain: np.ndarray, limit: float) -> list[Tour] | None:
        """Every set of stops whose cheapest tour is worth more than `limit`; None where there are too
        many."""
        if len(kind.stops) == 0:
            return []
        day = kind.day._replace(gain=np.ascontiguousarray(gain))
        found, whole = self._above(kind, day, completions(day), limit, LARGE_TABLE)
        return found if whole else None

    def _above(self, kind: Kind, day: Day, bound: Bound, limit: float, cap: int) -> tuple[list[Tour], bool]:
        """The tours above the limit, the best first, and whether they are all (not only what the table
        held)."""
        labels = self._table(cap)
        count = search(day, bound, labels, limit)
        last, clock = labels.last[:count], labels.clock[:count]
        worth = labels.worth[:count] - day.home[last]
        ends = np.flatnonzero((clock >= 0) & (clock + day.home[last] <= day.closes) & (worth > limit))
        ends = ends[np.argsort(-worth[ends], kind="stable")]
        _, first = np.unique(
            labels.sets[ends], axis=0, return_index=True
        )  # the dearest of each set comes first
        tours = []
        for end in ends[np.sort(first)].tolist():
            order = []
            drive = int(labels.drive[end] + day.home[last[end]])
            at = end
            while at >= 0:
                order.append(int(kind.stops[labels.last[at]]))
                at = int(labels.parent[at])
            tours.append(Tour(tuple(reversed(order)), drive, float(worth[end])))
        return tours, count < cap
