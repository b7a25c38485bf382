"""A plan, and better plans from it: rounding at the prices, then ruin and recreate.

Rounding: orders that would lose most by their second choice come first; each takes the option cheapest at the
prices among people still free. Ruin and recreate (Schrimpf et al. 2000, here with victims chosen by need): an
order that pays more than its share of the bound takes the people it wants, whoever had them; those orders are
placed again in random order; the change stays when the sum does not rise. Equal seeds give equal plans.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from civic.matching.costs import Ints
from civic.matching.side_dual import BIG, _choose
from civic.matching.side_net import Net

MOST_VICTIMS = 24  # orders moved at once


class Plan(NamedTuple):
    """Who serves whom: option[order] (−1 = unserved) with edges held[held_start[order] :][: size[order]]."""

    option: Ints
    held_start: Ints
    held: Ints
    size: Ints  # edges held per order
    owner: Ints  # per column: the order, or −1
    jobs: Ints  # per person
    value: Ints  # per order


def empty(net: Net) -> Plan:
    """Nobody is served."""
    m, options = len(net.penalty), len(net.need_start) - 1
    heads = np.r_[0, np.cumsum(net.heads)]
    total = heads[net.need_start[1:]] - heads[net.need_start[:-1]]
    room = np.zeros(m, np.int64)
    np.maximum.at(room, np.repeat(np.arange(m), np.diff(net.option_start)), total[:options])
    return Plan(
        option=np.full(m, -1, np.int64),
        held_start=np.r_[0, np.cumsum(room)].astype(np.int64),
        held=np.zeros(int(room.sum()), np.int64),
        size=np.zeros(m, np.int64),
        owner=np.full(len(net.person), -1, np.int64),
        jobs=np.zeros(len(net.cap), np.int64),
        value=net.penalty.copy(),
    )


@njit(cache=True)
def _remove(net, plan, order):
    """Free everybody an order holds."""
    a = plan.held_start[order]
    for t in range(plan.size[order]):
        c = net.column[plan.held[a + t]]
        plan.owner[c] = -1
        plan.jobs[net.person[c]] -= 1
    plan.size[order] = 0
    plan.option[order] = -1
    plan.value[order] = net.penalty[order]


@njit(cache=True)
def _place(net, plan, order, option, team):
    """Serve an order by the edges team[:n]; columns must be free."""
    a = plan.held_start[order]
    n, total = 0, np.int64(0)
    for need in range(net.need_start[option], net.need_start[option + 1]):
        for _ in range(net.heads[need]):
            e = team[n]
            c = net.column[e]
            plan.held[a + n] = e
            plan.owner[c] = order
            plan.jobs[net.person[c]] += 1
            total += net.cost[e]
            n += 1
    plan.size[order] = n
    plan.option[order] = option
    plan.value[order] = total


@njit(cache=True)
def _fits(net, team, n, edge):
    """Whether an edge's person is new to team[:n] and apart from nobody in it."""
    c = net.column[edge]
    for t in range(n):
        if net.column[team[t]] == c:
            return False
    who = net.person[c]
    for f in range(net.foe_start[who], net.foe_start[who + 1]):
        for t in range(n):
            if net.person[net.column[team[t]]] == net.foe[f]:
                return False
    return True


@njit(cache=True)
def _is_open(net, plan, column, seize):
    """Whether a column may be taken; with `seize`, people working elsewhere too."""
    who = net.person[column]
    if seize:
        return net.cap[who] > 0
    return plan.owner[column] < 0 and plan.jobs[who] < net.cap[who]


@njit(cache=True)
def _fill(net, plan, need, look, n):
    """Append the cheapest people of a need to team[:n]; the new length, or −1 when there are too few."""
    key, team, seize = look
    begin, want = n, net.heads[need]
    for e in range(net.start[need], net.start[need + 1]):
        is_full = n - begin == want
        if is_full and key[e] >= key[team[n - 1]]:
            continue
        others = n - 1 if is_full else n
        if not _is_open(net, plan, net.column[e], seize) or not _fits(net, team, others, e):
            continue
        n = others + 1
        p = others
        while p > begin and key[team[p - 1]] > key[e]:
            team[p] = team[p - 1]
            p -= 1
        team[p] = e
    return n if n - begin == want else -1


@njit(cache=True)
def _team(net, plan, option, look):
    """Cheapest team by keys, need by need, written to look's team; its sum of keys, or BIG."""
    key, team, _ = look
    n, total = 0, np.int64(0)
    for need in range(net.need_start[option], net.need_start[option + 1]):
        n = _fill(net, plan, need, look, n)
        if n < 0:
            return BIG
    for t in range(n):
        total += key[team[t]]
    return total


@njit(cache=True)
def _insert(net, plan, order, key, room):
    """Place an order on its best option by keys among free people, unless leaving it is cheaper."""
    team, best = room
    value, option = net.penalty[order], np.int64(-1)
    for q in range(net.option_start[order], net.option_start[order + 1]):
        v = _team(net, plan, q, (key, team, False))
        if v < value:
            value, option = v, q
            best[:] = team
    if option >= 0:
        _place(net, plan, order, option, best)


@njit(cache=True)
def _add(victims, n, order):
    """Append an order to a list of distinct orders."""
    for t in range(n):
        if victims[t] == order:
            return n
    victims[n] = order
    return n + 1


@njit(cache=True)
def _in_the_way(net, plan, column):
    """Who must yield for a column: its owner, or some order of a person at her cap; −1 = nobody."""
    who = net.person[column]
    if plan.owner[column] >= 0 or plan.jobs[who] < net.cap[who]:
        return plan.owner[column]
    for c in range(net.columns_of[who], net.columns_of[who + 1]):
        if plan.owner[c] >= 0:
            return plan.owner[c]
    return np.int64(-1)


@njit(cache=True)
def _crowd(net, plan, team, heads, victims):
    """Number of orders that move when team[:heads] goes to victims[0], in random order; −1 when too many."""
    n = 1
    for t in range(heads):
        other = _in_the_way(net, plan, net.column[team[t]])
        if n >= MOST_VICTIMS:
            return -1
        if other >= 0:
            n = _add(victims, n, other)
    for t in range(n - 1, 1, -1):
        k = np.random.randint(1, t + 1)
        victims[t], victims[k] = victims[k], victims[t]
    return n


@njit(cache=True)
def _heads(net, option):
    total = 0
    for need in range(net.need_start[option], net.need_start[option + 1]):
        total += net.heads[need]
    return total


@njit(cache=True)
def _save(plan, victims, n, kept):
    """Remember what the victims hold; returns their summed value."""
    total, p = np.int64(0), 0
    for t in range(n):
        o = victims[t]
        total += plan.value[o]
        kept[p], kept[p + 1] = plan.option[o], plan.size[o]
        p += 2
        for k in range(plan.size[o]):
            kept[p] = plan.held[plan.held_start[o] + k]
            p += 1
    return total


@njit(cache=True)
def _restore(net, plan, victims, n, kept):
    for t in range(n):
        _remove(net, plan, victims[t])
    p = 0
    for t in range(n):
        option, size = kept[p], kept[p + 1]
        p += 2
        if option >= 0:
            _place(net, plan, victims[t], option, kept[p : p + size])
        p += size


@njit(cache=True)
def _try(net, plan, aim, key, space):
    """One ruin and recreate: order aim[0] takes whom it wants for option aim[1]. True when the sum fell."""
    order, option = aim
    team, room, victims, kept = space
    if _team(net, plan, option, (key, team, True)) >= BIG:
        return False
    victims[0] = order
    n = _crowd(net, plan, team, _heads(net, option), victims)
    if n < 0:
        return False
    before = _save(plan, victims, n, kept)
    for t in range(n):
        _remove(net, plan, victims[t])
    after = np.int64(0)
    for t in range(n):
        _insert(net, plan, victims[t], key, room)
        after += plan.value[victims[t]]
    if after > before:
        _restore(net, plan, victims, n, kept)
    return after < before


@njit(cache=True)
def _rooms(plan):
    """Space for one ruin and recreate."""
    widest = 1
    for o in range(len(plan.size)):
        widest = max(widest, plan.held_start[o + 1] - plan.held_start[o])
    room = (np.zeros(widest, np.int64), np.zeros(widest, np.int64))
    kept = np.zeros((MOST_VICTIMS + 1) * (widest + 2), np.int64)
    return np.zeros(widest, np.int64), room, np.zeros(MOST_VICTIMS + 1, np.int64), kept


@njit(cache=True)
def _pass(net, plan, key, low, space):
    """Every order that pays more than its least tries each of its options; True when something changed."""
    changed = False
    for order in np.random.permutation(len(net.penalty)):
        if plan.value[order] <= low[order]:
            continue
        for q in range(net.option_start[order], net.option_start[order + 1]):
            if _try(net, plan, (order, q), key, space):
                changed = True
    return changed


@njit(cache=True)
def _improve(net, plan, key, low, rounds):
    """Passes that choose people by the keys and by bare costs in turn."""
    np.random.seed(1)
    space = _rooms(plan)
    for _ in range(rounds):
        by_key = _pass(net, plan, key, low, space)
        by_cost = _pass(net, plan, net.cost, low, space)
        if not by_key and not by_cost:
            break


@njit(cache=True)
def least(net, key):
    """(m,) what every order would cost at the keys if it were alone."""
    widest = 1
    for need in range(len(net.heads)):
        widest = max(widest, net.heads[need])
    best = np.zeros(widest, np.int64)
    low = np.zeros(len(net.penalty), np.int64)
    for order in range(len(low)):
        low[order] = _choose(net, order, key, best)[0]
    return low


@njit(cache=True)
def _round(net, plan, key, rank):
    room = _rooms(plan)[1]
    for order in rank:
        _insert(net, plan, order, key, room)


def rounded(net: Net, key: Ints) -> Plan:
    """A plan at the keys: who would lose most when left comes first."""
    plan = empty(net)
    _round(net, plan, key, np.argsort(least(net, key) - net.penalty, kind="stable"))
    return plan


def improve(net: Net, plan: Plan, key: Ints, rounds: int) -> None:
    """Make `plan` better in place by at most so many double passes."""
    _improve(net, plan, key, least(net, net.cost), rounds)


@njit(cache=True)
def _adopt(net, plan, orders, options, edges):
    for order in orders:
        _remove(net, plan, order)
    at = 0
    for t in range(len(orders)):
        if options[t] >= 0:
            _place(net, plan, orders[t], options[t], edges[at : at + _heads(net, options[t])])
            at += plan.size[orders[t]]


def adopt(net: Net, plan: Plan, orders: Ints, options: Ints, edges: Ints) -> None:
    """Give `orders` the `options` (−1: none) with their `edges`, ascending. Nobody may be booked twice."""
    _adopt(net, plan, orders, options, edges)
