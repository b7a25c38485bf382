"""The warm plan of the live city: needs and helpers in, who should do what out, repaired event by event.

A column of the assignment is a helper at a half-day, or one of its places in the week for orders without a
day. Every event is one of four: a need comes or goes, a helper comes or goes; whoever changes goes and comes
back. After each the plan is optimal (`civic.matching.assignment.Plan`), so its total is that of a plan built
anew from the same needs and helpers.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from civic.matching.policy import Acceptance
from civic.orders.matching.parts import Helper, Need, Parts, Slot, fits, group_of_pair, km_between, parts

LISTED = 30  # candidates told of
PRICED = 10  # of them with the exact price of choosing them
CROWDED = 4_000  # gone columns and orders after which the plan is built anew


@dataclass(frozen=True, slots=True)
class Option:
    """A helper for a need: its cost in parts, and how far it is from the optimum.

    `reduced` = cost − what the network pays for the need − (negative) price of the helper's time ≥ 0: the
    network pays at least so much more. `override` is exactly how much more, where it was tried.
    """

    target: str
    name: str
    km: float
    is_estimated: bool
    parts: Parts
    total: int
    reduced: int
    chance: float
    override: int | None = None


@dataclass(frozen=True, slots=True)
class Advice:
    """Who should do an order; `target` is empty when nobody can be spared, `price` is the order's dual."""

    target: str
    price: int
    options: list[Option]


@dataclass
class Network:
    """Needs, helpers and their plan. `rates` give the chance of a yes."""

    rates: Acceptance
    needs: dict[int, Need] = field(default_factory=dict)
    helpers: dict[str, Helper] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # The numeric libraries are the worker's: pages import the shapes of this package, never these.
        from civic.matching.assignment import Plan  # noqa: PLC0415 - numpy and numba stay out of web processes

        self.plan: Any = Plan()
        self.row_of: dict[int, int] = {}
        self.columns: dict[str, dict[Slot, list[int]]] = {}
        self.meaning: dict[int, tuple[str, Slot, int]] = {}
        self.gone = 0
        self._able: dict[tuple[str, int], set[str]] = defaultdict(set)
        self._wanted: dict[tuple[str, int], set[int]] = defaultdict(set)

    @classmethod
    def built(cls, needs: Iterable[Need], helpers: Iterable[Helper], rates: Acceptance) -> "Network":
        """A network from nothing; the order of its rows is that of the keys."""
        made = cls(rates)
        for helper in sorted(helpers, key=lambda one: one.target):
            made.put_helper(helper)
        for need in sorted(needs, key=lambda one: one.id):
            made.put_need(need)
        return made

    @property
    def total(self) -> int:
        """Centi-minutes of the whole plan, unserved orders included."""
        return int(self.plan.total)

    @property
    def is_crowded(self) -> bool:
        """Whether so much has gone that a fresh plan is smaller."""
        return self.gone > CROWDED

    def put_need(self, need: Need) -> None:
        """Enter an order, or enter it anew."""
        self.drop_need(need.id)
        edges = [edge for helper in self.able(need) for edge in self._edges(need, helper)]
        self.needs[need.id] = need
        for key in _keys_of(need):
            self._wanted[key].add(need.id)
        columns, costs = [column for column, _cost in edges], [cost for _column, cost in edges]
        self.row_of[need.id] = self.plan.add_order(columns, costs, need.penalty)

    def drop_need(self, need_id: int) -> None:
        """Take an order out; nothing happens when it is not in."""
        need = self.needs.pop(need_id, None)
        if need is not None:
            self.plan.cancel(self.row_of.pop(need_id))
            for key in _keys_of(need):
                self._wanted[key].discard(need_id)
            self.gone += 1

    def put_helper(self, helper: Helper) -> None:
        """Enter a helper, or enter it as it is now: its times anew, listed for every need that it fits."""
        self.drop_helper(helper.target)
        self.helpers[helper.target] = helper
        self.columns[helper.target] = {}
        for key in _keys_of(helper):
            self._able[key].add(helper.target)
        for need_id in sorted({one for key in _keys_of(helper) for one in self._wanted[key]}):
            need = self.needs[need_id]
            edges = self._edges(need, helper) if fits(need, helper) else []
            if edges:
                columns, costs = [column for column, _cost in edges], [cost for _column, cost in edges]
                self.plan.add_edges(self.row_of[need_id], columns, costs)

    def drop_helper(self, target: str) -> None:
        """Take a helper out; nothing happens when it is not in."""
        helper = self.helpers.pop(target, None)
        if helper is not None:
            for column in [one for copies in self.columns.pop(target).values() for one in copies]:
                self.plan.close_column(column)
                del self.meaning[column]
                self.gone += 1
            for key in _keys_of(helper):
                self._able[key].discard(target)

    def able(self, need: Need) -> list[Helper]:
        """The helpers that fit a need, by target."""
        found = {target for key in _keys_of(need) for target in self._able[key]}
        return [helper for target in sorted(found) if fits(need, helper := self.helpers[target])]

    def parts(self, need: Need, helper: Helper, planned: int = 0) -> Parts:
        """The parts of the pair's cost."""
        return parts(need, helper, self.rates.group_mean(group_of_pair(need, helper)), planned)

    def planned(self, need_id: int) -> str:
        """The target that should do the order; empty when nobody can be spared."""
        column = self._column(need_id)
        return "" if column is None else self.meaning[column][0]

    def price(self, need_id: int) -> int:
        """What the network pays for the order, at the margin."""
        return int(self.plan.alpha(self.row_of[need_id]))

    def advice(self, need: Need) -> Advice:
        """Who should do it and who else could, the nearest to the optimum first, equals by target.

        For a need that is not in the plan (somebody is asked already) the options are ranked by cost and
        the price of their time, and the best of them is at distance 0.
        """
        row = self.row_of.get(need.id)
        if row is None:
            return Advice("", 0, [one for one, _column in self._ranked(need, "", 0)[:LISTED]])
        chosen, pay = self.planned(need.id), self.price(need.id)
        ranked = self._ranked(need, chosen, pay)
        tried = [
            replace(one, override=int(self.plan.price(row, column, one.total)))
            for one, column in ranked[:PRICED]
        ]
        return Advice(chosen, pay, tried + [one for one, _column in ranked[PRICED:LISTED]])

    def _ranked(self, need: Need, chosen: str, pay: int) -> list[tuple[Option, int]]:
        """The options with their columns, the chosen one first, then by their distance from the optimum."""
        found = [
            option
            for helper in self.able(need)
            for option in self._options(need, helper, pay, is_chosen=helper.target == chosen)
        ]
        if need.id not in self.row_of and found:
            least = min(one.reduced for one, _column in found)
            found = [(replace(one, reduced=one.reduced - least), column) for one, column in found]
        return sorted(found, key=lambda one: _place(one[0], chosen))

    def _options(self, need: Need, helper: Helper, pay: int, *, is_chosen: bool) -> list[tuple[Option, int]]:
        """The helper's best time for the need; of the chosen one the time that was planned."""
        own = self._column(need.id) if is_chosen else None
        best: tuple[int, int, Parts] | None = None
        for column, planned in self._times(need, helper):
            found = self.parts(need, helper, planned)
            reduced = sum(found) - pay - int(self.plan.v(column))
            if own in (None, column) and (best is None or reduced < best[0]):
                best = reduced, column, found
        if best is None:
            return []
        km = km_between(need, helper)
        option = Option(
            target=helper.target,
            name=helper.name,
            km=round(km, 1),
            is_estimated=need.is_estimated or helper.is_estimated,
            parts=best[2],
            total=sum(best[2]),
            reduced=best[0],
            chance=self.rates.probability(helper.target, group_of_pair(need, helper)),
        )
        return [(option, best[1])]

    def _column(self, need_id: int) -> int | None:
        served = self.plan.assigned(self.row_of[need_id])
        return int(served[0]) if served else None

    def _edges(self, need: Need, helper: Helper) -> list[tuple[int, int]]:
        """(column, cost) for every time of the helper that suits the need."""
        return [
            (column, sum(self.parts(need, helper, planned))) for column, planned in self._times(need, helper)
        ]

    def _times(self, need: Need, helper: Helper) -> list[tuple[int, int]]:
        """(column, orders planned before it) for the need's half-days; columns are made when first wanted."""
        times = self.columns[helper.target]
        for slot in need.slots:
            if slot not in times:
                times[slot] = []
                for number in range(helper.copies(slot)):
                    column = int(self.plan.add_column())
                    times[slot].append(column)
                    self.meaning[column] = (helper.target, slot, number)
        return [(column, self.meaning[column][2]) for slot in need.slots for column in times[slot]]


def _place(option: Option, chosen: str) -> tuple[bool, int, int, str]:
    return option.target != chosen, option.reduced, option.total, option.target


def _keys_of(one: Need | Helper) -> list[tuple[str, int]]:
    if isinstance(one, Need):
        return [("skill", one.skill_id), ("item", one.item_id)]
    return [("skill", key) for key in one.skill_ids] + [("item", key) for key in one.item_ids]
