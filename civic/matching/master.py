"""The one master of pooled demands (流动拼单): single dispatches, tours and fair stalls in one choice.

    max Σ_q value_q y_q
    s.t. Σ_{q meets d} y_q ≤ 1 per demand d (= 1 where it must be met)
         Σ_q use_rq y_q ≤ cap_r per resource r (a talent's half-day, a kind of material, a stall),   y ∈ {0,
         1}

Single dispatches and fairs are given as columns by the caller. Tours are not listed: they are found while the
master is solved, against its prices (`tours_generation`), so that a village is driven to only where nothing
else serves it better. A demand that may be a stop of a tour carries the id of that stop in the `Problem`.

Values are whole minutes of driving one would spend for it: Σ residents × priority − travel − set-up −
repetition, summed by the caller. Prices are the duals of the linear relaxation: what the whole would lose if
the demand went away, what it would gain from one more unit of the resource. Source: set packing over routes,
Balinski & Quandt, Operations Research 12(2), 1964; uniting the three kinds in one master is ours.
"""

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from civic.matching import tours
from civic.matching.tours_generation import Generation, Outcome, Side
from civic.matching.tours_model import Id, Pin, Problem, TourPlan

Uses = tuple[tuple[Id, int], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One way of serving one or more demands at once. `kind` is "single" or "fair" (any word will do); `uses`
    are (resource, amount); `label` is what the caller wants back: the volunteers, the site and its day."""

    kind: str
    demands: tuple[Id, ...]
    value: int
    uses: Uses = ()
    label: Hashable = None


@dataclass(frozen=True, slots=True)
class Choice:
    """`columns` taken; the `plan` of tours (its bound and proof are the master's share: see `proven` here);
    `unserved` demands (by any column); value and bound of the whole; `worth` per demand and `price` per
    resource."""

    columns: tuple[Column, ...]
    plan: TourPlan
    unserved: tuple[Id, ...]
    value: int
    bound: float
    proven: bool
    worth: dict[Id, float]
    price: dict[Id, float]


@dataclass(frozen=True, slots=True)
class _Rows:
    """Where each demand and each resource stands among the rows: stops, kinds of crews, then these."""

    demand: dict[Id, int]
    resource: dict[Id, int]


def choose(
    columns: Sequence[Column],
    capacity: Mapping[Id, int],
    *,
    problem: Problem | None = None,
    stop_uses: Mapping[Id, Uses] | None = None,
    required: Collection[Id] = (),
    pins: Sequence[Pin] = (),
    excluded: Collection[Id] = (),
    seconds: float | None = None,
) -> Choice:
    """The choice of greatest value among all columns and all tours of the problem.

    `capacity` per resource; `stop_uses` what a tour takes of resources for serving a stop; `required` demands
    must be met by some column; pinned stops by their crew; `excluded` stops by no tour. Deterministic without
    `seconds` (of CPU). Raises ValueError, in plain words, for unknown resources, a column that serves a
    demand twice, and where what must be met cannot be.
    """
    problem = problem or Problem((), (), ())
    stop_uses = stop_uses or {}
    for complaint in _complaints(columns, capacity, problem, stop_uses):
        raise ValueError(complaint)
    kinds, must = tours.prepare(problem, pins, excluded)
    pinned = {pin.stop for pin in pins}
    allowed = [one for one in columns if not pinned & set(one.demands)]
    rows = _rows(problem, len(kinds), allowed, capacity, required)
    for demand in required:
        if demand in problem.stop_index:
            must[problem.stop_index[demand]] = True
    side = _side(rows, problem, allowed, capacity, stop_uses, required)
    generation = Generation(problem, kinds, must, side=side, seconds=seconds)
    method = tours.solve(problem, kinds, pins, generation, seconds)
    outcome = generation.choose()
    if outcome.missing:
        names = {row: name for name, row in rows.demand.items()}
        lost = ", ".join(str(names[row]) for row in outcome.missing)
        raise ValueError(f"No choice serves everything that must be served; left over: {lost}.")
    plan = tours.told(problem, kinds, outcome, method)
    return _told(rows, outcome, plan, tuple(allowed[at] for at in outcome.side))


def _complaints(
    columns: Sequence[Column], capacity: Mapping[Id, int], problem: Problem, stop_uses: Mapping[Id, Uses]
) -> Iterator[str]:
    for resource, amount in capacity.items():
        if amount < 0:
            yield f"There cannot be {amount} of resource {resource}."
    for column in columns:
        if len(set(column.demands)) != len(column.demands):
            yield "A column serves one demand twice."
        if not column.demands:
            yield "A column must serve a demand."
    for stop in stop_uses:
        problem.place(stop)
    for resource, amount in [
        use for uses in (*stop_uses.values(), *(c.uses for c in columns)) for use in uses
    ]:
        if resource not in capacity:
            yield f"There is no resource {resource}."
        if amount < 1:
            yield f"A use of resource {resource} must be at least 1."


def _rows(
    problem: Problem,
    kinds: int,
    columns: Sequence[Column],
    capacity: Mapping[Id, int],
    required: Collection[Id],
) -> _Rows:
    demand = dict(problem.stop_index)
    beyond = len(problem.stops) + kinds
    others = [one for column in columns for one in column.demands] + list(required)
    for one in others:
        if one not in demand:
            demand[one] = beyond
            beyond += 1
    return _Rows(demand, {resource: beyond + at for at, resource in enumerate(capacity)})


def _side(
    rows: _Rows,
    problem: Problem,
    columns: Sequence[Column],
    capacity: Mapping[Id, int],
    stop_uses: Mapping[Id, Uses],
    required: Collection[Id],
) -> Side:
    others = [demand for demand in rows.demand if demand not in problem.stop_index]
    listed = []
    for column in columns:
        used: dict[int, int] = dict.fromkeys((rows.demand[demand] for demand in column.demands), 1)
        for resource, amount in column.uses:
            used[rows.resource[resource]] = used.get(rows.resource[resource], 0) + amount
        at = tuple(sorted(used))
        listed.append((at, tuple(used[row] for row in at), column.value))
    return Side(
        capacity=(*([1] * len(others)), *capacity.values()),
        required=(*(demand in set(required) for demand in others), *([False] * len(capacity))),
        columns=tuple(listed),
        stop_uses={
            problem.stop_index[stop]: tuple((rows.resource[name], amount) for name, amount in uses)
            for stop, uses in stop_uses.items()
        },
    )


def _told(rows: _Rows, outcome: Outcome, plan: TourPlan, columns: tuple[Column, ...]) -> Choice:
    met = {demand for column in columns for demand in column.demands}
    met |= {stop for route in plan.routes for stop in route.stops}
    return Choice(
        columns=columns,
        plan=plan,
        unserved=tuple(demand for demand in rows.demand if demand not in met),
        value=outcome.value,
        bound=outcome.bound,
        proven=outcome.proven,
        worth={demand: float(outcome.dual[row]) for demand, row in rows.demand.items()},
        price={resource: float(outcome.dual[row]) for resource, row in rows.resource.items()},
    )
