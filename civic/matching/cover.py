"""Where to hold p fairs, who lives within reach, and the fewest points that close every gap.

Maximal covering (R. Church, C. ReVelle, "The maximal covering location problem", 1974). Places c with weights
w_c ≥ 0, sites s, a place is reached when an open site lies within its radius:

    max Σ_c w_c y_c    s.t.  y_c ≤ Σ_{s reaches c} z_s,   Σ_s z_s ≤ p,   z, y ∈ {0, 1}          (1)

Rooms: `cover_reduce` makes the problem small without changing its optimum, `cover_search` finds a good
choice, `cover_bound` proves how good it is. Every answer carries its upper bound: nobody can reach more with
p sites. Straight lines in kilometres; with a road graph only `reach` changes. Equal input, equal answer.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix
from scipy.spatial import cKDTree

from civic.matching import cover_bound as bounds
from civic.matching import cover_reduce as reduction
from civic.matching import cover_search as search

TOLERANCE = 5e-4  # stop as soon as the answer is proved this close to the best, as a share of the bound
NODES = 2000
MOST_LIKELY = 300  # sites that a MIP chooses among; of more, a long search does
PATIENCE = 10  # times the usual steps
LIKELY = 0.05  # how far open a site must be in the linear optimum to be looked at again


@dataclass(frozen=True)
class Siting:
    """p sites: their indices, best first; the weight they reach; what no choice of p sites can exceed."""

    chosen: NDArray[np.int64]
    reached: int
    bound: int
    covered: NDArray[np.bool_]  # per place

    @property
    def gap(self) -> float:
        """How far the answer may be from the best, as a share of the bound; 0 is proved optimal."""
        return 1 - self.reached / self.bound if self.bound else 0.0


@dataclass(frozen=True)
class Closing:
    """The fewest sites that reach every place that can be reached; no fewer than `bound` can do it."""

    chosen: NDArray[np.int64]
    bound: int
    beyond: NDArray[np.int64]  # places that no site reaches


def reach(places: ArrayLike, sites: ArrayLike, radius_km: ArrayLike) -> csr_matrix:
    """Which sites reach which places: (n, m) of 0 and 1 from (n, 2) and (m, 2) km.

    `radius_km` is one number, or one per place. Raises ValueError for positions that are no numbers and for
    a radius that is negative or no number.
    """
    xy, at = _points(places, "places"), _points(sites, "sites")
    radius = np.broadcast_to(np.asarray(radius_km, float), len(xy))
    if not np.isfinite(radius).all() or (radius < 0).any():
        raise ValueError("cover: a radius is a number of kilometres, not negative")
    if not len(xy) or not len(at):
        return csr_matrix((len(xy), len(at)), dtype=np.int64)
    found = cKDTree(at).query_ball_point(xy, radius, return_sorted=True)
    count = np.array([len(near) for near in found])
    columns = np.concatenate([np.asarray(near, np.int64) for near in found])
    start = np.concatenate(([0], np.cumsum(count)))
    return csr_matrix((np.ones(len(columns), np.int64), columns, start), shape=(len(xy), len(at)))


def nearest(places: ArrayLike, sites: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Of each place, how many kilometres to its nearest site and which; infinite and −1 without sites."""
    xy, at = _points(places, "places"), _points(sites, "sites")
    if not len(at):
        return np.full(len(xy), np.inf), np.full(len(xy), -1, np.int64)
    km, site = cKDTree(at).query(xy)
    return km.reshape(-1), site.reshape(-1).astype(np.int64)


def sites_for_fairs(
    sites: ArrayLike, places: ArrayLike, weight: ArrayLike, *, p: int, radius_km: ArrayLike
) -> Siting:
    """Where to hold p fairs: sites (m, 2) and places (n, 2) in km, whole weights (n,) ≥ 0, radius in km.

    Raises ValueError for input that means nothing: no sites, p below 1 or above their number, odd weights.
    """
    return best(reach(places, sites, radius_km), weight, p)


def best(cover: csr_matrix, weight: ArrayLike, p: int, tolerance: float = TOLERANCE) -> Siting:
    """The p sites that reach the most weight: `cover` (n, m) of 0 and 1, whole `weight` (n,).

    Sites that add nobody are left out, so fewer than p may come back. Stops when proved within `tolerance`.
    """
    w = _weights(weight, cover.shape[0])
    if not 1 <= p <= cover.shape[1]:
        raise ValueError("cover: p must be at least 1 and at most the number of sites")
    small = reduction.reduced(cover, w)
    if len(small.sites) <= p:
        return _told(cover, w, small.sites, None)
    chosen, bound = _solved(small, p, tolerance)
    return _told(cover, w, small.sites[chosen], bound)


def _solved(small: reduction.Small, p: int, tolerance: float) -> tuple[NDArray[np.int64], int]:
    """Each step only when those before have not proved enough: LP, regions, a MIP over the likely sites."""
    lp = bounds.relaxed(small, p)
    bound = lp.bound
    likely = np.argsort(-lp.open, kind="stable")
    chosen, reached = search.anneal(small, likely[lp.open[likely] > 0.5], p, warmth=0.2 * lp.price)
    seen = {*np.flatnonzero(lp.open > LIKELY), *chosen}
    if reached >= (1 - tolerance) * bound:
        return chosen, bound
    found, lower = bounds.by_regions(small, lp, p)
    bound = min(bound, lower)
    other, more = search.anneal(small, found, p, warmth=0.03 * lp.price)
    if more > reached:
        chosen, reached = other, more
    if reached >= (1 - tolerance) * bound:
        return chosen, bound
    again = np.array(sorted({*seen, *found, *other}))
    if len(again) > MOST_LIKELY:
        other, more = search.anneal(small, chosen, p, warmth=0.1 * lp.price, patience=PATIENCE)
    else:
        other = bounds.among(small, again, p, tolerance / 2)
        more = small.reached(other)
    return (other, bound) if more > reached else (chosen, bound)


def fewest(cover: csr_matrix) -> Closing:
    """The fewest sites that reach every place some site reaches (minimum set cover, part by part)."""
    n, _m = cover.shape
    beyond = np.flatnonzero(np.diff(cover.indptr) == 0)
    small = reduction.reduced(cover, np.ones(n, np.int64))
    chosen: list[int] = []
    bound = 0
    for rows, columns in _components(small.cover):
        part = small.cover[rows][:, columns]
        one = milp(
            np.ones(len(columns)),
            constraints=LinearConstraint(part, 1, np.inf),
            integrality=np.ones(len(columns)),
            bounds=Bounds(0, 1),
            options={"node_limit": NODES},
        )
        bound += int(np.ceil(one.mip_dual_bound - 1e-6))
        chosen.extend(small.sites[columns[one.x > 0.5]])
    return Closing(np.array(sorted(chosen), np.int64), bound, beyond)


def next_points(cover: csr_matrix, weight: ArrayLike, most: int) -> list[tuple[int, int]]:
    """Site after site, each the one that adds most weight then: (site, weight added); stops when none adds.

    The greedy order (G. Nemhauser, L. Wolsey, M. Fisher 1978): never below 63 % of the best for any length.
    """
    w = _weights(weight, cover.shape[0])
    by_site = cover.tocsc()
    gain = np.asarray(cover.T @ w).ravel()
    left = w.copy()
    told: list[tuple[int, int]] = []
    while len(told) < most and len(gain) and gain.max() > 0:
        site = int(np.argmax(gain))
        told.append((site, int(gain[site])))
        fresh = np.zeros_like(w)
        rows = by_site.indices[by_site.indptr[site] : by_site.indptr[site + 1]]
        fresh[rows] = left[rows]
        left -= fresh
        gain = gain - np.asarray(cover.T @ fresh).ravel()
    return told


# --- Their parts.


def _points(xy: ArrayLike, what: str) -> NDArray[np.float64]:
    points = np.asarray(xy, float)
    points = points.reshape(-1, 2) if not points.size else points
    if points.ndim != 2 or points.shape[1] != 2:
        raise ValueError(f"cover: {what} must be (n, 2) kilometres")
    if not np.isfinite(points).all():
        raise ValueError(f"cover: a position of {what} is not a number")
    return points


def _weights(weight: ArrayLike, n: int) -> NDArray[np.int64]:
    given = np.asarray(weight)
    w = given.astype(np.int64)
    if w.shape != (n,) or (w != given).any() or (w < 0).any():
        raise ValueError("cover: weights are whole numbers, not negative, one per place")
    return w


def _told(cover: csr_matrix, w: NDArray[np.int64], sites: NDArray[np.int64], bound: int | None) -> Siting:
    """Sites in the order in which each adds most."""
    sites = np.sort(sites)
    order = [site for site, _gain in next_points(cover[:, sites], w, len(sites))]
    chosen = sites[order]
    covered = np.asarray(cover[:, chosen].sum(1)).ravel() > 0
    reached = int(w[covered].sum())
    return Siting(chosen, reached, reached if bound is None else bound, covered)


def _components(cover: csr_matrix) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Rows and columns of each connected part."""
    label, site_label = reduction.labels(cover)
    count = int(max(label.max(initial=-1), site_label.max(initial=-1))) + 1
    rows, columns = reduction.grouped(label, count), reduction.grouped(site_label, count)
    return [(r, c) for r, c in zip(rows, columns, strict=True) if len(r)]
