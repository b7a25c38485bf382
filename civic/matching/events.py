"""What happens to a warm plan, each as one compiled call: an order comes or goes, somebody leaves or is back.

Orders `o`, columns `j`, rows and edges are places of records (`kernel.At`). After each the state is optimal.
"""

import numpy as np
from numba import njit

from civic.matching import kernel as k
from civic.matching.board import COLUMN, EDGE, ORDER, ROW, link, place


@njit(cache=True)
def add(b, w, o, row, heads, penalty, edge, to, cost):
    """Write an order with its rows and edges at the given places, and insert its rows."""
    at, o = k.layout(b), np.uintp(o)
    b[at.penalty + o] = penalty
    b[at.rows_from + o], b[at.rows_to + o] = row, row + heads * ROW
    list_edges(b, at, o, edge, to, cost)
    for n in range(heads):
        b[at.order_of + np.uintp(row + n * ROW)] = o
        k.insert(b, w, at, np.uintp(row + n * ROW))


@njit(cache=True)
def list_edges(b, at, o, edge, to, cost):
    """Write the edges of an order from the place `edge` on, sorted and entered into their lists."""
    b[at.first + o], b[at.last + o] = edge, edge + len(to) * EDGE
    for n in range(len(to)):
        place(b, at, o, np.uintp(edge + n * EDGE), (to[n] + 1) * COLUMN, cost[n])
    link(b, at, edge, edge + len(to) * EDGE)


@njit(cache=True)
def cancel(b, w, o):
    """Take every head of an order out."""
    at, o = k.layout(b), np.uintp(o)
    for r in range(b[at.rows_from + o], b[at.rows_to + o], ROW):
        k.withdraw(b, w, at, np.uintp(r))


@njit(cache=True)
def drop(b, w, o, j):
    """Delete a pair; whoever sat there looks for another."""
    at, o, j = k.layout(b), np.uintp(o), np.uintp(j)
    for e in range(b[at.first + o], b[at.last + o], EDGE):
        if b[at.to + np.uintp(e)] == j:
            b[at.to + np.uintp(e)] = 0
    r = np.uintp(b[at.holder + j])
    if r and b[at.order_of + r] == o:
        k.withdraw(b, w, at, r)
        k.insert(b, w, at, r)


@njit(cache=True)
def count(b, o):
    """How many pairs of an order are listed."""
    at, o = k.layout(b), np.uintp(o)
    count = 0
    for e in range(b[at.first + o], b[at.last + o], EDGE):
        count += b[at.to + np.uintp(e)] != 0
    return count


@njit(cache=True)
def extend(b, w, o, edge, to, cost):
    """Move the order's edges behind all others together with the new ones; its heads are seated anew."""
    at, o = k.layout(b), np.uintp(o)
    rows_from, rows_to = b[at.rows_from + o], b[at.rows_to + o]
    inside = [np.uintp(r) for r in range(rows_from, rows_to, ROW) if b[at.seat + np.uintp(r)] != k.NOBODY]
    for r in inside:
        k.withdraw(b, w, at, r)
    old = [np.uintp(e) for e in range(b[at.first + o], b[at.last + o], EDGE) if b[at.to + np.uintp(e)] != 0]
    all_to, all_cost = np.empty(len(old) + len(to), np.int64), np.empty(len(old) + len(to), np.int64)
    for n, e in enumerate(old):
        all_to[n], all_cost[n] = np.int64(b[at.to + e]) // COLUMN - 1, b[at.cost + e]
        b[at.to + e] = 0
    all_to[len(old) :], all_cost[len(old) :] = to, cost
    list_edges(b, at, o, edge, all_to, all_cost)
    for r in inside:
        k.insert(b, w, at, r)


@njit(cache=True)
def close(b, w, j):
    """Take a column out."""
    k.close(b, w, k.layout(b), np.uintp(j))


@njit(cache=True)
def reopen(b, w, j):
    """Bring a closed column back; nothing happens to an open one."""
    at = k.layout(b)
    if b[at.discount + np.uintp(j)] == k.GRAVE:
        k.reopen(b, w, at, np.uintp(j))


@njit(cache=True)
def pin(b, w, log, o, j):
    """Take a head of the order and the column out of the market; returns the row, 0 when there is none."""
    at, o, j = k.layout(b, log), np.uintp(o), np.uintp(j)
    row = np.uintp(0)
    for r in range(b[at.rows_from + o], b[at.rows_to + o], ROW):
        seat = b[at.seat + np.uintp(r)]
        if seat != k.NOBODY and (not row or seat == j):
            row = np.uintp(r)
    if not row or b[at.discount + j] == k.GRAVE:
        return np.uintp(0)
    k.withdraw(b, w, at, row)
    k.close(b, w, at, j)
    return row


@njit(cache=True)
def unpin(b, w, row, j):
    """Give a pinned row and column back to the market."""
    at = k.layout(b)
    k.reopen(b, w, at, np.uintp(j))
    k.insert(b, w, at, np.uintp(row))


@njit(cache=True)
def trial(b, w, log, o, j):
    """Pin, read the change of the total, and take it back; INF when it cannot be pinned."""
    before = w[k.TOTAL]
    row = pin(b, w, log, o, j)
    rise = w[k.TOTAL] - before if row else np.int64(k.INF)
    k.undo(b, w, k.layout(b, log))
    w[k.TOTAL] = before
    return rise


@njit(cache=True)
def cost(b, o, j):
    """The cost at which a pair is listed, −1 when it is not."""
    at, o = k.layout(b), np.uintp(o)
    for e in range(b[at.first + o], b[at.last + o], EDGE):
        if b[at.to + np.uintp(e)] == j:
            return np.int64(b[at.cost + np.uintp(e)])
    return np.int64(-1)


@njit(cache=True)
def alpha(b, o):
    """The price of the order's heads that are in: they are alike, so their prices are equal."""
    at, o = k.layout(b), np.uintp(o)
    for r in range(b[at.rows_from + o], b[at.rows_to + o], ROW):
        if b[at.seat + np.uintp(r)] != k.NOBODY:
            return np.int64(b[at.price + np.uintp(r)])
    return np.int64(0)


@njit(cache=True)
def alphas(b, orders):
    """`alpha` of orders 0 … orders − 1."""
    found = np.empty(orders, np.int64)
    for n in range(orders):
        found[n] = alpha(b, n * ORDER)
    return found
