from itertools import combinations

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from civic.matching import cover, cover_bound, cover_reduce

pytestmark = pytest.mark.slow  # thousands of small worlds against every choice by hand


def worlds(count, seed=5):
    """Small coverings with ties, empty rows and columns, zero weights and twins."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        n, m = rng.integers(1, 13), rng.integers(1, 9)
        dense = (rng.random((n, m)) < rng.uniform(0.1, 0.6)).astype(np.int64)
        if m > 1 and rng.random() < 0.3:
            dense[:, 0] = dense[:, 1]
        weight = rng.integers(0, rng.choice([2, 10, 10**6]), n)
        yield csr_matrix(dense), weight, int(rng.integers(1, m + 1))


def by_hand(reached_by, weight, p):
    dense = reached_by.toarray() > 0
    choices = combinations(range(dense.shape[1]), p)
    return max(int(weight[dense[:, list(chosen)].any(1)].sum()) for chosen in choices)


def test_the_best_of_all_choices_is_found_and_proved():
    for reached_by, weight, p in worlds(400):
        found = cover.best(reached_by, weight, p, tolerance=0)
        assert found.reached == by_hand(reached_by, weight, p) <= found.bound
        assert found.reached == weight[found.covered].sum()
        assert len(set(found.chosen.tolist())) == len(found.chosen) <= p
        assert (found.covered == (reached_by[:, found.chosen].sum(1).A1 > 0)).all()


def test_no_bound_is_below_the_best(monkeypatch):
    monkeypatch.setattr(cover_bound, "LARGEST", 4)  # cut even these small ones
    rng = np.random.default_rng(9)
    for reached_by, weight, p in worlds(300, seed=6):
        most = by_hand(reached_by, weight, p)
        small = cover_reduce.reduced(reached_by, weight)
        if len(small.sites) <= p:
            continue
        lp = cover_bound.relaxed(small, p)
        chosen, lower = cover_bound.by_regions(small, lp, p)
        assert most <= lp.bound
        assert most <= lower
        assert set(chosen) <= set(range(len(small.sites)))
        dual, price = rng.random(small.cover.shape[0]) * weight.max(), float(rng.random() * weight.max())
        assert most <= cover_bound.dual_bound(small.cover, small.weight, p, dual, price) + 1e-6


def test_a_long_search_where_a_mip_would_be_too_wide_keeps_the_bound(monkeypatch):
    monkeypatch.setattr(cover, "MOST_LIKELY", 0)
    for reached_by, weight, p in worlds(60, seed=10):
        found = cover.best(reached_by, weight, p, tolerance=-1)  # never satisfied: every step is taken
        assert found.reached <= by_hand(reached_by, weight, p) <= found.bound
        assert found.reached >= 0.95 * by_hand(reached_by, weight, p)


def test_a_smaller_problem_has_the_same_best():
    for reached_by, weight, p in worlds(300, seed=7):
        small = cover_reduce.reduced(reached_by, weight)
        fewer = min(p, len(small.sites))
        most = by_hand(small.cover, small.weight, fewer) if fewer else 0
        assert most == by_hand(reached_by, weight, p)


def test_the_fewest_sites_close_every_gap():
    for reached_by, _weight, _p in worlds(300, seed=8):
        found = cover.fewest(reached_by)
        dense = reached_by.toarray() > 0
        can = dense.any(1)
        assert (dense[:, found.chosen].any(1) == can).all()
        assert set(found.beyond) == set(np.flatnonzero(~can))
        fewer = [c for k in range(len(found.chosen)) for c in combinations(range(dense.shape[1]), k)]
        assert not any((dense[:, list(c)].any(1) == can).all() for c in fewer)
        assert found.bound == len(found.chosen)


def test_the_next_point_adds_most_and_each_is_told_with_what_it_adds():
    reached_by = csr_matrix([[1, 1, 0], [1, 0, 0], [0, 1, 1], [0, 0, 1]])
    assert cover.next_points(reached_by, [1, 1, 1, 5], 9) == [(2, 6), (0, 2)]
    assert cover.next_points(reached_by, [1, 1, 1, 5], 1) == [(2, 6)]
    assert cover.next_points(reached_by, [0, 0, 0, 0], 3) == []


def test_reach_is_the_distance_with_a_radius_of_each_place():
    places, sites = [[0, 0], [3, 4], [9, 9]], [[0, 0], [3, 3.5]]
    assert cover.reach(places, sites, 1).toarray().tolist() == [[1, 0], [0, 1], [0, 0]]
    assert cover.reach(places, sites, [5, 0.3, 8.2]).toarray().tolist() == [[1, 1], [0, 0], [0, 1]]
    assert cover.reach([], sites, 1).shape == (0, 2)
    assert cover.reach(places, [], 1).shape == (3, 0)


def test_a_city_is_proved_within_a_thousandth_and_twice_alike():
    rng = np.random.default_rng(1)
    sites = rng.uniform(0, 60, (600, 2))
    places = sites[rng.integers(0, 600, 3000)] + rng.normal(0, 1.5, (3000, 2))
    weight = rng.integers(1, 40, 3000)
    one, two = (cover.sites_for_fairs(sites, places, weight, p=60, radius_km=1.5) for _ in range(2))
    assert one.gap <= 0.001
    assert one.chosen.tolist() == two.chosen.tolist()
    assert (one.reached, one.bound) == (two.reached, two.bound)
    largest = np.argsort(-(cover.reach(places, sites, 1.5).T @ weight))[:60]
    by_size = weight[cover.reach(places, sites, 1.5)[:, largest].sum(1).A1 > 0].sum()
    assert one.reached > by_size


def test_nobody_to_reach_is_no_error():
    found = cover.sites_for_fairs([[0, 0]], [[9, 9]], [3], p=1, radius_km=1)
    assert (found.reached, found.bound, found.gap, len(found.chosen)) == (0, 0, 0.0, 0)
    assert cover.fewest(csr_matrix((0, 3), dtype=np.int64)).bound == 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"p": 0}, "p must be"),
        ({"p": 3}, "p must be"),
        ({"weight": [1.5, 1]}, "whole numbers"),
        ({"weight": [-1, 1]}, "whole numbers"),
        ({"weight": [1]}, "one per place"),
        ({"radius_km": -1}, "radius"),
        ({"radius_km": float("nan")}, "radius"),
        ({"sites": [[0, float("inf")], [1, 1]]}, "not a number"),
        ({"places": [1, 2, 3]}, "kilometres"),
    ],
)
def test_input_that_means_nothing_is_refused_in_words(change, words):
    given = {"sites": [[0, 0], [1, 1]], "places": [[0, 0], [1, 1]], "weight": [1, 1], "p": 1, "radius_km": 1}
    with pytest.raises(ValueError, match=words):
        cover.sites_for_fairs(**given | change)
