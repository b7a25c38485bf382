"""Tours as columns of the master: which crews are alike, and what the labels say of each kind of crew.

Crews of one depot, one mask of skills and one day are one *kind*: the master only counts them. A crew with
pins is a kind of its own. Row numbers of the master: first the stops of the problem, then one row per kind.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from civic.matching.tours_labels import Bound, Day, Labels, blank, ceiling, completions, search
from civic.matching.tours_model import Id, Pin, Problem, Stop

SHARES = (0.8, 0.6, 0.3, 0.0)  # of what the relaxation promises: looked for in this order
PRICED = 120  # tours added per kind and round
EPSILON = 1e-6
STEP = 0.01  # minutes: a tour that promises less is not worth a column; the bound allows for it
SMALL_TABLE = 200_000  # labels while pricing
LARGE_TABLE = 2_000_000  # labels while listing everything within the gap


Cut = tuple[int, int, int]  # three stops of the problem: no plan serves two of them on more than one tour


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
    position, holder = _places(taken, crew.id, pins)
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
        cut_start=np.zeros(len(stops) + 1, np.int64),
        cut_with=np.zeros((0, 2), np.int64),
        cut_price=np.zeros(0),
    )
    return Kind(crews, np.array(stops, np.int64), day)


def _places(stops: Sequence[Stop], crew: Id, pins: Sequence[Pin]) -> tuple[np.ndarray, np.ndarray]:
    """`Day.position` and `Day.holder` of a crew's stops, from the pins that name a position."""
    position = np.full(len(stops), -1, np.int64)
    spots = {pin.stop: pin.position for pin in pins if pin.crew == crew and pin.position is not None}
    holder = np.full(1 + max(spots.values(), default=-1), -1, np.int64)
    for local, stop in enumerate(stops):
        if stop.id in spots:
            position[local] = spots[stop.id]
            holder[spots[stop.id]] = local
    return position, holder


def _in_its_day(problem: Problem, crew: int, stop: int) -> bool:
    """Whether the stop's window and minutes fit into the crew's day at all."""
    team, one = problem.crews[crew], problem.stops[stop]
    begin = max(team.starts, one.earliest)
    return begin <= one.latest and begin + one.minutes <= team.ends


def priced(kind: Kind, gain: np.ndarray, cuts: Sequence[Cut], prices: Sequence[float]) -> Kind:
    """The kind at the master's prices: `gain` per stop of the problem, a price ≥ 0 per cut."""
    local = {int(stop): at for at, stop in enumerate(kind.stops)}
    entries: list[list[tuple[int, int, float]]] = [[] for _ in kind.stops]
    for cut, price in zip(cuts, prices, strict=True):
        members = [local.get(stop, -1) for stop in cut]
        if price > EPSILON and sum(at >= 0 for at in members) > 1:
            for at, one, two in (members, members[1:] + members[:1], members[2:] + members[:2]):
                if at >= 0:
                    entries[at].append((one, two, price))
    flat = [entry for one in entries for entry in one]
    return replace(
        kind,
        day=kind.day._replace(
            gain=np.ascontiguousarray(gain[kind.stops], float),
            cut_start=np.r_[0, np.cumsum([len(one) for one in entries])].astype(np.int64),
            cut_with=np.array([entry[:2] for entry in flat], np.int64).reshape(-1, 2),
            cut_price=np.array([entry[2] for entry in flat], float),
        ),
    )


class Searcher:
    """The label tables, kept between searches: allocating them anew would cost more than most searches."""

    def __init__(self, kinds: Iterable[Kind]) -> None:
        self._stops = max((len(kind.stops) for kind in kinds), default=1) or 1
        self._tables: dict[int, Labels] = {}
        self._level: dict[tuple[int, ...], int] = {}  # of SHARES, where each kind found tours last

    def _table(self, cap: int) -> Labels:
        if cap not in self._tables:
            self._tables[cap] = blank(self._stops, cap)
        self._tables[cap].bucket.fill(-1)
        return self._tables[cap]

    def price(self, kind: Kind, paid: float) -> Priced:
        """Up to `PRICED` tours worth more than `paid` to this `priced` kind, if there is one: first only near
        what the relaxation promises, then, round by round, all. A table that spills is asked for less."""
        if len(kind.stops) == 0:
            return Priced([], 0.0, True)
        bound = completions(kind.day)
        top, level, spilt = ceiling(kind.day, bound), self._level.get(kind.crews, 0), len(SHARES)
        while True:
            limit = paid + max(STEP, SHARES[level] * (top - paid))
            found, whole = self._above(kind, bound, limit, SMALL_TABLE, PRICED) if top > limit else ([], True)
            if not whole and level > 0:
                spilt, level = level, level - 1
            elif found or not whole or level + 1 == spilt:
                break
            else:
                level += 1
        self._level[kind.crews] = level
        if whole and spilt == len(SHARES):
            return Priced(found, found[0].worth if found else min(top, paid + STEP), True)
        return Priced(found, top, False)

    def above(self, kind: Kind, limit: float, most: int) -> list[Tour] | None:
        """The best `most` of all sets of stops whose cheapest tour is worth more than `limit` to this
        `priced` kind; None where there are too many to look through."""
        if len(kind.stops) == 0:
            return []
        found, whole = self._above(kind, completions(kind.day), limit, LARGE_TABLE, most)
        return found if whole else None

    def _above(self, kind: Kind, bound: Bound, limit: float, cap: int, most: int) -> tuple[list[Tour], bool]:
        """The best `most` tours above the limit, and whether the table could hold all there are."""
        day = kind.day
        labels = self._table(cap)
        count = search(day, bound, labels, limit)
        last, clock = labels.last[:count], labels.clock[:count]
        worth = labels.worth[:count] - day.home[last]
        ends = np.flatnonzero((clock >= 0) & (clock + day.home[last] <= day.closes) & (worth > limit))
        ends = ends[np.argsort(-worth[ends], kind="stable")]
        first = np.unique(labels.sets[ends], axis=0, return_index=True)[1]  # the dearest of each set
        tours = []
        for end in ends[np.sort(first)[:most]].tolist():
            order = []
            drive = int(labels.drive[end] + day.home[last[end]])
            at = end
            while at >= 0:
                order.append(int(kind.stops[labels.last[at]]))
                at = int(labels.parent[at])
            tours.append(Tour(tuple(reversed(order)), drive, float(worth[end])))
        return tours, count < cap
