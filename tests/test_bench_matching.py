"""The matching bench on a small town: all ways of solving agree, and the way from rows to rows is proved."""

import pytest

from bench import matching

SMALL = (300, 3000, 1)


@pytest.mark.slow
def test_ours_and_the_peers_find_the_same_optimum():
    times = matching.bare((400, 100, 1), 8, 2, with_scipy=True)

    assert times.rounds.keys() == {"ours", "ortools", "scipy"}
    assert times.ratio("ours", "ortools") > 0


@pytest.mark.slow
def test_from_rows_to_rows_is_proved():
    times, proved = matching.end_to_end(SMALL, 1)

    assert proved
    assert times.median("check") < times.median("hot") < times.median("cold")


@pytest.mark.slow
def test_repairs_and_prices_equal_full_solves():
    taken, seconds = matching.events(SMALL, 200)

    assert taken.keys() == {"decline", "cancel", "leave", "arrive"}
    assert seconds > 0
    assert matching.overridden(SMALL, 20)[1]
    assert matching.explained(SMALL)[1]


@pytest.mark.slow
def test_whoever_comes_first_serves_no_more_than_the_optimum():
    row, excess = matching.rows_of_scarcity(quick=True)

    assert row.met
    assert excess.met
