"""One line of the matching bench's table: what was wanted, what was measured, against whom."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """`target` is the name T1…T15; `peer` names what the figure was measured against, with its own figure."""

    target: str
    what: str
    wanted: str
    measured: str
    peer: str
    met: bool
