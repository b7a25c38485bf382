"""Why this volunteer for this order: parts that sum exactly to the cost, rank, runner-up, distance to it.

    cost = travel + rating + load + acceptance           whole centi-minutes
    gap  = (c_i,next − v_next) − u_i ≥ 0                 what the network pays at least for the runner-up

"Why not X?" is answered the same way for anybody: `reduced` = c_ix − α_i − v_x ≥ 0 is the least that the
whole network would pay more; the exact price of an override is `Plan.price`.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from civic.matching import kernel as k
from civic.matching.board import ROW, Words
from civic.matching.costs import Ints

NOBODY = -1
DECISION = np.dtype(
    [
        (name, np.int32)
        for name in (
            "order", "volunteer", "cost", "travel", "rating", "load", "acceptance",
            "rank", "candidates", "runner_up", "gap",
        )
    ]
)  # fmt: skip


def explain(block: Words, parts: Ints, order_of: Ints, volunteer_of: Ints) -> NDArray[np.void]:
    """One record per served head of a board, in the order of its rows.

    `parts` (n, 3) are the volunteers' static parts; `order_of` and `volunteer_of` translate the board's
    numbers. `rank` counts from 1 among the `candidates` listed for the order; `runner_up` is −1 when there
    is no other.
    """
    found = np.empty(int(block[0]) - 1, DECISION)
    return found[: _explain(block, parts, order_of, volunteer_of, found)]


@njit(cache=True)
def _explain(b, parts, order_of, volunteer_of, found):
    """Fill `found`; returns how many heads are served."""
    at, count = k.layout(b), 0
    for r in range(ROW, np.int64(b[np.uintp(0)]) * ROW, ROW):
        j = np.uintp(b[at.seat + np.uintp(r)])
        if j <= k.UNSERVED:
            continue
        o = np.uintp(b[at.order_of + np.uintp(r)])
        one = found[count]
        count += 1
        one.order, one.volunteer = order_of[o // k.ORDER], volunteer_of[j // k.COLUMN - k.ONE]
        _compare(b, at, o, np.uintp(r), j, volunteer_of, one)
        one.rating, one.load, one.acceptance = parts[one.volunteer]
        one.travel = one.cost - parts[one.volunteer].sum()
    return count


@njit(cache=True)
def _compare(b, at, o, r, j, volunteer_of, one):
    """Cost, rank and runner-up of column j among the edges of order o; its own other heads do not count."""
    one.runner_up, one.gap, one.rank = NOBODY, 0, 0
    best, listed = np.int64(k.INF), 0
    e, stop = np.uintp(b[at.first + o]), np.uintp(b[at.last + o])
    while e < stop:
        other = np.uintp(b[at.to + e])
        listed += other != 0
        if other == j:
            one.cost, one.rank = b[at.cost + e], listed
        elif other and b[at.cost + e] < best:
            holder = np.uintp(b[at.holder + other])
            reduced = np.int64(b[at.cost + e]) + b[at.discount + other]
            if reduced < best and not (holder and b[at.order_of + holder] == o):
                best = reduced
                one.runner_up, one.gap = volunteer_of[other // k.COLUMN - k.ONE], reduced - b[at.price + r]
        e += k.EDGE
    one.candidates = listed
