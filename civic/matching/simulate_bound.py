"""The clairvoyant bound: what could be filled by somebody who knows every future order and every coin.

Fatigue, delays and limits of asking are left out, so no policy can reach it. Filling heads of order i pays
w_i each; a person takes one job per slot and `weekly_jobs` a week:

    max Σ w_i · f_i   over flows   source → order (h_i) → (person, slot) (1) → (person, week) (cap) → sink

The sets of heads that can be served together form a gammoid, so the greedy rule is optimal (Edmonds,
Mathematical Programming 1971): with r(w) the largest flow of the orders of weight ≥ w, the bound is Σ w ·
(r(w) − r(next greater w)). One maximum flow per weight (Dinic's algorithm in SciPy), no costs, exact."""

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_flow

from civic.matching.costs import Ints
from civic.matching.simulate_world import World

ANSWER_BEFORE_START = 0.5  # hours: a yes that comes later is too late


def clairvoyant(world: World) -> float:
    """Largest share of weighted heads that anybody could fill, in [0, 1]."""
    paid, before = 0.0, 0
    for weight in np.unique(world.weight)[::-1]:
        reached = _most_filled(world, world.weight >= weight)
        paid += float(weight) * (reached - before)
        before = reached
    return paid / float((world.weight * world.heads).sum())


def _most_filled(world: World, among: np.ndarray) -> int:
    """Most heads of the orders `among` (m,) that can be filled together."""
    of = world.order_of_pair
    in_time = world.placed[of] + world.delay < world.starts[of] - ANSWER_BEFORE_START
    pair = np.flatnonzero(among[of] & (world.coin < world.chance) & in_time)
    if not len(pair):
        return 0
    orders, order = np.unique(of[pair], return_inverse=True)
    seats, one, seat = np.unique(world.seat[pair], return_index=True, return_inverse=True)
    quotas, quota = np.unique(world.quota[pair][one], return_inverse=True)
    a, b, c = 1, 1 + len(orders), 1 + len(orders) + len(seats)
    sink = c + len(quotas)
    tail = [np.zeros(len(orders)), a + order, b + np.arange(len(seats)), c + np.arange(len(quotas))]
    head = [a + np.arange(len(orders)), b + seat, c + quota, np.full(len(quotas), sink)]
    size = [
        world.heads[orders],
        np.ones(len(pair)),
        np.ones(len(seats)),
        np.full(len(quotas), world.weekly_jobs),
    ]
    return _flow(tail, head, size, sink)


def _flow(tail: list[np.ndarray], head: list[np.ndarray], size: list[np.ndarray], sink: int) -> int:
    whole: list[Ints] = [np.concatenate(part).astype(np.int64) for part in (tail, head, size)]
    graph = csr_matrix((whole[2].astype(np.int32), (whole[0], whole[1])), shape=(sink + 1, sink + 1))
    return int(maximum_flow(graph, 0, sink, method="dinic").flow_value)
