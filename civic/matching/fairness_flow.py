"""Exact integral flow order → (person, slot) → person → sink with convex load: shortest augmenting paths.

    min Σ c_e x_e + Σ P_i u_i + Σ_j Σ_{k < y_j} f_j(k)
    Σ_{e of i} x_e + u_i = h_i,   Σ_{e on column} x_e ≤ 1,   y_j = Σ_{e of j} x_e ≤ cap_j,   f_j rising

Every node has a price = what is still to pay from there: α_i of an order, q of a column, w_j of a person, 0
at the sink. Along every arc that may still carry flow, cost + price(end) − price(begin) ≥ 0. One head at a
time goes by a shortest path in these reduced costs, and the prices of the nodes it passed rise to match.
Successive shortest paths with node prices: Edmonds and Karp 1972, Tomizawa 1971; convex arcs as unit steps:
Ahuja, Magnanti and Orlin, Network Flows, 1993, chapter 14.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from civic.matching.costs import Ints

FAR = np.int64(1 << 61)


class Graph(NamedTuple):
    """Flat arrays. Columns are ascending in person; ladder[t] = cost of a job for who has had t of them."""

    start: Ints  # (m+1,) cuts the edges by order
    column: Ints  # (E,)
    cost: Ints  # (E,) ≥ 0
    heads: Ints  # (m,)
    penalty: Ints  # (m,) per head
    person: Ints  # (columns,)
    columns_of: Ints  # (n+1,)
    history: Ints  # (n,)
    cap: Ints  # (n,)
    ladder: Ints  # rising, its last rung repeats


class State(NamedTuple):
    """Flow and prices. Nodes: orders, then columns, then people."""

    match: Ints  # (columns,) edge that holds it, or −1
    order_of: Ints  # (E,)
    jobs: Ints  # (n,)
    unserved: Ints  # (m,)
    price: Ints  # (nodes,)
    distance: Ints  # (nodes,) FAR between searches
    before: Ints  # (nodes,) predecessor: an edge for a column reached from an order, else −1 − node
    touched: Ints  # (nodes,)


class Heap(NamedTuple):
    """Binary heap with lazy deletion."""

    key: Ints
    node: Ints


@njit(cache=True)
def _push(heap, n, key, node):
    i = n
    while i > 0:
        up = (i - 1) >> 1
        if heap.key[up] <= key:
            break
        heap.key[i], heap.node[i] = heap.key[up], heap.node[up]
        i = up
    heap.key[i], heap.node[i] = key, node
    return n + 1


@njit(cache=True)
def _pop(heap, n):
    """Drop the least; the new size."""
    n -= 1
    key, node = heap.key[n], heap.node[n]
    i = 0
    while True:
        down = 2 * i + 1
        if down >= n:
            break
        if down + 1 < n and heap.key[down + 1] < heap.key[down]:
            down += 1
        if heap.key[down] >= key:
            break
        heap.key[i], heap.node[i] = heap.key[down], heap.node[down]
        i = down
    heap.key[i], heap.node[i] = key, node
    return n


@njit(cache=True)
def rung(graph, person, jobs):
    """Cost of the next job of somebody who has so many this week."""
    return graph.ladder[min(graph.history[person] + jobs, len(graph.ladder) - 1)]


@njit(cache=True)
def _reach(state, heap, size, node, hop):
    """Offer a node the distance hop[0] from hop[1]; size = (heap, touched)."""
    distance, origin = hop
    n, t = size
    if distance >= state.distance[node]:
        return size
    if state.distance[node] == FAR:
        state.touched[t] = node
        t += 1
    state.distance[node], state.before[node] = distance, origin
    return _push(heap, n, distance, node), t


@njit(cache=True)
def _from_order(graph, state, heap, size, spot):
    """Relax the edges of an order."""
    order, base, limit = spot
    m = len(graph.heads)
    base -= state.price[order]
    for e in range(graph.start[order], graph.start[order + 1]):
        node = m + graph.column[e]
        d = base + graph.cost[e] + state.price[node]
        if d < limit:
            size = _reach(state, heap, size, node, (d, e))
    return size


@njit(cache=True)
def _from_column(graph, state, heap, size, spot):
    """A held column leads back to its order, a free one on to its person."""
    column, base, limit = spot
    m, e = len(graph.heads), state.match[column]
    base -= state.price[m + column]
    if e >= 0:
        node = state.order_of[e]
        d = base - graph.cost[e] + state.price[node]
    else:
        node = m + len(graph.person) + graph.person[column]
        d = base + state.price[node]
    if d < limit:
        size = _reach(state, heap, size, node, (d, -1 - (m + column)))
    return size


@njit(cache=True)
def _from_person(graph, state, heap, size, spot):
    """A person may give back a column that she holds."""
    person, base, limit = spot
    m = len(graph.heads)
    here = m + len(graph.person) + person
    base -= state.price[here]
    for c in range(graph.columns_of[person], graph.columns_of[person + 1]):
        d = base + state.price[m + c]
        if state.match[c] >= 0 and d < limit:
            size = _reach(state, heap, size, m + c, (d, -1 - here))
    return size


@njit(cache=True)
def _exit(graph, state, node, distance):
    """Reduced distance to the sink straight from a node: leaving a head unserved, or one more job."""
    m, columns = len(graph.heads), len(graph.person)
    if node < m:
        return distance + graph.penalty[node] - state.price[node]
    person = node - m - columns
    if person < 0 or state.jobs[person] >= graph.cap[person]:
        return FAR
    return distance + rung(graph, person, state.jobs[person]) - state.price[node]


@njit(cache=True)
def _search(graph, state, heap, source):
    """Shortest way from an order to the sink: (length, last node, touched nodes)."""
    m, columns = len(graph.heads), len(graph.person)
    best, last = FAR, np.int64(source)
    size = _reach(state, heap, (0, 0), source, (np.int64(0), -1 - source))
    while size[0] > 0:
        distance, node = heap.key[0], heap.node[0]
        if distance >= best:
            break
        size = (_pop(heap, size[0]), size[1])
        if distance > state.distance[node]:
            continue
        out = _exit(graph, state, node, distance)
        if out < best:
            best, last = out, node
        if node < m:
            size = _from_order(graph, state, heap, size, (node, distance, best))
        elif node < m + columns:
            size = _from_column(graph, state, heap, size, (node - m, distance, best))
        else:
            size = _from_person(graph, state, heap, size, (node - m - columns, distance, best))
    return best, last, size[1]


@njit(cache=True)
def _augment(graph, state, source, last):
    """Send one head along the path that ends at `last`."""
    m, columns = len(graph.heads), len(graph.person)
    if last < m:
        state.unserved[last] += 1
    else:
        state.jobs[last - m - columns] += 1
    node = last
    while node != source:
        origin = state.before[node]
        if m <= node < m + columns:
            state.match[node - m] = max(origin, -1)
        node = state.order_of[origin] if origin >= 0 else -1 - origin


@njit(cache=True)
def _insert(graph, state, heap, order):
    """Serve one more head of an order; True when it went straight to the unserved."""
    length, last, touched = _search(graph, state, heap, order)
    for t in range(touched):
        node = state.touched[t]
        if state.distance[node] < length:
            state.price[node] += length - state.distance[node]
    _augment(graph, state, order, last)
    for t in range(touched):
        state.distance[state.touched[t]] = FAR
    return last == order


@njit(cache=True)
def run(graph, state, heap):
    """Insert every head of every order; what is hopeless is counted, not searched again."""
    for order in range(len(graph.heads)):
        for head in range(graph.heads[order]):
            if _insert(graph, state, heap, order):
                state.unserved[order] += graph.heads[order] - head - 1
                break


def fresh(graph: Graph) -> tuple[State, Heap]:
    """Nobody works, every price is 0."""
    m, edges, columns, n = len(graph.heads), len(graph.cost), len(graph.person), len(graph.cap)
    nodes = m + columns + n
    state = State(
        match=np.full(columns, -1, np.int64),
        order_of=np.repeat(np.arange(m), np.diff(graph.start)),
        jobs=np.zeros(n, np.int64),
        unserved=np.zeros(m, np.int64),
        price=np.zeros(nodes, np.int64),
        distance=np.full(nodes, FAR, np.int64),
        before=np.zeros(nodes, np.int64),
        touched=np.zeros(nodes, np.int64),
    )
    room = edges + 2 * columns + nodes + 2
    return state, Heap(np.zeros(room, np.int64), np.zeros(room, np.int64))
