"""A covering problem made small without changing its optimum: places merged, needless sites left out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import bmat, csc_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Small:
    """Groups of places × useful sites, the weight of each group, and which site each column was."""

    cover: csr_matrix
    by_site: csc_matrix
    weight: Ints
    sites: Ints

    def reached(self, chosen: Ints) -> int:
        """The weight that these columns reach together."""
        hit = np.asarray(self.by_site[:, chosen].sum(1)).ravel() > 0
        return int(self.weight[hit].sum())


def reduced(cover: csr_matrix, weight: Ints) -> Small:
    """Leave out places nobody reaches or counts, merge equal ones, and drop dominated sites.

    A site is dominated when another reaches all it reaches; of equal ones the first stays. Places that look
    alike through the remaining sites are merged again.
    """
    useful = (np.diff(cover.indptr) > 0) & (weight > 0)
    rows, w = _merged(csr_matrix(cover[useful]), weight[useful])
    keep = _undominated(rows.tocsc())
    rows, w = _merged(csr_matrix(rows[:, keep]), w)
    by_site = rows.tocsc()
    by_site.sort_indices()
    return Small(rows, by_site, w, keep)


def labels(cover: csr_matrix) -> tuple[Ints, Ints]:
    """The connected part that each row and each column belongs to."""
    n = cover.shape[0]
    _count, label = connected_components(bmat([[None, cover], [cover.T, None]]), directed=False)
    return label[:n].astype(np.int64), label[n:].astype(np.int64)


def grouped(label: Ints, count: int) -> list[Ints]:
    """The indices that bear each label, in order."""
    order = np.argsort(label, kind="stable")
    return np.split(order, np.cumsum(np.bincount(label, minlength=count))[:-1])


def _merged(rows: csr_matrix, weight: Ints) -> tuple[csr_matrix, Ints]:
    rows.sort_indices()
    first: dict[bytes, int] = {}
    start, columns = rows.indptr, rows.indices
    of = [
        first.setdefault(columns[start[row] : start[row + 1]].tobytes(), len(first))
        for row in range(rows.shape[0])
    ]
    group = np.array(of, np.int64)
    _names, head = np.unique(group, return_index=True)
    total = np.zeros(len(first), np.int64)
    np.add.at(total, group, weight)
    return csr_matrix(rows[head]), total


def _undominated(by_site: csc_matrix) -> Ints:
    size = np.diff(by_site.indptr)
    common = (by_site.T @ by_site).tocoo()
    inner, outer = common.row, common.col
    within = (common.data == size[inner]) & (inner != outer)
    within &= (size[outer] > size[inner]) | (inner > outer)
    dropped = size == 0
    dropped[inner[within]] = True
    return np.flatnonzero(~dropped)
