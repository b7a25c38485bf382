"""What one pair (order, volunteer) costs, in whole centi-minutes: a sum of parts that people can read.

    c_ij = travel(km_ij) + rating_j + load_j + acceptance_j          every part ≥ 0

    travel      100 · 60 / 30 km/h · 1.3 · km      1.3 turns a straight line into a road
    rating      100 · 3 · (5 − grade)              grade 1…5
    load        100 · 1.5 · min(jobs in hand, 8)
    acceptance  100 · 4 · (−ln p)                  p = chance of a yes

Integers on purpose: sums are exact, so "optimal" can be proved with an equals sign and an explanation adds up
to the last centi-minute.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

KMH = 30.0
DETOUR = 1.3
TRAVEL_PER_KM = 100 * 60 / KMH * DETOUR  # centi-minutes per straight kilometre
MAX_KM = 20.0  # nobody is asked to go farther
MOST_LOAD = 8
UNSERVED = np.array([12_000, 24_000, 48_000], np.int64)  # per head, by priority 0, 1, 2


def travel(km: ArrayLike) -> Ints:
    """Centi-minutes on the road for straight `km` (any shape)."""
    return np.rint(TRAVEL_PER_KM * np.asarray(km, np.float64)).astype(np.int64)


def rating(grade: ArrayLike) -> Ints:
    """Cost of a mean grade between 1 and 5: nothing for a 5, twelve minutes for a 1."""
    return np.rint(300.0 * (5.0 - np.asarray(grade, np.float64))).astype(np.int64)


def load(jobs: ArrayLike) -> Ints:
    """Cost of jobs already in hand; after eight it does not rise."""
    return np.rint(150.0 * np.minimum(np.asarray(jobs, np.float64), MOST_LOAD)).astype(np.int64)


def acceptance(chance: ArrayLike) -> Ints:
    """Cost of a chance of a yes in (0, 1]: nothing when sure, 2.8 minutes at one half."""
    p = np.asarray(chance, np.float64)
    if p.size and (p.min() <= 0 or p.max() > 1):
        raise ValueError("a chance of acceptance lies above 0 and at most at 1")
    return np.rint(-400.0 * np.log(p)).astype(np.int64)
