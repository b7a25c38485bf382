"""The resident's word at the end, and what the center does with it."""

import zlib
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from civic.access.queries import setting
from civic.core.errors import Denied, Refused
from civic.orders import rules
from civic.orders.models import CallBack, Order, Review
from civic.orders.models.work import CallBackReason, Grade
from civic.orders.services import _life
from civic.orders.services.serving import open_callback
from civic.orders.states import LIFE
from civic.people.models import Person

GOOD_TAGS = ("准时", "耐心", "手艺好", "解决了问题")
POOR_TAGS = ("迟到", "没解决", "态度", "联系不上")
LOW = Grade.BAD


@transaction.atomic
def review(
    *,
    order_id: int,
    grade: int,
    tags: Sequence[str],
    words: str,
    is_anonymous: bool,
    by: Person,
    at: datetime,
    by_phone: bool = False,
) -> Order:
    """Keep the resident's grade, 1 to 5. The two lowest open a call-back; a sample of the others too.

    Nobody who served may review, and nothing is ever graded by default. Raises Denied, Refused.
    """
    order = _life.locked(order_id)
    if not rules.may_review(by, order):
        raise Denied
    LIFE.step("review", order.state)
    if grade not in Grade.values:
        raise Refused(_("请选一个满意程度。"))
    Review.objects.create(
        order=order,
        grade=grade,
        tags=[tag for tag in tags_for(grade) if tag in tags],
        words=words.strip()[:300],
        is_anonymous=is_anonymous,
        by_phone=by_phone or not rules.is_own(by, order),
        reviewed_at=at,
        reviewed_by=by,
    )
    _life.advance(order, "review", by=by, at=at, note=str(Grade(grade).label))
    if grade <= LOW:
        open_callback(order, CallBackReason.LOW_GRADE, at=at)
    elif is_sampled(order):
        open_callback(order, CallBackReason.SAMPLE, at=at)
    people, url = _life.holders(order), f"/team/orders/{order.pk}/"
    _life.tell(people, "orders.reviewed", order, at=at, url=url, except_for=by)
    return order


def tags_for(grade: int) -> tuple[str, ...]:
    """The words that can be ticked beside a grade."""
    return GOOD_TAGS if grade >= Grade.GOOD else POOR_TAGS


def is_sampled(order: Order) -> bool:
    """Whether the order falls into the call-back sample: by a hash of its number, so nobody can choose."""
    return bool(zlib.crc32(order.number.encode()) % 100 < setting("orders.callback_percent"))


@transaction.atomic
def dispute(*, order_id: int, words: str, by: Person, at: datetime) -> Order:
    """「没做完」 instead of a grade: the center must call and decide. Raises Denied, Refused."""
    order = _life.locked(order_id)
    if not rules.may_dispute(by, order):
        raise Denied
    LIFE.step("dispute", order.state)
    if not words.strip():
        raise Refused(_("请说说还差什么没做完。"))
    assert order.current is not None  # orders_order_in_hand_has_a_dispatch
    told = [order.current.dispatched_by]
    _life.advance(order, "dispute", by=by, at=at, note=words.strip()[:300])
    open_callback(order, CallBackReason.NOT_DONE, at=at)
    _life.tell(told, "orders.disputed", order, at=at, url=f"/desk/orders/{order.pk}/", except_for=by)
    return order


@transaction.atomic
def rework(*, order_id: int, note: str, by: Person, at: datetime) -> Order:
    """Put a disputed order back into the queue, bound to its first round. Raises Denied, Refused."""
    order = _life.locked(order_id)
    if not rules.may_rework(by, order):
        raise Denied
    _life.advance(
        order,
        "rework",
        by=by,
        at=at,
        note=note.strip(),
        current=None,
        starts_at=None,
        ends_at=None,
        rework_count=order.rework_count + 1,
    )
    _life.tell_resident(order, "orders.rework", by=by, at=at)
    return order


@transaction.atomic
def close(*, order_id: int, note: str, by: Person, at: datetime) -> Order:
    """End a reviewed or disputed order. A call still owed must be made first. Raises Denied, Refused."""
    order = _life.locked(order_id)
    if not rules.may_close(by, order):
        raise Denied
    LIFE.step("close", order.state)
    if CallBack.objects.filter(order=order, called_at=None).exists():
        raise Refused(_("还欠居民一个回访电话，打过再办结。"))
    _life.advance(order, "close", by=by, at=at, note=note.strip())
    _life.tell_resident(order, "orders.closed", by=by, at=at)
    return order


@transaction.atomic
def lapse(*, order_id: int, at: datetime) -> Order:
    """End a served order whose review never came: "no review", never five stars. Raises Refused."""
    order = _life.locked(order_id)
    _life.advance(order, "lapse", by=None, at=at)
    return order


@transaction.atomic
def call(*, callback_id: int, outcome: str, is_content: bool, by: Person, at: datetime) -> Order:
    """Record a call-back that was made. Raises Denied, Refused (already made, nothing said)."""
    callback = CallBack.objects.select_for_update(of=("self",)).get(pk=callback_id)
    order = _life.locked(callback.order_id)
    if not rules.may_close(by, order):
        raise Denied
    if callback.called_at is not None:
        raise Refused(_("这个回访已经有人打过了。"))
    if not outcome.strip():
        raise Refused(_("请写一句电话里怎么说。"))
    callback.outcome, callback.is_content = outcome.strip()[:300], is_content
    callback.called_at, callback.called_by = at, by
    callback.save(update_fields=["outcome", "is_content", "called_at", "called_by"])
    _life.record(order, "call", by=by, at=at, note=callback.outcome, is_internal=True, reason=callback.reason)
    return order
