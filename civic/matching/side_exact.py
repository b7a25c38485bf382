"""What is left after the prices goes to HiGHS, component by component, exactly.

    r_q = value_q − m_i        reduced cost of option q of order i (m_i = its minimum at the prices)
    r_e = r_q + max(0, key_e − key of the h-th cheapest)        of edge e

An option or edge with r ≥ (plan − bound) is in no better plan and may go for good: then a solved remainder
proves the optimum. With a smaller threshold the remainder is a neighbourhood of the plan: large neighbourhood
search whose neighbourhoods are the components that still quarrel about somebody.

The model of a component (x_e ≤ z_q is what makes its relaxation tight):

    min Σ c_e x_e − Σ P z,   Σ_{e of need r} x_e = h_r z_q,   Σ_q z_q ≤ 1,   x_e ≤ z_q,
    Σ_{e on column} x_e ≤ 1,   Σ_{e of person} x_e ≤ cap,   x_e + x_f ≤ z_q for people apart,   binary
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components

from civic.matching.costs import Ints
from civic.matching.side_dual import BIG, cheapest
from civic.matching.side_net import Net
from civic.matching.side_search import Plan, adopt, least

BATCH = 400  # edges solved in one call: small components share the cost of calling
NODES = 200  # of the search tree of one neighbourhood


class Owners(NamedTuple):
    """Of every edge: its need, option and order; of every option: its order."""

    need: Ints
    option: Ints
    order: Ints
    of_option: Ints


def owners(net: Net) -> Owners:
    """Spread the cuts of a net over its edges."""
    need = np.repeat(np.arange(len(net.heads)), np.diff(net.start))
    of_need = np.repeat(np.arange(len(net.need_start) - 1), np.diff(net.need_start))
    of_option = np.repeat(np.arange(len(net.penalty)), np.diff(net.option_start))
    option = of_need[need] if len(need) else need
    return Owners(need, option, of_option[option] if len(need) else need, of_option)


@njit(cache=True)
def _reduced(net, key, out, best):
    """r_e of every edge; BIG where an option cannot be filled."""
    for i in range(len(net.penalty)):
        low = net.penalty[i]
        for q in range(net.option_start[i], net.option_start[i + 1]):
            total = np.int64(0)
            for need in range(net.need_start[q], net.need_start[q + 1]):
                value = cheapest(net, need, key, best)
                total = min(total + value, BIG)
                for e in range(net.start[need], net.start[need + 1]):
                    out[e] = BIG if value >= BIG else max(0, key[e] - key[best[net.heads[need] - 1]])
            for e in range(net.start[net.need_start[q]], net.start[net.need_start[q + 1]]):
                out[e] = min(out[e] + total, BIG)
            low = min(low, total)
        for e in range(
            net.start[net.need_start[net.option_start[i]]], net.start[net.need_start[net.option_start[i + 1]]]
        ):
            out[e] -= low


def reduced(net: Net, key: Ints) -> Ints:
    """(E,) reduced cost of every edge at the keys."""
    out = np.zeros(len(key), np.int64)
    _reduced(net, key, out, np.zeros(int(net.heads.max(initial=1)), np.int64))
    return out


def taken(net: Net, plan: Plan) -> np.ndarray:
    """(E,) which edges a plan uses."""
    used = np.zeros(len(net.cost), bool)
    first = np.repeat(plan.held_start[:-1], plan.size)
    inner = np.arange(len(first)) - np.repeat(np.cumsum(plan.size) - plan.size, plan.size)
    used[plan.held[first + inner]] = True
    return used


def components(net: Net, own: Owners, keep: np.ndarray) -> Ints:
    """(m,) label of every order: two orders share one when kept edges let them quarrel about somebody."""
    m, columns, people = len(net.penalty), len(net.person), len(net.cap)
    column, order = net.column[keep], own.order[keep]
    live = np.unique(column)
    tight = np.bincount(net.person[live], minlength=people) > net.cap
    live = live[tight[net.person[live]]]
    rows = np.r_[order, m + live]
    cols = np.r_[m + column, m + columns + net.person[live]]
    size = m + columns + people
    graph = coo_matrix((np.ones(len(rows), np.int8), (rows, cols)), shape=(size, size))
    return connected_components(graph, directed=False)[1][:m].astype(np.int64)


def _rows(groups: Ints, count_from: int) -> tuple[Ints, int]:
    """Number groups from `count_from` without gaps; returns (row of each, next free row)."""
    values, row = np.unique(groups, return_inverse=True)
    return count_from + row, count_from + len(values)


def _apart_pairs(net: Net, own: Owners, edges: Ints) -> tuple[Ints, Ints]:
    """Places in `edges` of two people of one option who are apart."""
    if not len(net.foe):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    where: dict[tuple[int, int], list[int]] = {}
    for place, e in enumerate(edges):
        where.setdefault((int(own.option[e]), int(net.person[net.column[e]])), []).append(place)
    pairs = [
        (a, b)
        for (option, who), mine in where.items()
        for foe in net.foe[net.foe_start[who] : net.foe_start[who + 1]]
        if who < foe
        for b in where.get((option, int(foe)), [])
        for a in mine
    ]
    both = np.array(pairs, np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def _matrix(net: Net, own: Owners, edges: Ints, options: Ints) -> tuple[csr_matrix, np.ndarray, np.ndarray]:
    """Constraint matrix over [z of options | x of edges] with its lower and upper sides."""
    z = np.searchsorted(options, own.option[edges])
    x = len(options) + np.arange(len(edges))
    need, n1 = _rows(own.need[edges], 0)
    first = np.unique(need, return_index=True)[1]
    order, n2 = _rows(own.of_option[options], n1)
    column, n3 = _rows(net.column[edges], n2)
    person, n4 = _rows(net.person[net.column[edges]], n3)
    several = np.flatnonzero(net.heads[own.need[edges]] > 1)
    a, b = _apart_pairs(net, own, edges)
    under, foes = n4 + np.arange(len(several)), n4 + len(several) + np.arange(len(a))
    one = np.ones
    parts = [
        (need[first], z[first], -net.heads[own.need[edges[first]]].astype(float)),
        (need, x, one(len(x))),
        (order, np.arange(len(options)), one(len(options))),
        (column, x, one(len(x))),
        (person, x, one(len(x))),
        (under, x[several], one(len(several))),
        (under, z[several], -one(len(several))),
        (foes, x[a], one(len(a))),
        (foes, x[b], one(len(a))),
        (foes, z[a], -one(len(a))),
    ]
    row, col, value = (np.concatenate(c) for c in zip(*parts, strict=True))
    total = n4 + len(several) + len(a)
    low, high = np.full(total, -np.inf), np.zeros(total)
    low[:n1] = 0
    high[n1:n3] = 1
    high[person] = net.cap[net.person[net.column[edges]]]
    return csr_matrix((value, (row, col)), shape=(total, len(options) + len(edges))), low, high


def solve_exactly(net: Net, own: Owners, edges: Ints, limits: dict[str, float]) -> tuple[Ints | None, bool]:
    """(edges used, proven) for the orders that own `edges`, by HiGHS; None when the limits came first."""
    options, size = np.unique(own.option[edges], return_counts=True)
    matrix, low, high = _matrix(net, own, edges, options)
    prize = -net.penalty[own.of_option[options]]
    found = milp(
        np.r_[prize, net.cost[edges]].astype(float),
        constraints=LinearConstraint(matrix, low, high),
        integrality=np.ones(matrix.shape[1]),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0.0, **limits},
    )
    if found.x is None:
        return None, False
    return edges[found.x[len(size) :] > 0.5], found.status == 0


def _batches(label: Ints, edges: Ints, order: Ints) -> list[Ints]:
    """Edges of whole components together, so many that a call is worth its while; small components first."""
    if not len(edges):
        return []
    values, inverse, size = np.unique(label[order[edges]], return_inverse=True, return_counts=True)
    rank = np.argsort(size, kind="stable")
    place = np.empty(len(values), np.int64)
    place[rank] = (np.cumsum(size[rank]) - size[rank]) // BATCH
    return [edges[place[inverse] == b] for b in np.unique(place)]


def resolve(net: Net, plan: Plan, keep: np.ndarray, limits: dict[str, float]) -> bool:
    """Solve exactly over the kept edges, in place; True when the plan is now proven best over them.

    `keep` (E,) must contain what the plan uses. A batch is adopted only when its sum falls.
    """
    own = owners(net)
    return _resolve(
        net, plan, own, _batches(components(net, own, keep), np.flatnonzero(keep), own.order), limits
    )


def _resolve(net: Net, plan: Plan, own: Owners, batches: list[Ints], limits: dict[str, float]) -> bool:
    proven = True
    for batch in batches:
        used, done = solve_exactly(net, own, batch, limits)
        proven &= done
        if used is not None:
            _adopt_if_better(net, plan, own, np.unique(own.order[batch]), used)
    return proven


def settle(net: Net, plan: Plan, key: Ints, near: int, most: int) -> None:
    """Solve small components of edges with reduced cost < `near` where some order pays more than its least.

    Components of more than `most` edges are left alone.
    """
    own = owners(net)
    far = reduced(net, key)
    used = taken(net, plan)
    keep = (far < near) | used
    label = components(net, own, keep)
    paid = np.where(plan.option < 0, net.penalty, 0)
    np.add.at(paid, own.order[used], key[used])
    upset = np.zeros(len(net.penalty) + 1, bool)
    upset[label[paid > least(net, key)]] = True
    edges = np.bincount(label[own.order[keep]], minlength=len(upset))
    keep &= (upset & (edges <= most))[label[own.order]]
    _resolve(net, plan, own, _batches(label, np.flatnonzero(keep), own.order), {"node_limit": NODES})


def _adopt_if_better(net: Net, plan: Plan, own: Owners, orders: Ints, used: Ints) -> None:
    option = np.full(len(net.penalty), -1, np.int64)
    option[own.order[used]] = own.option[used]
    after = net.cost[used].sum() + net.penalty[orders[option[orders] < 0]].sum()
    if after < plan.value[orders].sum():
        adopt(net, plan, orders, option[orders], used)
