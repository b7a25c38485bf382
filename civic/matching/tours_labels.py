"""Labels: every worthwhile tour of one kind of crew, compiled.

A label is a tour begun: the set S of stops served, the last of them l, the clock t when it is left, the
minutes driven d, and the worth w = Σ gain − d so far, where gain_j = prize_j − (what the master pays for j
elsewhere). Extending a label by j:

    begin = max(t + drive[l, j], earliest[j]) ≤ latest[j],    t' = begin + service[j],    w' = w + gain[j] −
    drive[l, j]

Of two labels with equal (S, l) the one that is later and has driven longer is dropped (it can end no better).
A label is dropped too when even the best completion cannot lift it above a limit. The best completion is read
from a table over (l, t) that allows stops to be visited again, except straight back: a relaxation, hence
safe.

    bound[l, t] = max(−home[l], max_j gain[j] − drive[l, j] + bound[j, t'])            (backwards in t)

A cut on three stops charges σ ≥ 0 to tours that serve two or all of them. Its charge depends on S alone and
labels are compared only at equal (S, l), so the rule of dominance stays as it is; the table of completions
leaves the charges out, which is safe.

Units: whole minutes; gains may be fractions. Sources: label setting for the elementary shortest path with
resource constraints (Feillet, Dejax, Gendreau & Gueguen, Networks 44(3), 2004); state-space relaxation with
two-cycle elimination (Christofides, Mingozzi & Toth, Math. Programming 20, 1981); enumeration within the gap
(Baldacci, Christofides & Mingozzi, Math. Programming 115, 2008); subset-row cuts (Jepsen, Petersen,
Spoorendonk & Pisinger, Operations Research 56(2), 2008).
"""

from typing import NamedTuple

import numpy as np
from numba import njit

NEVER = -1e300
WORD = 64


class Day(NamedTuple):
    """The day of one kind of crew, its stops numbered 0…n−1. `out` and `home` drive from and to the depot;
    clocks count from 0 (the crew's start) to `closes`. `position[j]` ≥ 0 pins stop j to that place of the
    tour and `holder[k]` names the stop pinned to place k (−1: anyone). `gain` is set by the master before
    each search, and so are the cuts: entries `cut_start[j]`…`cut_start[j + 1]` charge `cut_price` once a
    second of the three stops (j and the two `cut_with`, −1 for one this kind never serves) is served."""

    drive: np.ndarray
    out: np.ndarray
    home: np.ndarray
    service: np.ndarray
    earliest: np.ndarray
    latest: np.ndarray
    position: np.ndarray
    holder: np.ndarray
    gain: np.ndarray
    closes: int
    cut_start: np.ndarray
    cut_with: np.ndarray
    cut_price: np.ndarray


class Bound(NamedTuple):
    """Best completion over (stop, clock): its value, the stop it goes to first (−1: home), and the best
    completion that goes somewhere else."""

    best: np.ndarray
    follow: np.ndarray
    second: np.ndarray


class Labels(NamedTuple):
    """Columns of the label table (one row per label), and the hash table of (set, last)."""

    sets: np.ndarray  # (cap, words) uint64
    last: np.ndarray
    clock: np.ndarray  # −1: dominated
    drive: np.ndarray
    worth: np.ndarray
    parent: np.ndarray
    depth: np.ndarray
    code: np.ndarray  # hash of the set
    after: np.ndarray  # next label of the same bucket
    bucket: np.ndarray
    stop_code: np.ndarray
    last_code: np.ndarray


def blank(stops: int, cap: int) -> Labels:
    """An empty table for at most `cap` labels over `stops` stops (random hash codes of a fixed seed)."""
    random = np.random.default_rng(20)
    buckets = 1 << int(cap).bit_length()
    return Labels(
        sets=np.empty((cap, (stops + WORD - 1) // WORD), np.uint64),
        last=np.empty(cap, np.int32),
        clock=np.empty(cap, np.int32),
        drive=np.empty(cap, np.int32),
        worth=np.empty(cap, np.float64),
        parent=np.empty(cap, np.int32),
        depth=np.empty(cap, np.int32),
        code=np.empty(cap, np.uint64),
        after=np.empty(cap, np.int32),
        bucket=np.full(buckets, -1, np.int32),
        stop_code=random.integers(0, 1 << 63, stops, dtype=np.uint64),
        last_code=random.integers(0, 1 << 63, stops, dtype=np.uint64),
    )


@njit(cache=True)
def completions(day: Day) -> Bound:
    """The table of best completions: `best[l, t]` bounds from above what a crew that leaves l at t can still
    add."""
    stops, span = len(day.home), day.closes + 1
    best = np.full((stops, span), NEVER)
    second = np.full((stops, span), NEVER)
    follow = np.full((stops, span), -1, np.int32)
    for clock in range(day.closes, -1, -1):
        for stop in range(stops):
            if clock + day.home[stop] <= day.closes:
                best[stop, clock] = -day.home[stop]
            for to in range(stops):
                begin = max(clock + day.drive[stop, to], day.earliest[to])
                leaves = begin + day.service[to]
                if to == stop or begin > day.latest[to] or leaves > day.closes:
                    continue
                rest = second[to, leaves] if follow[to, leaves] == stop else best[to, leaves]
                value = day.gain[to] - day.drive[stop, to] + rest
                if value > best[stop, clock]:
                    second[stop, clock] = best[stop, clock]
                    best[stop, clock] = value
                    follow[stop, clock] = to
                elif value > second[stop, clock]:
                    second[stop, clock] = value
    return Bound(best, follow, second)


@njit(cache=True)
def ceiling(day: Day, bound: Bound) -> float:
    """No tour of this day is worth more than this (the relaxation's own best, never below 0: staying
    home)."""
    top = 0.0
    for stop in range(len(day.home)):
        begin = max(day.out[stop], day.earliest[stop])
        leaves = begin + day.service[stop]
        if begin <= day.latest[stop] and leaves <= day.closes:
            top = max(top, day.gain[stop] - day.out[stop] + bound.best[stop, leaves])
    return top


@njit(cache=True)
def _holds(labels: Labels, label: int, stop: int) -> bool:
    return (labels.sets[label, stop // WORD] >> np.uint64(stop % WORD)) & np.uint64(1) == np.uint64(1)


@njit(cache=True)
def _cuts(day: Day, labels: Labels, parent: int, stop: int) -> float:
    """What the cuts charge for serving `stop` after `parent`: each its price when two of its three are
    served."""
    charge = 0.0
    for entry in range(day.cut_start[stop], day.cut_start[stop + 1]):
        held = 0
        for other in day.cut_with[entry]:
            if other >= 0 and _holds(labels, parent, other):
                held += 1
        if held == 1:
            charge += day.cut_price[entry]
    return charge


@njit(cache=True)
def _begin(day: Day, labels: Labels, new: int, parent: int, stop: int) -> bool:
    """Write the label of `parent` extended by `stop` into row `new`; False where the clock forbids it."""
    if parent < 0:
        step, clock, drive, worth, code, depth = day.out[stop], 0, 0, 0.0, np.uint64(0), 0
    else:
        step, clock, drive = day.drive[labels.last[parent], stop], labels.clock[parent], labels.drive[parent]
        worth, code, depth = labels.worth[parent], labels.code[parent], labels.depth[parent]
    begin = max(clock + step, day.earliest[stop])
    leaves = begin + day.service[stop]
    if begin > day.latest[stop] or leaves > day.closes:
        return False
    if parent >= 0:
        worth -= _cuts(day, labels, parent, stop)
    labels.last[new] = stop
    labels.clock[new] = leaves
    labels.drive[new] = drive + step
    labels.worth[new] = worth + day.gain[stop] - step
    labels.parent[new] = parent
    labels.depth[new] = depth + 1
    labels.code[new] = code ^ labels.stop_code[stop]
    return True


@njit(cache=True)
def _hopeless(labels: Labels, new: int, parent: int, bound: Bound, limit: float) -> bool:
    """Whether even the best completion stays at or below the limit; steps to a stop already served do not
    count."""
    last, clock = labels.last[new], labels.clock[new]
    rest = bound.best[last, clock]
    to = bound.follow[last, clock]
    if parent >= 0 and to >= 0 and _holds(labels, parent, to):
        rest = bound.second[last, clock]
    return labels.worth[new] + rest <= limit


@njit(cache=True)
def _enter(labels: Labels, new: int) -> bool:
    """Enter row `new` unless a label of the same set and last stop is as good; drop those it beats."""
    last, words = labels.last[new], labels.sets.shape[1]
    parent, word = labels.parent[new], last // WORD
    for w in range(words):
        labels.sets[new, w] = labels.sets[parent, w] if parent >= 0 else np.uint64(0)
    labels.sets[new, word] |= np.uint64(1) << np.uint64(last % WORD)
    key = labels.code[new] ^ labels.last_code[last]
    slot = np.int64(key & np.uint64(len(labels.bucket) - 1))
    other = labels.bucket[slot]
    while other >= 0:
        if labels.last[other] == last and labels.clock[other] >= 0 and labels.code[other] == labels.code[new]:
            same = True
            for w in range(words):
                same = same and labels.sets[other, w] == labels.sets[new, w]
            if same and labels.clock[other] <= labels.clock[new] and labels.drive[other] <= labels.drive[new]:
                return False
            if same and labels.clock[other] >= labels.clock[new] and labels.drive[other] >= labels.drive[new]:
                labels.clock[other] = -1
        other = labels.after[other]
    labels.after[new] = labels.bucket[slot]
    labels.bucket[slot] = new
    return True


@njit(cache=True)
def search(day: Day, bound: Bound, labels: Labels, limit: float) -> int:
    """Fill `labels` with every undominated label that may still end above `limit`. Returns their number; the
    table's own size says that it was too small: then others may be missing."""
    stops, cap = len(day.home), len(labels.last)
    count, head = 0, -1
    while head < count:
        depth = 0 if head < 0 else labels.depth[head]
        holder = day.holder[depth] if depth < len(day.holder) else -1
        alive = head < 0 or labels.clock[head] >= 0
        for stop in range(stops):
            if not alive or (holder >= 0 and stop != holder):
                continue
            if (day.position[stop] >= 0 and day.position[stop] != depth) or (
                head >= 0 and _holds(labels, head, stop)
            ):
                continue
            if not _begin(day, labels, count, head, stop) or _hopeless(labels, count, head, bound, limit):
                continue
            if _enter(labels, count):
                count += 1
                if count == cap:
                    return cap
        head += 1
    return count
