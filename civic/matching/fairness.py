"""A fair share of the work: the more jobs somebody has had, the more her next one costs.

    cost of the k-th job of person j this week = rest_j + ladder[history_j + k − 1]

The ladder rises, so the cost is convex and the problem stays a network: its optimum is integral, found by
`fairness_flow` and proved by its prices (f_j(k) = ladder[history_j + k], c with rest on top):

    Σ h_i α_i − Σ_columns max(0, q − w) − Σ_j Σ_{k < cap_j} max(0, w_j − f_j(k)) = total
    α_i ≤ P_i,   α_i ≤ c_e + w_j + max(0, q − w_j)

`steady` is the ladder with a step per earlier job. `rest` asks by rank instead of by count (ours): half of
the people pay nothing, and every further factor e of rarity of a history costs a step. `halved` finds the
least such step that halves the work of the busiest tenth. `evenest` is the end of the road: as many heads
as possible, then the loads lexicographically as low as possible, then the cost. On the bases of a
polymatroid every strictly convex sum has just these minima (Frank and Murota, Decreasing minimization on
M-convex sets, 2022), so one flow with a step above all costs finds it. That fair allocation is polynomial:
Ye, Zhang and Dekker, arXiv 1505.07434.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from civic.matching import fairness_flow as flow
from civic.matching.costs import Floats, Ints

SLOT_BITS = 64
MOST = 1 << 58  # no sum may come near the end of a word


@dataclass(frozen=True)
class Work:
    """One week: m orders, each in its slot, E possible edges to n people; int64, costs in centi-minutes.

    `start` (m+1,) cuts `person` and `cost` (E,) into orders; `history` (n,) = jobs this month; `cap` (n,) =
    most jobs this week. A person serves at most one head per slot. Raises ValueError with a sentence.
    """

    heads: Ints
    penalty: Ints  # per head
    slot: Ints
    start: Ints
    person: Ints
    cost: Ints
    history: Ints
    cap: Ints

    def __post_init__(self) -> None:
        _check_shapes(self)
        _check_values(self)


@dataclass(frozen=True)
class Share:
    """used (E,) edges that work; jobs (n,) this week; unserved (m,) heads; total with ladder, cost without.

    Prices: order (m,), column (columns,) and person (n,) prove the total; see the module.
    """

    used: np.ndarray
    jobs: Ints
    unserved: Ints
    total: int
    cost: int
    order_price: Ints
    column_price: Ints
    person_price: Ints


def steady(step: int, rungs: int = 21) -> Ints:
    """`step` centi-minutes more for every earlier job, level after `rungs` − 1 jobs."""
    return step * np.arange(rungs, dtype=np.int64)


def rest(history: ArrayLike, step: int, among: ArrayLike) -> Ints:
    """(n,) step · max(0, −ln(2 · share of the people `among` with at least as many jobs)) centi-minutes."""
    jobs = np.asarray(history, np.int64)
    ranked = np.sort(jobs[np.asarray(among, np.int64)])
    if not len(ranked):
        return np.zeros(len(jobs), np.int64)
    reach = 1 - np.searchsorted(ranked, jobs, side="left") / len(ranked)
    return np.rint(step * np.maximum(0, -np.log(2 * np.maximum(reach, 1 / len(ranked))))).astype(np.int64)


def solve(work: Work, ladder: ArrayLike, rest: ArrayLike | None = None) -> Share:
    """The cheapest week with that ladder and `rest` (n,), exact; ValueError when a sum overflows."""
    dear = _with_rest(work, rest)
    graph = _graph(dear, _rising(dear, np.asarray(ladder, np.int64)))
    state, heap = flow.fresh(graph)
    flow.run(graph, state, heap)
    used = np.zeros(len(work.cost), bool)
    used[state.match[state.match >= 0]] = True
    left = int((work.penalty * state.unserved).sum())
    m, columns = len(work.heads), len(graph.person)
    return Share(
        used=used,
        jobs=state.jobs,
        unserved=state.unserved,
        total=int(dear.cost[used].sum()) + left + _climbed(graph, state.jobs),
        cost=int(work.cost[used].sum()) + left,
        order_price=state.price[:m],
        column_price=state.price[m : m + columns],
        person_price=state.price[m + columns :],
    )


def _with_rest(work: Work, rest: ArrayLike | None) -> Work:
    if rest is None:
        return work
    extra = np.asarray(rest, np.int64)
    if extra.shape != work.cap.shape or (len(extra) and extra.min() < 0):
        raise ValueError("rest is one number of centi-minutes, not below 0, for every person")
    return Work(**{**vars(work), "cost": work.cost + extra[work.person]})


def _rising(work: Work, ladder: Ints) -> Ints:
    if ladder.ndim != 1 or not len(ladder) or ladder[0] < 0 or (np.diff(ladder) < 0).any():
        raise ValueError("a ladder starts at 0 or above and never falls")
    dearest = max(int(work.penalty.max(initial=0)), int(work.cost.max(initial=0)) + int(ladder[-1]))
    if dearest * (int(work.heads.sum()) + 1) > MOST:
        raise ValueError("costs are so large that their sum would not fit a word")
    return ladder


def _graph(work: Work, ladder: Ints) -> flow.Graph:
    """Number the columns (person, slot) that somebody asks for."""
    slot = np.repeat(work.slot, np.diff(work.start))
    columns, column = np.unique(work.person * SLOT_BITS + slot, return_inverse=True)
    person = columns // SLOT_BITS
    n = len(work.cap)
    return flow.Graph(
        start=work.start,
        column=column.astype(np.int64),
        cost=work.cost,
        heads=work.heads,
        penalty=work.penalty,
        person=person,
        columns_of=np.searchsorted(person, np.arange(n + 1)).astype(np.int64),
        history=work.history,
        cap=work.cap,
        ladder=ladder,
    )


def _rungs(graph: flow.Graph, most: int) -> Ints:
    """(n, most) cost of everybody's k-th job."""
    at = np.minimum(graph.history[:, None] + np.arange(most), len(graph.ladder) - 1)
    return graph.ladder[at]


def _climbed(graph: flow.Graph, jobs: Ints) -> int:
    most = int(jobs.max(initial=0))
    return int(_rungs(graph, most)[np.arange(most) < jobs[:, None]].sum())


def proof(work: Work, ladder: ArrayLike, share: Share, rest: ArrayLike | None = None) -> int:
    """Lower bound on every plan, from data and prices alone; the share is optimal when its total equals it.

    Raises ValueError when a price breaks a rule, so that a wrong certificate cannot pass.
    """
    work = _with_rest(work, rest)
    graph = _graph(work, np.asarray(ladder, np.int64))
    w, alpha = share.person_price, share.order_price
    over = np.maximum(0, share.column_price - w[graph.person])
    order = np.repeat(np.arange(len(work.heads)), np.diff(work.start))
    paid = work.cost + w[work.person] + over[graph.column]
    if (w < 0).any() or (alpha > work.penalty).any() or (alpha[order] > paid).any():
        raise ValueError("a price of the certificate is higher than what it stands for")
    most = np.minimum(work.cap, np.diff(graph.columns_of))
    widest = int(most.max(initial=0))
    gain = np.maximum(0, w[:, None] - _rungs(graph, widest))
    gain[np.arange(widest) >= most[:, None]] = 0
    return int((work.heads * alpha).sum() - over.sum() - gain.sum())


def evenest(work: Work) -> Share:
    """Most heads, then lexicographically lowest loads (history + jobs), then least cost.

    Its prices prove the problem with the huge step; total and cost are the plain ones.
    """
    jobs = int(np.minimum(work.cap, SLOT_BITS).max(initial=0))
    rungs = int(work.history.max(initial=0)) + jobs + 1
    step = 1 + int((work.penalty * work.heads).sum() + work.cost.max(initial=0) * work.heads.sum())
    served = 1 + step * rungs * (int(np.minimum(work.heads, len(work.cap)).sum()) + 1)
    if served * (int(work.heads.sum()) + 1) > MOST:
        raise ValueError("costs are so large that their sum would not fit a word")
    raised = Work(**{**vars(work), "penalty": work.penalty + served})
    found = solve(raised, steady(step, rungs))
    cost = found.cost - served * int(found.unserved.sum())
    return Share(**{**vars(found), "total": cost, "cost": cost})


@dataclass(frozen=True)
class Spread:
    """How evenly the work lies among those who could be asked."""

    gini: float  # of history + jobs
    busiest: float  # share of this week's jobs that go to the tenth with the longest history
    most: int  # history + jobs of the busiest who serves this week


def gini(values: ArrayLike) -> float:
    """0 = everybody alike, towards 1 = one has all; 0 when there is nothing to share."""
    ranked: Floats = np.sort(np.asarray(values, np.float64))
    n, total = len(ranked), float(ranked.sum())
    if total <= 0:
        return 0.0
    return float((2 * np.arange(1, n + 1) - n - 1) @ ranked / (n * total))


def spread(work: Work, share: Share) -> Spread:
    """Measure a share over the people whom some order lists."""
    asked = np.unique(work.person)
    jobs, history = share.jobs[asked], work.history[asked]
    tenth = np.argsort(-history, kind="stable")[: len(asked) // 10]
    serving = jobs > 0
    return Spread(
        gini=gini(jobs + history),
        busiest=float(jobs[tenth].sum() / max(1, jobs.sum())),
        most=int((jobs + history)[serving].max(initial=0)),
    )


def halved(work: Work, ladder: ArrayLike) -> tuple[int, Share]:
    """(step, share): a least step of `rest` with which the busiest tenth has half its work without rest.

    Raises ValueError when more heads than before would stay unserved on the way.
    """
    among = np.unique(work.person)
    plain = solve(work, np.zeros(1, np.int64))
    wanted, unserved = spread(work, plain).busiest / 2, plain.unserved.sum()

    def at(step: int) -> tuple[bool, Share]:
        share = solve(work, ladder, rest(work.history, step, among))
        return spread(work, share).busiest <= wanted, share

    low, high = -1, 0
    while not (found := at(high))[0] and found[1].unserved.sum() <= unserved:
        low, high = high, max(1, 2 * high)
    if found[1].unserved.sum() > unserved:
        raise ValueError("no step halves the work of the busiest tenth: nobody else can do it")
    while high - low > 1:
        middle = (low + high) // 2
        tried = at(middle)
        if tried[0]:
            high, found = middle, tried
        else:
            low = middle
    return high, found[1]


def _check_shapes(work: Work) -> None:
    m, n, edges = len(work.heads), len(work.history), len(work.person)
    if len(work.penalty) != m or len(work.slot) != m or len(work.cap) != n:
        raise ValueError("every order needs heads, penalty and slot, every person a history and a cap")
    if len(work.start) != m + 1 or work.start[0] != 0 or work.start[-1] != edges:
        raise ValueError("start must cut the edges into one piece per order")
    if len(work.cost) != edges or (np.diff(work.start) < 0).any():
        raise ValueError("start must not fall, and every edge needs a cost")


def _check_values(work: Work) -> None:
    for name, values, least in (
        ("head-count", work.heads, 1),
        ("penalty", work.penalty, 0),
        ("cost", work.cost, 0),
        ("history", work.history, 0),
        ("cap", work.cap, 0),
        ("slot", work.slot, 0),
    ):
        if len(values) and values.min() < least:
            raise ValueError(f"a {name} may not be below {least}")
    n = len(work.history)
    if len(work.slot) and work.slot.max() >= SLOT_BITS:
        raise ValueError("a slot is a number from 0 to 63")
    if len(work.person) and not 0 <= work.person.min() <= work.person.max() < n:
        raise ValueError("an edge names a person that is not there")
    order = np.repeat(np.arange(len(work.heads)), np.diff(work.start))
    if len(np.unique(order * max(n, 1) + work.person)) < len(work.person):
        raise ValueError("an order lists one person twice")
