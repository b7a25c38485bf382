"""What no choice of p sites can exceed: linear duals, a Lagrangean over regions; and a MIP of likely sites.

Linear bound. For any u ≥ 0 per place and price λ ≥ 0 of a site (weak duality of (1) in `cover`):

    best ≤ λp + Σ_s max(0, Σ_{c ∋ s} u_c − λ) + Σ_c max(0, w_c − u_c)                       (2)

which `dual_bound` adds up from the data and the duals alone, whatever solver they came from.

Regions. Cut the places into regions r. Give every region its own copy of each site and share the site's price
among them, Σ_r λ_s^r = λ, in the ratio of the duals u that it reaches there. Then (Lagrangean decomposition,
M. Guignard, S. Kim 1987)

    best ≤ λp + Σ_r max { Σ_{c in r} w_c y_c − Σ_s λ_s^r z_s }                            (3)

and each maximum is a small MIP. At the linear optimum (3) is at most (2), and better wherever a region's
linear optimum is fractional. Regions are whole connected parts where those are small; larger ones are cut
where the fewest open sites lie across. A region that HiGHS leaves unfinished counts with its own upper bound.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csc_matrix, csr_matrix, hstack, identity, vstack
from scipy.sparse.csgraph import reverse_cuthill_mckee

from civic.matching.cover_reduce import Ints, Small, grouped, labels, reduced

LARGEST = 500  # groups of places in one region
NODES = 200
PRECISE = 1e-4

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Relaxed:
    """The linear optimum: how far each site is open, the dual of each place, a site's price, the bound."""

    open: Floats
    dual: Floats
    price: float
    bound: int


def relaxed(small: Small, p: int) -> Relaxed:
    """The linear relaxation of (1) by HiGHS, its bound added up anew by (2)."""
    n, m = small.cover.shape
    rows = vstack([_linked(small.cover), _counted(n, m)]).tocsc()
    limit = np.concatenate([np.zeros(n), [p]])
    profit = np.concatenate([np.zeros(m), -small.weight.astype(float)])
    found = linprog(profit, A_ub=rows, b_ub=limit, bounds=(0, 1), method="highs-ipm")
    duals = np.maximum(-found.ineqlin.marginals, 0)
    bound = whole(dual_bound(small.cover, small.weight, p, duals[:n], duals[n]))
    return Relaxed(found.x[:m], duals[:n], float(duals[n]), bound)


def dual_bound(cover: csr_matrix, weight: Ints, p: int, dual: Floats, price: float) -> float:
    """(2): an upper bound for any duals ≥ 0, from nothing but data and duals."""
    paid = np.maximum(np.asarray(cover.T @ dual).ravel() - price, 0)
    return float(price * p + paid.sum() + np.maximum(weight - dual, 0).sum())


def whole(bound: float) -> int:
    """Reached weight is whole, so a bound may be rounded down; a hair of rounding error is allowed for."""
    return int(np.floor(bound * (1 + 1e-9) + 1e-6))


def by_regions(small: Small, lp: Relaxed, p: int) -> tuple[Ints, int]:
    """(3): the sites that the regions open at their prices (about p of them), and the bound."""
    # A hair on every dual, so that each site has something to share its price by.
    dual = lp.dual + 1e-9 * max(lp.price, 1.0)
    whole_share = np.asarray(small.cover.T @ dual).ravel()
    bound = lp.price * p
    chosen: set[int] = set()
    for region in _regions(small, lp.open):
        rows = small.cover[region]
        columns = np.unique(rows.indices)
        part = csr_matrix(rows[:, columns])
        share = np.asarray(part.T @ dual[region]).ravel() / whole_share[columns]
        is_open, value = _region(part, small.weight[region], lp.price * share)
        chosen.update(columns[is_open])
        bound += value
    return np.array(sorted(chosen), np.int64), whole(bound)


def among(small: Small, likely: Ints, p: int, tolerance: float) -> Ints:
    """The best p of a few likely sites, by MIP; no bound for the whole problem comes out of it."""
    few = reduced(csr_matrix(small.cover[:, likely]), small.weight)
    n, m = few.cover.shape
    if m <= p:
        return likely[few.sites]
    found = milp(
        np.concatenate([np.zeros(m), -few.weight.astype(float)]),
        constraints=[
            LinearConstraint(_linked(few.cover), -np.inf, 0),
            LinearConstraint(_counted(n, m), -np.inf, p),
        ],
        integrality=np.concatenate([np.ones(m), np.zeros(n)]),
        bounds=Bounds(0, 1),
        options={"node_limit": NODES, "mip_rel_gap": tolerance},
    )
    if found.x is None:
        return likely[:0]
    return likely[few.sites[np.flatnonzero(found.x[:m] > 0.5)]]


def _linked(cover: csr_matrix) -> csc_matrix:
    """Rows of y_c − Σ z_s ≤ 0; columns z, then y."""
    return hstack([-cover.astype(float), identity(cover.shape[0])]).tocsc()


def _counted(n: int, m: int) -> csc_matrix:
    """The row Σ z_s."""
    return csc_matrix(np.concatenate([np.ones(m), np.zeros(n)])[None])


def _region(cover: csr_matrix, weight: Ints, price: Floats) -> tuple[NDArray[np.bool_], float]:
    """Which sites of a region are worth their price, and the most that it can be worth."""
    n, m = cover.shape
    found = milp(
        np.concatenate([price, -weight.astype(float)]),
        constraints=LinearConstraint(_linked(cover), -np.inf, 0),
        integrality=np.concatenate([np.ones(m), np.zeros(n)]),
        bounds=Bounds(0, 1),
        options={"node_limit": NODES, "mip_rel_gap": PRECISE},
    )
    is_open = np.zeros(m, bool) if found.x is None else found.x[:m] > 0.5
    return is_open, -float(found.mip_dual_bound)


def _regions(small: Small, is_open: Floats) -> list[Ints]:
    """Rows of each region: small connected parts packed together, large ones cut."""
    label, site_label = labels(small.cover)
    parts = grouped(label, int(max(label.max(), site_label.max())) + 1)
    done: list[Ints] = []
    bag: list[Ints] = []
    for part in parts:
        if len(part) > LARGEST:
            done.extend(_cut(small, part, is_open))
            continue
        if bag and sum(map(len, bag)) + len(part) > LARGEST:
            done.append(np.concatenate(bag))
            bag = []
        bag.append(part)
    return [*done, np.concatenate(bag)] if bag else done


def _cut(small: Small, part: Ints, is_open: Floats) -> list[Ints]:
    """Halve a part until it is small: neighbours near in a row (Cuthill, McKee 1969), cut where thin."""
    if len(part) <= LARGEST:
        return [part]
    rows = csr_matrix(small.cover[part])
    row = part[reverse_cuthill_mckee(csr_matrix(rows @ rows.T), symmetric_mode=True)]
    by_site = small.cover[row].tocsc()
    by_site.sort_indices()
    columns = np.flatnonzero(np.diff(by_site.indptr))
    first = by_site.indices[by_site.indptr[columns]]
    last = by_site.indices[by_site.indptr[columns + 1] - 1]
    change = np.zeros(len(row))
    weight = is_open[columns] + 1e-3  # every site across costs a little, an open one much
    np.add.at(change, first, weight)
    np.subtract.at(change, last, weight)
    across = np.cumsum(change)  # sites that lie across the cut behind each place
    quarter = len(row) // 4
    at = quarter + int(np.argmin(across[quarter:-quarter])) + 1
    return [*_cut(small, np.sort(row[:at]), is_open), *_cut(small, np.sort(row[at:]), is_open)]
