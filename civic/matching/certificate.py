"""The independent checker: is this assignment really the cheapest over all qualified pairs?

It reads the data, the decisions and the prices (α, v), and nothing that the solver built. Weak duality does
the rest:

    every pair        c_ij ≥ α_i + v_j,     α_i ≤ P_i,     v_j ≤ 0
    primal            Σ c of the decisions + Σ P_i · heads left unserved
    dual              Σ heads_i · α_i + Σ v_j ≤ any assignment's cost

so primal = dual proves that no assignment whatsoever is cheaper. Costs are worked out anew from positions
and parts. All pairs are looked at: holders of a skill lie in strips of 4 km, sorted by x, and since v ≤ 0
only those within the radius that α_i pays for can break the rule.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from civic.matching.costs import MAX_KM, TRAVEL_PER_KM, Ints
from civic.matching.instances import Demand, Supply

STRIP = 4.0  # km


@dataclass(frozen=True)
class Certificate:
    """What the checker found. `is_proved` needs everything: no fault, and primal = dual."""

    primal: int
    dual: int
    faults: tuple[str, ...]

    @property
    def is_proved(self) -> bool:
        """Whether the decisions are optimal over all qualified pairs."""
        return not self.faults and self.primal == self.dual


class Checker:
    """A supply sorted for the checker; to be kept between batches."""

    def __init__(self, supply: Supply) -> None:
        self.supply = supply
        who, skill = supply.volunteer_of_pair, supply.skill_of_pair
        x, y = supply.xy[who, 0], supply.xy[who, 1]
        self.low = float(y.min()) if len(y) else 0.0
        self.strips = int((y.max() - self.low) // STRIP) + 1 if len(y) else 1
        self.skills = int(skill.max()) + 1 if len(skill) else 0
        strip = skill * self.strips + ((y - self.low) // STRIP).astype(np.int64)
        turn = np.lexsort((x, strip))
        self.first = np.searchsorted(strip[turn], np.arange(self.skills * self.strips + 1))
        self.x, self.y, self.who = x[turn], y[turn], who[turn]
        self.avail, self.static = supply.avail[self.who], supply.static[self.who]
        self.skills_of = skill[np.argsort(who, kind="stable")]
        self.from_to = np.searchsorted(np.sort(who), np.arange(len(supply.xy) + 1))

    def check(self, demand: Demand, decisions: NDArray[np.void], alpha: Ints, v: Ints) -> Certificate:
        """Check decisions (records with order, volunteer, cost) against prices α (m,) and v (n,)."""
        order, who, cost = (
            np.ascontiguousarray(decisions[name], np.int64) for name in ("order", "volunteer", "cost")
        )
        supply, asked = self.supply, (demand.xy, demand.skill, demand.slot, demand.heads)
        places = supply.xy, supply.avail, supply.static, self.from_to, self.skills_of
        unfit, misstated, twice, served = _wrong_decisions(order, who, cost, places, asked)
        holders = self.first, self.strips, self.low, self.x, self.y, self.avail, self.static, self.who
        wrong = _wrong_pairs(holders, demand.xy, demand.skill, demand.slot, alpha, v)
        out = int((v > 0).sum() + (alpha > demand.penalty).sum())
        found = (
            (unfit, "decisions send somebody who lacks the skill or the time, or is too far"),
            (misstated, "stated costs are not what the data give"),
            (twice, "times somebody is sent twice, or an order gets too many"),
            (out, "prices are out of their range"),
            (wrong, "pairs are cheaper than their prices say"),
        )
        primal = int(cost.sum() + (demand.penalty * np.maximum(demand.heads - served, 0)).sum())
        dual = int((demand.heads * alpha).sum() + v.sum())
        return Certificate(primal, dual, tuple(f"{count} {what}" for count, what in found if count))


@njit(cache=True)
def _wrong_decisions(order, who, cost, places, asked):
    """How many are unfit, misstated, doubled; and how many heads each order got."""
    at, avail, static, from_to, skills_of = places
    xy, skill, slot, heads = asked
    unfit, misstated, twice = 0, 0, 0
    served, sent = np.zeros(len(heads), np.int64), np.zeros(len(at), np.bool_)
    for n in range(len(order)):
        i, j = order[n], who[n]
        km = np.sqrt((at[j, 0] - xy[i, 0]) ** 2 + (at[j, 1] - xy[i, 1]) ** 2)
        able = False
        for p in range(from_to[j], from_to[j + 1]):
            able |= skills_of[p] == skill[i]
        unfit += not able or not (avail[j] >> slot[i]) & 1 or km > MAX_KM
        misstated += np.int64(np.rint(TRAVEL_PER_KM * km)) + static[j] != cost[n]
        served[i] += 1
        twice += sent[j] or served[i] > heads[i]
        sent[j] = True
    return unfit, misstated, twice, served


@njit(cache=True)
def _wrong_pairs(holders, xy, skill, slot, alpha, v):
    """How many qualified pairs cost less than α_i + v_j."""
    first, strips, low = holders[0], holders[1], holders[2]
    wrong = 0
    for i in range(len(skill)):
        base = skill[i] * strips
        reach = min(MAX_KM, (alpha[i] + 1) / TRAVEL_PER_KM)
        if base + strips >= len(first):
            continue
        top = max(np.int64((xy[i, 1] - reach - low) // STRIP), 0)
        foot = min(np.int64((xy[i, 1] + reach - low) // STRIP), strips - 1)
        for strip in range(base + top, base + foot + 1):
            a, z = first[strip], first[strip + 1]
            wrong += _wrong_in(holders, a, z, xy[i, 0], xy[i, 1], slot[i], alpha[i], reach, v)
    return wrong


@njit(cache=True)
def _wrong_in(holders, a, z, x, y, slot, alpha, reach, v):
    """The same for one order and the holders a…z−1, sorted by x."""
    _first, _strips, _low, xs, ys, avail, static, who = holders
    p, end, wrong = a, z, 0
    while p < end:  # the first holder whose x is in reach
        middle = (p + end) >> 1
        if xs[middle] < x - reach:
            p = middle + 1
        else:
            end = middle
    while p < z and xs[p] <= x + reach:
        dx, dy = xs[p] - x, ys[p] - y
        square = dx * dx + dy * dy
        if square <= reach * reach and (avail[p] >> slot) & 1:
            cost = np.int64(np.rint(TRAVEL_PER_KM * np.sqrt(square))) + static[p]
            wrong += cost < alpha + v[who[p]]
        p += 1
    return wrong
