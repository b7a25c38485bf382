"""A good choice of p sites: greedy filling, then exchange steps that cool down (simulated annealing).

S. Kirkpatrick, C. Gelatt, M. Vecchi, "Optimization by simulated annealing", 1983, on the exchange
neighbourhood of M. Teitz, P. Bart 1968. `gain[s]` is the weight that opening s would add, `loss[s]` the
weight that only s reaches; both are kept up to date, so that one step costs a few hundred additions. Half of
the steps try a site next to the one they close, half move a weak site to the best of a few anywhere.
"""

import numpy as np
from numba import njit

from civic.matching.cover_reduce import Ints, Small

STEPS_PER_SITE, LEAST_STEPS, MOST_STEPS = 250, 20_000, 5_000_000
COOLED = 0.01  # the last temperature as a share of the first
TRIES = 8


def anneal(small: Small, start: Ints, p: int, *, warmth: float, patience: int = 1) -> tuple[Ints, int]:
    """p columns and the weight they reach, from `start` (filled up or thinned out to p greedily).

    `warmth` is the first temperature, in weight; a loss as large is taken one time in e. `patience` is a
    factor on the number of steps.
    """
    steps = patience * min(max(STEPS_PER_SITE * len(small.sites), LEAST_STEPS), MOST_STEPS)
    graph = _graph(small)
    chosen, total = _annealed(*graph, np.asarray(start, np.int64), p, steps, max(warmth, 1.0))
    return np.sort(chosen), int(total)


def _graph(small: Small) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    sites, places = small.by_site, small.cover
    parts = (sites.indptr, sites.indices, places.indptr, places.indices, small.weight)
    a, b, c, d, e = (np.asarray(part, np.int64) for part in parts)
    return a, b, c, d, e


@njit(cache=True)
def _open(site, sp, sc, cp, cs, w, count, who, gain, loss):  # type: ignore[no-untyped-def]
    """Open a site. `count` is the open sites that reach a place, `who` the sum of their numbers."""
    for a in range(sp[site], sp[site + 1]):
        place = sc[a]
        if count[place] == 0:
            loss[site] += w[place]
            for b in range(cp[place], cp[place + 1]):
                gain[cs[b]] -= w[place]
        elif count[place] == 1:
            loss[who[place]] -= w[place]
        count[place] += 1
        who[place] += site


@njit(cache=True)
def _close(site, sp, sc, cp, cs, w, count, who, gain, loss):  # type: ignore[no-untyped-def]
    """Close a site again."""
    for a in range(sp[site], sp[site + 1]):
        place = sc[a]
        count[place] -= 1
        who[place] -= site
        if count[place] == 0:
            for b in range(cp[place], cp[place + 1]):
                gain[cs[b]] += w[place]
        elif count[place] == 1:
            loss[who[place]] += w[place]
    loss[site] = 0


@njit(cache=True)
def _draw(state, below):  # type: ignore[no-untyped-def]
    """The next whole number below a bound, from a linear congruence (D. Knuth's MMIX)."""
    state[0] = state[0] * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
    return np.int64((state[0] >> np.uint64(33)) % np.uint64(below))


@njit(cache=True)
def _takes(state, change, heat):  # type: ignore[no-untyped-def]
    """Whether a step that changes the total so is taken."""
    return change >= 0 or _draw(state, 1 << 30) / (1 << 30) < np.exp(change / heat)


@njit(cache=True)
def _filled(start, p, is_open, sp, sc, cp, cs, w, count, who, gain, loss):  # type: ignore[no-untyped-def]
    """Open `start`, close the weakest above p, open the strongest up to p; the open sites."""
    chosen = np.empty(max(p, len(start)), np.int64)
    size = 0
    for site in start:
        if not is_open[site]:
            _open(site, sp, sc, cp, cs, w, count, who, gain, loss)
            is_open[site] = True
            chosen[size] = site
            size += 1
    while size > p:
        weakest = np.argmin(loss[chosen[:size]])
        site = chosen[weakest]
        _close(site, sp, sc, cp, cs, w, count, who, gain, loss)
        is_open[site] = False
        size -= 1
        chosen[weakest] = chosen[size]
    while size < p:
        site = np.argmax(np.where(is_open, -1, gain))
        _open(site, sp, sc, cp, cs, w, count, who, gain, loss)
        is_open[site] = True
        chosen[size] = site
        size += 1
    return chosen[:p].copy()


@njit(cache=True)
def _next_door(site, sp, sc, cp, cs, state):  # type: ignore[no-untyped-def]
    """A site that reaches a place which `site` reaches."""
    place = sc[sp[site] + _draw(state, sp[site + 1] - sp[site])]
    return cs[cp[place] + _draw(state, cp[place + 1] - cp[place])]


@njit(cache=True)
def _far_away(first, chosen, is_open, gain, loss, state):  # type: ignore[no-untyped-def]
    """(position of the weakest of a few open sites, strongest of a few closed ones or −1)."""
    weak, strong = first, -1
    for _try in range(TRIES):
        site = _draw(state, len(gain))
        if not is_open[site] and (strong < 0 or gain[site] > gain[strong]):
            strong = site
        position = _draw(state, len(chosen))
        if loss[chosen[position]] < loss[chosen[weak]]:
            weak = position
    return weak, strong


@njit(cache=True)
def _annealed(sp, sc, cp, cs, w, start, p, steps, heat):  # type: ignore[no-untyped-def]
    n, m = len(cp) - 1, len(sp) - 1
    count, who = np.zeros(n, np.int64), np.zeros(n, np.int64)
    gain, loss = np.zeros(m, np.int64), np.zeros(m, np.int64)
    for site in range(m):
        gain[site] = w[sc[sp[site] : sp[site + 1]]].sum()
    is_open = np.zeros(m, np.bool_)
    chosen = _filled(start, p, is_open, sp, sc, cp, cs, w, count, who, gain, loss)
    total = w[count > 0].sum()
    best, best_chosen = total, chosen.copy()
    state, cooling = np.ones(1, np.uint64), COOLED ** (1 / steps)
    for _step in range(steps):
        heat *= cooling
        position = _draw(state, p)
        is_near = _draw(state, 2) == 0
        if is_near:
            site = _next_door(chosen[position], sp, sc, cp, cs, state)
        else:
            position, site = _far_away(position, chosen, is_open, gain, loss, state)
        old = chosen[position]
        # Far apart, the two seldom share a place: judge before touching anything.
        if site < 0 or is_open[site] or (not is_near and not _takes(state, gain[site] - loss[old], heat)):
            continue
        lost = loss[old]
        _close(old, sp, sc, cp, cs, w, count, who, gain, loss)
        if is_near and not _takes(state, gain[site] - lost, heat):
            _open(old, sp, sc, cp, cs, w, count, who, gain, loss)
            continue
        total += gain[site] - lost
        _open(site, sp, sc, cp, cs, w, count, who, gain, loss)
        is_open[old], is_open[site], chosen[position] = False, True, site
        if total > best:
            best = total
            best_chosen[:] = chosen
    return best_chosen, best
