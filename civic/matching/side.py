"""Orders that need all heads together, in one slot chosen among several: what a network cannot say.

    min Σ c_e x_e + Σ P_i (1 − Σ_q z_q),   heads of every need of q = h z_q,   one option per order,
    one job per person and slot, at most `cap` jobs per person, people apart never together,   all binary

Four rooms, cheapest first: prices with a bound (`side_dual`), a plan at the prices and better plans from it
(`side_search`), small exact models where orders still quarrel (`side_exact`). Every answer carries its bound,
so its distance to the optimum is known without solving the whole model; `prove` solves the remainder too.
Deterministic for equal input unless a time limit strikes.
"""

from dataclasses import dataclass

import numpy as np

from civic.matching import side_dual, side_exact, side_search
from civic.matching.candidates import Index
from civic.matching.costs import Ints
from civic.matching.instances import Demand
from civic.matching.side_net import Net, Problem, build, problem
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


def gather(index: Index, demand: Demand, options: tuple[Ints, Ints], k: int, cap: int) -> Problem:
    """Orders of a demand that may take any of their slots: `options` = order (Q,) ascending, slot (Q,).

    Every option lists the `k` cheapest qualified people; nobody has more than `cap` jobs in all.
    """
    order, slot = (np.asarray(a, np.int64) for a in options)
    if len(order) and not 0 <= order.min() <= order.max() < len(demand.heads):
        raise ValueError("an option names an order that is not there")
    rows = {name: values[order] for name, values in vars(demand).items()}
    listed = index.nearest(Demand(**(rows | {"slot": slot})), k)
    return problem(
        orders=(demand.penalty, demand.heads),
        options=(order, slot),
        edges=(listed.start, listed.volunteer, listed.cost),
        cap=np.full(len(index.supply.avail), cap),
    )


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
