"""The state of an assignment as two arrays: how it is allocated, filled, grown, and solved from nothing.

Orders and columns are numbered from 0 outside. Inside (`kernel`) a thing is known by its record's place,
and record 0 of columns, rows and edges is never used.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from civic.matching import kernel as k
from civic.matching.costs import Ints

BIDS = 3  # per head on average, before paths are searched; ours, by trial
MOST = 1 << 27  # a cost or penalty; sums of a path stay within a word
ROW, ORDER, COLUMN, EDGE = (int(n) for n in (k.ROW, k.ORDER, k.COLUMN, k.EDGE))
Words = NDArray[np.uint32]


class Board(NamedTuple):
    """The two arrays that every function of `kernel` takes."""

    block: Words
    wide: NDArray[np.int64]


def board(rows: int, orders: int, columns: int, edges: int) -> Board:
    """An empty board with room for so many; columns are free, nothing is listed."""
    room = rows + 1, orders, columns + 1, edges + 1
    made = Board(np.zeros(k.words.py_func(*room), np.uint32), np.zeros(2 * edges + rows + 16, np.int64))
    made.block[:4] = room
    at = k.layout(made.block)
    made.block[at.dist : at.dist + COLUMN * (columns + 1) : COLUMN] = k.INF
    made.block[at.discount] = k.GRAVE
    return made


@njit(cache=True)
def _fill(b, start, column, cost, heads, penalty):
    """Write orders, rows and edges; the edges of an order are sorted by cost here."""
    at = k.layout(b)
    row = k.ROW
    for n in range(len(heads)):
        o = k.ORDER * np.uintp(n)
        b[at.first + o] = (start[n] + 1) * EDGE
        b[at.last + o] = (start[n + 1] + 1) * EDGE
        b[at.penalty + o] = penalty[n]
        b[at.rows_from + o] = row
        for _ in range(heads[n]):
            b[at.order_of + row] = o
            row += k.ROW
        b[at.rows_to + o] = row
        for i in range(start[n], start[n + 1]):
            place(b, at, o, np.uintp((i + 1) * EDGE), (column[i] + 1) * COLUMN, cost[i])


@njit(cache=True)
def place(b, at, o, e, j, c):
    """Write edge (o, j, c) at the place e, then let it sink to its rank among those before it."""
    b[at.owner + e] = o
    while e > b[at.first + o] and b[at.cost + e - k.EDGE] > c:
        b[at.cost + e], b[at.to + e] = b[at.cost + e - k.EDGE], b[at.to + e - k.EDGE]
        e -= k.EDGE
    b[at.cost + e], b[at.to + e] = c, j


@njit(cache=True)
def link(b, at, first, last):
    """Enter the edges at first…last into the lists of their columns."""
    for e in range(np.uintp(first), np.uintp(last), k.EDGE):
        top = at.top + np.uintp(b[at.to + e]) // k.COLUMN
        b[at.below + e] = b[top]
        b[top] = e


@njit(cache=True)
def link_all(b):
    """Enter every edge of a board that is full into the lists."""
    link(b, k.layout(b), k.EDGE, k.EDGE * np.uintp(b[np.uintp(3)]))


@njit(cache=True)
def insert_all(b, w, bids):
    """Bid for every row, on average `bids` times at most, insert who is left; returns columns settled."""
    at = k.layout(b)
    left, spare = np.uintp(0), bids * np.int64(b[np.uintp(0)])
    for r in range(k.ROW, k.ROW * np.uintp(b[np.uintp(0)]), k.ROW):
        row, moved = np.uintp(r), True
        while row and moved and spare > 0:
            row, moved = k.bid(b, w, at, row)
            spare -= 1
        if row:
            w[k.HEAP + k.ONE + left] = row
            left += k.ONE
    rest = w[k.HEAP + k.ONE : k.HEAP + k.ONE + left].copy()
    settled = np.uintp(0)
    for r in rest:
        settled += k.insert(b, w, at, np.uintp(r))
    return settled


@njit(cache=True)
def open_all(b, w):
    """The other way round: every head unserved at first, then let the columns in one by one; needs the lists.

    Better where heads outnumber columns, since the shorter side pays for the paths.
    """
    at = k.layout(b)
    for r in range(k.ROW, k.ROW * np.uintp(b[np.uintp(0)]), k.ROW):
        price = b[at.penalty + b[at.order_of + r]]
        b[at.seat + r], b[at.price + r] = k.UNSERVED, price
        w[k.TOTAL] += price
    last = k.COLUMN * np.uintp(b[k.TWO])
    for j in range(k.COLUMN, last, k.COLUMN):
        b[at.discount + j] = k.GRAVE
    link_all(b)
    settled = np.uintp(0)
    for j in range(k.COLUMN, last, k.COLUMN):
        settled += k.reopen(b, w, at, np.uintp(j))
    return settled


def checked(
    start: ArrayLike, column: ArrayLike, cost: ArrayLike, heads: ArrayLike, penalty: ArrayLike, columns: int
) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """The arrays of a problem as int64, or ValueError in plain words."""
    s, j, c, h, p = (np.ascontiguousarray(a, np.int64) for a in (start, column, cost, heads, penalty))
    if len(s) != len(h) + 1 or len(h) != len(p) or len(j) != len(c) or s[0] != 0 or s[-1] != len(j):
        raise ValueError("start has one entry more than heads and penalty, and ends at the number of edges")
    if (np.diff(s) < 0).any():
        raise ValueError("start must not fall")
    if len(j) and (j.min() < 0 or j.max() >= columns):
        raise ValueError("an edge names a column that is not there")
    if (len(c) and (c.min() < 0 or c.max() >= MOST)) or (len(p) and (p.min() < 0 or p.max() >= MOST)):
        raise ValueError(f"costs and penalties lie between 0 and {MOST - 1}")
    if len(h) and h.min() < 0:
        raise ValueError("heads may not be negative")
    return s, j, c, h, p


def set_up(start: Ints, column: Ints, cost: Ints, heads: Ints, penalty: Ints, columns: int) -> Board:
    """A board with everything listed and nothing inserted. The arrays have been `checked`."""
    made = board(int(heads.sum()), len(heads), columns, len(column))
    _fill(made.block, start, column, cost, heads, penalty)
    return made
