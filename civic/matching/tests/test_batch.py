"""The whole batch: candidates against a scan of everybody, proof over all pairs, explanations that add up."""

import numpy as np
import pytest

from civic.matching import costs
from civic.matching.batch import dispatch
from civic.matching.candidates import NEVER, Index
from civic.matching.certificate import Checker
from civic.matching.instances import Demand, Supply, make


def everybody(supply, demand, i):
    """Cost and volunteer of every qualified pair of order i, cheapest first: a plain scan."""
    who = supply.volunteer_of_pair[supply.skill_of_pair == demand.skill[i]]
    who = who[(supply.avail[who] >> demand.slot[i]) & 1 == 1]
    gap = supply.xy[who] - demand.xy[i]
    km = np.sqrt(gap[:, 0] ** 2 + gap[:, 1] ** 2)
    who, km = who[km <= costs.MAX_KM], km[km <= costs.MAX_KM]
    cost = costs.travel(km) + supply.static[who]
    turn = np.lexsort((who, cost))
    return cost[turn], who[turn]


def town(volunteers, xy=None, skills=2, slots=2):
    """Volunteers who can do everything, all the time."""
    n = volunteers
    rng = np.random.default_rng(3)
    place = rng.uniform(0, 10, (n, 2)) if xy is None else np.tile(np.asarray(xy, float), (n, 1))
    return Supply(
        place, np.repeat(np.arange(skills), n), np.tile(np.arange(n), skills),
        np.full(n, (1 << slots) - 1), np.zeros((n, 3), np.int64),
    )  # fmt: skip


def asks(count, heads=1, skill=0, xy=None):
    rng = np.random.default_rng(4)
    place = rng.uniform(0, 10, (count, 2)) if xy is None else np.tile(np.asarray(xy, float), (count, 1))
    ones = np.ones(count, np.int64)
    return Demand(
        place, ones * skill, ones * 0, ones * heads, ones * 12_000, ones * 0, np.linspace(0, 0.9, count)
    )


@pytest.mark.slow
@pytest.mark.parametrize(("volunteers", "k"), [(4000, 4), (4000, 16), (60, 16)])
def test_the_listed_are_the_cheapest_and_the_rest_cost_at_least_what_is_said(volunteers, k):
    supply, demand = make(150, volunteers, seed=volunteers)
    listed = Index(supply).nearest(demand, k)
    for i in range(150):
        cost, who = everybody(supply, demand, i)
        most = max(k, 2 * demand.heads[i])
        mine = slice(listed.start[i], listed.start[i + 1])
        assert listed.cost[mine].tolist() == cost[:most].tolist()
        assert listed.volunteer[mine].tolist() == who[:most].tolist()
        assert listed.beyond[i] == (cost[most] if len(cost) > most else NEVER)


@pytest.mark.slow
@pytest.mark.parametrize(("orders", "volunteers"), [(400, 8000), (400, 1200), (600, 500), (50, 0)])
@pytest.mark.parametrize("k", [1, 4, 16])
def test_a_batch_is_proved_over_all_pairs_however_few_were_listed(orders, volunteers, k):
    supply, demand = make(orders, volunteers, seed=orders + volunteers)
    batch = dispatch(Index(supply), demand, k)
    verdict = Checker(supply).check(demand, batch.decisions, batch.alpha, batch.v)
    assert verdict.faults == ()
    assert verdict.is_proved
    assert verdict.primal == batch.total == dispatch(Index(supply), demand, 64).total


def test_parts_add_up_and_the_runner_up_is_never_better():
    supply, demand = make(300, 3000, seed=2)
    batch = dispatch(Index(supply), demand)
    told = batch.decisions
    assert len(told) > 300
    assert (told["travel"] + told["rating"] + told["load"] + told["acceptance"] == told["cost"]).all()
    assert (told["gap"] >= 0).all()
    assert (told["rank"] >= 1).all()
    assert (told["rank"] <= told["candidates"]).all()
    assert (supply.parts[told["volunteer"], 0] == told["rating"]).all()
    others = told[told["runner_up"] >= 0]
    assert (others["runner_up"] != others["volunteer"]).all()


def test_the_price_of_an_override_is_at_least_the_gap():
    supply, demand = make(200, 2500, seed=7)
    batch = dispatch(Index(supply), demand)
    column_of = {int(j): c for c, j in enumerate(batch.volunteer_of)}
    order_of = {int(o): n for n, o in enumerate(batch.turn)}
    for one in batch.decisions[:60]:
        if one["runner_up"] >= 0:
            price = batch.plan.price(order_of[int(one["order"])], column_of[int(one["runner_up"])])
            assert price >= one["gap"]


@pytest.mark.parametrize("fault", ["twice", "price", "cost", "skill", "sign"])
def test_the_checker_finds_what_is_wrong(fault):
    supply, demand = make(200, 2000, seed=11)
    batch = dispatch(Index(supply), demand)
    told, alpha, v = batch.decisions.copy(), batch.alpha.copy(), batch.v.copy()
    if fault == "twice":
        told[1] = told[0]
    elif fault == "price":
        alpha[told["order"][0]] += 500
    elif fault == "cost":
        told["cost"][0] -= 1
    elif fault == "skill":
        demand.skill[told["order"][0]] = 141 - demand.skill[told["order"][0]]
    else:
        v[told["volunteer"][0]] = 3
    verdict = Checker(supply).check(demand, told, alpha, v)
    assert verdict.faults
    assert not verdict.is_proved


def test_a_worse_assignment_is_not_proved_by_right_prices():
    supply, demand = make(100, 2000, seed=12)
    batch = dispatch(Index(supply), demand)
    verdict = Checker(supply).check(demand, batch.decisions[1:], batch.alpha, batch.v)
    assert verdict.faults == ()
    assert verdict.primal > verdict.dual
    assert not verdict.is_proved


def test_equal_coordinates_huge_heads_missing_skills_and_nobody_at_all():
    same = town(30, xy=(5, 5))
    for supply, demand in (
        (same, asks(10, heads=5, xy=(5, 5))),
        (town(12), asks(3, heads=40)),
        (same, asks(4, skill=9)),
        (same, asks(2, xy=(500, 500))),
        (town(0), asks(3)),
        (same, asks(0)),
    ):
        batch = dispatch(Index(supply), demand)
        verdict = Checker(supply).check(demand, batch.decisions, batch.alpha, batch.v)
        assert verdict.is_proved


def test_equal_input_gives_equal_decisions():
    supply, demand = make(200, 1500, seed=5)
    one, other = dispatch(Index(supply), demand), dispatch(Index(supply), demand)
    assert (one.decisions == other.decisions).all()


def test_data_that_make_no_sense_are_refused_in_words():
    supply = town(3)
    ones = np.ones(1, np.int64)
    with pytest.raises(ValueError, match="heads are at least 1"):
        asks(1, heads=0)
    with pytest.raises(ValueError, match="a position is not a number"):
        asks(1, xy=(np.nan, 1))
    with pytest.raises(ValueError, match="k is at least 1"):
        Index(supply).nearest(asks(1), 0)
    with pytest.raises(ValueError, match="sorted by skill"):
        Index(
            Supply(
                supply.xy, supply.skill_of_pair[::-1], supply.volunteer_of_pair, supply.avail, supply.parts
            )
        )
    with pytest.raises(ValueError, match="may not be negative"):
        Supply(supply.xy, supply.skill_of_pair, supply.volunteer_of_pair, supply.avail, supply.parts - 1)
    with pytest.raises(ValueError, match="a chance of acceptance"):
        costs.acceptance([0.0])
    with pytest.raises(ValueError, match="a slot is a bit"):
        Demand(np.zeros((1, 2)), ones, ones * 63, ones, ones, ones, np.zeros(1))
