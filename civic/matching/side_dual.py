"""Prices for (person, slot) and for a person's whole span: Lagrangean dual of the all-or-nothing problem.

    key_e   = c_e + λ_column(e) + μ_person(e)                                         λ, μ ≥ 0
    m_i     = min(P_i, min over options q of Σ_{needs r of q} Σ_{the h_r smallest of r} key_e)
    L(λ, μ) = Σ_i m_i − Σ_columns λ − Σ_people cap · μ

Every L(λ, μ) with whole-number prices is an exact lower bound; the choice of one option with all its heads
stays inside the minimum, so the bound is far tighter than the network's, where an order may be half served.
Prices climb by a smoothed subgradient with Polyak steps (Held, Wolfe, Crowder 1974; smoothing after Camerini,
Fratta, Maffioli 1975). Being `apart` and needing one person twice are left out here: the bound stays valid.
"""

import numpy as np
from numba import njit

from civic.matching.costs import Ints
from civic.matching.side_net import Net

BIG = np.int64(1 << 60)
SMOOTH = 0.6  # weight of the newest subgradient
PATIENCE = 8  # steps without a better bound before the step shrinks
SHRINK = 0.7


@njit(cache=True)
def cheapest(net, need, key, best):
    """Sum of the `heads` smallest keys of a need (BIG if it lists too few); best[:heads] = their edges."""
    heads = net.heads[need]
    first, last = net.start[need], net.start[need + 1]
    if last - first < heads:
        return BIG
    n = 0
    total = np.int64(0)
    for e in range(first, last):
        k = key[e]
        if n < heads:
            p = n
            n += 1
            total += k
        else:
            worst = key[best[heads - 1]]
            if k >= worst:
                continue
            p = heads - 1
            total += k - worst
        while p > 0 and key[best[p - 1]] > k:
            best[p] = best[p - 1]
            p -= 1
        best[p] = e
    return total


@njit(cache=True)
def option_value(net, option, key, best):
    """Relaxed value of an option at the keys: its needs one by one."""
    total = np.int64(0)
    for need in range(net.need_start[option], net.need_start[option + 1]):
        value = cheapest(net, need, key, best)
        if value >= BIG:
            return BIG
        total += value
    return total


@njit(cache=True)
def _choose(net, order, key, best):
    """(value, option) of an order at the keys; option −1 = leave it."""
    value, option = net.penalty[order], np.int64(-1)
    for q in range(net.option_start[order], net.option_start[order + 1]):
        v = option_value(net, q, key, best)
        if v < value:
            value, option = v, q
    return value, option


@njit(cache=True)
def _evaluate(net, key, wanted, best):
    """Σ_i min(…) at the keys; wanted[column] = how many orders want it."""
    wanted[:] = 0
    total = np.int64(0)
    for order in range(len(net.penalty)):
        value, option = _choose(net, order, key, best)
        total += value
        if option < 0:
            continue
        for need in range(net.need_start[option], net.need_start[option + 1]):
            cheapest(net, need, key, best)
            for t in range(net.heads[need]):
                wanted[net.column[best[t]]] += 1
    return total


@njit(cache=True)
def keys(net, slot_price, person_price):
    """(E,) costs with whole-number prices on top."""
    key = np.empty(len(net.cost), np.int64)
    for e in range(len(key)):
        c = net.column[e]
        key[e] = net.cost[e] + slot_price[c] + person_price[net.person[c]]
    return key


@njit(cache=True)
def bound(net, slot_price, person_price, wanted, best):
    """L(λ, μ), exact."""
    total = _evaluate(net, keys(net, slot_price, person_price), wanted, best)
    return total - slot_price.sum() - (net.cap * person_price).sum()


@njit(cache=True)
def _smoothed(slope, excess, price):
    """Move a subgradient towards the newest excess; prices at zero are not pushed below."""
    square = 0.0
    for t in range(len(slope)):
        g = float(excess[t])
        if g < 0 and price[t] <= 0:
            g = 0.0
        slope[t] = SMOOTH * g + (1 - SMOOTH) * slope[t]
        square += slope[t] * slope[t]
    return square


@njit(cache=True)
def _step(price, slope, length):
    for t in range(len(price)):
        price[t] = max(0.0, price[t] + length * slope[t])


@njit(cache=True)
def _excess(net, wanted, spare):
    """wanted − 1 per column (in place) and jobs − cap per person."""
    spare[:] = -net.cap
    for c in range(len(wanted)):
        spare[net.person[c]] += wanted[c]
        wanted[c] -= 1


@njit(cache=True)
def _climb(net, target, steps, widest):
    """Best (bound, λ, μ) of so many steps towards `target`."""
    columns, people = len(net.person), len(net.cap)
    slot, person = np.zeros(columns), np.zeros(people)
    slope, lean = np.zeros(columns), np.zeros(people)
    wanted, spare = np.zeros(columns, np.int64), np.zeros(people, np.int64)
    best = np.zeros(widest, np.int64)
    top, top_slot, top_person = -BIG, np.zeros(columns, np.int64), np.zeros(people, np.int64)
    theta, idle = 1.0, 0
    for _ in range(steps):
        whole, whole_person = np.rint(slot).astype(np.int64), np.rint(person).astype(np.int64)
        value = bound(net, whole, whole_person, wanted, best)
        idle = 0 if value > top + abs(top) // 100_000 else idle + 1
        if value > top:
            top, top_slot, top_person = value, whole, whole_person
        if idle >= PATIENCE:
            theta, idle = theta * SHRINK, 0
        _excess(net, wanted, spare)
        square = _smoothed(slope, wanted, slot) + _smoothed(lean, spare, person)
        if square < 1e-9 or top >= target:
            break
        length = theta * (target - value) / square
        _step(slot, slope, length)
        _step(person, lean, length)
    return top, top_slot, top_person


def prices(net: Net, target: int, steps: int) -> tuple[int, Ints, Ints]:
    """(bound, price per column, price per person); `target` is the value of any plan, `steps` ≥ 1."""
    widest = int(net.heads.max(initial=1))
    top, slot, person = _climb(net, target, max(1, steps), widest)
    return int(top), slot, person
