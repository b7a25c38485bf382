"""What the engine is measured against: OR-Tools' flow, SciPy's sparse matching, and the way people do it."""

import time

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import min_cost_flow
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from civic.matching.candidates import NEVER, Index
from civic.matching.instances import Demand, Supply

Graph = tuple[NDArray[np.int64], ...]  # start, column, cost, heads, penalty


def ortools(graph: Graph, columns: int) -> tuple[int, float]:
    """Optimum, and processor seconds of the solve alone (arcs go in by array before the clock starts)."""
    start, column, cost, heads, penalty = graph
    n, sink = len(heads), len(heads) + columns
    owner = np.repeat(np.arange(n), np.diff(start))
    solver = min_cost_flow.SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(
        np.concatenate([owner, n + np.arange(columns), np.arange(n)]).astype(np.int32),
        np.concatenate([n + column, np.full(columns, sink), np.full(n, sink)]).astype(np.int32),
        np.concatenate([np.ones(len(owner) + columns, np.int64), heads]),
        np.concatenate([cost, np.zeros(columns, np.int64), penalty]),
    )
    supply = np.zeros(sink + 1, np.int64)
    supply[:n], supply[sink] = heads, -heads.sum()
    solver.set_nodes_supplies(np.arange(sink + 1, dtype=np.int32), supply)
    begun = time.process_time()
    status = solver.solve()
    taken = time.process_time() - begun
    assert status == solver.OPTIMAL
    return solver.optimal_cost(), taken


def scipy_sparse(graph: Graph, columns: int) -> tuple[int, float]:
    """The same by min_weight_full_bipartite_matching, a row and a private column per head; solve alone."""
    start, column, cost, heads, penalty = graph
    order = np.repeat(np.arange(len(heads)), heads)
    count = np.diff(start)[order]
    edge = (
        np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + np.repeat(start[order], count)
    )
    row = np.concatenate([np.repeat(np.arange(len(order)), count), np.arange(len(order))])
    to = np.concatenate([column[edge], columns + np.arange(len(order))])
    weight = np.concatenate([cost[edge], penalty[order]]) + 1  # it forbids zero
    matrix = csr_array((weight, (row, to)), shape=(len(order), columns + len(order)))
    begun = time.process_time()
    rows, to = min_weight_full_bipartite_matching(matrix)
    taken = time.process_time() - begun
    return int(matrix[rows, to].sum()) - len(order), taken


def first_come_nearest(supply: Supply, demand: Demand) -> tuple[int, int]:
    """Who calls first gets the nearest who are free, all within reach considered: cost and heads served."""
    by_distance = Supply(
        supply.xy, supply.skill_of_pair, supply.volunteer_of_pair, supply.avail, np.zeros_like(supply.parts)
    )
    index, most = Index(by_distance), 256
    while ((near := index.nearest(demand, most)).beyond != NEVER).any():
        most *= 2
    free = np.ones(len(supply.xy), bool)
    total = served = 0
    for i in np.argsort(demand.placed, kind="stable"):
        listed = slice(near.start[i], near.start[i + 1])
        who, travel = near.volunteer[listed], near.cost[listed]
        worth = free[who] & (travel + supply.static[who] <= demand.penalty[i])
        who, travel = who[worth][: demand.heads[i]], travel[worth][: demand.heads[i]]
        free[who] = False
        served += len(who)
        total += int((travel + supply.static[who]).sum() + demand.penalty[i] * (demand.heads[i] - len(who)))
    return total, served
