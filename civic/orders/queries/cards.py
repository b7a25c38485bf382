"""What the engine planned, as people read it: cards whose parts add up, and the price of another choice.

Costs are whole centi-minutes in the database and minutes with two figures on the page, never rounded: the
parts that are shown add up to the total that is shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from civic.access.queries import setting
from civic.orders.models import Order, Plan, Ruling

PARTS: dict[str, str | Promise] = {
    "travel": gettext_lazy("路程"),
    "load": gettext_lazy("手上的单"),
    "fairness": gettext_lazy("本月已接"),
    "acceptance": gettext_lazy("接单把握"),
}
TICKS_KEPT = 3  # a plan that missed so many rounds is not shown: the engine stands still
GRACE = timedelta(minutes=10)
AT_RISK = 500  # thousandths: below one half somebody has to do something


def minutes(cost: int) -> str:
    """Centi-minutes as minutes: 2240 reads 22.40."""
    sign, size = ("-", -cost) if cost < 0 else ("", cost)
    return f"{sign}{size // 100}.{size % 100:02}"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a cost, with its name."""

    key: str
    label: str
    cost: int

    @property
    def minutes(self) -> str:
        """The part in minutes."""
        return minutes(self.cost)


@dataclass(frozen=True, slots=True)
class Card:
    """One candidate as the engine sees it. `price` is what the whole network pays more for choosing it.

    `is_exact` tells an exact price (the solution was tried) from a lower bound (the reduced cost).
    """

    target: str
    name: str
    rank: int
    parts: tuple[Part, ...]
    total: int
    km: float
    is_estimated: bool
    price: int
    is_exact: bool
    is_proposed: bool
    ruled: str = ""  # pin or forbid, when a person's word stands over it

    @property
    def kind(self) -> str:
        """team, venue or volunteer."""
        return self.target.partition(":")[0]

    @property
    def minutes(self) -> str:
        """The total in minutes."""
        return minutes(self.total)

    @property
    def more(self) -> str:
        """What the network pays more, in minutes."""
        return minutes(self.price)


@dataclass(frozen=True, slots=True)
class Advice:
    """The plan of one order. `proposed` is None when nobody can be spared; `chance` is in percent."""

    made_at: datetime
    cards: tuple[Card, ...]
    proposed: Card | None
    runner_up: Card | None
    chance: int | None
    is_at_risk: bool

    @property
    def sentence(self) -> str:
        """Why the proposed one, in one sentence whose numbers are those of its card."""
        return told(self.proposed, self.runner_up) if self.proposed else ""

    def card(self, target: str) -> Card | None:
        """The card of one candidate; None when the engine did not list it."""
        return next((one for one in self.cards if one.target == target), None)


def is_running(plan: Plan, now: datetime) -> bool:
    """Whether the engine was at work lately, so that the plan still speaks of now."""
    return now - plan.made_at <= timedelta(minutes=TICKS_KEPT * setting("matching.tick_minutes")) + GRACE


def advice(order: Order, now: datetime, rulings: Sequence[Ruling] = ()) -> Advice | None:
    """What the engine plans for the order; None when it is off, down or has not come to it yet."""
    plan = Plan.objects.filter(order=order).first()
    return read(plan, standing(rulings)) if plan is not None and is_running(plan, now) else None


def read(plan: Plan, ruled: Mapping[str, Ruling] = MappingProxyType({})) -> Advice:
    """A row as cards, the cheapest candidate first, equals by target; `ruled` are the words that stand."""
    rows = sorted(plan.candidates, key=lambda row: (row["total"], row["target"]))
    cards = tuple(_card(row, rank, plan.target, ruled.get(row["target"])) for rank, row in enumerate(rows, 1))
    others = [one for one in cards if not one.is_proposed]
    return Advice(
        made_at=plan.made_at,
        cards=cards,
        proposed=next((one for one in cards if one.is_proposed), None),
        runner_up=min(others, key=lambda one: (one.price, one.total, one.target), default=None),
        chance=None if plan.chance is None else plan.chance // 10,
        is_at_risk=plan.chance is not None and plan.chance < AT_RISK,
    )


def _card(row: dict[str, Any], rank: int, proposed: str, ruling: Ruling | None) -> Card:
    exact = row.get("override")
    return Card(
        target=row["target"],
        name=row["name"],
        rank=rank,
        parts=parts_of(row["parts"]),
        total=row["total"],
        km=round(row.get("km") or 0.0, 1),
        is_estimated=bool(row.get("estimated")),
        price=exact if exact is not None else max(0, row.get("reduced") or 0),
        is_exact=exact is not None,
        is_proposed=row["target"] == proposed,
        ruled=ruling.kind if ruling else "",
    )


def parts_of(parts: dict[str, int]) -> tuple[Part, ...]:
    """The parts in the order people read them; one without a name is told as something else."""
    keys = [*(key for key in PARTS if key in parts), *sorted(key for key in parts if key not in PARTS)]
    return tuple(Part(key, str(PARTS.get(key) or _("其他")), parts[key]) for key in keys)


def told(card: Card, runner_up: Card | None) -> str:
    """The card as a sentence: parts, total, rank, and the second choice with what it costs all together."""
    words = [_part(one, card.km) for one in card.parts]
    said = _("派给{name}：{parts}，合计 {total} 分；候选第 {rank} 名").format(
        name=card.name, parts=_("、").join(words), total=card.minutes, rank=card.rank
    )
    if runner_up is None:
        return said + _("。没有次选。")
    more = (
        _("；次选{name}，全网多花 {more} 分。")
        if runner_up.is_exact
        else _("；次选{name}，全网至少多花 {more} 分。")
    )
    return said + more.format(name=runner_up.name, more=runner_up.more)


def _part(part: Part, km: float) -> str:
    if part.key == "travel":
        return _("{label} {km} 公里（{minutes} 分）").format(label=part.label, km=km, minutes=part.minutes)
    return f"{part.label} {part.minutes}"


# --- What people ruled.


def rulings_of(order: Order) -> list[Ruling]:
    """Every word of a person about the order's candidates, the standing ones first."""
    found = Ruling.objects.filter(order=order).select_related("ruled_by", "lifted_by").order_by("-pk")
    return sorted(found, key=lambda one: one.lifted_at is not None)


def standing(rulings: Sequence[Ruling]) -> dict[str, Ruling]:
    """Target → the ruling that stands over it."""
    return {one.target: one for one in rulings if one.lifted_at is None}
