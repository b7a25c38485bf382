"""Exact assignment over listed pairs: a batch at once (`solve`), or kept warm event by event (`Plan`)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from civic.matching import events
from civic.matching import kernel as k
from civic.matching.board import (
    BIDS,
    COLUMN,
    EDGE,
    MOST,
    ORDER,
    ROW,
    Board,
    board,
    checked,
    insert_all,
    link_all,
    open_all,
    set_up,
)  # fmt: skip
from civic.matching.costs import Ints


@dataclass(frozen=True)
class Solution:
    """Row r is a head of `order_of[r]`, served by `column[r]` or −1; total = Σ row + Σ column proves it."""

    order_of: Ints
    column: Ints
    row_price: Ints
    column_price: Ints  # ≤ 0
    total: int

    @property
    def served(self) -> int:
        """How many heads are served."""
        return int((self.column >= 0).sum())


def solve(
    start: ArrayLike, column: ArrayLike, cost: ArrayLike, heads: ArrayLike, penalty: ArrayLike, columns: int
) -> Solution:
    """The cheapest assignment of m orders over the listed pairs, with the prices that prove it.

    `start` (m + 1,) cuts `column` and `cost` (E,) into the edges of each order; `heads`, `penalty` (m,).
    Costs are whole, 0 ≤ c < 2²⁷. Raises ValueError for input that makes no sense. Deterministic.
    """
    made = set_up(*checked(start, column, cost, heads, penalty, columns), columns)
    settle(made)
    return read(made)


def settle(made: Board) -> None:
    """Bring a board that is set up to its optimum, from the shorter side."""
    if made.block[0] > made.block[2]:
        open_all(*made)
    else:
        insert_all(*made, BIDS)
        link_all(made.block)


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


class Plan:
    """An assignment that stays optimal while orders, answers and people come and go.

    Every method leaves primal and dual optimal, so `total` is the proven minimum over what is listed now.
    Orders and columns get numbers from 0 that are not used again; build a new Plan when too many are gone
    (nightly is enough). A pinned pair is out of the market: its cost counts in `total`, and nothing moves
    it.
    """

    def __init__(self, rows: int = 64, columns: int = 64, edges: int = 1024) -> None:
        self._made = board(rows, rows, columns, edges)
        self._rows, self._orders, self._columns, self._edges = 1, 0, 1, 1  # records used, unused ones counted
        self._pins: dict[int, list[tuple[int, int, int]]] = {}  # order: (row, column, cost)
        self._log = 0

    @classmethod
    def of(
        cls,
        start: ArrayLike,
        column: ArrayLike,
        cost: ArrayLike,
        heads: ArrayLike,
        penalty: ArrayLike,
        columns: int,
    ) -> "Plan":
        """A plan that begins with a whole batch (arrays as in `solve`); all keep their numbers."""
        arrays = checked(start, column, cost, heads, penalty, columns)
        plan = cls.__new__(cls)
        plan._made = set_up(*arrays, columns)
        settle(plan._made)
        rows, plan._orders, plan._columns, plan._edges = plan._made.block[:4].tolist()
        plan._rows, plan._pins, plan._log = rows, {}, 0
        return plan

    @property
    def board(self) -> Board:
        """The state itself, for those who read it whole."""
        return self._made

    def prices(self) -> tuple[Ints, Ints]:
        """α of every order and v of every column, as two arrays; what is out of the market has 0."""
        b, at = self._made.block, k.layout(self._made.block)
        alpha = events.alphas(b, self._orders)
        discount = b[at.discount + COLUMN : at.discount + COLUMN * self._columns : COLUMN].astype(np.int64)
        return alpha, np.where(discount == k.GRAVE, 0, -discount)

    @property
    def total(self) -> int:
        """Centi-minutes of the whole plan: travel and other parts, penalties, pinned pairs."""
        pinned = sum(cost for pins in self._pins.values() for _row, _column, cost in pins)
        return int(self._made.wide[k.TOTAL]) + pinned

    def add_column(self, count: int = 1) -> int:
        """Let `count` new columns in, free and not listed anywhere; returns the number of the first."""
        first = self._columns - 1
        self._room(columns=self._columns + count)
        self._columns += count
        return first

    def add_order(self, columns: ArrayLike, costs: ArrayLike, penalty: int, heads: int = 1) -> int:
        """Enter an order with its edges and serve it; returns its number. Raises ValueError."""
        to, cost = self._listed(columns, costs)
        if heads < 0 or not 0 <= penalty < MOST:
            raise ValueError(f"heads are not negative and a penalty lies between 0 and {MOST - 1}")
        self._room(self._rows + heads, self._orders + 1, 0, self._edges + len(to))
        order, self._orders = self._orders, self._orders + 1
        events.add(*self._made, order * ORDER, self._rows * ROW, heads, penalty, self._edges * EDGE, to, cost)
        self._rows, self._edges = self._rows + heads, self._edges + len(to)
        return order

    def cancel(self, order: int) -> None:
        """Take every head of an order out, pinned ones too; a second time does nothing."""
        self.unpin(order)
        events.cancel(*self._made, self._order(order))

    def drop_edge(self, order: int, column: int) -> None:
        """Forbid a pair: a decline, or the clerk's word. Whoever sat there moves."""
        events.drop(*self._made, self._order(order), self._column(column))

    def add_edges(self, order: int, columns: ArrayLike, costs: ArrayLike) -> None:
        """List more pairs of an order that is in; a pair listed twice counts at its lower cost."""
        to, cost = self._listed(columns, costs)
        o = self._order(order)
        old = events.count(self._made.block, o)
        self._room(edges=self._edges + old + len(to))
        events.extend(*self._made, o, self._edges * EDGE, to, cost)
        self._edges += old + len(to)

    def close_column(self, column: int) -> None:
        """Somebody leaves, or is taken; a second time does nothing."""
        events.close(*self._made, self._column(column))

    def open_column(self, column: int) -> None:
        """Somebody is back; nothing happens to a column that is open."""
        events.reopen(*self._made, self._column(column))

    def pin(self, order: int, column: int, cost: int | None = None) -> None:
        """Fix a head of the order on the column (at the listed cost, if none is given). Raises ValueError."""
        o, j = self._order(order), self._column(column)
        cost = self._cost(o, j, column) if cost is None else cost
        row = events.pin(*self._made, 0, o, j)
        if not row:
            raise ValueError("the column is closed, or the order has no head left to pin")
        self._pins.setdefault(order, []).append((row, j, cost))

    def unpin(self, order: int) -> None:
        """Give the order's pinned heads and their columns back to the market."""
        for row, j, _cost in self._pins.pop(order, []):
            events.unpin(*self._made, row, j)

    def price(self, order: int, column: int, cost: int | None = None) -> int:
        """By how much `total` would rise, if the order were pinned to the column. Nothing is changed.

        Raises ValueError when the pair is not listed and no cost is given, or the column is closed.
        """
        o, j = self._order(order), self._column(column)
        cost = self._cost(o, j, column) if cost is None else cost
        self._log_room()
        rise = events.trial(*self._made, self._log, o, j)
        if rise == k.INF:
            raise ValueError("the column is closed, or the order has no head left to pin")
        return int(rise) + cost

    def assigned(self, order: int) -> list[int]:
        """The columns that serve the order, pinned ones first; fewer than its heads if some are unserved."""
        at, b = k.layout.py_func(self._made.block), self._made.block
        o = self._order(order)
        seats = b[int(at.seat + b[at.rows_from + o]) : int(at.seat + b[at.rows_to + o]) : ROW]
        pinned = [j // COLUMN - 1 for _row, j, _cost in self._pins.get(order, [])]
        return pinned + [int(seat) // COLUMN - 1 for seat in seats if seat > k.UNSERVED]

    def alpha(self, order: int) -> int:
        """What the network pays for one more head of this order; 0 when none is in the market."""
        return int(events.alpha(self._made.block, self._order(order)))

    def v(self, column: int) -> int:
        """What one more of this column would save, as a number ≤ 0; a closed column has 0."""
        at = k.layout.py_func(self._made.block)
        discount = int(self._made.block[int(at.discount) + self._column(column)])
        return 0 if discount == k.GRAVE else -discount

    def _order(self, order: int) -> int:
        if not 0 <= order < self._orders:
            raise ValueError(f"there is no order {order}")
        return order * ORDER

    def _column(self, column: int) -> int:
        if not 0 <= column < self._columns - 1:
            raise ValueError(f"there is no column {column}")
        return (column + 1) * COLUMN

    def _listed(self, columns: ArrayLike, costs: ArrayLike) -> tuple[Ints, Ints]:
        to, cost = np.ascontiguousarray(columns, np.int64), np.ascontiguousarray(costs, np.int64)
        if to.shape != cost.shape or to.ndim != 1:
            raise ValueError("columns and costs are two lists of equal length")
        if len(to) and (to.min() < 0 or to.max() >= self._columns - 1):
            raise ValueError("an edge names a column that is not there")
        if len(cost) and (cost.min() < 0 or cost.max() >= MOST):
            raise ValueError(f"costs lie between 0 and {MOST - 1}")
        return to, cost

    def _cost(self, o: int, j: int, column: int) -> int:
        found = int(events.cost(self._made.block, o, j))
        if found < 0:
            raise ValueError(f"column {column} is not listed for this order: say what the pair costs")
        return found

    def _room(self, rows: int = 0, orders: int = 0, columns: int = 0, edges: int = 0) -> None:
        """Grow to at least so many records, each to twice what it was."""
        b = self._made.block
        wanted = rows, orders, columns, edges
        if any(want > have for want, have in zip(wanted, b[:4].tolist(), strict=True)):
            room = [
                max(want, 2 * have) if want > have else have
                for want, have in zip(wanted, b[:4].tolist(), strict=True)
            ]
            self._made, self._log = _grown(self._made, room), 0

    def _log_room(self) -> None:
        """Make room for the undo records of a trial behind the heap."""
        if not self._log:
            rows, _orders, columns, _edges = self._made.block[:4].tolist()
            self._log = len(self._made.wide)
            longer = np.zeros(self._log + 16 * (rows + columns) + 64, np.int64)
            longer[: self._log] = self._made.wide
            self._made = Board(self._made.block, longer)


def _grown(old: Board, room: Sequence[int]) -> Board:
    """The same state with more room; places of records do not change."""
    rows, orders, columns, edges = room
    new = board(rows - 1, orders, columns - 1, edges - 1)
    a, z = k.layout.py_func(old.block), k.layout.py_func(new.block)
    lengths = [n * w for n, w in zip(old.block[:4].tolist(), (ROW, ORDER, COLUMN, EDGE), strict=True)]
    for name, length in zip(("order_of", "first", "discount", "to"), lengths, strict=True):
        start, to = int(getattr(a, name)), int(getattr(z, name))
        new.block[to : to + length] = old.block[start : start + length]
    new.block[int(z.below) : int(z.below) + lengths[3]] = old.block[int(a.below) : int(a.below) + lengths[3]]
    count = int(old.block[2])
    new.block[int(z.top) : int(z.top) + count] = old.block[int(a.top) : int(a.top) + count]
    new.wide[k.TOTAL] = old.wide[k.TOTAL]
    return new
