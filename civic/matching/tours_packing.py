"""Set packing: choose columns of greatest value so that no row is used beyond its capacity.

    max Σ_q value_q y_q    s.t.  Σ_q use_rq y_q ≤ cap_r  (= cap_r on rows that must be met),   y_q whole
    numbers ≥ 0

The linear relaxation gives the bound, and its duals are what one more unit of a row would be worth. Solved by
SciPy's HiGHS. Subset-row cuts tighten the bound: of any three demands, two can be met together by one column
only; so Σ y over the columns that meet two or three of them ≤ 1 (Jepsen, Petersen, Spoorendonk & Pisinger,
Operations Research 56(2), 2008). HiGHS: Huangfu & Hall, Math. Programming Computation 10, 2018.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csc_matrix

SMALLEST = 1e-7  # parts below it are nothing
BREACH = 0.05  # excess below which a cut is not worth a row
SHORT = 1_000_000  # what one unit of a row that must be met costs when it is not


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The relaxation over the columns asked for: value (a bound only if no column is missing), duals per row,
    and each column's part in it."""

    value: float
    dual: np.ndarray
    part: np.ndarray


@dataclass(frozen=True, slots=True)
class Packed:
    """A choice in whole numbers: column indices (repeated if taken twice), value, whether nothing is better
    among the columns asked for, and how much of the rows that must be met is missing."""

    columns: tuple[int, ...]
    value: float
    proven: bool
    missing: tuple[int, ...]


class Pool:
    """Columns over named rows, growing. Rows are numbered by the caller; equal columns are kept once, the
    best."""

    def __init__(self, capacity: np.ndarray, required: np.ndarray) -> None:
        self.capacity = np.asarray(capacity, float)
        self.required = np.asarray(required, bool)
        self.value: list[float] = []
        self.rows: list[np.ndarray] = []
        self.uses: list[np.ndarray] = []
        self._known: dict[tuple[int, ...], int] = {}
        self._sets: list[frozenset[int]] = []
        self.cuts: list[tuple[int, int, int]] = []
        self._first_cut = len(self.capacity)

    def __len__(self) -> int:
        return len(self.value)

    def add(self, rows: Sequence[int], value: float, uses: Sequence[float] = ()) -> int:
        """Add a column, or raise the value of the equal one that is there; its index."""
        key = (*rows, -1, *(int(use) for use in uses))
        at = self._known.get(key)
        if at is None:
            at = self._known[key] = len(self.value)
            own = set(rows)
            cut = [
                self._first_cut + at for at, three in enumerate(self.cuts) if len(own.intersection(three)) > 1
            ]
            self.value.append(value)
            self._sets.append(frozenset(rows))
            self.rows.append(np.array([*rows, *cut], np.int64))
            self.uses.append(np.r_[uses if len(uses) else np.ones(len(rows)), np.ones(len(cut))])
        self.value[at] = max(self.value[at], value)
        return at

    def cut(self, threes: Sequence[tuple[int, int, int]]) -> None:
        """Add subset-row cuts: of the columns that take two or more of three rows of capacity 1, at most
        one."""
        for three in threes:
            row = self._first_cut + len(self.cuts)
            self.cuts.append(three)
            for at, rows in enumerate(self.rows):
                if len(self._sets[at].intersection(three)) > 1:
                    self.rows[at] = np.append(rows, row)
                    self.uses[at] = np.append(self.uses[at], 1.0)
        self.capacity = np.r_[self.capacity, np.ones(len(threes))]
        self.required = np.r_[self.required, np.zeros(len(threes), bool)]

    def violated(self, part: np.ndarray, rows: int, most: int) -> list[tuple[int, int, int]]:
        """Threes of the first `rows` rows whose cut the relaxation's `part` breaks, the worst first."""
        taken = np.flatnonzero(part > SMALLEST)
        serves = np.zeros((len(taken), rows))
        for at, column in enumerate(taken):
            serves[at, self.rows[column][self.rows[column] < rows]] = 1.0
        broken = _broken(serves, part[taken])
        seen = set(self.cuts)
        order = np.argsort(-broken[:, 3], kind="stable")
        threes = [tuple(broken[at, :3].astype(int).tolist()) for at in order]
        return [three for three in threes if three not in seen][:most]

    def _matrix(self, columns: np.ndarray) -> tuple[csc_matrix, np.ndarray]:
        """The constraint matrix of these columns, and at its right one column of shortage per required
        row."""
        short = np.flatnonzero(self.required)
        rows = [self.rows[at] for at in columns] + [np.array([at]) for at in short]
        uses = [self.uses[at] for at in columns] + [np.ones(1) for _ in short]
        start = np.r_[0, np.cumsum([len(one) for one in rows])].astype(np.int64)
        flat = np.concatenate(rows) if rows else np.zeros(0, np.int64)
        data = np.concatenate(uses) if uses else np.zeros(0)
        value = np.r_[np.asarray(self.value, float)[columns], -SHORT * np.ones(len(short))]
        return csc_matrix((data, flat, start), shape=(len(self.capacity), len(rows))), value

    def relax(self, columns: np.ndarray | None = None) -> Relaxed:
        """The linear relaxation over these columns (all, if not given)."""
        columns = np.arange(len(self)) if columns is None else columns
        if len(columns) == 0 and not self.required.any():
            return Relaxed(0.0, np.zeros(len(self.capacity)), np.zeros(0))
        matrix, value = self._matrix(columns)
        free, met = np.flatnonzero(~self.required), np.flatnonzero(self.required)
        matrix = matrix.tocsr()
        answer = linprog(
            -value,
            A_ub=matrix[free],
            b_ub=self.capacity[free],
            A_eq=matrix[met] if len(met) else None,
            b_eq=self.capacity[met] if len(met) else None,
            method="highs",
        )
        dual = np.zeros(len(self.capacity))
        dual[free] = -answer.ineqlin.marginals
        dual[met] = -answer.eqlin.marginals if len(met) else 0.0
        return Relaxed(-answer.fun, dual, answer.x[: len(columns)])

    def pack(self, columns: np.ndarray | None = None, *, seconds: float | None, nodes: int) -> Packed:
        """The best choice in whole numbers over these columns, within `nodes` of the search tree and
        `seconds`."""
        columns = np.arange(len(self)) if columns is None else columns
        if len(columns) == 0 and not self.required.any():
            return Packed((), 0.0, True, ())
        matrix, value = self._matrix(columns)
        low = np.where(self.required, self.capacity, -np.inf)
        options = {"node_limit": nodes, "mip_rel_gap": 0.0}
        answer = milp(
            -value,
            constraints=LinearConstraint(matrix, low, self.capacity),
            integrality=np.ones(len(value)),
            bounds=Bounds(0, np.inf),
            options=options if seconds is None else {**options, "time_limit": max(0.05, seconds)},
        )
        if answer.x is None:
            missing = tuple(int(row) for row in np.flatnonzero(self.required))
            return Packed((), -float(SHORT * len(missing)), False, missing)
        count = np.rint(answer.x).astype(int)
        chosen = tuple(int(at) for at in np.repeat(columns, count[: len(columns)]))
        missing = tuple(int(row) for row in np.flatnonzero(self.required)[count[len(columns) :] > 0])
        return Packed(chosen, float(value @ count), answer.status == 0, missing)


@njit(cache=True)
def _broken(serves: np.ndarray, part: np.ndarray) -> np.ndarray:
    """Rows (i, j, k, excess) of all threes that columns with two or more of them use more than once."""
    columns, rows = serves.shape
    pair = serves.T @ (serves * part.reshape(-1, 1))
    found = []
    for i in range(rows):
        for j in range(i + 1, rows):
            for k in range(j + 1, rows):
                pairs = pair[i, j] + pair[i, k] + pair[j, k]
                if pairs <= 1 + BREACH:
                    continue
                for at in range(columns):
                    pairs -= 2 * part[at] * serves[at, i] * serves[at, j] * serves[at, k]
                if pairs > 1 + BREACH:
                    found.append((float(i), float(j), float(k), pairs - 1))
    answer = np.empty((len(found), 4))
    for at, one in enumerate(found):
        answer[at] = one
    return answer
