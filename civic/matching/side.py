"""Orders that need all heads together, in one slot chosen among several: what a network cannot say.

    min Σ c_e x_e + Σ P_i (1 − Σ_q z_q),   heads of every need of q = h z_q,   one option per order,
    one job per person and slot, at most `cap` jobs per person, people apart never together,   all binary

Three rooms, cheapest first: prices with a bound (`side_dual`), a plan at the prices and better plans from it
(`side_search`), small exact models where orders still quarrel (`side_exact`). Every answer carries its bound,
so its distance to the optimum is known without solving the whole model; `prove` solves the remainder too.
Deterministic for equal input unless a time limit strikes.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from civic.matching import side_dual, side_exact, side_search
from civic.matching.candidates import Index
from civic.matching.costs import Ints
from civic.matching.instances import Demand
from civic.matching.side_net import Net, Problem, build, cuts
from civic.matching.side_search import Plan

__all__ = ["Answer", "Problem", "faults", "gather", "solve"]

STEPS = 200
PASSES = 6
NEAR = 60  # centi-minutes of reduced cost: how far a neighbourhood looks
MOST_EDGES = 500  # of one neighbourhood


@dataclass(frozen=True)
class Answer:
    """option (m,) of every order or −1; used (E,) which edges work; total ≥ optimum ≥ bound."""

    option: Ints
    used: np.ndarray
    total: int
    bound: int

    @property
    def proven(self) -> bool:
        """Whether the total is the optimum."""
        return self.total == self.bound

    @property
    def gap(self) -> float:
        """(total − bound) / bound; 0 when proven."""
        return (self.total - self.bound) / max(1, self.bound)


def gather(
    index: Index,
    demand: Demand,
    options: tuple[Ints, Ints],
    *,
    k: int,
    cap: int,
    together: Ints | None = None,
    apart: ArrayLike = (),
) -> Problem:
    """Orders that may take any of their slots: `options` = order (Q,) ascending, slot (Q,).

    A row of the demand is one skill with its heads; `together` (rows,) ascending names the order of each row:
    mixed skills come together or not at all (left out: every row is its own order). Every row lists its
    `k` cheapest qualified people per option; nobody has more than `cap` jobs. `apart` lists pairs of people.
    """
    group = np.asarray(np.arange(len(demand.heads)) if together is None else together, np.int64)
    orders = int(group[-1]) + 1 if len(group) else 0
    order, slot = (np.asarray(a, np.int64) for a in options)
    if len(group) != len(demand.heads) or not np.array_equal(np.unique(group), np.arange(orders)):
        raise ValueError("together numbers the orders from 0 without a gap, one number per row of the demand")
    if (np.diff(group) < 0).any():
        raise ValueError("the rows of one order stand together")
    if len(order) and not 0 <= order.min() <= order.max() < orders:
        raise ValueError("an option names an order that is not there")
    first = cuts(group, orders)
    option, row = _rows_of_options(first, order)
    listed = index.nearest(_at(demand, row, slot[option]), k)
    return Problem(
        penalty=np.bincount(group, demand.penalty * demand.heads, orders).astype(np.int64),
        order_of_option=order,
        slot=slot,
        option_of_need=option,
        heads=demand.heads[row],
        start=listed.start,
        person=listed.volunteer,
        cost=listed.cost,
        cap=np.full(len(index.supply.avail), cap),
        apart=np.asarray(apart, np.int64).reshape(-1, 2),
    )


def _rows_of_options(first: Ints, order: Ints) -> tuple[Ints, Ints]:
    """(option, row) of every need: all rows of the option's order, `first` being their cuts."""
    many = np.diff(first)[order]
    option = np.repeat(np.arange(len(order)), many)
    inner = np.arange(len(option)) - np.repeat(np.cumsum(many) - many, many)
    return option, np.repeat(first[order], many) + inner


def _at(demand: Demand, row: Ints, slot: Ints) -> Demand:
    """Some rows of a demand, at other slots."""
    return Demand(**({name: values[row] for name, values in vars(demand).items()} | {"slot": slot}))


def solve(data: Problem, *, steps: int = STEPS, prove: float = 0.0) -> Answer:
    """Best plan found and its bound; `prove` > 0 gives HiGHS so many seconds to close the gap."""
    net = build(data)
    target = int(side_search.rounded(net, net.cost).value.sum())
    bound, slot_price, person_price = side_dual.prices(net, target, steps)
    key = side_dual.keys(net, slot_price, person_price)
    plan = side_search.rounded(net, key)
    side_search.improve(net, plan, key, PASSES)
    side_exact.settle(net, plan, key, NEAR, MOST_EDGES)
    total = int(plan.value.sum())
    if prove > 0 and total > bound:
        keep = (side_exact.reduced(net, key) < total - bound) | side_exact.taken(net, plan)
        if side_exact.resolve(net, plan, keep, {"time_limit": prove}):
            bound = int(plan.value.sum())
    return _answer(net, plan, bound)


def _answer(net: Net, plan: Plan, bound: int) -> Answer:
    used = np.zeros(len(net.cost), bool)
    used[net.edge[side_exact.taken(net, plan)]] = True
    return Answer(plan.option.copy(), used, int(plan.value.sum()), bound)


def faults(data: Problem, answer: Answer) -> list[str]:
    """What is wrong with an answer, in sentences; reads only data and choice. Empty when sound."""
    need = np.repeat(np.arange(len(data.heads)), np.diff(data.start))
    filled = np.bincount(need[answer.used], minlength=len(data.heads))
    chosen = np.zeros(len(data.slot), bool)
    chosen[answer.option[answer.option >= 0]] = True
    who, slot = data.person[answer.used], data.slot[data.option_of_need[need[answer.used]]]
    order = data.order_of_option[data.option_of_need[need[answer.used]]]
    own = data.order_of_option[answer.option[answer.option >= 0]]
    total = data.cost[answer.used].sum() + data.penalty[answer.option < 0].sum()
    pairs = set(zip(order.tolist(), who.tolist(), strict=True))
    rules = {
        "a need has not exactly its heads": (filled == data.heads * chosen[data.option_of_need]).all(),
        "an order has the option of another": (own == np.flatnonzero(answer.option >= 0)).all(),
        "somebody works twice in one slot": len(np.unique(who * 64 + slot)) == len(who),
        "somebody works more often than her cap": (
            np.bincount(who, minlength=len(data.cap)) <= data.cap
        ).all(),
        "people apart work together": not any(
            (o, int(a)) in pairs and (o, int(b)) in pairs for a, b in data.apart for o in set(order.tolist())
        ),
        "the total is not the sum": total == answer.total,
        "the total is below its bound": answer.total >= answer.bound,
    }
    return [sentence for sentence, holds in rules.items() if not holds]
