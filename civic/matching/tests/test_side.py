"""All heads together in one slot: against brute force, CP-SAT, and nonsense."""

from itertools import combinations, product

import numpy as np
import pytest
from ortools.sat.python import cp_model

from civic.matching import instances, side
from civic.matching.candidates import Index

pytestmark = pytest.mark.slow  # compiles numba kernels and solves thousands of instances


def random_problem(rng, orders=4, people=6, slots=3):
    """Orders with one to three options, each one or two needs; caps, apart pairs, ties in the costs."""
    penalty, of_option, slot, of_need, heads, start, person, cost = [], [], [], [], [], [0], [], []
    for order in range(orders):
        penalty.append(int(rng.integers(0, 60)))
        for s in rng.choice(slots, rng.integers(0, slots + 1), replace=False):
            of_option.append(order)
            slot.append(int(s))
            for _ in range(rng.integers(1, 3)):
                of_need.append(len(slot) - 1)
                heads.append(int(rng.choice([1, 1, 1, 2, 3])))
                who = rng.choice(people, rng.integers(0, min(people, 4) + 1), replace=False)
                person.extend(who.tolist())
                cost.extend(rng.integers(0, 12, len(who)).tolist())
                start.append(len(person))
    pairs = np.array(list(combinations(range(people), 2)), np.int64).reshape(-1, 2)
    apart = pairs[rng.random(people * (people - 1) // 2) < 0.1]
    columns = (penalty, of_option, slot, of_need, heads, start, person, cost, rng.integers(0, 3, people))
    return side.Problem(*(np.array(c, np.int64) for c in columns), apart)


def teams(data, option):
    """Every way to fill an option: sets of edges."""
    needs = np.flatnonzero(data.option_of_need == option)
    choices = [
        combinations(range(data.start[r], data.start[r + 1]), int(data.heads[r])) for r in needs.tolist()
    ]
    for parts in product(*choices):
        edges = [e for part in parts for e in part]
        who = [int(data.person[e]) for e in edges]
        foes = any(a in who and b in who for a, b in data.apart.tolist())
        if len(set(who)) == len(who) and not foes:
            yield edges


def brute(data):
    """The optimum by trying everything."""
    ways = [
        [([], -1)]
        + [(t, q) for q in np.flatnonzero(data.order_of_option == i).tolist() for t in teams(data, q)]
        for i in range(len(data.penalty))
    ]
    best = [int(data.penalty.sum())]

    def go(order, paid, busy, jobs):
        if paid >= best[0]:
            return
        if order == len(ways):
            best[0] = paid
            return
        for edges, q in ways[order]:
            if q < 0:
                go(order + 1, paid + int(data.penalty[order]), busy, jobs)
                continue
            at = {(int(data.person[e]), int(data.slot[q])) for e in edges}
            more = {who: jobs.get(who, 0) + 1 for who, _ in at}
            if not at & busy and all(n <= data.cap[who] for who, n in more.items()):
                go(order + 1, paid + int(data.cost[edges].sum()), busy | at, jobs | more)

    go(0, 0, frozenset(), {})
    return best[0]


def cp_sat(data):
    """The optimum by another solver and another model."""
    model = cp_model.CpModel()
    z = [model.new_bool_var("") for _ in data.slot]
    x = [model.new_bool_var("") for _ in data.person]
    need = np.repeat(np.arange(len(data.heads)), np.diff(data.start))
    option = data.option_of_need[need]
    for r, h in enumerate(data.heads.tolist()):
        model.add(sum(x[e] for e in np.flatnonzero(need == r)) == h * z[data.option_of_need[r]])
    for i in range(len(data.penalty)):
        model.add_at_most_one(z[q] for q in np.flatnonzero(data.order_of_option == i))
    for v, cap in enumerate(data.cap.tolist()):
        mine = np.flatnonzero(data.person == v)
        model.add(sum(x[e] for e in mine) <= cap)
        for s in np.unique(data.slot[option[mine]]):
            model.add_at_most_one(x[e] for e in mine[data.slot[option[mine]] == s])
    for a, b in data.apart.tolist():
        for e, f in product(np.flatnonzero(data.person == a), np.flatnonzero(data.person == b)):
            if data.order_of_option[option[e]] == data.order_of_option[option[f]]:
                model.add_at_most_one(x[e], x[f])
    prize = -data.penalty[data.order_of_option]
    model.minimize(
        sum(c * v for c, v in zip(data.cost.tolist(), x, strict=True))
        + sum(int(p) * v for p, v in zip(prize, z, strict=True))
    )
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    assert solver.solve(model) == cp_model.OPTIMAL
    return round(solver.objective_value) + int(data.penalty.sum())


def test_plans_and_bounds_enclose_the_optimum():
    rng = np.random.default_rng(3)
    for _ in range(1500):
        data = random_problem(rng)
        answer = side.solve(data, steps=30)
        assert side.faults(data, answer) == []
        assert answer.bound <= brute(data) <= answer.total


def test_a_proof_is_the_optimum():
    rng = np.random.default_rng(4)
    for _ in range(1500):
        data = random_problem(rng, orders=int(rng.integers(0, 6)), people=int(rng.integers(1, 7)))
        answer = side.solve(data, steps=10, prove=20)
        assert side.faults(data, answer) == []
        assert answer.proven
        assert answer.total == brute(data)


def test_middling_cases_agree_with_cp_sat():
    rng = np.random.default_rng(5)
    for _ in range(40):
        data = random_problem(rng, orders=25, people=20, slots=4)
        best = cp_sat(data)
        quick, proof = side.solve(data), side.solve(data, prove=20)
        assert side.faults(data, quick) == side.faults(data, proof) == []
        assert quick.bound <= best <= quick.total
        assert proof.total == proof.bound == best


def test_equal_input_gives_equal_answers():
    data = random_problem(np.random.default_rng(6), orders=60, people=40, slots=5)
    one, two = side.solve(data), side.solve(data)
    assert one.total == two.total
    assert (one.used == two.used).all()
    assert (one.option == two.option).all()


def small(**changed):
    """One order, one option, one need of one head, two people."""
    arrays = {
        "penalty": [9],
        "order_of_option": [0],
        "slot": [0],
        "option_of_need": [0],
        "heads": [1],
        "start": [0, 2],
        "person": [0, 1],
        "cost": [3, 4],
        "cap": [1, 1],
        "apart": np.zeros((0, 2)),
    }
    return side.Problem(**{name: np.array(value, np.int64) for name, value in (arrays | changed).items()})


def test_the_cheapest_person_serves():
    answer = side.solve(small())
    assert (answer.total, answer.bound, answer.gap) == (3, 3, 0)
    assert answer.used.tolist() == [True, False]


def test_nobody_is_asked_when_leaving_is_cheaper():
    assert side.solve(small(penalty=[2])).option.tolist() == [-1]


def test_an_impossible_head_count_leaves_the_order():
    assert side.solve(small(heads=[10**9])).total == 9


def test_people_apart_do_not_meet():
    assert side.solve(small(heads=[2]), prove=5).total == 7
    assert side.solve(small(heads=[2], apart=[[1, 0]]), prove=5).total == 9


def test_nothing_to_do():
    none = np.zeros(0, np.int64)
    data = side.Problem(*[none] * 5, np.zeros(1, np.int64), *[none] * 3, none.reshape(0, 2))
    assert side.solve(data, prove=1).total == 0


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"slot": [0, 1]}, "every option needs an order and a slot"),
        ({"order_of_option": [1]}, "the options must be listed in the order"),
        ({"option_of_need": [-1]}, "the needs must be listed in the order"),
        ({"order_of_option": [0, 0], "slot": [0, 1]}, "an option without a need"),
        ({"penalty": [-1]}, "a penalty may not be negative"),
        ({"heads": [0]}, "asks for at least one head"),
        ({"slot": [64]}, "a slot is a number from 0 to 63"),
        ({"start": [0, 1]}, "start must cut the edges"),
        ({"cost": [1]}, "every edge needs a cost"),
        ({"person": [0, 7]}, "names a person that is not there"),
        ({"cost": [-1, 1]}, "a cost may not be negative"),
        ({"cap": [-1, 1]}, "a cap of jobs may not be negative"),
        ({"apart": [1, 2]}, "apart lists pairs"),
        ({"apart": [[0, 9]]}, "apart names a person that is not there"),
        ({"apart": [[1, 1]]}, "apart from herself"),
        ({"person": [1, 1]}, "lists one person twice"),
    ],
)
def test_nonsense_is_refused_in_a_sentence(changed, sentence):
    with pytest.raises(ValueError, match=sentence):
        small(**changed)


def test_faults_are_told():
    data = small()
    answer = side.solve(data)
    wrong = side.Answer(answer.option, np.array([True, True]), 3, 4)
    assert side.faults(data, wrong) == [
        "a need has not exactly its heads",
        "the total is not the sum",
        "the total is below its bound",
    ]


def test_a_demand_with_several_slots_is_gathered():
    supply, demand = instances.make(60, 900)
    order, slot = np.repeat(np.arange(60), 2), np.stack([demand.slot, (demand.slot + 3) % 21], 1).ravel()
    data = side.gather(Index(supply), demand, (order, slot), k=8, cap=2)
    answer = side.solve(data, prove=20)
    assert side.faults(data, answer) == []
    assert answer.proven
    assert answer.total < demand.penalty @ demand.heads


def test_mixed_skills_come_together_or_not_at_all():
    supply, demand = instances.make(60, 900)
    together, slot = np.arange(60) // 3, np.tile([2, 5, 7], 20)
    options = np.repeat(np.arange(20), 3), slot
    data = side.gather(Index(supply), demand, options, k=8, cap=1, together=together, apart=[[0, 1]])
    assert data.penalty[0] == (demand.penalty * demand.heads)[:3].sum()
    answer = side.solve(data, prove=20)
    assert side.faults(data, answer) == []
    assert answer.proven
    need = np.repeat(np.arange(len(data.heads)), np.diff(data.start))
    served = np.bincount(need[answer.used], minlength=len(data.heads)).reshape(60, 3)
    assert ((served == 0).all(1) | (served > 0).all(1)).all()


@pytest.mark.parametrize(
    ("order", "together", "sentence"),
    [
        ([9], None, "an option names an order that is not there"),
        ([0], [0, 2], "without a gap"),
        ([0], [0], "one number per row"),
        ([0], [1, 0], "without a gap"),
        ([0], [0, 1, 0, 1], "stand together"),
    ],
)
def test_options_and_groups_must_fit_the_demand(order, together, sentence):
    supply, demand = instances.make(4 if together and len(together) == 4 else 2, 20)
    with pytest.raises(ValueError, match=sentence):
        side.gather(Index(supply), demand, (order, [0]), k=3, cap=1, together=together)
