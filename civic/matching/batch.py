"""A whole batch: list the cheapest, assign, look for pairs that were not listed and would be better, repeat.

The answer is optimal over *all* qualified pairs, not only the listed ones. A pair that is not listed costs
at least `beyond_i`, and v ≤ 0; so it can only improve the plan where α_i > beyond_i. Those orders look
round once more, as far as α_i pays for; pairs with c < α + v enter the warm plan, whose repair is exact. No
such pair left: proved. This is column generation on the assignment program; two or three rounds are usual.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from civic.matching.assignment import Plan
from civic.matching.candidates import Index, cheaper_pairs, curve
from civic.matching.costs import Ints
from civic.matching.explain import explain
from civic.matching.instances import Demand


@dataclass(frozen=True)
class Batch:
    """What was decided, and the prices that prove it.

    `decisions` holds one record per served head (`explain.DECISION`); `alpha` (m,) is what the network pays
    for a head of each order, `v` (n,) ≤ 0 what one more of each volunteer would save; total = Σ heads·α + Σ
    v. `plan` stays warm; its order n is order `turn[n]` of the demand, its column c is volunteer
    `volunteer_of[c]`.
    """

    decisions: NDArray[np.void]
    alpha: Ints
    v: Ints
    total: int
    rounds: int
    pairs: int  # how many were ever listed
    plan: Plan
    turn: Ints
    volunteer_of: Ints


def dispatch(index: Index, demand: Demand, k: int = 16) -> Batch:
    """Assign volunteers to every head of the batch at the least cost over all qualified pairs.

    Begins with the k cheapest of each order. Raises ValueError for demand that makes no sense. Deterministic.
    """
    turn = np.argsort(
        curve(demand.xy, index.low, index.span), kind="stable"
    )  # neighbours lie together in memory
    turned = demand.take(turn)
    listed = index.nearest(turned, k)
    column_of, volunteer_of = _columns(listed.volunteer, index.rank)
    columns = column_of[listed.volunteer]
    plan = Plan.of(listed.start, columns, listed.cost, turned.heads, turned.penalty, len(volunteer_of))
    rounds, pairs = 1, len(listed.cost)
    while True:
        alpha, v = _spread_prices(plan, volunteer_of, len(index.rank))
        needy = np.flatnonzero(alpha > listed.beyond)
        found = cheaper_pairs(*index.place, turned.xy, turned.skill, turned.slot, alpha, v, needy)
        if not len(found[0]):
            break
        volunteer_of = _enter(plan, column_of, volunteer_of, *found)
        rounds, pairs = rounds + 1, pairs + len(found[0])
    decisions = explain(plan.board.block, index.supply.parts, turn, volunteer_of)
    back = np.empty_like(alpha)
    back[turn] = alpha
    return Batch(decisions, back, v, plan.total, rounds, pairs, plan, turn, volunteer_of)


@njit(cache=True)
def _columns(volunteer, rank):
    """Number the listed volunteers along the curve: column of each (−1: not listed), volunteer of each."""
    listed = np.full(len(rank), -1, np.int64)
    for j in volunteer:
        listed[rank[j]] = j
    column_of = np.full(len(rank), -1, np.int64)
    volunteer_of = np.empty(len(rank), np.int64)
    count = 0
    for j in listed:
        if j >= 0:
            column_of[j], volunteer_of[count] = count, j
            count += 1
    return column_of, volunteer_of[:count].copy()


def _spread_prices(plan: Plan, volunteer_of: Ints, volunteers: int) -> tuple[Ints, Ints]:
    """α by order of the plan, v by volunteer; who is not listed has 0."""
    alpha, by_column = plan.prices()
    v = np.zeros(volunteers, np.int64)
    v[volunteer_of] = by_column
    return alpha, v


def _enter(plan: Plan, column_of: Ints, volunteer_of: Ints, order: Ints, volunteer: Ints, cost: Ints) -> Ints:
    """List new pairs in the warm plan; returns the volunteer of each column, new ones at the end."""
    new = np.unique(volunteer[column_of[volunteer] < 0])
    if len(new):
        column_of[new] = plan.add_column(len(new)) + np.arange(len(new))
    cuts = np.flatnonzero(np.diff(order)) + 1
    for rows, columns, costs in zip(
        np.split(order, cuts), np.split(column_of[volunteer], cuts), np.split(cost, cuts), strict=True
    ):
        plan.add_edges(int(rows[0]), columns, costs)
    return np.concatenate([volunteer_of, new])
