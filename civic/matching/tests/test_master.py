"""The one master against trying every subset of its columns together with every order of every tour."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from civic.matching.master import Column, choose
from civic.matching.tests.test_tours import SMALL, brute, check, day
from civic.matching.tours_model import Pin, Problem


def some_columns(random: np.random.Generator, problem: Problem) -> tuple[list[Column], dict[str, int]]:
    names = [*(stop.id for stop in problem.stops), "d0", "d1"]
    capacity = {"stall": int(random.integers(0, 3)), "opera": int(random.integers(0, 2))}
    columns = []
    for at in range(int(random.integers(0, 6))):
        demands = random.choice(names, int(random.integers(1, 4)), replace=False)
        uses = tuple((name, int(random.integers(1, 3))) for name in capacity if random.random() < 0.4)
        columns.append(Column("fair", tuple(map(str, demands)), int(random.integers(-20, 150)), uses, at))
    return columns, capacity


def by_trying(columns: list, capacity: dict[str, int], problem: Problem, uses: dict) -> int:
    """Every subset of columns that fits; stops left over driven by brute force, as resources last."""
    best = -(10**9)
    for size in range(len(columns) + 1):
        for taken in itertools.combinations(columns, size):
            demands = [demand for column in taken for demand in column.demands]
            left = dict(capacity)
            for name, amount in (use for column in taken for use in column.uses):
                left[name] -= amount
            if len(set(demands)) < len(demands) or min(left.values()) < 0:
                continue
            gone = {stop.id for stop in problem.stops} & set(demands)
            value = sum(column.value for column in taken)
            best = max(best, value + best_drive(problem, gone, uses, left))
    return best


def best_drive(problem: Problem, gone: set, uses: dict, left: dict[str, int]) -> int:
    """The best tours where each of the stops that use something may have to be left out as well."""
    hungry = [stop for stop in uses if stop not in gone]
    best = 0
    for size in range(len(hungry) + 1):
        for fed in itertools.combinations(hungry, size):
            need = {name: sum(dict(uses[stop]).get(name, 0) for stop in fed) for name in left}
            if all(need[name] <= left[name] for name in left):
                best = max(best, brute(problem, [], gone | (set(hungry) - set(fed))))
    return best


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_equals_trying_everything(seed: int) -> None:
    random = np.random.default_rng(seed)
    for _ in range(12):
        problem = day(random, int(random.integers(1, 4)), int(random.integers(1, 3)))
        problem = Problem(
            [replace(stop, optional=True) for stop in problem.stops],
            problem.crews,
            problem.depots,
            problem.minutes,
        )
        columns, capacity = some_columns(random, problem)
        uses = {stop.id: (("opera", 1),) for stop in problem.stops if random.random() < 0.3}
        found = choose(columns, capacity, problem=problem, stop_uses=uses)
        assert found.proven
        assert found.value == by_trying(columns, capacity, problem, uses)
        assert found.value == sum(column.value for column in found.columns) + found.plan.value
        check(problem, replace(found.plan, bound=1e9), [], set())
        assert found == choose(columns, capacity, problem=problem, stop_uses=uses)


def test_a_fair_beats_driving_and_frees_the_crew() -> None:
    fair = Column("fair", ("a", "b"), 70, (("stall", 1),), "square")
    found = choose([fair], {"stall": 1}, problem=SMALL)
    assert (found.columns, found.value, found.unserved) == ((fair,), 70, ("c",))
    full = choose([fair], {"stall": 0}, problem=SMALL)
    assert (full.columns, full.value, full.plan.value) == ((), 60, 60)


def test_what_must_be_met_is_met_by_any_column() -> None:
    dear = Column("single", ("c",), -30)
    assert choose([dear], {}, problem=SMALL, required=["c"]).columns == (dear,)
    with pytest.raises(ValueError, match="left over: e"):
        choose([dear], {}, problem=SMALL, required=["e"])


def test_a_pinned_stop_is_served_by_its_crew_only() -> None:
    fair = Column("fair", ("a", "b"), 500)
    found = choose([fair], {}, problem=SMALL, pins=[Pin("a", "y")])
    assert found.columns == ()
    assert "a" in found.plan.route("y").stops


def test_prices_say_what_a_stall_and_a_demand_are_worth() -> None:
    columns = [Column("fair", (name,), value, (("stall", 1),)) for name, value in (("p", 30), ("q", 20))]
    found = choose(columns, {"stall": 1})
    assert (found.value, found.bound, found.proven) == (30, 30, True)
    assert found.price["stall"] + found.worth["p"] == pytest.approx(30)
    assert 20 <= found.price["stall"] <= 30
    assert choose(columns, {"stall": 2}).value == 50
    assert choose([], {}).value == 0


def test_of_two_equal_columns_the_better_is_taken() -> None:
    low, high = Column("single", ("p",), 10, label="low"), Column("single", ("p",), 12, label="high")
    assert choose([low, high], {}).columns == choose([high, low], {}).columns == (high,)


@pytest.mark.parametrize(
    ("columns", "capacity", "words"),
    [
        ([Column("fair", ("p", "p"), 1)], {}, "one demand twice"),
        ([Column("fair", (), 1)], {}, "must serve a demand"),
        ([Column("fair", ("p",), 1, (("stall", 1),))], {}, "no resource stall"),
        ([Column("fair", ("p",), 1, (("stall", 0),))], {"stall": 1}, "at least 1"),
        ([], {"stall": -1}, "cannot be -1"),
    ],
)
def test_what_is_no_column_is_told_in_words(columns: list, capacity: dict, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        choose(columns, capacity)
