"""The assignment kernel: sparse shortest augmenting paths with integer duals, repaired exactly per event.

    min Σ c_ij x_ij + Σ P_i (heads left unserved)     Σ_i x_ij ≤ 1 per column,  every head once
    u_r + v_j ≤ c_ij,   u_r ≤ P_i,   v_j ≤ 0           equality where assigned;  total = Σ u + Σ v

A row is one head of an order, a column one volunteer. Every row has a private column "unserved" of cost P.
After each `insert`, `release`, `withdraw`, `close` or `reopen` primal and dual are optimal again: total =
Σu + Σv proves it.

Method: successive shortest paths as in Jonker and Volgenant, "A shortest augmenting path algorithm for
dense and sparse linear assignment problems", Computing 38 (1987); `release` is its mirror image from a
column that became free. Ours: edges of an order are sorted by cost and v ≤ 0, so a scan ends at the first
edge that cannot beat the best path found so far; a free column is the end of a path and never enters the
heap; nothing is marked "done", since a settled column cannot come nearer.

State is one flat block of records (uint32) and a few wide words (int64: total, log, heap). A thing is known
by the place of its record, so `b[at.price + r]` is one addition and the words used together share a cache
line. All of it is unsigned, which spares a check for negative indices at every touch: a column stores its
*discount* −v ≥ 0. Column 0 is the grave: edges that are deleted point there, and no path can pay its
discount. Row 0 and edge 0 are never used, so that 0 says "nobody" and "no more". Two arrays, not twenty: an
array that is handed on is counted each time.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

INF = 1 << 30
GRAVE = 1 << 29  # discount of a column that is closed, and of column 0
NOBODY = 0  # the row of a free column; the column of a row that is not in the plan
UNSERVED = 1  # the column of a row that waits in its private one; real ones are multiples of 4
LOW = 0xFFFFFFFF

HEADER = 8  # words at the beginning of the block; the first four are the capacities
ROW, ORDER, COLUMN, EDGE = (np.uintp(n) for n in (4, 8, 4, 2))  # words of a record; an edge has a second one
TOTAL, LOGGED, HEAP = (np.uintp(n) for n in range(3))  # wide words; the heap lies behind HEAP
ONE, TWO = np.uintp(1), np.uintp(2)


class At(NamedTuple):
    """Where each word of a record lies, to be added to the place of the record."""

    order_of: int  # rows: their order
    seat: int  # their column, NOBODY or UNSERVED
    price: int  # u
    first: int  # orders: their edges
    last: int
    penalty: int
    rows_from: int  # and rows
    rows_to: int
    discount: int  # columns: −v
    holder: int  # their row or NOBODY
    dist: int  # scratch, INF between calls
    pred: int  # scratch
    to: int  # edges, of one order contiguous and by rising cost: their column
    cost: int
    below: int  # the next edge of the same column
    owner: int  # the order
    top: int  # the first edge of a column's list, a word per column
    seen: int  # scratch: columns touched
    settled: int  # scratch: columns settled
    log: int  # the wide word where undo records begin; 0: nothing is recorded


@njit(cache=True)
def words(rows, orders, columns, edges):
    """Length of the block for these capacities."""
    return HEADER + 4 * rows + 8 * orders + (4 + 3) * columns + 4 * edges


@njit(cache=True)
def layout(b, log=0):
    """Where each word lies in a block whose header tells its capacities; `log` as in `At`."""
    r = np.uintp(HEADER)
    o = r + ROW * b[np.uintp(0)]
    c = o + ORDER * b[ONE]
    e = c + COLUMN * b[TWO]
    d = e + EDGE * b[np.uintp(3)]
    t = d + EDGE * b[np.uintp(3)]
    n = np.uintp(b[TWO])
    three, four = np.uintp(3), np.uintp(4)
    return At(
        r, r + ONE, r + TWO,
        o, o + ONE, o + TWO, o + three, o + four,
        c, c + ONE, c + TWO, c + three,
        e, e + ONE, d, d + ONE,
        t, t + n, t + n + n,
        np.uintp(log),
    )  # fmt: skip


@njit(cache=True)
def _push(w, size, d, j):
    """Sift column j at distance d into the heap; returns the new size."""
    key = (np.int64(d) << 32) | np.int64(j)
    i = size + ONE
    while i > ONE and w[HEAP + (i >> ONE)] > key:
        w[HEAP + i] = w[HEAP + (i >> ONE)]
        i >>= ONE
    w[HEAP + i] = key
    return size + ONE


@njit(cache=True)
def _pop(w, size):
    """Drop the nearest column; returns the new size."""
    key = w[HEAP + size]
    size -= ONE
    i, child = ONE, TWO
    while child <= size:
        if child < size and w[HEAP + child + ONE] < w[HEAP + child]:
            child += ONE
        if w[HEAP + child] >= key:
            break
        w[HEAP + i] = w[HEAP + child]
        i = child
        child = child << ONE
    w[HEAP + i] = key
    return size


@njit(cache=True)
def _next(b, w, at, heap, limit):
    """The next column to settle (0: none below the limit), and the heap's new size."""
    while heap:
        key = w[HEAP + ONE]
        if key >> 32 >= limit:
            break
        heap = _pop(w, heap)
        j = np.uintp(key & LOW)
        if b[at.dist + j] == key >> 32:
            return j, heap
    return np.uintp(0), heap


@njit(cache=True)
def _put(b, w, at, i, value):
    """Write one word of the block; while a trial runs, remember what it was."""
    if at.log:
        w[at.log + np.uintp(w[LOGGED])] = np.int64(i) << 32 | b[i]
        w[LOGGED] += 1
    b[i] = value


@njit(cache=True)
def undo(b, w, at):
    """Put back every word written since the log was empty, the latest first."""
    for n in range(w[LOGGED] - 1, -1, -1):
        record = w[at.log + np.uintp(n)]
        b[np.uintp(record >> 32)] = record & LOW
    w[LOGGED] = 0


@njit(cache=True)
def _reach(b, at, touched, j, d, come_from):
    """Column j is now at distance d, reached from `come_from`; returns how many columns were touched."""
    if b[at.dist + j] == INF:
        b[at.seen + touched] = j
        touched += ONE
    b[at.dist + j] = d
    b[at.pred + j] = come_from
    return touched


@njit(cache=True)
def _scan_row(b, w, at, row, base, limit, end, heap, touched):
    """Relax the edges of a row that stands at `base` − u; returns limit, end, heap and touched."""
    o = np.uintp(b[at.order_of + row])
    e, stop = np.uintp(b[at.first + o]), np.uintp(b[at.last + o])
    while e < stop:
        near = base + b[at.cost + e]
        if near >= limit:
            break
        j = np.uintp(b[at.to + e])
        e += EDGE
        d = near + b[at.discount + j]
        if d < limit and d < b[at.dist + j]:
            touched = _reach(b, at, touched, j, d, row)
            if b[at.holder + j] == NOBODY:
                limit, end = d, j
            else:
                heap = _push(w, heap, d, j)
    return limit, end, heap, touched


@njit(cache=True)
def insert(b, w, at, f):
    """Add row f along its shortest augmenting path; returns how many columns were settled."""
    touched, settled, heap, end = np.uintp(0), np.uintp(0), np.uintp(0), np.uintp(0)
    row, base = np.uintp(f), np.int64(0)
    limit, dumped = np.int64(b[at.penalty + b[at.order_of + row]]), row
    while True:
        limit, end, heap, touched = _scan_row(b, w, at, row, base, limit, end, heap, touched)
        j, heap = _next(b, w, at, heap, limit)
        if j == 0:
            break
        b[at.settled + settled] = j
        settled += ONE
        row = np.uintp(b[at.holder + j])
        base = np.int64(b[at.dist + j]) - b[at.price + row]
        private = base + b[at.penalty + b[at.order_of + row]]
        if private < limit:
            limit, end, dumped = private, np.uintp(0), row
    _reprice(b, w, at, settled, limit, 1)
    _put(b, w, at, at.price + f, limit)
    w[TOTAL] += limit
    _augment(b, w, at, f, end, dumped)
    _forget(b, at, touched)
    return settled


@njit(cache=True)
def _reprice(b, w, at, settled, limit, sign):
    """Settled columns fall (sign 1) or rise (−1) by what is left to the limit; their rows the other way."""
    for t in range(at.settled, at.settled + settled):
        j = np.uintp(b[t])
        step = sign * (limit - b[at.dist + j])
        _put(b, w, at, at.discount + j, b[at.discount + j] + step)
        r = np.uintp(b[at.holder + j])
        if r:
            _put(b, w, at, at.price + r, b[at.price + r] + step)


@njit(cache=True)
def _forget(b, at, touched):
    """Leave the scratch as it was found."""
    for t in range(at.seen, at.seen + touched):
        b[at.dist + b[t]] = INF


@njit(cache=True)
def _augment(b, w, at, f, end, dumped):
    """Shift rows along the path to row f: into the free column `end`, or `dumped` becomes unserved."""
    row, j = dumped, np.uintp(UNSERVED)
    if end:
        row, j = np.uintp(b[at.pred + end]), end
    while True:
        left = np.uintp(b[at.seat + row])
        _put(b, w, at, at.seat + row, j)
        if j != UNSERVED:
            _put(b, w, at, at.holder + j, row)
        if row == f:
            break
        j = left
        row = np.uintp(b[at.pred + j])


@njit(cache=True)
def _scan_column(b, w, at, j, limit, end, heap, touched):
    """Who would rather stand at column j? Returns limit, end, heap and touched.

    `end` is (row that was unserved or 0, column that becomes free or 0, column from which it was seen).
    """
    near = np.int64(b[at.dist + j]) + b[at.discount + j]
    e = np.uintp(b[at.top + j // COLUMN])
    while e:
        o = np.uintp(b[at.owner + e])
        here = near + b[at.cost + e] if b[at.to + e] == j else np.int64(INF) * 4
        r, stop = np.uintp(b[at.rows_from + o]), np.uintp(b[at.rows_to + o])
        while r < stop:
            seat, d = np.uintp(b[at.seat + r]), here - b[at.price + r]
            if d < limit and seat == UNSERVED:
                limit, end = d, (r, np.uintp(0), j)
            elif d < limit and seat and seat != j and d < b[at.dist + seat]:
                touched = _reach(b, at, touched, seat, d, j)
                heap = _push(w, heap, d, seat)
                if d + b[at.discount + seat] < limit:
                    limit, end = d + b[at.discount + seat], (np.uintp(0), seat, j)
            r += ROW
        e = np.uintp(b[at.below + e])
    return limit, end, heap, touched


@njit(cache=True)
def release(b, w, at, j0):
    """Column j0 has become free at v ≤ 0: pull the best chain of rows into it, or let v rise to 0.

    The chain ends at a row that was unserved, or at a column that becomes free at price 0. Returns columns
    settled.
    """
    limit = np.int64(b[at.discount + j0])
    if limit == 0:
        return np.uintp(0)
    end = (np.uintp(0), np.uintp(0), np.uintp(0))
    touched = _reach(b, at, np.uintp(0), j0, 0, np.uintp(0))
    settled, heap, j = np.uintp(0), np.uintp(0), np.uintp(j0)
    while j:
        b[at.settled + settled] = j
        settled += ONE
        limit, end, heap, touched = _scan_column(b, w, at, j, limit, end, heap, touched)
        j, heap = _next(b, w, at, heap, limit)
    _reprice(b, w, at, settled, limit, -1)
    w[TOTAL] += limit
    if end[0] or end[1]:
        _shift(b, w, at, j0, end[0], end[1], end[2])
    _forget(b, at, touched)
    return settled


@njit(cache=True)
def _shift(b, w, at, j0, end_row, end_column, came):
    """Move rows along the chain towards j0; it ends at an unserved row or empties `end_column`."""
    row, j = end_row, came
    if end_column:
        row, j = np.uintp(b[at.holder + end_column]), np.uintp(b[at.pred + end_column])
        _put(b, w, at, at.holder + end_column, NOBODY)
    while True:
        displaced = np.uintp(b[at.holder + j])
        _put(b, w, at, at.seat + row, j)
        _put(b, w, at, at.holder + j, row)
        if j == j0:
            return
        row, j = displaced, np.uintp(b[at.pred + j])


@njit(cache=True)
def withdraw(b, w, at, r):
    """Take row r out; its column goes to whoever gains most. Nothing happens to a row that is not in."""
    j = np.uintp(b[at.seat + r])
    if j == NOBODY:
        return
    w[TOTAL] -= b[at.price + r]
    _put(b, w, at, at.seat + r, NOBODY)
    _put(b, w, at, at.price + r, 0)
    if j != UNSERVED:
        _put(b, w, at, at.holder + j, NOBODY)
        release(b, w, at, j)


@njit(cache=True)
def close(b, w, at, j):
    """Take column j out; its row, if any, looks for another. Nothing happens to a closed column."""
    if b[at.discount + j] == GRAVE:
        return
    r = np.uintp(b[at.holder + j])
    w[TOTAL] += b[at.discount + j]
    _put(b, w, at, at.discount + j, GRAVE)
    if r:
        _put(b, w, at, at.holder + j, NOBODY)
        w[TOTAL] -= b[at.price + r]
        _put(b, w, at, at.seat + r, NOBODY)
        insert(b, w, at, r)


@njit(cache=True)
def reopen(b, w, at, j):
    """Bring column j (back) in: at the price that wrongs no pair, from where `release` repairs."""
    price = np.int64(0)
    e = np.uintp(b[at.top + j // COLUMN])
    while e:
        o = np.uintp(b[at.owner + e])
        for r in range(np.uintp(b[at.rows_from + o]), np.uintp(b[at.rows_to + o]), ROW):
            if b[at.to + e] == j and b[at.seat + r] != NOBODY:
                price = min(price, np.int64(b[at.cost + e]) - b[at.price + r])
        e = np.uintp(b[at.below + e])
    _put(b, w, at, at.discount + j, -price)
    w[TOTAL] += price
    return release(b, w, at, j)


@njit(cache=True)
def bid(b, w, at, r):
    """Row r takes its cheapest column at the price where its second choice is as good.

    Returns the row that had to leave (0: nobody) and whether the price moved. Bertsekas' auction with ε =
    0, which is the "augmenting row reduction" of Jonker and Volgenant: prices stay feasible, assigned pairs
    stay tight.
    """
    o = np.uintp(b[at.order_of + r])
    first = second = np.int64(b[at.penalty + o])
    best = np.uintp(UNSERVED)
    e, stop = np.uintp(b[at.first + o]), np.uintp(b[at.last + o])
    while e < stop and b[at.cost + e] < second:
        j = np.uintp(b[at.to + e])
        d = np.int64(b[at.cost + e]) + b[at.discount + j]
        if d < first:
            first, second, best = d, first, j
        elif d < second:
            second = d
        e += EDGE
    b[at.seat + r] = best
    b[at.price + r] = second
    w[TOTAL] += first
    if best == UNSERVED:
        return np.uintp(0), False
    out = np.uintp(b[at.holder + best])
    b[at.holder + best] = r
    b[at.discount + best] += second - first
    if out:
        b[at.seat + out] = NOBODY
        w[TOTAL] -= b[at.price + out]
    return out, second > first
