"""Who could do an order: the k cheapest qualified volunteers, exactly, and a bound on everybody else.

Every skill has its own square grid over the city, with about four holders to a cell; a holder carries the
mask of the slots in which she is free. An order looks at its cell and then at ring after ring around it. It
may stop as soon as nobody beyond the ring can be cheaper than what is listed:

    cost of anybody outside ≥ travel(distance to the rim) + least static cost of the skill

so the list is exact, and `beyond` (the cost of the first one left out) bounds all pairs that are not
listed. Cells and rings are the textbook bucket method (Bentley, Weide and Yao, ACM TOMS 6, 1980); listing
by cost instead of by distance is ours: fewer candidates are needed before the batch is optimal over all
pairs.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit

from civic.matching.costs import MAX_KM, TRAVEL_PER_KM, Floats, Ints
from civic.matching.instances import Demand, Supply

NEVER = np.int64(1) << 40  # a cost that nothing reaches
HOLDER = np.dtype([("x", "f8"), ("y", "f8"), ("mask", "i8"), ("static", "i4"), ("volunteer", "i4")])
PER_CELL = 4
MOST_CELLS = 1024  # to a side


@dataclass(frozen=True)
class Candidates:
    """The listed pairs of m orders: order i has edges start[i] … start[i + 1] − 1, cheapest first."""

    start: Ints  # (m + 1,)
    volunteer: Ints  # (E,)
    km: Floats
    cost: Ints
    beyond: Ints  # (m,) cost of the cheapest qualified volunteer left out; NEVER when nobody is


class Index:
    """A supply made ready for questions. Building it is linear in (volunteer, skill) pairs."""

    def __init__(self, supply: Supply) -> None:
        self.supply = supply
        skill = supply.skill_of_pair
        if len(skill) and (np.diff(skill) < 0).any():
            raise ValueError("supply: pairs must be sorted by skill")
        self.skills = int(skill[-1]) + 1 if len(skill) else 0
        self.low, self.span = _bounds(supply.xy)
        self.first = np.searchsorted(skill, np.arange(self.skills + 1))
        count = np.diff(self.first)
        self.side = np.clip(np.sqrt(count / PER_CELL).astype(np.int64), 1, MOST_CELLS)
        self.cell = np.concatenate([[0], np.cumsum(self.side**2)])
        self.grid = _grid(
            self.low, self.span, self.first, self.side, self.cell, supply.volunteer_of_pair,
            supply.xy, supply.avail, supply.static,
        )  # fmt: skip
        self.place = self.low, self.span, self.side, self.cell, self.grid
        self.rank = curve(supply.xy, self.low, self.span)

    def nearest(self, demand: Demand, k: int) -> Candidates:
        """The k cheapest qualified volunteers of every order (twice its heads, if that is more)."""
        if k < 1:
            raise ValueError("k is at least 1")
        most = np.maximum(k, 2 * demand.heads)
        if demand.skill.size and demand.skill.min() < 0:
            raise ValueError("demand: a skill is a number from 0")
        return Candidates(*_nearest(*self.place, demand.xy, demand.skill, demand.slot, most))


@njit(cache=True)
def _bounds(xy):
    """The least x and y, and the longer side of the square that holds every point."""
    low, high = np.full(2, np.inf), np.full(2, -np.inf)
    for i in range(len(xy)):
        for axis in range(2):
            low[axis], high[axis] = min(low[axis], xy[i, axis]), max(high[axis], xy[i, axis])
    if not len(xy):
        return np.zeros(2), 1.0
    return low, max(high[0] - low[0], high[1] - low[1], 1e-6)


@njit(cache=True)
def _cell_of(value, low, size, side):
    """Column or row of a coordinate; outside the grid counts as its rim."""
    return min(max(np.int64((value - low) / size), 0), side - 1)


@njit(cache=True)
def _grid(low, span, first, side, cell, who, xy, avail, static):
    """Where each cell begins, the holders sorted by (skill, cell), and the least static cost of a skill."""
    pairs, skills = len(who), len(side)
    begins = np.zeros(cell[skills] + 2, np.int64)
    at = np.empty(pairs, np.int64)
    least = np.full(skills, NEVER)
    for s in range(skills):
        size = span / side[s]
        for p in range(first[s], first[s + 1]):
            j = who[p]
            row, column = _cell_of(xy[j, 1], low[1], size, side[s]), _cell_of(xy[j, 0], low[0], size, side[s])
            at[p] = cell[s] + row * side[s] + column
            begins[at[p] + 2] += 1
            least[s] = min(least[s], static[j])
    for c in range(2, len(begins)):
        begins[c] += begins[c - 1]
    holder = np.empty(pairs, HOLDER)
    for p in range(pairs):
        j, n = who[p], begins[at[p] + 1]
        begins[at[p] + 1] += 1
        one = holder[n]
        one.x, one.y, one.mask, one.static, one.volunteer = xy[j, 0], xy[j, 1], avail[j], static[j], j
    return begins, holder, least


@njit(cache=True)
def _spread(value):
    """The bits of a number below 2¹⁶ with a gap after each: half of a Morton code."""
    value = (value | (value << 8)) & 0x00FF00FF
    value = (value | (value << 4)) & 0x0F0F0F0F
    value = (value | (value << 2)) & 0x33333333
    return (value | (value << 1)) & 0x55555555


@njit(cache=True)
def curve(xy, low, span):
    """Rank of each point along a Morton curve of 512 × 512 cells: close points are close in memory."""
    count = np.zeros((1 << 18) + 1, np.int64)
    code = np.empty(len(xy), np.int64)
    for i in range(len(xy)):
        cx, cy = _cell_of(xy[i, 0], low[0], span / 512, 512), _cell_of(xy[i, 1], low[1], span / 512, 512)
        code[i] = _spread(cx) | (_spread(cy) << 1)
        count[code[i] + 1] += 1
    for c in range(1, len(count)):
        count[c] += count[c - 1]
    rank = np.empty(len(xy), np.int64)
    for i in range(len(xy)):
        rank[i] = count[code[i]]
        count[code[i]] += 1
    return rank


@njit(cache=True)
def _nearest(low, span, side, cell, grid, xy, skill, slot, most):
    """The lists of all orders, one after another; see `Candidates`."""
    m = len(skill)
    start, beyond = np.zeros(m + 1, np.int64), np.full(m, NEVER)
    total = most.sum()
    volunteer, km, cost = np.empty(total, np.int64), np.empty(total), np.empty(total, np.int64)
    key, far = np.empty(most.max() + 2 if m else 2, np.int64), np.empty(most.max() + 2 if m else 2)
    for i in range(m):
        at, found = start[i], 0
        if skill[i] < len(side):
            found = _search(
                low, span, side, cell, grid, xy[i, 0], xy[i, 1], skill[i], slot[i], most[i], key, far
            )
        if found > most[i]:
            found = most[i]
            beyond[i] = key[found] >> 32
        for n in range(found):
            volunteer[at + n], km[at + n], cost[at + n] = key[n] & 0xFFFFFFFF, far[n], key[n] >> 32
        start[i + 1] = at + found
    end = start[m]
    return start, volunteer[:end].copy(), km[:end].copy(), cost[:end].copy(), beyond


@njit(cache=True)
def _search(low, span, side, cell, grid, x, y, skill, slot, most, key, far):
    """Fill key (cost << 32 | volunteer) and far (km) with the `most` + 1 cheapest; returns how many."""
    g, base = side[skill], cell[skill]
    size = span / g
    begins, least = grid[0], grid[2][skill]
    cx, cy = _cell_of(x, low[0], size, g), _cell_of(y, low[1], size, g)
    found = 0
    for ring in range(g):
        left, right, top, foot = max(cx - ring, 0), min(cx + ring, g - 1), cy - ring, cy + ring
        for row in range(max(top, 0), min(foot, g - 1) + 1):
            line = base + row * g
            if row in (top, foot):
                a, z = begins[line + left], begins[line + right + 1]
                found = _take(grid[1], a, z, x, y, slot, most, found, least, key, far)
            else:
                if cx - ring >= 0:
                    a, z = begins[line + left], begins[line + left + 1]
                    found = _take(grid[1], a, z, x, y, slot, most, found, least, key, far)
                if cx + ring < g:
                    a, z = begins[line + right], begins[line + right + 1]
                    found = _take(grid[1], a, z, x, y, slot, most, found, least, key, far)
        rim = _rim(x - low[0], y - low[1], cx, cy, ring, g, size)
        if rim > MAX_KM or (found > most and key[most] >> 32 <= np.rint(TRAVEL_PER_KM * rim) + least):
            break
    return found


@njit(cache=True)
def _rim(x, y, cx, cy, ring, g, size):
    """Kilometres from the point to the nearest side of what was seen; sides on the grid's rim are far."""
    rim = 1e9
    if cx - ring > 0:
        rim = min(rim, x - (cx - ring) * size)
    if cx + ring < g - 1:
        rim = min(rim, (cx + ring + 1) * size - x)
    if cy - ring > 0:
        rim = min(rim, y - (cy - ring) * size)
    if cy + ring < g - 1:
        rim = min(rim, (cy + ring + 1) * size - y)
    return max(rim, 0.0)


@njit(cache=True)
def _take(holder, a, z, x, y, slot, most, found, least, key, far):
    """Sift the holders a…z−1 into the list of the cheapest; returns its new length."""
    reach = MAX_KM
    if found > most:  # nobody farther than this can beat the last on the list, whatever her static cost
        reach = min(reach, ((key[most] >> 32) + 1 - least) / TRAVEL_PER_KM)
    reach *= reach
    for p in range(a, z):
        one = holder[p]
        if not (one.mask >> slot) & 1:
            continue
        dx, dy = one.x - x, one.y - y
        square = dx * dx + dy * dy
        if square > reach:
            continue
        km = np.sqrt(square)
        cost = np.int64(np.rint(TRAVEL_PER_KM * km)) + one.static
        new = (cost << 32) | one.volunteer
        if found > most:
            if new >= key[most]:
                continue
            found = most
        n = found
        while n > 0 and key[n - 1] > new:
            key[n], far[n] = key[n - 1], far[n - 1]
            n -= 1
        key[n], far[n] = new, km
        found += 1
    return found


@njit(cache=True)
def cheaper_pairs(low, span, side, cell, grid, xy, skill, slot, alpha, v, rows):
    """Qualified pairs of the orders `rows` with cost < α_i + v_j: (order, volunteer, cost), order by order.

    Since v ≤ 0, only holders within (α_i − least static cost) of travel can be among them.
    """
    order, volunteer, cost = [np.int64(0)], [np.int64(0)], [np.int64(0)]
    for i in rows:
        s = skill[i]
        if s >= len(side):
            continue
        size, x, y = span / side[s], xy[i, 0], xy[i, 1]
        reach = min(MAX_KM, (alpha[i] + 1 - grid[2][s]) / TRAVEL_PER_KM)
        if reach < 0:
            continue
        left, right = _cell_of(x - reach, low[0], size, side[s]), _cell_of(x + reach, low[0], size, side[s])
        for row in range(
            _cell_of(y - reach, low[1], size, side[s]), _cell_of(y + reach, low[1], size, side[s]) + 1
        ):
            line = cell[s] + row * side[s]
            for p in range(grid[0][line + left], grid[0][line + right + 1]):
                one = grid[1][p]
                square = (one.x - x) ** 2 + (one.y - y) ** 2
                if (one.mask >> slot[i]) & 1 and square <= reach * reach:
                    c = np.int64(np.rint(TRAVEL_PER_KM * np.sqrt(square))) + one.static
                    if c < alpha[i] + v[one.volunteer]:
                        order.append(i)
                        volunteer.append(np.int64(one.volunteer))
                        cost.append(c)
    return np.array(order)[1:], np.array(volunteer)[1:], np.array(cost)[1:]
