"""Exact assignment over listed pairs: a whole batch at once. `warm.Plan` keeps one warm, event by event.

Orders and columns are numbered from 0 here. Inside (`kernel`) a thing is known by its record's place, and record 0 of
columns, rows and edges is never used.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from civic.matching import kernel as k
from civic.matching.costs import Ints

MOST = 1 << 27  # a cost or penalty; sums of a path stay within a word
ROW, ORDER, COLUMN, EDGE = (int(n) for n in (k.ROW, k.ORDER, k.COLUMN, k.EDGE))
Words = NDArray[np.uint32]


class Board(NamedTuple):
    """The two arrays that every function of `kernel` takes."""

    block: Words
    wide: NDArray[np.int64]


@dataclass(frozen=True)
class Solution:
    """Row r is a head of `order_of[r]`, served by `column[r]` or −1. Prices prove it: total = Σ row + Σ column."""

    order_of: Ints
    column: Ints
    row_price: Ints
    column_price: Ints  # ≤ 0
    total: int

    @property
    def served(self) -> int:
        """How many heads are served."""
        return int((self.column >= 0).sum())


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
    """Write edge (o, j, c) at the place e, then let it sink to its rank among those of the order before it."""
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
def insert_all(b, w):
    """Insert every row in order; returns how many columns were settled on the way."""
    at = k.layout(b)
    settled = np.uintp(0)
    for r in range(k.ROW, k.ROW * np.uintp(b[np.uintp(0)]), k.ROW):
        settled += k.insert(b, w, at, r)
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


def solve(
    start: ArrayLike, column: ArrayLike, cost: ArrayLike, heads: ArrayLike, penalty: ArrayLike, columns: int
) -> Solution:
    """The cheapest assignment of m orders over the listed pairs, with the prices that prove it.

    `start` (m + 1,) cuts `column` and `cost` (E,) into the edges of each order; `heads`, `penalty` (m,). Costs are
    whole, 0 ≤ c < 2²⁷. Raises ValueError for input that makes no sense. Deterministic.
    """
    made = set_up(*checked(start, column, cost, heads, penalty, columns), columns)
    insert_all(*made)
    return read(made)


def read(made: Board) -> Solution:
    """The solution that a board holds."""
    b, at = made.block, k.layout(made.block)
    rows, columns = at.order_of + ROW * int(b[0]), at.discount + COLUMN * int(b[2])
    seat = b[at.seat + ROW : rows : ROW].astype(np.int64)
    discount = b[at.discount + COLUMN : columns : COLUMN].astype(np.int64)
    return Solution(
        order_of=b[at.order_of + ROW : rows : ROW].astype(np.int64) // ORDER,
        column=np.where(seat > k.UNSERVED, seat // COLUMN - 1, -1),
        row_price=b[at.price + ROW : rows : ROW].astype(np.int64),
        column_price=np.where(discount == k.GRAVE, 0, -discount),
        total=int(made.wide[k.TOTAL]),
    )
