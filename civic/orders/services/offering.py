"""What the engine sends by itself, in categories set to do so: whom it asks, how many at once, and when.

The rules are those of `civic.matching.policy`: a few at a time while there is time, more when there is none;
who says no or stays silent is replaced at once; by day only; one open invitation and so many a week for a
volunteer; never the same one twice for an order. Nobody is behind such an offer: it `is_auto`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.access.queries import setting
from civic.core import rows
from civic.core.errors import Refused
from civic.matching import policy
from civic.orders.matching.parts import VOLUNTEER
from civic.orders.models import Dispatch, Order, Plan, Ruling
from civic.orders.models.matching import RulingKind
from civic.orders.models.menu import DispatchMode
from civic.orders.queries import supply
from civic.orders.services import _life, dispatching, planning
from civic.orders.states import DispatchState, OrderState
from civic.orders.targets import Target

S = OrderState
D = DispatchState
BATCH = 200
A_WEEK = timedelta(days=7)


def tick(*, at: datetime) -> dict[str, int]:
    """Every quarter of an hour: end what stayed silent, look at everything again, send what is wanted."""
    lapsed = lapse_silent(at=at)
    planning.catch_up(at=at, everything=True)
    return {"silent": lapsed, "offered": send(at=at)}


def on_change(*, at: datetime) -> dict[str, int]:
    """As soon as something was touched: repair the plan, send what is pressing, replace who said no."""
    outcome = planning.catch_up(at=at)
    if outcome is None or not outcome.touched:
        return {"offered": 0}
    return {"offered": send(at=at, order_ids=_at_once(outcome.touched, at=at))}


def _at_once(order_ids: Iterable[int], *, at: datetime) -> list[int]:
    """Of these orders, those that do not wait for the next tick: urgent, or asked before in vain."""
    found = planning.waiting(order_ids)
    return [
        key
        for key, one in found.items()
        if one.is_refused or policy.is_urgent(at, planning.start_of(one, at), 2 * one.need.is_pressing)
    ]


def lapse_silent(*, at: datetime) -> int:
    """End the offers whose time to answer is over; returns how many."""
    silent = Dispatch.objects.filter(state=D.OFFERED, answer_by__lte=at).order_by("answer_by", "pk")
    return sum(_lapse(pk, at=at) for pk in list(silent.values_list("pk", flat=True)[:BATCH]))


def _lapse(dispatch_id: int, *, at: datetime) -> bool:
    try:
        dispatching.lapse_offer(dispatch_id=dispatch_id, at=at)
    except Refused:
        return False  # answered after all, since it was listed
    return True


def is_quiet(at: datetime) -> bool:
    """Whether the city lets nobody be asked at this hour."""
    local = timezone.localtime(at)
    return policy.is_quiet(local.hour + local.minute / 60, *_quiet_hours())


def _quiet_hours() -> tuple[int, int]:
    return int(setting("matching.quiet_from")), int(setting("matching.quiet_to"))


def send(*, at: datetime, order_ids: Iterable[int] | None = None) -> int:
    """Send what is wanted now, for these orders or for all that wait; returns how many offers went out."""
    if is_quiet(at):
        return 0
    plans = Plan.objects.filter(
        order__state__in=supply.WAITING, order__item__category__dispatch_mode=DispatchMode.SEND
    )
    if order_ids is not None:
        plans = plans.filter(order__in=list(order_ids))
    keys = list(plans.order_by("-price", "order_id").values_list("order_id", flat=True))
    return sum(offer(order_id=key, at=at) for key in keys)


@transaction.atomic
def offer(*, order_id: int, at: datetime) -> int:
    """Ask for one order as many as are wanted now, by its plan; returns how many were asked.

    Nobody more is asked while somebody was asked by hand. Safe to repeat: who is asked already counts.
    """
    order = _life.locked(order_id)
    plan = Plan.objects.filter(order=order).first()
    standing = _life.offers_of(order) if order.state == S.DISPATCHED else []
    if plan is None or order.state not in supply.WAITING or any(not one.is_auto for one in standing):
        return 0
    answer = _answer_by(order, at)
    willing = _willing(order, plan, at=at)
    wanted = _wanted(order, willing, standing, at=at) if answer is not None else 0
    sent = 0
    for listed in willing:
        if sent >= wanted:
            break
        sent += _ask(order, Offer(listed, plan, answer), at=at)
    return sent


@dataclass(frozen=True, slots=True)
class Offer:
    """What is to be sent: a candidate as the plan lists it, and until when an answer is waited for."""

    listed: dict[str, Any]
    plan: Plan
    answer_by: datetime | None


def _start(order: Order, at: datetime) -> datetime:
    return planning.begins(order.wanted_on, order.wanted_half, order.placed_at, at)


def _answer_by(order: Order, at: datetime) -> datetime | None:
    """Until when to wait for an answer; None when it is too late to ask anybody."""
    found = policy.answer_by(timezone.localtime(at), timezone.localtime(_start(order, at)), *_quiet_hours())
    return found if found > at else None


def _wanted(order: Order, willing: list[dict[str, Any]], standing: list[Dispatch], *, at: datetime) -> int:
    """How many more to ask: by the chances and number of the next ones, rounds left and the silence."""
    chances = [row["chance"] / 1000 for row in willing[:5]]
    if not chances:
        return 0
    most = int(setting("matching.over_offer_max"))
    rounds = policy.rounds_left(at, _start(order, at))
    silent = [_silent_hours(one, at) for one in standing]
    mean = sum(chances) / len(chances)
    wanted = policy.offers_to_send(1, mean, rounds, silent, people=len(willing))
    return min(wanted, max(0, most - len(standing)))


def _silent_hours(offer_made: Dispatch, at: datetime) -> float:
    local = timezone.localtime(offer_made.dispatched_at)
    hours = policy.hours_between(offer_made.dispatched_at, at)
    return policy.daytime_hours(local.hour + local.minute / 60, max(0.0, hours), *_quiet_hours())


def _willing(order: Order, plan: Plan, *, at: datetime) -> list[dict[str, Any]]:
    """The candidates that may be asked, in the order of the plan."""
    asked = {
        supply.target_of(row)
        for row in Dispatch.objects.filter(order=order)
        .exclude(state=D.RECALLED)
        .values(*supply.KINDS.values())
    }
    ruled = Ruling.objects.filter(order=order, lifted_at=None)
    barred = {one.target for one in ruled if one.kind == RulingKind.FORBID} | asked
    listed = [row for row in plan.candidates if row["target"] not in barred]
    lately = supply.invited([row["target"] for row in listed], since=at - A_WEEK)
    most = setting("matching.offers_per_week")
    return [
        row
        for row in listed
        for open_offers, within_week in [lately.get(row["target"], (0, 0))]
        if not row["target"].startswith(VOLUNTEER)
        or policy.may_be_offered(
            open_offers=open_offers, offers_in_7_days=within_week, asked_before=False, per_week=most
        )
    ]


def _ask(order: Order, offer_now: Offer, *, at: datetime) -> bool:
    """Make one offer, if the target can still be asked; the first of an order moves it on."""
    target = Target.read(offer_now.listed["target"])
    opened = Dispatch(order=order, is_auto=True, dispatched_at=at, answer_by=offer_now.answer_by)
    opened.card = planning.card_of(offer_now.plan.candidates, str(target))
    opened.reasons = [_said(opened.card)]
    try:
        dispatching.put_to(opened, target)
    except Refused:
        return False  # closed, left, or asked for another order since the plan was made
    is_first = order.state == S.SCREENED
    name = _life.name_of(opened)
    order.current = opened
    with rows.together():
        rows.add(opened)
        if is_first:
            _life.advance(order, "dispatch", by=None, at=at, actor=name, current=opened)
        else:
            order.changed_at = at
            rows.update(order, "current", "changed_at")
            _life.record(order, "offer", by=None, at=at, actor=name, is_internal=True)
            _life.touch(order)
    dispatching.ask(order, opened, at=at)
    if is_first:
        _life.tell_resident(order, "orders.dispatched", by=None, at=at, when=_life.spoken(order.due_at))
    return True


def _said(card: dict[str, Any]) -> str:
    return _("智能派单：合计 {minutes} 分，候选第 {rank} 名").format(
        minutes=f"{card['total'] / 100:.2f}", rank=card["rank"]
    )
