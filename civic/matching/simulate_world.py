"""The world of the simulator: orders as they come, people who may refuse, and the coins that decide it.

Orders arrive by hour of day and day of week (Fridays × 1.8), 3–24 hours ahead when urgent, else days ahead.
Person j asked for order i says yes when

    coin_ij < chance_ij · fatigue^(offers to j in the last 7 days − 1),   chance_ij = own_j · exp(−km_ij / 12)

own_j from Beta(3, 3) for people, Beta(8, 2.5) for teams, which do not tire. 15 % of offers are never
answered, the others after a lognormal delay (median 40 minutes, σ = 1), none between 22 and 7. Everything
is drawn once per world, so that all policies meet the same orders and the same coins (common random
numbers; Glasserman & Yao, Management Science 1992). Laws and numbers are assumptions: refit them on a
pilot's log."""

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from scipy.spatial import cKDTree

from civic.matching import costs, instances
from civic.matching.costs import Floats, Ints
from civic.matching.policy import ANSWER_MEDIAN_HOURS, ANSWER_SIGMA, BANDS_KM, NEVER_ANSWER, Group

HOUR_SHARES = np.array(
    [
        [0.1, 0.05, 0.05, 0.05, 0.1, 0.3],
        [0.8, 1.6, 2.6, 3.0, 2.6, 1.8],
        [1.2, 1.3, 2.2, 2.6, 2.2, 1.6],
        [1.3, 1.6, 1.4, 0.9, 0.5, 0.2],
    ]
).ravel()
DAY_SHARES = np.array([1.0, 1.0, 1.0, 1.1, 1.8, 0.9, 0.7])  # Monday first; Friday: the day of practice
PART_STARTS = np.array([8.0, 14.0, 18.5])  # morning, afternoon, evening
WEIGHTS = np.array([1.0, 2.0, 4.0])  # of a filled head, by priority
LISTED = 64  # nearest qualified people that any policy may ask
CATEGORIES = 10
KM_OF_RELUCTANCE = 12.0
GUESS_NOISE = 0.3  # spread of the estimate that the informed policies are given
NEVER = np.inf


@dataclass(frozen=True)
class World:
    """m orders sorted by time, and their E listed pairs (order i owns pairs first[i] … first[i+1] − 1).

    Hours count from Monday 0:00. `column` is what can hold one open offer (a person; of a team, one slot),
    `seat` a person's slot, `quota` a person's week; all three index flat arrays of the sizes in `sizes`.
    """

    people: int
    fatigue: float
    weekly_jobs: int
    offers_per_week: int  # of the policies that keep such a limit
    placed: Floats
    starts: Floats
    heads: Ints
    priority: Ints
    weight: Floats
    first: Ints
    who: Ints
    km: Floats
    chance: Floats
    guess: Floats
    coin: Floats
    delay: Floats
    group: Ints
    groups: tuple[Group, ...]
    column: Ints
    seat: Ints
    quota: Ints
    sizes: tuple[int, int, int]

    @property
    def order_of_pair(self) -> Ints:
        """(E,) the order each pair belongs to."""
        return np.repeat(np.arange(len(self.heads)), np.diff(self.first))


class _Limits(NamedTuple):
    fatigue: float
    weekly_jobs: int
    offers_per_week: int


def make(*, people: int, orders: int, days: int = 14, seed: int = 1, teams: bool = False) -> World:
    """A world of `people` (or of so many teams) and `orders` over `days`; equal arguments, equal world."""
    if people < 1 or orders < 1 or days < 1:
        raise ValueError("simulate: at least one person, one order and one day")
    supply, demand = instances.make(orders, people, 1, seed)
    rng = np.random.default_rng([seed, people, int(teams)])
    own = rng.beta(8, 2.5, people) if teams else rng.beta(3, 3, people)
    if teams:
        supply = _as_teams(supply, people, rng)
        demand = replace(demand, heads=np.ones(orders, np.int64))
    placed, day, part = _calendar(demand, days, rng)
    by_time = np.argsort(placed, kind="stable")
    placed, day, part = placed[by_time], day[by_time], part[by_time]
    demand = replace(
        demand,
        **{name: getattr(demand, name)[by_time] for name in ("xy", "skill", "heads", "penalty", "priority")},
        slot=(day % 7) * 3 + part,
    )
    first, who, km = _listed(supply, demand)
    own = np.clip(own, 0.05, 0.98)
    limits = _Limits(1.0, 4, 1 << 14) if teams else _Limits(0.85, 2, 3)
    return _with_coins((demand, placed, day, part), (first, who, km), own, limits, rng)


def _as_teams(supply: instances.Supply, teams: int, rng: np.random.Generator) -> instances.Supply:
    """Each team covers all skills of one category, a third of them of two; free in 45 % of the slots."""
    kind = np.arange(instances.SKILLS)[None] % CATEGORIES
    of = rng.random((teams, CATEGORIES)).argsort(1)[:, :2]
    of[rng.random(teams) >= 0.35, 1] = -1
    skills, who = np.nonzero(((kind == of[:, :1]) | (kind == of[:, 1:])).T)
    free = rng.random((teams, instances.SLOTS)) < 0.45
    avail = (free * (1 << np.arange(instances.SLOTS, dtype=np.int64))).sum(1)
    return replace(supply, skill_of_pair=skills, volunteer_of_pair=who, avail=avail)


def _calendar(demand: instances.Demand, days: int, rng: np.random.Generator) -> tuple[Floats, Ints, Ints]:
    """When each order is placed (hours) and the day and part of the day it is wanted for."""
    m = len(demand.heads)
    share = DAY_SHARES[np.arange(days) % 7]
    day = rng.choice(days, m, p=share / share.sum())
    placed = day * 24 + rng.choice(24, m, p=HOUR_SHARES / HOUR_SHARES.sum()) + rng.random(m)
    lead = np.where(demand.priority == 2, rng.uniform(3, 24, m), rng.gamma(1.6, 30, m) + 6)
    part = demand.slot % 3
    wanted = np.ceil((placed + lead - PART_STARTS[part]) / 24).astype(np.int64)
    return placed, wanted, part


def _listed(supply: instances.Supply, demand: instances.Demand) -> tuple[Ints, Ints, Floats]:
    """The nearest `LISTED` people who have the skill, are free in the slot and live within 20 km."""
    edges = np.searchsorted(supply.skill_of_pair, np.arange(instances.SKILLS + 1))
    order, who, km = [], [], []
    kind = demand.skill * instances.SLOTS + demand.slot
    for value in np.unique(kind):
        skill, slot = divmod(int(value), instances.SLOTS)
        able = supply.volunteer_of_pair[edges[skill] : edges[skill + 1]]
        able = able[(supply.avail[able] >> slot) & 1 == 1]
        if not len(able):
            continue
        asking = np.flatnonzero(kind == value)
        far, at = cKDTree(supply.xy[able]).query(
            demand.xy[asking], k=min(LISTED, len(able)), distance_upper_bound=costs.MAX_KM
        )
        far, at = far.reshape(len(asking), -1), at.reshape(len(asking), -1)
        near = np.isfinite(far)
        order.append(np.broadcast_to(asking[:, None], near.shape)[near])
        who.append(able[at[near]])
        km.append(far[near])
    if not order:
        return np.zeros(len(kind) + 1, np.int64), np.zeros(0, np.int64), np.zeros(0)
    of = np.concatenate(order)
    by_order = np.argsort(of, kind="stable")
    first = np.searchsorted(of[by_order], np.arange(len(kind) + 1))
    return first, np.concatenate(who)[by_order].astype(np.int64), np.concatenate(km)[by_order]


def _with_coins(
    calendar: tuple[instances.Demand, Floats, Ints, Ints],
    listed: tuple[Ints, Ints, Floats],
    own: Floats,
    limits: _Limits,
    rng: np.random.Generator,
) -> World:
    """Draw what nobody knows beforehand, and number columns, seats and quotas."""
    demand, placed, day, part = calendar
    first, who, km = listed
    n, of = len(own), np.repeat(np.arange(len(placed)), np.diff(first))
    slots, weeks = int(day.max()) * 3 + 3, int(day.max()) // 7 + 1
    seat = who * slots + day[of] * 3 + part[of]
    band = np.minimum(np.searchsorted(np.array(BANDS_KM), km), 3)
    return World(
        people=n,
        **limits._asdict(),
        placed=placed,
        starts=day * 24 + PART_STARTS[part],
        heads=demand.heads,
        priority=demand.priority,
        weight=WEIGHTS[demand.priority],
        first=first,
        who=who,
        km=km,
        **_coins(own[who] * np.exp(-km / KM_OF_RELUCTANCE), rng),
        group=(demand.skill[of] % CATEGORIES * 4 + band) * 3 + part[of],
        groups=tuple(Group(c, b, p) for c in range(CATEGORIES) for b in range(4) for p in range(3)),
        column=seat if limits.fatigue == 1 else who,
        seat=seat,
        quota=who * weeks + day[of] // 7,
        sizes=(n * slots if limits.fatigue == 1 else n, n * slots, n * weeks),
    )


def _coins(chance: Floats, rng: np.random.Generator) -> dict[str, Any]:
    """The true chances, what is guessed about them, the coins, and how long an answer takes."""
    chance = np.clip(chance, 0.02, 0.95)
    noise = np.exp(GUESS_NOISE * rng.uniform(-np.sqrt(3), np.sqrt(3), len(chance)))
    delay = ANSWER_MEDIAN_HOURS * np.exp(ANSWER_SIGMA * rng.standard_normal(len(chance)))
    delay[rng.random(len(chance)) < NEVER_ANSWER] = NEVER
    guess = np.clip(chance * noise, 0.02, 0.97)
    return {"chance": chance, "guess": guess, "coin": rng.random(len(chance)), "delay": delay}
