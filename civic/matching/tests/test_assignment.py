"""The kernel against oracles that know nothing of it: SciPy, OR-Tools, enumeration."""

import itertools

import numpy as np
import pytest
from ortools.graph.python import min_cost_flow
from scipy.optimize import linear_sum_assignment

from civic.matching.assignment import Plan, Solution, solve

FAR = 10**7


def arrays(orders):
    """(columns, costs, penalty, heads) per order → the arrays of `solve`."""
    start = np.cumsum([0, *(len(one[0]) for one in orders)])
    columns = [j for one in orders for j in one[0]]
    costs = [c for one in orders for c in one[1]]
    return start, columns, costs, [one[3] for one in orders], [one[2] for one in orders]


def dense(orders, columns, closed=()):
    """The optimum by SciPy on a full matrix, a private column for every head."""
    rows = [one for one in orders for _ in range(one[3])]
    if not rows:
        return 0
    matrix = np.full((len(rows), columns + len(rows)), FAR)
    for r, (to, costs, penalty, _heads) in enumerate(rows):
        for j, c in zip(to, costs, strict=True):
            if j not in closed:
                matrix[r, j] = min(matrix[r, j], c)
        matrix[r, columns + r] = penalty
    return int(matrix[linear_sum_assignment(matrix)].sum())


def flow(start, column, cost, heads, penalty, columns):
    """The optimum by OR-Tools' min-cost flow."""
    n, sink = len(heads), len(heads) + columns
    solver = min_cost_flow.SimpleMinCostFlow()
    owner = np.repeat(np.arange(n), np.diff(start))
    tail = np.concatenate([owner, n + np.arange(columns), np.arange(n)])
    head = np.concatenate([n + np.asarray(column, int), np.full(columns, sink), np.full(n, sink)])
    room = np.concatenate([np.ones(len(owner) + columns), heads])
    price = np.concatenate([cost, np.zeros(columns), penalty])
    solver.add_arcs_with_capacity_and_unit_cost(
        tail.astype(np.int32), head.astype(np.int32), room.astype(np.int64), price.astype(np.int64)
    )
    supply = np.zeros(sink + 1, np.int64)
    supply[:n], supply[sink] = heads, -np.sum(heads)
    solver.set_nodes_supplies(np.arange(sink + 1, dtype=np.int32), supply)
    assert solver.solve() == solver.OPTIMAL
    return solver.optimal_cost()


def draw(rng, columns, orders):
    """Orders with ties, empty lists, zero and huge head-counts."""
    top, drawn = int(rng.choice([2, 10, 1000])), []
    for _ in range(orders):
        count = int(rng.integers(0, columns + 1))
        to = rng.choice(columns, count, replace=False).tolist()
        heads = int(rng.choice([0, 1, 1, 2, 3, 20]))
        drawn.append([to, rng.integers(0, top, count).tolist(), int(rng.integers(0, 2 * top)), heads])
    return drawn


def assert_proved(solution: Solution, orders):
    """The prices prove the total, and the assignment is one."""
    assert solution.total == solution.row_price.sum() + solution.column_price.sum()
    assert (solution.column_price <= 0).all()
    for o, (to, costs, penalty, _heads) in enumerate(orders):
        for u in solution.row_price[solution.order_of == o]:
            assert u <= penalty
            assert all(u + solution.column_price[j] <= c for j, c in zip(to, costs, strict=True))
    taken = solution.column[solution.column >= 0]
    assert len(set(taken.tolist())) == len(taken)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_small_batches_equal_the_dense_optimum(seed):
    rng = np.random.default_rng(seed)
    for _ in range(500):
        columns = int(rng.integers(1, 9))
        orders = draw(rng, columns, int(rng.integers(1, 7)))
        solution = solve(*arrays(orders), columns)
        assert solution.total == dense(orders, columns)
        assert_proved(solution, orders)


@pytest.mark.slow
def test_scarce_and_plentiful_batches_equal_the_flow():
    rng = np.random.default_rng(5)
    for orders, columns in [(40, 200), (200, 60), (120, 120), (300, 20)] * 8:
        drawn = draw(rng, columns, orders)
        drawn = [[to[:8], costs[:8], penalty, heads] for to, costs, penalty, heads in drawn]
        assert solve(*arrays(drawn), columns).total == flow(*arrays(drawn), columns)


def test_enumeration_agrees_on_a_case_one_can_check_by_hand():
    orders = [[[0, 1], [5, 9], 20, 1], [[0], [6], 30, 1], [[1, 2], [4, 7], 8, 2]]
    solution = solve(*arrays(orders), 3)
    rows = [orders[0], orders[1], orders[2], orders[2]]
    best = min(
        sum(
            row[2] if j < 0 else dict(zip(row[0], row[1], strict=True)).get(j, FAR)
            for row, j in zip(rows, seats, strict=True)
        )
        for seats in itertools.product([-1, 0, 1, 2], repeat=4)
        if len({j for j in seats if j >= 0}) == sum(j >= 0 for j in seats)
    )
    assert solution.total == best == 30


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_after_every_event_the_plan_is_what_a_solve_from_nothing_gives(seed):
    rng = np.random.default_rng(100 + seed)
    for _ in range(120):
        columns = int(rng.integers(1, 9))
        orders, closed = draw(rng, columns, int(rng.integers(1, 6))), set()
        plan = Plan(1, 1, 1)
        plan.add_column(columns)
        for one in orders:
            plan.add_order(*one)
        for _event in range(12):
            happen(plan, orders, closed, columns, rng)
            assert plan.total == dense(orders, columns, closed)
            alpha, v = plan.prices()
            assert plan.total == sum(o[3] * a for o, a in zip(orders, alpha, strict=True)) + v.sum()


def happen(plan, orders, closed, columns, rng):
    """One event to the plan, and to the orders as the oracle sees them."""
    what, o, j = int(rng.integers(0, 7)), int(rng.integers(0, len(orders))), int(rng.integers(0, columns))
    if what == 0:
        plan.cancel(o)
        orders[o][3] = 0
    elif what == 1:
        plan.drop_edge(o, j)
        left = [(a, c) for a, c in zip(orders[o][0], orders[o][1], strict=True) if a != j]
        orders[o][0], orders[o][1] = [a for a, _ in left], [c for _, c in left]
    elif what == 2:
        plan.close_column(j)
        closed.add(j)
    elif what == 3:
        plan.open_column(j)
        closed.discard(j)
    elif what == 4:
        plan.add_edges(o, [j], [7])
        orders[o][0], orders[o][1] = [*orders[o][0], j], [*orders[o][1], 7]
    elif what == 5:
        one = draw(rng, columns, 1)[0]
        assert plan.add_order(*one) == len(orders)
        orders.append(one)
    elif orders[o][3] and j not in closed:
        before = plan.total
        orders[o][3] -= 1
        rise = dense(orders, columns, closed | {j}) + 9 - before
        orders[o][3] += 1
        assert plan.price(o, j, 9) == rise
        assert plan.total == before


def test_a_pin_holds_until_it_is_taken_back():
    plan = Plan()
    plan.add_column(2)
    first, second = plan.add_order([0, 1], [1, 5], 50), plan.add_order([0, 1], [2, 9], 50)
    assert (plan.total, plan.assigned(first), plan.assigned(second)) == (7, [1], [0])
    assert plan.price(first, 0) == 3
    plan.pin(first, 0)
    assert (plan.total, plan.assigned(first), plan.assigned(second)) == (10, [0], [1])
    plan.cancel(second)
    assert (plan.total, plan.assigned(first)) == (1, [0])
    plan.unpin(first)
    assert (plan.total, plan.assigned(first)) == (1, [0])


def test_equal_input_gives_equal_output():
    rng = np.random.default_rng(9)
    orders = draw(rng, 8, 30)
    one, other = solve(*arrays(orders), 8), solve(*arrays(orders), 8)
    assert (one.column == other.column).all()
    assert (one.row_price == other.row_price).all()


@pytest.mark.parametrize(
    ("start", "column", "cost", "heads", "penalty", "says"),
    [
        ([0, 2], [0], [1], [1], [5], "ends at the number of edges"),
        ([0, 2, 1], [0], [1], [1, 1], [5, 5], "must not fall"),
        ([0, 1], [3], [1], [1], [5], "a column that is not there"),
        ([0, 1], [0], [-1], [1], [5], "costs and penalties lie between"),
        ([0, 1], [0], [1], [-1], [5], "heads may not be negative"),
        ([0, 1], [0], [1 << 27], [1], [5], "costs and penalties lie between"),
    ],
)
def test_input_that_makes_no_sense_is_refused_in_words(start, column, cost, heads, penalty, says):
    with pytest.raises(ValueError, match=says):
        solve(start, column, cost, heads, penalty, 2)


def test_a_plan_refuses_what_it_does_not_know():
    plan = Plan()
    plan.add_column()
    order = plan.add_order([0], [4], 10)
    for act in (
        lambda: plan.cancel(7),
        lambda: plan.close_column(3),
        lambda: plan.add_order([5], [1], 10),
        lambda: plan.add_order([0], [-1], 10),
        lambda: plan.add_order([0], [1], -1),
        lambda: plan.pin(plan.add_order([], [], 10), 0),
    ):
        with pytest.raises(ValueError, match=r"."):
            act()
    plan.close_column(0)
    with pytest.raises(ValueError, match="closed"):
        plan.price(order, 0)
