"""Convex load: against OR-Tools' flow, brute force for the lexicographic end, and nonsense."""

from itertools import product

import numpy as np
import pytest
from ortools.graph.python import min_cost_flow

from civic.matching import fairness

pytestmark = pytest.mark.slow  # compiles numba kernels and solves thousands of instances


def random_week(rng, orders=5, people=6, slots=3):
    """Head-counts above supply, empty lists, ties and zero costs all occur."""
    start, person, cost = [0], [], []
    for _ in range(orders):
        who = rng.choice(people, rng.integers(0, people + 1), replace=False)
        person.extend(who.tolist())
        cost.extend(rng.integers(0, 20, len(who)).tolist())
        start.append(len(person))
    columns = (
        rng.choice([1, 1, 2, 3, 8], orders),
        rng.integers(0, 40, orders),
        rng.integers(0, slots, orders),
        start,
        person,
        cost,
        rng.integers(0, 5, people),
        rng.integers(0, 4, people),
    )
    return fairness.Work(*(np.array(c, np.int64) for c in columns))


def random_ladder(rng):
    return np.cumsum(rng.integers(0, 6, rng.integers(1, 8)))


def ortools_total(work, ladder, rest=None):
    """The same week as arcs of OR-Tools' min-cost flow: one arc per step of everybody's ladder."""
    m, n = len(work.heads), len(work.cap)
    order = np.repeat(np.arange(m), np.diff(work.start))
    columns, column = np.unique(work.person * 64 + work.slot[order], return_inverse=True)
    sink = m + len(columns) + n
    cost = work.cost if rest is None else work.cost + rest[work.person]
    step = [(j, k) for j in range(n) for k in range(int(work.cap[j]))]
    who = np.array([j for j, _ in step], np.int64)
    rungs = [int(ladder[min(int(work.history[j]) + k, len(ladder) - 1)]) for j, k in step]
    solver = min_cost_flow.SimpleMinCostFlow()
    middle = m + len(columns)
    tail = np.r_[order, m + np.arange(len(columns)), middle + who, np.arange(m)]
    head = np.r_[m + column, middle + columns // 64, np.full(len(who) + m, sink)]
    capacity = np.r_[np.ones(len(order) + len(columns) + len(who), np.int64), work.heads]
    price = np.r_[cost, np.zeros(len(columns), np.int64), np.array(rungs, np.int64), work.penalty]
    solver.add_arcs_with_capacity_and_unit_cost(
        tail.astype(np.int32), head.astype(np.int32), capacity, price.astype(np.int64)
    )
    supply = np.zeros(sink + 1, np.int64)
    supply[:m], supply[sink] = work.heads, -work.heads.sum()
    solver.set_nodes_supplies(np.arange(sink + 1).astype(np.int32), supply)
    assert solver.solve() == solver.OPTIMAL
    return solver.optimal_cost()


def check(work, share):
    """The share is a plan: heads, slots, caps and sums."""
    order = np.repeat(np.arange(len(work.heads)), np.diff(work.start))[share.used]
    who = work.person[share.used]
    assert (np.bincount(order, minlength=len(work.heads)) + share.unserved == work.heads).all()
    assert (np.bincount(who, minlength=len(work.cap)) == share.jobs).all()
    assert (share.jobs <= work.cap).all()
    assert len(np.unique(who * 64 + work.slot[order])) == len(who)
    assert share.cost == work.cost[share.used].sum() + (work.penalty * share.unserved).sum()


def test_totals_agree_with_ortools_and_carry_a_proof():
    rng = np.random.default_rng(1)
    for _ in range(2500):
        work = random_week(rng, orders=int(rng.integers(1, 8)), people=int(rng.integers(1, 8)))
        ladder = random_ladder(rng)
        rest = rng.integers(0, 9, len(work.cap)) if rng.random() < 0.5 else None
        share = fairness.solve(work, ladder, rest)
        check(work, share)
        assert share.total == ortools_total(work, ladder, rest)
        assert fairness.proof(work, ladder, share, rest) == share.total


def test_larger_weeks_agree_with_ortools():
    rng = np.random.default_rng(2)
    for _ in range(20):
        work = random_week(rng, orders=80, people=60, slots=5)
        share = fairness.solve(work, fairness.steady(7))
        check(work, share)
        assert share.total == ortools_total(work, fairness.steady(7))
        assert fairness.proof(work, fairness.steady(7), share) == share.total


def all_plans(work):
    """Every feasible plan of a tiny week as (heads served, loads, cost)."""
    order = np.repeat(np.arange(len(work.heads)), np.diff(work.start))
    for bits in product((False, True), repeat=len(work.cost)):
        used = np.array(bits, bool)
        served = np.bincount(order[used], minlength=len(work.heads))
        jobs = np.bincount(work.person[used], minlength=len(work.cap))
        column = work.person[used] * 64 + work.slot[order[used]]
        is_single = len(np.unique(column)) == len(column)
        if is_single and (served <= work.heads).all() and (jobs <= work.cap).all():
            cost = int(work.cost[used].sum() + (work.penalty * (work.heads - served)).sum())
            yield int(served.sum()), sorted((jobs + work.history).tolist(), reverse=True), cost


def test_the_evenest_week_is_lexicographically_best():
    rng = np.random.default_rng(3)
    for _ in range(60):
        work = random_week(rng, orders=3, people=3, slots=2)
        share = fairness.evenest(work)
        check(work, share)
        heads, loads, cost = min(all_plans(work), key=lambda p: (-p[0], p[1], p[2]))
        assert share.used.sum() == heads
        assert sorted((share.jobs + work.history).tolist(), reverse=True) == loads
        assert share.total == cost


def small(**changed):
    """One order of two heads; the nearer of three people has had three jobs."""
    arrays = {
        "heads": [2],
        "penalty": [50],
        "slot": [0],
        "start": [0, 3],
        "person": [0, 1, 2],
        "cost": [1, 5, 9],
        "history": [3, 0, 0],
        "cap": [1, 1, 1],
    }
    return fairness.Work(**{name: np.array(v, np.int64) for name, v in (arrays | changed).items()})


def test_a_step_moves_work_to_who_has_had_less():
    assert fairness.solve(small(), fairness.steady(0)).used.tolist() == [True, True, False]
    fair = fairness.solve(small(), fairness.steady(4))
    assert fair.used.tolist() == [False, True, True]
    assert (fair.cost, fair.total) == (14, 14)


def test_huge_head_counts_end_at_once():
    share = fairness.solve(small(heads=[10**9]), fairness.steady(0))
    assert share.unserved.tolist() == [10**9 - 3]


def test_nothing_to_do():
    none = np.zeros(0, np.int64)
    work = fairness.Work(none, none, none, np.zeros(1, np.int64), none, none, none, none)
    share = fairness.solve(work, [0])
    assert (share.total, fairness.proof(work, [0], share)) == (0, 0)
    assert fairness.spread(work, share) == fairness.Spread(0.0, 0.0, 0)


def test_rest_grows_with_rank():
    assert fairness.rest([0, 1, 1, 5], 100, [0, 1, 2, 3]).tolist() == [0, 0, 0, 69]
    assert fairness.rest([0, 0, 0, 1, 2, 9], 100, [0, 1, 2, 3, 4, 5]).tolist() == [0, 0, 0, 0, 41, 110]
    assert fairness.rest([3, 4], 100, []).tolist() == [0, 0]


def crowd(rng, listed):
    """Thirty orders that list so many of forty people."""
    who = np.concatenate([rng.choice(40, listed, replace=False) for _ in range(30)])
    fill = {"heads": [2] * 30, "penalty": [500] * 30, "slot": [0] * 15 + [1] * 15, "cap": [2] * 40}
    return small(
        **fill,
        start=np.arange(31) * listed,
        person=who,
        cost=rng.integers(0, 30, len(who)) + 10 * (who > 8),
        history=np.r_[np.full(8, 6), rng.integers(0, 3, 32)],
    )


def test_the_least_step_that_halves_is_found():
    work = crowd(np.random.default_rng(7), 12)
    among = np.unique(work.person)
    step, share = fairness.halved(work, fairness.steady(1))
    before = fairness.spread(work, fairness.solve(work, [0])).busiest
    under = fairness.solve(work, fairness.steady(1), fairness.rest(work.history, step - 1, among))
    assert before > 0
    assert fairness.spread(work, share).busiest <= before / 2 < fairness.spread(work, under).busiest


def test_work_that_nobody_else_can_do_is_not_halved():
    ten = {"heads": [1] * 10, "penalty": [90] * 10, "slot": range(10), "start": range(11), "cap": [1] * 10}
    work = small(**ten, person=range(10), cost=[1] * 10, history=[9] + [0] * 9)
    with pytest.raises(ValueError, match="nobody else can do it"):
        fairness.halved(work, [0])


def test_gini():
    assert fairness.gini([1, 1, 1]) == pytest.approx(0)
    assert fairness.gini([0, 0, 0, 4]) == pytest.approx(0.75)
    assert fairness.gini([]) == fairness.gini([0, 0]) == 0


def test_a_wrong_certificate_is_refused():
    share = fairness.solve(small(), [0])
    wrong = fairness.Share(**{**vars(share), "order_price": share.order_price + 1})
    with pytest.raises(ValueError, match="a price of the certificate"):
        fairness.proof(small(), [0], wrong)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"slot": []}, "every order needs heads"),
        ({"cap": [1]}, "every person a history and a cap"),
        ({"start": [0, 2]}, "start must cut"),
        ({"cost": [1]}, "every edge needs a cost"),
        ({"heads": [0]}, "a head-count may not be below 1"),
        ({"cost": [1, -5, 9]}, "a cost may not be below 0"),
        ({"history": [0, 0, -1]}, "a history may not be below 0"),
        ({"slot": [64]}, "a slot is a number from 0 to 63"),
        ({"person": [0, 1, 3]}, "names a person that is not there"),
        ({"person": [0, 1, 1]}, "lists one person twice"),
    ],
)
def test_nonsense_is_refused_in_a_sentence(changed, sentence):
    with pytest.raises(ValueError, match=sentence):
        small(**changed)


@pytest.mark.parametrize("ladder", [[], [3, 2], [-1, 0], [[1]]])
def test_a_falling_ladder_is_refused(ladder):
    with pytest.raises(ValueError, match="never falls"):
        fairness.solve(small(), ladder)


def test_sums_beyond_a_word_are_refused():
    with pytest.raises(ValueError, match="would not fit a word"):
        fairness.solve(small(penalty=[1 << 57]), [0])
    with pytest.raises(ValueError, match="would not fit a word"):
        fairness.evenest(small(penalty=[1 << 54]))


@pytest.mark.parametrize("rest", [[1], [0, 0, -1]])
def test_rest_must_fit_the_people(rest):
    with pytest.raises(ValueError, match="for every person"):
        fairness.solve(small(), [0], rest)
