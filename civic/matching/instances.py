"""Who asks and who can help, as arrays; and a generator of cities of realistic shape for tests and benches.

A generated city has 12 counties, 128 townships and 2,603 villages over 118 km × 118 km, 142 skills and 21
weekly slots (7 days × morning, afternoon, evening). Supply of skills falls like rank^−0.8, demand does not
follow it, so some skills are scarce. A province is several cities side by side. Synthetic: figures measured
on it say how the method behaves, not how a city does.
"""

from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np

from civic.matching import costs
from civic.matching.costs import Floats, Ints

SKILLS = 142
SLOTS = 21
VILLAGES = 2603


@dataclass(frozen=True)
class Supply:
    """n volunteers: where (n, 2) km, when (bit s of `avail` = free in slot s), and cost parts (n, 3) ≥ 0.

    Pair p says that `volunteer_of_pair[p]` has `skill_of_pair[p]`; pairs are sorted by skill, then volunteer.
    """

    xy: Floats
    skill_of_pair: Ints
    volunteer_of_pair: Ints
    avail: Ints
    parts: Ints  # columns: rating, load, acceptance

    def __post_init__(self) -> None:
        n = len(self.xy)
        if self.xy.shape != (n, 2) or len(self.avail) != n or self.parts.shape != (n, 3):
            raise ValueError("supply: xy (n, 2), avail (n,) and parts (n, 3) must agree on n")
        if not np.isfinite(self.xy).all():
            raise ValueError("supply: a position is not a number")
        if n and self.parts.min() < 0:
            raise ValueError("supply: cost parts may not be negative")
        if len(self.skill_of_pair) != len(self.volunteer_of_pair):
            raise ValueError("supply: every pair needs a skill and a volunteer")
        if (
            len(self.skill_of_pair)
            and not 0 <= self.volunteer_of_pair.min() <= self.volunteer_of_pair.max() < n
        ):
            raise ValueError("supply: a pair names a volunteer that is not there")

    @cached_property
    def static(self) -> Ints:
        """(n,) the part of the cost that does not depend on the order."""
        return self.parts[:, 0] + self.parts[:, 1] + self.parts[:, 2]


@dataclass(frozen=True)
class Demand:
    """m orders: where (m, 2) km, what skill, which slot, how many heads ≥ 1, penalty per unserved head."""

    xy: Floats
    skill: Ints
    slot: Ints
    heads: Ints
    penalty: Ints
    priority: Ints
    placed: Floats  # instants in [0, 1), for first-come-first-served

    def __post_init__(self) -> None:
        m = len(self.xy)
        if self.xy.shape != (m, 2) or any(
            len(a) != m for a in (self.skill, self.slot, self.heads, self.penalty)
        ):
            raise ValueError("demand: xy (m, 2), skill, slot, heads and penalty (m,) must agree on m")
        if not np.isfinite(self.xy).all():
            raise ValueError("demand: a position is not a number")
        if m and (self.heads.min() < 1 or self.penalty.min() < 0):
            raise ValueError("demand: heads are at least 1 and penalties not negative")
        if m and (self.slot.min() < 0 or self.slot.max() > 62):
            raise ValueError("demand: a slot is a bit from 0 to 62")

    def take(self, which: Ints) -> "Demand":
        """The orders `which`, in that order."""
        return Demand(**{one.name: getattr(self, one.name)[which] for one in fields(self)})


def make(orders: int, volunteers: int, cities: int = 1, seed: int = 1) -> tuple[Supply, Demand]:
    """A city (or province) with so many volunteers and orders; equal arguments give equal arrays."""
    rng = np.random.default_rng(seed)
    homes, weight = villages(cities, rng)
    share = weight / weight.sum()
    supply_of = 1 / np.arange(1, SKILLS + 1) ** 0.8
    supply_of /= supply_of.sum()
    demand_of = supply_of**0.5 * np.exp(rng.normal(0, 0.8, SKILLS))
    demand_of /= demand_of.sum()
    busy = np.tile([0.7, 0.9, 1.2], 7) * np.repeat([0.8, 0.8, 0.8, 0.8, 1.3, 1.6, 1.5], 3)
    supply = _volunteers(volunteers, homes, share, supply_of, busy, rng)
    return supply, _orders(orders, homes, share, demand_of, busy, rng)


def villages(cities: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Points (n, 2) km and weights (n,) of the villages of all cities, drawn from `rng`."""
    points, weights = [], []
    for city in range(cities):
        centers = rng.uniform(8, 110, (12, 2))
        townships = centers[rng.integers(0, 12, 128)] + rng.normal(0, 9, (128, 2))
        of = rng.integers(0, 128, VILLAGES)
        urban = rng.random(VILLAGES) < 0.35
        near_center = centers[rng.integers(0, 12, VILLAGES)] + rng.normal(0, 2.0, (VILLAGES, 2))
        near_township = townships[of] + rng.normal(0, 4.0, (VILLAGES, 2))
        found = np.clip(np.where(urban[:, None], near_center, near_township), 0, 118)
        points.append(found + np.array([(city % 4) * 120.0, (city // 4) * 120.0]))
        weights.append(np.exp(rng.normal(0, 0.7, VILLAGES)) * np.where(urban, 4.0, 1.0))
    return np.vstack(points), np.concatenate(weights)


def _volunteers(
    n: int, villages: Floats, share: Floats, supply_of: Floats, busy: Floats, rng: np.random.Generator
) -> Supply:
    xy = villages[rng.choice(len(villages), n, p=share)] + rng.normal(0, 0.8, (n, 2))
    count = np.minimum(1 + rng.poisson(1.2, n), 5)
    skills = rng.choice(SKILLS, (n, 5), p=supply_of)
    has = np.arange(5)[None] < count[:, None]
    who = np.repeat(np.arange(n), 5).reshape(n, 5)[has]
    pair = np.unique(skills[has].astype(np.int64) * n + who)
    eager = rng.gamma(2, 0.5, (n, 1))
    free = rng.random((n, SLOTS)) < 0.22 * busy / busy.mean() * eager
    parts = np.stack(
        [
            costs.rating(np.clip(rng.normal(4.5, 0.4, n), 1, 5)),
            costs.load(rng.poisson(rng.gamma(1.0, 0.8, n))),
            costs.acceptance(np.clip(rng.beta(3, 3, n), 0.05, 0.98)),
        ],
        axis=1,
    )
    avail = (free * (1 << np.arange(SLOTS, dtype=np.int64))).sum(1)
    return Supply(xy, pair // n, pair % n, avail, parts)


def _orders(
    m: int, villages: Floats, share: Floats, demand_of: Floats, busy: Floats, rng: np.random.Generator
) -> Demand:
    priority = rng.choice(3, m, p=[0.85, 0.12, 0.03]).astype(np.int64)
    return Demand(
        xy=villages[rng.choice(len(villages), m, p=share)] + rng.normal(0, 0.6, (m, 2)),
        skill=rng.choice(SKILLS, m, p=demand_of).astype(np.int64),
        slot=rng.choice(SLOTS, m, p=busy / busy.sum()).astype(np.int64),
        heads=rng.choice([1, 2, 3, 4, 6, 10], m, p=[0.6, 0.2, 0.08, 0.06, 0.04, 0.02]).astype(np.int64),
        penalty=costs.UNSERVED[priority],
        priority=priority,
        placed=np.sort(rng.random(m)),
    )
