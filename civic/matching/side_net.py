"""Orders that a network cannot say, as arrays: data in (`Problem`), flat form for the compiled rooms (`Net`).

Levels, each sorted by the one above: order → option (a slot) → need (a skill, some heads) → edge (a person).

    an order is served by exactly one of its options or by none (then it costs its penalty);
    an option is served only when every need has all its heads, all in the option's slot;
    a person works at most once per slot and at most `cap` times in all;
    people who are `apart` never serve one order together.

A column is one (person, slot) that somebody asks for. Costs are whole centi-minutes.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from civic.matching.costs import Ints

SLOT_BITS = 64
NO_CAP = 1 << 20  # of people whose cap cannot bind


@dataclass(frozen=True)
class Problem:
    """m orders, Q options, R needs, E edges, n people; every array int64.

    `start` (R+1,) cuts `person` and `cost` (E,) into needs; `apart` (P, 2) are pairs of people.
    Raises ValueError with a sentence when the arrays do not fit.
    """

    penalty: Ints  # (m,) of the whole order
    order_of_option: Ints  # (Q,) ascending
    slot: Ints  # (Q,)
    option_of_need: Ints  # (R,) ascending
    heads: Ints  # (R,)
    start: Ints  # (R+1,)
    person: Ints  # (E,)
    cost: Ints  # (E,)
    cap: Ints  # (n,) jobs per person in the span of all slots
    apart: Ints

    def __post_init__(self) -> None:
        _check_levels(self)
        _check_edges(self)


class Net(NamedTuple):
    """The same, numbered for compiled code; `*_start` are the usual cuts. Columns and people are compact."""

    penalty: Ints  # (m,)
    option_start: Ints  # (m+1,)
    need_start: Ints  # (Q+1,)
    start: Ints  # (R+1,)
    heads: Ints  # (R,)
    cost: Ints  # (E,) ascending within a need
    column: Ints  # (E,)
    person: Ints  # (columns,) ascending
    columns_of: Ints  # (people+1,) cuts of the columns
    cap: Ints  # (people,)
    foe_start: Ints  # (people+1,)
    foe: Ints  # people she is apart from
    edge: Ints  # (E,) place in the problem's arrays


def cuts(owner: Ints, count: int) -> Ints:
    """(count+1,) first place of every owner in an ascending list of owners."""
    return np.searchsorted(owner, np.arange(count + 1)).astype(np.int64)


def build(data: Problem) -> Net:
    """Sort edges by cost within each need, number the columns and people that occur."""
    need = np.repeat(np.arange(len(data.heads)), np.diff(data.start))
    rank = np.lexsort((data.person, data.cost, need))
    slot = data.slot[data.option_of_need[need]] if len(need) else need
    columns, column = np.unique(data.person * SLOT_BITS + slot, return_inverse=True)
    people, person = np.unique(columns // SLOT_BITS, return_inverse=True)
    columns_of = cuts(person, len(people))
    foe_start, foe = _foes(data.apart, people)
    return Net(
        penalty=data.penalty,
        option_start=cuts(data.order_of_option, len(data.penalty)),
        need_start=cuts(data.option_of_need, len(data.slot)),
        start=data.start,
        heads=np.minimum(data.heads, np.diff(data.start) + 1),  # one too many is as impossible as a million
        cost=data.cost[rank],
        column=column[rank].astype(np.int64),
        person=person.astype(np.int64),
        columns_of=columns_of,
        cap=np.where(np.diff(columns_of) > data.cap[people], data.cap[people], NO_CAP),
        foe_start=foe_start,
        foe=foe,
        edge=rank.astype(np.int64),
    )


def _foes(apart: Ints, people: Ints) -> tuple[Ints, Ints]:
    """Pairs as lists per compact person; pairs with people nobody asks for are left out."""
    both = np.vstack([apart, apart[:, ::-1]])
    both = both[np.isin(both, people).all(1)]
    both = np.searchsorted(people, both)
    both = both[np.argsort(both[:, 0], kind="stable")]
    return cuts(both[:, 0], len(people)), both[:, 1].astype(np.int64)


def _check_levels(data: Problem) -> None:
    m, options, needs = len(data.penalty), len(data.slot), len(data.heads)
    if len(data.order_of_option) != options or len(data.option_of_need) != needs:
        raise ValueError("every option needs an order and a slot, every need an option and heads")
    for name, owner, count in (
        ("option", data.order_of_option, m),
        ("need", data.option_of_need, options),
    ):
        if len(owner) and (not 0 <= owner[0] <= owner[-1] < count or (np.diff(owner) < 0).any()):
            raise ValueError(f"the {name}s must be listed in the order of what they belong to")
    if needs < options or (options and len(np.unique(data.option_of_need)) < options):
        raise ValueError("an option without a need would be served by nobody")
    if m and data.penalty.min() < 0:
        raise ValueError("a penalty may not be negative")
    if needs and data.heads.min() < 1:
        raise ValueError("a need asks for at least one head")
    if options and not 0 <= data.slot.min() <= data.slot.max() < SLOT_BITS:
        raise ValueError("a slot is a number from 0 to 63")


def _check_edges(data: Problem) -> None:
    edges, n = len(data.person), len(data.cap)
    if len(data.start) != len(data.heads) + 1 or data.start[0] != 0 or data.start[-1] != edges:
        raise ValueError("start must cut the edges into one piece per need")
    if (np.diff(data.start) < 0).any() or len(data.cost) != edges:
        raise ValueError("start must not fall, and every edge needs a cost")
    if edges and not 0 <= data.person.min() <= data.person.max() < n:
        raise ValueError("an edge names a person that is not there")
    if edges and data.cost.min() < 0:
        raise ValueError("a cost may not be negative")
    if n and data.cap.min() < 0:
        raise ValueError("a cap of jobs may not be negative")
    if data.apart.ndim != 2 or data.apart.shape[1] != 2:
        raise ValueError("apart lists pairs of people")
    if data.apart.size and (not 0 <= data.apart.min() <= data.apart.max() < n):
        raise ValueError("apart names a person that is not there")
    if data.apart.size and (data.apart[:, 0] == data.apart[:, 1]).any():
        raise ValueError("nobody can be apart from herself")
    need = np.repeat(np.arange(len(data.heads)), np.diff(data.start))
    if len(np.unique(need * max(n, 1) + data.person)) < edges:
        raise ValueError("a need lists one person twice")
