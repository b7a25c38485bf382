"""Orders come from PostgreSQL and decisions go there in binary form, as arrays; volunteers lie in columns.

A row of binary COPY is a fixed pattern once its types are fixed, so a whole table is one NumPy record array.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psycopg
from numpy.typing import NDArray

from bench._kit import folder
from civic.matching import costs
from civic.matching.explain import DECISION
from civic.matching.instances import Demand, Supply
from config import embedded

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
COLUMNS = {"x": "f8", "y": "f8", "skill": "i4", "slot": "i4", "heads": "i4", "priority": "i4", "placed": "f8"}
SQL = {"f8": "float8", "i4": "int4"}


def _pattern(columns: dict[str, str]) -> np.dtype:
    """One row of binary COPY: the count of fields, then the length and the value of each."""
    fields = [("fields", ">i2")]
    for name, kind in columns.items():
        fields += [(f"{name}_length", ">i4"), (name, f">{kind}")]
    return np.dtype(fields)


ORDER, WRITTEN = _pattern(COLUMNS), _pattern(dict.fromkeys(DECISION.names, "i4"))


@contextmanager
def database(demand: Demand) -> Iterator[psycopg.Connection]:
    """A private PostgreSQL with the orders in a table and a table for decisions."""
    with folder() as data:
        url = embedded.start(data)
        try:
            with psycopg.connect(url, autocommit=True) as connection:
                _create(connection, demand)
                yield connection
        finally:
            embedded.stop(data)


def _create(connection: psycopg.Connection, demand: Demand) -> None:
    fields = ", ".join(f"{name} {SQL[kind]} NOT NULL" for name, kind in COLUMNS.items())
    connection.execute(
        f"CREATE TABLE bench_order (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, {fields})"
    )
    names = ", ".join(f'"{name}" int4 NOT NULL' for name in DECISION.names)
    connection.execute(f"CREATE TABLE bench_decision ({names})")
    rows = np.zeros(len(demand.skill), ORDER)
    for name in COLUMNS:
        rows[name] = demand.xy[:, "xy".index(name)] if name in "xy" else getattr(demand, name)
    _send(connection, f"bench_order ({', '.join(COLUMNS)})", rows)
    connection.execute("ANALYZE bench_order")


def _send(connection: psycopg.Connection, table: str, rows: NDArray[np.void]) -> None:
    kinds = [name for name in rows.dtype.names if not name.endswith("_length") and name != "fields"]
    rows["fields"] = len(kinds)
    for name in kinds:
        rows[f"{name}_length"] = rows.dtype[name].itemsize
    with connection.cursor().copy(f"COPY {table} FROM STDIN (FORMAT BINARY)") as copy:
        copy.write(HEADER + rows.tobytes() + b"\xff\xff")


def read_orders(connection: psycopg.Connection) -> Demand:
    """Every open order, in the order of its number."""
    asked = f"COPY (SELECT {', '.join(COLUMNS)} FROM bench_order ORDER BY id) TO STDOUT (FORMAT BINARY)"
    with connection.cursor().copy(asked) as copy:
        data = b"".join(bytes(part) for part in copy)
    rows = np.frombuffer(data, ORDER, offset=len(HEADER), count=(len(data) - len(HEADER)) // ORDER.itemsize)
    whole = {name: rows[name].astype(np.int64) for name in ("skill", "slot", "heads", "priority")}
    xy = np.stack([rows["x"], rows["y"]], axis=1).astype(np.float64)
    placed = rows["placed"].astype(np.float64)
    return Demand(xy=xy, penalty=costs.UNSERVED[whole["priority"]], placed=placed, **whole)


def write_decisions(connection: psycopg.Connection, decisions: NDArray[np.void]) -> None:
    """Replace the table of decisions, with their explanations, in one transaction."""
    rows = np.zeros(len(decisions), WRITTEN)
    for name in DECISION.names:
        rows[name] = decisions[name]
    with connection.transaction():
        connection.execute("TRUNCATE bench_decision")
        _send(connection, "bench_decision", rows)


def keep(path: Path, supply: Supply) -> None:
    """Write the volunteers as columns, a file each."""
    for name in Supply.__dataclass_fields__:
        np.save(path / f"{name}.npy", getattr(supply, name))


def kept(path: Path) -> Supply:
    """Read them back."""
    return Supply(**{name: np.load(path / f"{name}.npy") for name in Supply.__dataclass_fields__})
