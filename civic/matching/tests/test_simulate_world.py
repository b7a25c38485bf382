"""The simulator's world and its bound: the laws as stated, and the bound against a linear program."""

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import coo_matrix, vstack

from civic.matching.simulate_bound import clairvoyant
from civic.matching.simulate_world import LISTED, NEVER, make


@pytest.fixture(scope="module")
def world():
    return make(people=6000, orders=1500, seed=3)


def program(world):
    """The bound as a linear program over pairs that would say yes: one job per seat, a quota per week."""
    of = world.order_of_pair
    in_time = world.placed[of] + world.delay < world.starts[of] - 0.5
    pair = np.flatnonzero((world.coin < world.chance) & in_time)
    if not len(pair):
        return 0.0
    at = np.arange(len(pair))

    def rows(names):
        _, row = np.unique(names[pair], return_inverse=True)
        return coo_matrix((np.ones(len(pair)), (row, at)))

    orders, _ = np.unique(of[pair], return_inverse=True)
    limits = [rows(of), rows(world.seat), rows(world.quota)]
    most = np.concatenate(
        [
            world.heads[orders],
            np.ones(limits[1].shape[0]),
            np.full(limits[2].shape[0], world.weekly_jobs),
        ]
    )
    found = linprog(-world.weight[of[pair]], A_ub=vstack(limits), b_ub=most, bounds=(0, 1))
    return -found.fun / (world.weight * world.heads).sum()


@pytest.mark.slow  # thirty linear programs
@pytest.mark.parametrize("teams", [False, True])
def test_the_bound_is_the_linear_program(teams):
    for seed in range(15):
        small = make(people=40 if teams else 800, orders=80, days=7, seed=seed, teams=teams)
        assert clairvoyant(small) == pytest.approx(program(small))


@pytest.mark.slow  # whole cities
def test_more_people_never_lower_what_can_be_filled():
    bounds = [clairvoyant(make(people=n, orders=400, seed=1)) for n in (500, 2000, 8000)]
    assert bounds == sorted(bounds)


def test_orders_come_in_time_and_start_after_they_are_placed(world):
    assert (np.diff(world.placed) >= 0).all()
    lead = world.starts - world.placed
    assert lead.min() >= 3 - 1e-9
    urgent = world.priority == 2
    assert np.median(lead[urgent]) < np.median(lead[~urgent])
    friday = (world.placed // 24) % 7 == 4
    assert 1.5 < friday.mean() * 7 < 2.0


def test_listed_people_are_near_different_and_sorted(world):
    for order in range(0, 1500, 50):
        mine = slice(world.first[order], world.first[order + 1])
        assert len(set(world.who[mine].tolist())) == mine.stop - mine.start <= LISTED
        assert (np.diff(world.km[mine]) >= 0).all()
    assert world.km.max() <= 20


def test_some_never_answer_and_the_median_delay_is_forty_minutes(world):
    never = world.delay == NEVER
    assert never.mean() == pytest.approx(0.15, abs=0.02)
    assert np.median(world.delay[~never]) == pytest.approx(0.67, rel=0.05)
    assert ((world.chance >= 0.02) & (world.chance <= 0.95)).all()


@pytest.mark.slow  # whole cities
def test_equal_arguments_give_an_equal_world_and_teams_come_alone(world):
    again = make(people=6000, orders=1500, seed=3)
    assert (again.coin == world.coin).all()
    assert (again.placed == world.placed).all()
    teams = make(people=100, orders=200, seed=1, teams=True)
    assert (teams.heads == 1).all()
    assert (teams.column == teams.seat).all()
    assert teams.fatigue == 1


def test_a_world_without_anybody_in_reach_has_a_bound_of_nothing():
    assert clairvoyant(make(people=1, orders=5, seed=1)) == 0


@pytest.mark.parametrize("wrong", [{"people": 0}, {"orders": 0}, {"days": 0}])
def test_an_empty_world_is_refused(wrong):
    with pytest.raises(ValueError, match="at least one"):
        make(**{"people": 10, "orders": 10, **wrong})
