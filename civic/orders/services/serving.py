"""Making ready, agreeing on a time, and the service itself."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from civic.access.queries import setting
from civic.core.errors import Denied, Refused
from civic.orders import rules
from civic.orders.models import CallBack, Dispatch, Order, Provision, Visit
from civic.orders.models.order import Channel
from civic.orders.models.work import CallBackReason
from civic.orders.services import _life
from civic.orders.services.diaries import check_free
from civic.orders.services.screening import free_room
from civic.orders.states import LIFE, DispatchState, OrderState
from civic.people.models import Person
from civic.venues.models import Booking
from civic.venues.services import booking as venues

S = OrderState
LONGEST = timedelta(hours=12)


@transaction.atomic
def provision(
    *,
    order_id: int,
    by: Person,
    at: datetime,
    room_id: int | None = None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    materials: str = "",
    helpers: str = "",
    safety: str = "",
) -> Order:
    """配单: name goods and helpers and, for a service on site, take a room. May be done again.

    A room that is taken is refused with who has it until when; nothing is changed. Raises Denied, Refused.
    """
    order = _life.locked(order_id)
    if not rules.may_provision(by, order):
        raise Denied
    LIFE.step("provision", order.state)
    free_room(order, by=by, at=at)
    booking = _room(order, room_id, starts_at, ends_at, by=by, at=at) if room_id is not None else None
    words = {"materials": materials.strip(), "helpers": helpers.strip(), "safety": safety.strip()}
    Provision.objects.update_or_create(
        order=order, defaults={"booking": booking, "provisioned_at": at, "provisioned_by": by, **words}
    )
    room = booking.room.name if booking else ""
    said = "；".join(part for part in (room, words["materials"], words["helpers"]) if part)
    _life.advance(order, "provision", by=by, at=at, note=said)
    people, url = _life.holders(order), f"/team/orders/{order.pk}/"
    _life.tell(people, "orders.provisioned", order, at=at, url=url, except_for=by)
    return order


def _room(
    order: Order,
    room_id: int,
    starts_at: datetime | None,
    ends_at: datetime | None,
    *,
    by: Person,
    at: datetime,
) -> Booking:
    if starts_at is None or ends_at is None:
        raise Refused(_("约房间要写明从几点到几点。"))
    return venues.book(
        room_id=room_id, title=order.short_number, starts_at=starts_at, ends_at=ends_at, by=by, at=at
    )


@transaction.atomic
def schedule(*, order_id: int, starts_at: datetime, ends_at: datetime, by: Person, at: datetime) -> Order:
    """Agree on when; may be agreed anew until the service begins. The resident is told.

    Refused when a volunteer on this order already serves another at that time. Raises Denied, Refused.
    """
    order = _life.locked(order_id)
    if not rules.may_schedule(by, order):
        raise Denied
    LIFE.step("schedule", order.state)
    if order.state == S.ACCEPTED and setting("orders.steps") == 5:
        raise Refused(_("请先配单，再约时间。"))
    if not at - timedelta(minutes=5) <= starts_at < ends_at <= starts_at + LONGEST:
        raise Refused(_("请检查时间：要在现在以后，结束晚于开始，一次不超过 12 小时。"))
    assert order.current is not None  # orders_order_in_hand_has_a_dispatch
    going = list(order.current.members.values_list("id", flat=True))
    if order.current.volunteer_id is not None:
        going.append(order.current.volunteer_id)
    check_free(going, order, starts_at, ends_at)
    when = _life.spoken(starts_at)
    _life.advance(
        order,
        "schedule",
        by=by,
        at=at,
        note=when,
        actor=_life.holder_name(order),
        starts_at=starts_at,
        ends_at=ends_at,
    )
    _life.tell_resident(order, "orders.scheduled", by=by, at=at, when=when, who=_life.holder_name(order))
    return order


@transaction.atomic
def start(*, order_id: int, by: Person, at: datetime) -> Order:
    """The service begins now. Raises Denied, Refused."""
    order = _life.locked(order_id)
    if not rules.may_start(by, order):
        raise Denied
    LIFE.step("start", order.state)
    assert order.current is not None  # orders_order_in_hand_has_a_dispatch
    Visit.objects.create(order=order, dispatch=order.current, started_at=at, started_by=by)
    _life.advance(order, "start", by=by, at=at, actor=_life.holder_name(order))
    return order


@transaction.atomic
def finish(*, order_id: int, summary: str, by: Person, at: datetime) -> Order:
    """The service ends, told in two lines; the resident is asked for her review.

    Where the order did not come over the web nobody may be able to press a button for it: a call-back is
    opened, so that a clerk asks by telephone. Raises Denied, Refused.
    """
    order = _life.locked(order_id)
    if not rules.may_finish(by, order):
        raise Denied
    LIFE.step("finish", order.state)
    if not summary.strip():
        raise Refused(_("请用两句话说说做了什么。"))
    Visit.objects.filter(order=order, finished_at=None).update(
        finished_at=at, finished_by=by, summary=summary.strip()[:200]
    )
    assert order.current is not None  # orders_order_in_hand_has_a_dispatch
    Dispatch.objects.filter(pk=order.current.pk).update(state=DispatchState.DONE)
    _life.advance(order, "finish", by=by, at=at, actor=_life.holder_name(order), note=summary.strip()[:200])
    _life.tell_resident(order, "orders.served", by=by, at=at)
    if order.channel != Channel.WEB:
        open_callback(order, CallBackReason.PHONE_ORDER, at=at)
    return order


def open_callback(order: Order, reason: str, *, at: datetime) -> None:
    """Owe the resident a call, once per reason."""
    CallBack.objects.get_or_create(
        order=order,
        reason=reason,
        called_at=None,
        defaults={"opened_at": at, "due_at": _life.working(at, "orders.callback_hours")},
    )
