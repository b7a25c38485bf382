"""Taking in, and every way an order ends without service."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from civic.core.errors import Denied, Refused
from civic.orders import rules
from civic.orders.models import Dispatch, Item, Order, Provision, Visit
from civic.orders.services import _life
from civic.orders.states import OPEN, STANDING, DispatchState
from civic.people.models import Person
from civic.venues.services import booking as venues

REFERRAL_TARGETS = (
    *("12345", "110", "119", "120", "122", "12315", "12333", "12348", "12356", "12393", "95598"),
    *("医院", "银行"),
)
LONGEST_REASON = 200


def reason_given(reason: str) -> str:
    """The reason without blanks around it; the resident reads it. Raises Refused for none or a long one."""
    reason = reason.strip()
    if not reason:
        raise Refused(_("请写明原因，居民会看到。"))
    if len(reason) > LONGEST_REASON:
        raise Refused(_("原因请写在 %(count)s 个字以内。") % {"count": LONGEST_REASON})
    return reason


@transaction.atomic
def screen(*, order_id: int, item_id: int, is_urgent: bool, note: str, by: Person, at: datetime) -> Order:
    """Take an order in under a menu item; it now waits to be dispatched. Raises Denied, Refused."""
    order = _life.locked(order_id)
    if not rules.may_screen(by, order):
        raise Denied
    item = Item.objects.filter(pk=item_id, withdrawn_on=None).first()
    if item is None:
        raise Refused(_("请选一项菜单上的服务。"))
    _life.advance(order, "screen", by=by, at=at, note=note.strip(), item=item, is_urgent=is_urgent)
    _life.tell_resident(order, "orders.screened", by=by, at=at, when=_life.spoken(order.due_at))
    return order


@transaction.atomic
def send_back(*, order_id: int, reason: str, by: Person, at: datetime) -> Order:
    """Ask the resident to say more; the reason is what she reads. Raises Denied, Refused."""
    order = _life.locked(order_id)
    if not rules.may_send_back(by, order):
        raise Denied
    reason = reason_given(reason)
    _life.advance(order, "send_back", by=by, at=at, note=reason, reason=reason)
    _life.tell_resident(order, "orders.returned", by=by, at=at, reason=reason)
    return order


@transaction.atomic
def reject(*, order_id: int, reason: str, by: Person, at: datetime) -> Order:
    """Say that it cannot be served, and why. Raises Denied, Refused."""
    order = _life.locked(order_id)
    if not rules.may_reject(by, order):
        raise Denied
    reason = reason_given(reason)
    _life.advance(order, "reject", by=by, at=at, note=reason, reason=reason)
    _life.tell_resident(order, "orders.rejected", by=by, at=at, reason=reason)
    return order


@transaction.atomic
def refer(*, order_id: int, target: str, reason: str, by: Person, at: datetime) -> Order:
    """Hand the matter to another desk (12345, 110, 119, 120). Raises Denied, Refused."""
    order = _life.locked(order_id)
    if not rules.may_refer(by, order):
        raise Denied
    if target not in REFERRAL_TARGETS:
        raise Refused(_("请选转到哪个电话。"))
    reason = reason_given(reason)
    _life.advance(order, "refer", by=by, at=at, note=reason, reason=reason, referred_to=target)
    _life.tell_resident(order, "orders.referred", by=by, at=at, who=target, reason=reason)
    return order


@transaction.atomic
def merge(*, order_id: int, into_id: int, reason: str, by: Person, at: datetime) -> Order:
    """Fold a duplicate into an open order of the same subtree; its resident follows the other's progress.

    The two rows are locked in the order of their ids. Raises Denied, Refused.
    """
    if order_id == into_id:
        raise Refused(_("不能并入自己。"))
    rows = {pk: _life.locked(pk) for pk in sorted((order_id, into_id))}
    order, into = rows[order_id], rows[into_id]
    if not (rules.may_merge(by, order) and rules.may_merge(by, into)):
        raise Denied
    if into.state not in OPEN:
        raise Refused(_("要并入的那一单已经办结，请换一单。"))
    reason = reason_given(reason)
    _life.advance(order, "merge", by=by, at=at, note=reason, reason=reason, merged_into=into)
    _life.record(into, "absorb", by=by, at=at, note=order.short_number, is_internal=True)
    _life.tell_resident(order, "orders.merged", by=by, at=at, who=into.short_number, reason=reason)
    return order


@transaction.atomic
def cancel(*, order_id: int, reason: str, by: Person, at: datetime) -> Order:
    """End an order that cannot go on; its room is freed, whoever held it is told, a visit begun has ended.

    Raises Denied, Refused.
    """
    order = _life.locked(order_id)
    if not rules.may_cancel(by, order):
        raise Denied
    reason = reason_given(reason)
    told = _life.holders(order)
    _life.advance(order, "cancel", by=by, at=at, note=reason, reason=reason, current=None)
    Dispatch.objects.filter(order=order, state__in=STANDING).update(state=DispatchState.RECALLED)
    Visit.objects.filter(order=order, finished_at=None).update(finished_at=at, finished_by=by, summary=reason)
    free_room(order, by=by, at=at)
    _life.tell_resident(order, "orders.cancelled", by=by, at=at, reason=reason)
    _life.tell(told, "orders.recalled", order, at=at, url="/team/", except_for=by, reason=reason)
    return order


def free_room(order: Order, *, by: Person, at: datetime) -> None:
    """Give back the room that was provisioned for the order, if any."""
    ready = Provision.objects.select_related("booking").filter(order=order).first()
    if ready is None or ready.booking is None:
        return
    if ready.booking.cancelled_at is None and ready.booking.span.upper > at:  # not freed by hand, not used up
        venues.cancel_booking(booking_id=ready.booking.pk, by=by, at=at)
    ready.booking = None
    ready.save(update_fields=["booking"])
