"""A person's word over the engine's: this one does it, or that one never. The engine never undoes it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from civic.core.errors import Denied, Refused
from civic.orders import rules
from civic.orders.models import Order, Plan, Ruling
from civic.orders.models.matching import RulingKind
from civic.orders.services import _life
from civic.orders.services.dispatching import target_found
from civic.orders.services.screening import reason_given
from civic.orders.states import OPEN
from civic.orders.targets import Target
from civic.people.models import Person


@transaction.atomic
def pin(*, order_id: int, target: Target, reason: str, by: Person, at: datetime) -> Ruling:
    """Keep an order for `target`: the engine proposes and asks nobody else. Raises Denied, Refused."""
    order = _open_order(order_id, by)
    target_found(order, target)
    if Ruling.objects.filter(order=order, kind=RulingKind.PIN, lifted_at=None).exists():
        raise Refused(_("这一单已经指定了一家，请先撤销再指定。"))
    return _rule(order, RulingKind.PIN, target, reason, by=by, at=at)


@transaction.atomic
def forbid(*, order_id: int, target: Target, reason: str, by: Person, at: datetime) -> Ruling:
    """Never propose or ask `target` for the order. Raises Denied, Refused."""
    return _rule(_open_order(order_id, by), RulingKind.FORBID, target, reason, by=by, at=at)


@transaction.atomic
def lift(*, ruling_id: int, by: Person, at: datetime) -> Ruling:
    """Take a ruling back; it stays on record. Raises Denied, Refused."""
    order = _life.locked(Ruling.objects.only("order_id").get(pk=ruling_id).order_id)
    ruling = Ruling.objects.get(pk=ruling_id)
    if not rules.may_rule(by, order):
        raise Denied
    if ruling.lifted_at is not None:
        raise Refused(_("这条已经撤销了。"))
    ruling.lifted_at, ruling.lifted_by = at, by
    ruling.save(update_fields=["lifted_at", "lifted_by"])
    _life.record(order, "lift", by=by, at=at, is_internal=True, target=ruling.target)
    _life.touch(order)
    return ruling


def _open_order(order_id: int, by: Person) -> Order:
    order = _life.locked(order_id)
    if not rules.may_rule(by, order):
        raise Denied
    if order.state not in OPEN:
        raise Refused(_("这一单已经办结，不用再定了。"))
    return order


def _rule(order: Order, kind: RulingKind, target: Target, reason: str, *, by: Person, at: datetime) -> Ruling:
    """Write the ruling with the price that the engine reckoned for it; the caller has checked who."""
    reason = reason_given(reason)
    if Ruling.objects.filter(order=order, target=str(target), lifted_at=None).exists():
        raise Refused(_("这一单对它已经定过了，请先撤销再改。"))
    ruling = Ruling.objects.create(
        order=order,
        kind=kind,
        target=str(target),
        reason=reason,
        price=_price(order, kind, target),
        ruled_at=at,
        ruled_by=by,
    )
    _life.record(order, str(kind), by=by, at=at, note=reason, is_internal=True, target=str(target))
    _life.touch(order)
    return ruling


def _price(order: Order, kind: RulingKind, target: Target) -> int | None:
    """What the network pays more for a pin, by the plan that stands; unknown for one it did not list."""
    plan = Plan.objects.filter(order=order).first()
    if plan is None or kind != RulingKind.PIN:
        return None
    listed = {row["target"]: row.get("override") for row in plan.candidates}
    return listed.get(str(target))
