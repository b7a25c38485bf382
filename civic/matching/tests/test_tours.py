"""Plans of tours against every permutation of every set on small days; pins, exclusions and prices of
drags."""

import itertools

import numpy as np
import pytest

from civic.matching import tours
from civic.matching.tours import Crew, Pin, Problem, Reason, Stop


def day(random: np.random.Generator, stops: int, crews: int) -> Problem:
    """A small day: asymmetric driving times, zeros among them, narrow windows, few skills, two depots."""
    places = 2 + stops
    minutes = random.integers(0, 60, (places, places))
    minutes = np.minimum(minutes, (minutes[:, :, None] + minutes[None]).min(1))
    np.fill_diagonal(minutes, 0)
    opens = random.integers(0, 200, stops)
    return Problem(
        stops=[
            Stop(
                id=f"s{at}",
                x=0,
                y=0,
                need=int(random.integers(0, 4)),
                minutes=int(random.integers(1, 90)),
                earliest=int(opens[at]),
                latest=int(opens[at] + random.integers(0, 250)),
                prize=int(random.integers(0, 120)),
                optional=bool(random.random() < 0.93),
            )
            for at in range(stops)
        ],
        crews=[
            Crew(f"c{at}", int(random.integers(2)), int(random.choice([1, 2, 3, 3])), 0, 300)
            if random.random() < 0.8
            else Crew(f"c{at}", 0, 3, 60, 240)
            for at in range(crews)
        ],
        depots=[(0, 0), (1, 1)],
        minutes=minutes.tolist(),
    )


def driven(problem: Problem, crew: Crew, order: tuple[int, ...]) -> int | None:
    """The value of one order, by the definition; None where it cannot be driven."""
    base = len(problem.depots)
    at, clock, value = crew.depot, crew.starts, 0
    for stop in order:
        one, step = problem.stops[stop], problem.minutes[at][base + stop]
        clock = max(clock + step, one.earliest)
        if clock > one.latest or one.need & ~crew.skills:
            return None
        at, clock, value = base + stop, clock + one.minutes, value + one.prize - step
    home = problem.minutes[at][crew.depot]
    return value - home if clock + home <= crew.ends else None


def obeys(problem: Problem, crew: Crew, order: tuple[int, ...], pins: list[Pin], excluded: set[str]) -> bool:
    for at, stop in enumerate(problem.stops):
        if stop.id in excluded and at in order:
            return False
        for pin in pins:
            if pin.stop == stop.id and (pin.crew == crew.id) != (at in order):
                return False
            if pin.stop == stop.id and pin.crew == crew.id and pin.position not in (None, order.index(at)):
                return False
    return True


def brute(problem: Problem, pins: list[Pin], excluded: set[str]) -> int | None:
    """The best value over all orders of all sets for all crews; None where nothing serves what must be."""
    stops = range(len(problem.stops))
    best: dict[frozenset[int], int] = {frozenset(): 0}
    for crew in problem.crews:
        own: dict[frozenset[int], int] = {}
        for size in range(len(problem.stops) + 1):
            for order in itertools.permutations(stops, size):
                value = driven(problem, crew, order) if order else 0
                if value is not None and obeys(problem, crew, order, pins, excluded):
                    own[frozenset(order)] = max(own.get(frozenset(order), -(10**9)), value)
        joined: dict[frozenset[int], int] = {}
        for (one, first), (two, second) in itertools.product(best.items(), own.items()):
            if not one & two:
                joined[one | two] = max(joined.get(one | two, -(10**9)), first + second)
        best = joined
    must = {at for at, stop in enumerate(problem.stops) if not stop.optional and stop.id not in excluded}
    return max((value for served, value in best.items() if must <= served), default=None)


def some_pins(random: np.random.Generator, problem: Problem) -> tuple[list[Pin], set[str]]:
    pins, excluded = [], set()
    for stop in random.permutation(len(problem.stops))[: random.integers(0, 3)]:
        crew = problem.crews[random.integers(len(problem.crews))]
        taken = [pin.position for pin in pins if pin.crew == crew.id]
        position = None if random.random() < 0.5 else int(random.integers(0, 2))
        if not problem.stops[stop].need & ~crew.skills and position not in taken:
            pins.append(Pin(problem.stops[stop].id, crew.id, position))
    for stop in problem.stops:
        if random.random() < 0.1 and stop.id not in {pin.stop for pin in pins}:
            excluded.add(stop.id)
    return pins, excluded


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_equals_brute_force(seed: int) -> None:
    random = np.random.default_rng(seed)
    impossible = 0
    for _ in range(40):
        problem = day(random, int(random.integers(1, 6)), int(random.integers(1, 4)))
        pins, excluded = some_pins(random, problem) if random.random() < 0.6 else ([], set())
        best = brute(problem, pins, excluded)
        if best is None:
            impossible += 1
            with pytest.raises(ValueError, match="served"):
                tours.plan(problem, pins=pins, excluded=excluded)
            continue
        found = tours.plan(problem, pins=pins, excluded=excluded)
        assert (found.value, found.proven, found.bound) == (best, True, best)
        check(problem, found, pins, excluded)
    assert impossible < 30


def check(problem: Problem, plan: tours.TourPlan, pins: list[Pin], excluded: set[str]) -> None:
    """Every route is what driving its stops gives; nothing stands twice; pins and exclusions are kept."""
    for route in plan.routes:
        assert tours.evaluate(problem, route.crew, route.stops) == route
        order = tuple(problem.stop_index[stop] for stop in route.stops)
        assert obeys(problem, problem.crew(route.crew), order, pins, excluded)
        assert not order or driven(problem, problem.crew(route.crew), order) == route.value
    served = [stop for route in plan.routes for stop in route.stops]
    assert sorted([*served, *plan.unserved]) == sorted(stop.id for stop in problem.stops)
    assert sum(route.value for route in plan.routes) == plan.value <= plan.bound + 1e-6


def village_day(stops: int, crews: int, seed: int) -> Problem:
    """A district-day of the usual shape: half-day windows, 45 to 120 minutes a stop, two of five skills a
    crew."""
    random = np.random.default_rng(seed)
    spots = random.uniform(0, 30, (stops, 2))
    windows = [(0, 210), (300, 540), (0, 540)]
    return Problem(
        stops=[
            Stop(
                at,
                *map(float, spots[at]),
                1 << int(random.integers(5)),
                int(random.choice([45, 60, 90, 120])),
                *windows[int(random.integers(3))],
                int(random.integers(30, 150)),
            )
            for at in range(stops)
        ],
        crews=[
            Crew(at, at % 3, sum(1 << int(k) for k in random.choice(5, 2, replace=False)), 0, 540)
            for at in range(crews)
        ],
        depots=[(5, 5), (15, 20), (25, 10)],
    )


@pytest.mark.slow
def test_a_village_day_is_proven_and_the_same_each_time() -> None:
    problem = village_day(40, 5, seed=3)
    first, second = tours.plan(problem), tours.plan(problem)
    assert first == second
    assert first.proven
    assert first.gap == 0
    check(problem, first, [], set())


@pytest.mark.slow
def test_a_large_day_starts_from_pyvrp_and_knows_its_gap() -> None:
    problem = village_day(90, 5, seed=4)
    pins = [Pin(0, next(c.id for c in problem.crews if c.skills & problem.stops[0].need), 1)]
    found = tours.plan(problem, pins=pins, seconds=4)
    assert found.method == "columns and pyvrp"
    assert found.gap < 0.02
    assert found.route(pins[0].crew).stops[1] == 0
    check(problem, found, pins, set())


@pytest.mark.slow
def test_long_tours_go_to_pyvrp() -> None:
    random = np.random.default_rng(5)
    problem = Problem(
        [Stop(at, *map(float, random.uniform(0, 12, 2)), 0, 8, 0, 500, 40) for at in range(45)],
        [Crew("a", 0, 0, 0, 480), Crew("b", 0, 0, 0, 480)],
        [(6, 6)],
    )
    found = tours.plan(problem, seconds=4)
    assert found.method == "columns and pyvrp"
    assert not found.proven
    assert 0.8 * found.bound < found.value < found.bound
    check(problem, found, [], set())


SMALL = Problem(
    stops=[
        Stop("a", 0, 0, 1, 30, 0, 400, 50),
        Stop("b", 0, 0, 1, 30, 100, 120, 50),
        Stop("c", 0, 0, 2, 30, 0, 400, 5),
    ],
    crews=[Crew("x", 0, 1, 0, 200), Crew("y", 0, 3, 0, 200)],
    depots=[(0, 0)],
    minutes=[[0, 10, 20, 30], [10, 0, 10, 40], [20, 10, 0, 50], [30, 40, 50, 0]],
)


def test_a_route_says_when_and_why_not() -> None:
    route = tours.evaluate(SMALL, "x", ["a", "b"])
    assert isinstance(route, tours.Route)
    assert [(v.stop, v.arrives, v.starts, v.leaves) for v in route.visits] == [
        ("a", 10, 10, 40),
        ("b", 50, 100, 130),
    ]
    assert (route.departs, route.returns, route.drive_minutes, route.value) == (0, 150, 40, 60)
    only = tours.evaluate(SMALL, "x", ["b"])
    assert isinstance(only, tours.Route)
    assert (only.departs, only.visits[0].arrives) == (80, 100)  # no waiting at the first stop
    refused = [tours.evaluate(SMALL, "x", tour) for tour in (["c"], ["a", "a"])]
    assert [one.reason for one in refused] == [Reason.SKILL, Reason.TWICE]
    late = tours.evaluate(SMALL, "y", ["c", "a", "b"])
    assert (late.reason, late.stop, late.minutes) == (Reason.LATE, "b", 20)
    home = tours.evaluate(SMALL, "y", ["b", "c"])
    assert (home.reason, home.stop, home.minutes) == (Reason.HOME, "c", 40)


def test_a_drag_costs_the_difference_of_values() -> None:
    plan = tours.plan(SMALL)
    assert (plan.value, plan.unserved) == (60, ("c",))
    crew = next(route.crew for route in plan.routes if route.stops)
    out = tours.price(SMALL, plan, stop="a", crew=None)
    assert out.price == 60 - (50 - 40)
    after = tours.apply(SMALL, plan, out)
    assert (after.value, after.unserved, after.proven) == (10, ("a", "c"), False)
    back = tours.places_for(SMALL, after, "a")
    assert [move.price for move in back] == sorted(move.price for move in back)
    assert (back[0].price, back[0].crew) == (-50, crew)
    swap = tours.price(SMALL, plan, stop="c", crew="y", position=0)
    assert swap.price == 55 if not plan.route("y").stops else swap.reason == Reason.LATE


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_every_price_is_the_value_before_less_the_value_after(seed: int) -> None:
    random = np.random.default_rng(seed)
    for _ in range(20):
        problem = day(random, 5, 2)
        try:
            plan = tours.plan(problem)
        except ValueError:
            continue
        for stop in problem.stops:
            for move in tours.places_for(problem, plan, stop.id):
                after = tours.apply(problem, plan, move)
                assert plan.value - after.value == move.price
                check(problem, after, [], set())
                assert after.route(move.crew).stops[move.position] == stop.id


def test_nothing_to_do() -> None:
    nobody = tours.plan(Problem(SMALL.stops, [], [(0, 0)], SMALL.minutes))
    assert (nobody.value, nobody.proven, nobody.unserved) == (0, True, ("a", "b", "c"))
    nothing = tours.plan(Problem([], SMALL.crews, [(0, 0)]))
    assert (nothing.value, nothing.proven, nothing.gap) == (0, True, 0)
    assert [route.stops for route in nothing.routes] == [(), ()]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"stops": [SMALL.stops[0]] * 2}, "same id"),
        ({"crews": [SMALL.crews[0]] * 2}, "same id"),
        ({"minutes": [[0, 1], [1, 0]]}, "table of minutes"),
        ({"minutes": [[0, 1, 1, -1]] * 4}, "not negative"),
        ({"minutes": [[0, 1, 1, 0.5]] * 4}, "whole minutes"),
        ({"crews": [Crew("x", 1, 1, 0, 9)]}, "no depot 1"),
        ({"crews": [Crew("x", 0, 1, 9, 0)]}, "ends before"),
        ({"stops": [Stop("a", 0, 0, 1, 0, 0, 9, 1), *SMALL.stops[1:]]}, "less than a minute"),
        ({"stops": [Stop("a", 0, 0, 1, 5, 9, 0, 1), *SMALL.stops[1:]]}, "closes before"),
    ],
)
def test_what_is_not_a_problem_is_told_in_words(change: dict, words: str) -> None:
    given = {"stops": SMALL.stops, "crews": SMALL.crews, "depots": [(0, 0)], "minutes": SMALL.minutes}
    with pytest.raises(ValueError, match=words):
        Problem(**{**given, **change})


@pytest.mark.parametrize(
    ("pins", "excluded", "words"),
    [
        ([Pin("a", "x"), Pin("a", "y")], [], "pinned twice"),
        ([Pin("a", "x", 0), Pin("b", "x", 0)], [], "same place"),
        ([Pin("a", "x", -1)], [], "counted from 0"),
        ([Pin("a", "x")], ["a"], "pinned and excluded"),
        ([Pin("c", "x")], [], "lacks a skill"),
        ([Pin("?", "x")], [], "no stop"),
        ([Pin("a", "?")], [], "no crew"),
        ([], ["?"], "no stop"),
        ([Pin("a", "x", 2)], [], "must be served; left over: a"),
        ([Pin("b", "y", 0), Pin("c", "y")], [], "left over"),
    ],
)
def test_pins_that_cannot_be_kept_are_refused(pins: list, excluded: list, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        tours.plan(SMALL, pins=pins, excluded=excluded)


def test_a_stop_no_crew_can_serve_but_must() -> None:
    stops = [*SMALL.stops[:2], Stop("c", 0, 0, 4, 30, 0, 400, 5, optional=False)]
    problem = Problem(stops, SMALL.crews, [(0, 0)], SMALL.minutes)
    with pytest.raises(ValueError, match="Stop c must be served, but no crew can"):
        tours.plan(problem)
    assert tours.plan(problem, excluded=["c"]).value == 60
