"""The reliability diagram: nothing lost, nothing invented, and zero error for an honest forecaster."""

import numpy as np
import pytest

from civic.matching.reliability import calibration_error, diagram


@pytest.mark.parametrize("seed", range(20))
def test_every_forecast_is_in_one_bin_and_means_add_up(seed):
    rng = np.random.default_rng(seed)
    chances, bins = rng.random(rng.integers(1, 300)), int(rng.integers(1, 25))
    came = rng.random(len(chances)) < chances
    found = diagram(zip(chances.tolist(), came.tolist(), strict=True), bins)
    assert sum(one.count for one in found) == len(chances)
    assert sum(one.count * one.foretold for one in found) == pytest.approx(chances.sum())
    assert sum(one.count * one.happened for one in found) == pytest.approx(came.sum())
    assert all(one.low <= one.foretold <= one.high and one.count for one in found)
    assert [one.low for one in found] == sorted(one.low for one in found)
    assert 0 <= calibration_error(found) <= 1


def test_an_honest_forecaster_has_little_error_and_a_boaster_much():
    rng = np.random.default_rng(1)
    chances = rng.random(20_000)
    came = (rng.random(20_000) < chances).tolist()
    honest = calibration_error(diagram(zip(chances.tolist(), came, strict=True)))
    boasting = calibration_error(diagram(zip((chances**0.5).tolist(), came, strict=True)))
    assert honest < 0.02
    assert boasting == pytest.approx(2 / 3 - 1 / 2, abs=0.02)


def test_the_edges_belong_somewhere_and_nothing_is_an_empty_diagram():
    found = diagram([(0.0, False), (1.0, True), (0.5, True)], 2)
    assert [(one.count, one.happened) for one in found] == [(1, 0.0), (2, 1.0)]
    assert diagram([]) == []
    assert calibration_error([]) == 0


def test_impossible_forecasts_are_refused():
    with pytest.raises(ValueError, match="chance"):
        diagram([(1.2, True)])
    with pytest.raises(ValueError, match="bin"):
        diagram([], 0)
