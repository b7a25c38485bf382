"""Reads public routing instances: Solomon and Gehring–Homberger text files, and everything `pyvrp.read`
knows.

Text files follow the DIMACS convention: distances and times × 10, distances cut to whole numbers. Best known
costs stand in `NAME.sol` beside an instance ("Cost: 9715"), or in `best.csv` of the folder (`name,cost`), in
the same unit.
"""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyvrp

SCALE = 10
HEADER = re.compile(r"\s*(\d+)\s+(\d+)\s*$")


@dataclass(frozen=True)
class Instance:
    """A public instance: its name, the problem in PyVRP's words, and the best known cost, if a file told
    it."""

    name: str
    data: pyvrp.ProblemData
    best: int | None


def folder(path: Path) -> list[Instance]:
    """Every instance of a folder, by name. Raises ValueError where there is none or one cannot be read."""
    found = sorted(one for one in path.glob("*") if one.suffix.lower() in {".txt", ".vrp"})
    if not found:
        raise ValueError(f"There is no .txt or .vrp instance in {path}.")
    return [Instance(one.stem, read(one), best_known(one)) for one in found]


def read(path: Path) -> pyvrp.ProblemData:
    """One instance. Sets with a limit on route duration (MDVRPTW) are exact × 1000, all others DIMACS ×
    10."""
    if path.suffix.lower() == ".txt":
        return solomon(path.read_text(encoding="utf-8"), path.name)
    return pyvrp.read(path, "exact" if "MDVRPTW" in path.name.upper() else "dimacs")


def solomon(text: str, name: str) -> pyvrp.ProblemData:
    """A Solomon or Gehring–Homberger file: vehicles and capacity, then rows of number, x, y, demand, ready,
    due, service; the first row is the depot. Raises ValueError, naming the file, for anything else."""
    lines = text.splitlines()
    fleet = next((match for line in lines if (match := HEADER.match(line))), None)
    rows = [[float(word) for word in line.split()] for line in lines if re.fullmatch(r"[\d.\s-]+", line)]
    rows = [row for row in rows if len(row) == 7]
    if fleet is None or len(rows) < 2:
        raise ValueError(f"{name} is not a Solomon file: no vehicles and capacity, or no customers.")
    table = np.array(rows)
    xy = table[:, 1:3]
    distance = np.floor(SCALE * np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)) + 1e-9).astype(
        np.int64
    )
    number, capacity = int(fleet.group(1)), int(fleet.group(2))
    due = int(SCALE * table[0, 5])
    return pyvrp.ProblemData(
        [pyvrp.Location(float(x), float(y)) for x, y in xy],
        [
            pyvrp.Client(
                location=at,
                delivery=[int(row[3])],
                service_duration=int(SCALE * row[6]),
                tw_early=int(SCALE * row[4]),
                tw_late=int(SCALE * row[5]),
            )
            for at, row in enumerate(rows)
            if at
        ],
        [pyvrp.Depot(location=0, tw_early=0, tw_late=due)],
        [pyvrp.VehicleType(num_available=number, capacity=[capacity], tw_early=0, tw_late=due)],
        [distance],
        [distance],
    )


def best_known(path: Path) -> int | None:
    """The best known cost of an instance, from the files beside it; None if there is none."""
    solution = path.with_suffix(".sol")
    if solution.exists():
        cost = re.search(r"Cost:?\s*([\d.]+)", solution.read_text(encoding="utf-8"))
        if cost:
            told = cost.group(1)
            return round(float(told) * SCALE) if "." in told else int(told)
    listed = path.parent / "best.csv"
    if listed.exists():
        with listed.open(encoding="utf-8", newline="") as lines:
            costs = {row[0].strip().lower(): row[1] for row in csv.reader(lines) if len(row) > 1}
        if path.stem.lower() in costs:
            return int(costs[path.stem.lower()])
    return None
