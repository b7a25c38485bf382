"""Runs of policies: the rules of life hold for everybody, ours keeps its own rules, and the table adds up."""

from collections import Counter, defaultdict

import numpy as np
import pytest

from civic.matching import simulate, simulate_table
from civic.matching.policy import is_quiet
from civic.matching.simulate_ours import Ours
from civic.matching.simulate_policies import in_office
from civic.matching.simulate_run import Run, askable, awake, gini
from civic.matching.simulate_world import make

pytestmark = pytest.mark.slow  # whole fortnights


class Watched(Run):
    """A run that writes down every offer and every yes that counted."""

    def __init__(self, *args, **keywords):
        super().__init__(*args, **keywords)
        self.offers, self.fills = [], []

    def offer(self, pair, order, now, patience, *, blocks=True):
        self.offers.append((now, pair, order, patience))
        super().offer(pair, order, now, patience, blocks=blocks)

    def _fill(self, now, order, pair):
        self.fills.append((now, pair, order))
        super()._fill(now, order, pair)


@pytest.fixture(scope="module")
def worlds():
    return {
        "people": make(people=5000, orders=700, seed=1),
        "teams": make(people=150, orders=700, seed=1, teams=True),
    }


@pytest.fixture(scope="module")
def runs(worlds):
    found = {}
    for kind, world in worlds.items():
        for name, maker in simulate.MAKERS.items():
            run = Watched(world, maker(world))
            found[kind, name] = run, run.play()
    return found


def test_nobody_is_asked_twice_for_an_order_and_jobs_keep_to_slot_and_week(runs, worlds):
    for (kind, _), (run, outcome) in runs.items():
        world = worlds[kind]
        pairs = [pair for _, pair, _, _ in run.offers]
        assert len(pairs) == len(set(pairs)) == outcome.offers
        jobs = [pair for _, pair, _ in run.fills]
        assert outcome.filled == len(jobs)
        assert max(Counter(world.seat[jobs].tolist()).values()) == 1
        assert max(Counter(world.quota[jobs].tolist()).values()) <= world.weekly_jobs
        per_order = Counter(order for _, _, order in run.fills)
        assert all(count <= world.heads[order] for order, count in per_order.items())


def test_nobody_is_asked_late_or_answers_at_night(runs, worlds):
    for (kind, _), (run, _) in runs.items():
        world = worlds[kind]
        assert all(world.starts[order] - now > 1 for now, _, order, _ in run.offers)
        assert not any(is_quiet(now % 24) for now, _, _ in run.fills)
        assert all(world.placed[order] <= now < world.starts[order] - 0.5 for now, _, order in run.fills)


def test_no_policy_reaches_the_clairvoyant_bound(runs, worlds):
    bounds = {kind: simulate.clairvoyant(world) for kind, world in worlds.items()}
    assert all(outcome.weighted <= bounds[kind] for (kind, _), (_, outcome) in runs.items())


def test_ours_sends_by_day_only_and_at_most_three_a_week(runs, worlds):
    for kind in worlds:
        run, _ = runs[kind, "ours"]
        assert not any(is_quiet(now % 24) for now, _, _, _ in run.offers)
    run, _ = runs["people", "ours"]
    moments = defaultdict(list)
    for now, pair, _, _ in run.offers:
        moments[int(worlds["people"].who[pair])].append(now)
    for mine in moments.values():
        assert all(later - earlier >= 168 for earlier, later in zip(mine, mine[3:], strict=False))


def test_only_the_broadcast_keeps_several_offers_open_to_one_person(runs, worlds):
    world = worlds["people"]
    for name in ("ours", "batch15", "nearest"):
        run, _ = runs["people", name]
        until = defaultdict(float)
        filled = {order: now for now, _, order in run.fills}
        for now, pair, order, patience in run.offers:
            who = int(world.who[pair])
            assert now >= until[who] - 1e-9
            ends = min(now + patience, awake(now + world.delay[pair]))
            until[who] = min(ends, filled.get(order, np.inf))


def test_the_compiled_loop_says_what_its_source_says(worlds):
    world = worlds["people"]
    run = Run(world, simulate.MAKERS["ours"](world))
    rng = np.random.default_rng(1)
    for array in (run.state.asked, run.state.busy):
        array[rng.integers(0, len(array), len(array) // 3)] = True
    run.state.standing[rng.integers(0, world.people, 900)] = 1
    run.state.taken[rng.integers(0, len(run.state.taken), 2000)] = world.weekly_jobs
    run.state.recent[rng.integers(0, world.people, 900)] = 3
    orders = np.array([5, 0, 77, 400])
    limits = world.weekly_jobs, world.offers_per_week
    start, pair = askable(orders, run.state, run.links, *limits)
    again = askable.py_func(orders, run.state, run.links, *limits)
    assert (start == again[0]).all()
    assert (pair == again[1]).all()
    assert 0 < len(pair) < sum(world.first[orders + 1] - world.first[orders])


def test_the_clerk_works_in_office_hours(runs):
    run, _ = runs["people", "clerk"]
    assert all(in_office(now) for now, _, _, _ in run.offers)


def test_nothing_stands_at_the_end(runs):
    for run, _ in runs.values():
        assert not run.state.standing.any()
        assert not any(run.sent.values())


def test_runs_are_repeatable(worlds):
    world = worlds["people"]
    one, other = (Run(world, Ours(world)).play() for _ in range(2))
    assert (one.offers, one.filled, one.unneeded) == (other.offers, other.filled, other.unneeded)
    assert (one.waits == other.waits).all()


def test_own_refusals_do_not_enter_a_cost(worlds):
    """Two people of one group cost the same, however often one of them refused."""
    world = worlds["people"]
    ours = Ours(world)
    run = Run(world, ours)
    pair = 0
    before = ours._cost(run, np.array([pair]))
    run.answers += [(pair, False)] * 5
    ours._foretold[pair] = 0.5
    ours._learn(run)
    assert ours._cost(run, np.array([pair])) == before
    assert ours.seen.probability(int(world.who[pair]), int(world.group[pair])) < ours.seen.group_mean(
        int(world.group[pair])
    )


def test_the_comparison_is_told_in_full():
    level = simulate.Level("own", 3000)
    found = simulate.compare(level, orders=400, seeds=2)
    told = "\n".join(simulate_table.lines(found))
    assert all(" ".join(name) in told for name in simulate_table.NAMES.values())
    assert sum(mark in told for mark in PROMISES) == len(PROMISES)
    assert len(found.bounds) == len(found.by_policy["ours"].shares) == 2
    share = found.by_policy["ours"].mean("share") - found.by_policy["clerk"].mean("share")
    assert next(iter(simulate.checks(found))).measured == pytest.approx(share)
    assert sum(one.count for one in found.reliability) == len(found.forecasts) > 0


PROMISES = tuple(simulate_table.PROMISES.values())


def test_a_part_of_the_policies_is_told_without_promises():
    found = simulate.compare(simulate.Level("own", 50, teams=True), orders=60, seeds=1, policies=["clerk"])
    assert len(list(simulate_table.lines(found))) == 4


def test_the_night_is_slept_through():
    assert awake(21.5) == 21.5
    assert awake(23.25) == 31.25
    assert awake(24 + 3.5) == 31.5
    assert awake(np.inf) == np.inf


def test_gini_is_zero_for_equals_and_grows_with_the_gap():
    assert gini(np.array([3, 3, 3])) == 0
    assert gini(np.array([0, 0, 0])) == 0
    assert gini(np.array([0, 0, 9])) == pytest.approx(2 / 3)


def test_chinese_takes_two_cells():
    assert simulate_table.pad("急单", 6) == "急单  "
    assert simulate_table.pad("急单", -6) == "  急单"
