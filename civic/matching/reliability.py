"""Whether chances that were foretold came true: the reliability diagram and its expected calibration error.

Forecasts are cut into equal bins of [0, 1]; in each bin the mean forecast should equal the share that
happened (DeGroot & Fienberg, The Statistician 1983):

    ECE = Σ_b (n_b / n) · |foretold_b − happened_b|      (Naeini, Cooper & Hauskrecht, AAAI 2015)
"""

from collections.abc import Iterable
from dataclasses import dataclass

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Forecasts in [low, high): how many, their mean, and the share that came true."""

    low: float
    high: float
    count: int
    foretold: float
    happened: float


def diagram(forecasts: Iterable[tuple[float, bool]], bins: int = BINS) -> list[Bin]:
    """Non-empty bins in rising order. ValueError for a forecast outside [0, 1] or no bins."""
    if bins < 1:
        raise ValueError("a diagram needs at least one bin")
    count, foretold, happened = [0] * bins, [0.0] * bins, [0] * bins
    for chance, came in forecasts:
        if not 0 <= chance <= 1:
            raise ValueError("a forecast is a chance in [0, 1]")
        at = min(bins - 1, int(chance * bins))
        count[at] += 1
        foretold[at] += chance
        happened[at] += came
    return [
        Bin(b / bins, (b + 1) / bins, count[b], foretold[b] / count[b], happened[b] / count[b])
        for b in range(bins)
        if count[b]
    ]


def calibration_error(found: list[Bin]) -> float:
    """Expected calibration error of a diagram, in [0, 1]; 0 for an empty one."""
    total = sum(one.count for one in found)
    return sum(one.count * abs(one.foretold - one.happened) for one in found) / total if total else 0.0
