"""T12: where to hold fairs. Population on cells of 0.86 km (the area of an H3 cell of resolution 8), sites at
the villages of generated cities; reached people against the proven bound, in CPU seconds."""

import time

import numpy as np
from scipy.sparse import csr_matrix

from bench.matching_rows import Row
from civic.matching import cover
from civic.matching.instances import villages

CELL_KM = 0.86
PEOPLE_PER_CITY, PER_DRAW = 3_000_000, 100
CITY = [(1.0, 10), (1.0, 50), (1.0, 200), (3.0, 10), (3.0, 50)]
PROVINCE = [(1.0, 100), (1.0, 500), (1.0, 2000)]


def measure(quick: bool) -> list[Row]:
    """One row per city case and per province case; `quick` leaves the province out."""
    cover.sites_for_fairs([[0, 0], [9, 9]], [[0, 0], [9, 9]], [1, 2], p=1, radius_km=1)  # compile
    rows = [_row(1, radius, p, 0.001, 10.0) for radius, p in CITY]
    return rows if quick else rows + [_row(10, radius, p, 0.01, 60.0) for radius, p in PROVINCE]


def _row(cities: int, radius: float, p: int, wanted: float, seconds: float) -> Row:
    sites, places, people = _world(cities)
    begin = time.process_time()
    found = cover.sites_for_fairs(sites, places, people, p=p, radius_km=radius)
    spent = time.process_time() - begin
    where = "city" if cities == 1 else f"province of {cities} cities"
    return Row(
        target="T12",
        what=f"fairs, {where}, R = {radius:g} km, p = {p}",
        wanted=f"proved ≤ {wanted:.1%} in {seconds:g} s",
        measured=f"{found.reached:,} of at most {found.bound:,} ({found.gap:.3%}) in {spent:.1f} s",
        peer=_peers(cover.reach(places, sites, radius), people, p, found.bound),
        met=found.gap <= wanted and spent <= seconds,
    )


def _peers(matrix: csr_matrix, people: np.ndarray, p: int, bound: int) -> str:
    """What "the p largest places" and plain greedy lose against the bound."""
    top = np.argsort(-(matrix.T @ people), kind="stable")[:p]
    hit = np.asarray(matrix[:, top].sum(1)).ravel() > 0
    greedy = sum(gain for _site, gain in cover.next_points(matrix, people, p))
    return f"largest places lose {1 - people[hit].sum() / bound:.0%}, greedy {1 - greedy / bound:.1%}"


def _world(cities: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sites, centres of populated cells, people in each; the same every time."""
    rng = np.random.default_rng(3)
    sites, weight = villages(cities, rng)
    homes = sites[rng.choice(len(sites), PEOPLE_PER_CITY // PER_DRAW * cities, p=weight / weight.sum())]
    cell = np.floor((homes + rng.normal(0, 1.5, homes.shape)) / CELL_KM).astype(np.int64)
    cell, count = np.unique(cell, axis=0, return_counts=True)
    return sites, (cell + 0.5) * CELL_KM, count * PER_DRAW
