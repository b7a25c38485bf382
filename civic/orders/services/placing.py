"""The resident's side: place, repair, change the time, withdraw."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.access.queries import setting
from civic.core import rows
from civic.core.errors import Denied, Refused
from civic.orders import rules
from civic.orders.draft import Draft
from civic.orders.models import Attachment, Dispatch, Item, Order
from civic.orders.models.menu import ServiceMode
from civic.orders.models.order import Channel, HalfDay, Where
from civic.orders.services import _life
from civic.orders.services.numbering import next_number
from civic.orders.states import OPEN, STANDING, DispatchState, OrderState
from civic.people.models import Person
from civic.people.numbers import Wrong, any_phone
from civic.people.queries import phone_mark
from civic.places.models import Level, Place
from civic.venues.models import Venue

MAX_DAYS_AHEAD = 60
SWITCHES = "SELECT months FROM orders_switch WHERE item_id = %s AND place_id = ANY(%s)"
HELD = "SELECT count(*) FROM orders_order WHERE resident_id = %s AND state = ANY(%s)"

_place = rows.Reading(lambda: Place.objects.valid().filter(pk=0))
_item = rows.Reading(lambda: Item.objects.filter(pk=0, withdrawn_on=None))


@transaction.atomic
def place(*, draft: Draft, by: Person, at: datetime, resident: Person | None = None) -> Order:
    """Place an order for `by` herself or, entered by staff, for `resident`; it waits to be screened.

    Raises Denied when staff has no reach over the place, Refused with one sentence about whatever in the
    draft cannot be taken. No price exists anywhere in an order (domain §1.1).
    """
    resident = resident or by
    place = _place.first(draft.place_id)
    if place is None or place.level == Level.CITY:
        raise Refused(_("请先选一下在哪个村或社区。"))
    if resident.pk != by.pk and not rules.may_place_for(by, place.path):
        raise Denied
    item = _item_at(draft.item_id, place, at)
    phone = _phone(draft.contact_phone)
    _check(draft, item=item, phone=phone, by=by, resident=resident, at=at)
    order = _written(draft, item, phone)
    order.place, order.venue, order.resident = place, _venue(draft), resident
    order.number, order.placed_at, order.placed_by, order.changed_at = next_number(at=at), at, by, at
    order.due_at = _life.due_after(order, at)
    order.pk = rows.reserve(Order)
    with rows.together():
        rows.add(order)
        _life.record(order, "place", by=by, at=at, channel=order.channel)
    if draft.attachment_keys:
        Attachment.objects.filter(key__in=draft.attachment_keys, order=None).update(order=order)
    _life.tell_resident(order, "orders.placed", by=None, at=at, when=_life.spoken(order.due_at))
    return order


def _written(draft: Draft, item: Item | None, phone: str) -> Order:
    """What the draft says, as an order that nobody has placed yet."""
    return Order(
        item=item,
        words=draft.words.strip() or (item.name if item else ""),
        channel=draft.channel or Channel.WEB,
        contact_name=draft.contact_name.strip(),
        contact_phone=phone,
        contact_phone_hash=phone_mark(phone) if phone else "",
        where=draft.where,
        address=draft.address.strip() if draft.where == Where.HOME else "",
        wanted_on=draft.wanted_on,
        wanted_half=draft.wanted_half or HalfDay.ANY,
        is_urgent=draft.is_urgent,
    )


def _phone(text: str) -> str:
    try:
        return any_phone(text) if text.strip() else ""
    except Wrong as wrong:
        raise Refused(str(wrong)) from None


def _item_at(item_id: int | None, place: Place, at: datetime) -> Item | None:
    """The item, if the place offers it this month. Raises Refused when it does not."""
    if item_id is None:
        return None
    item = _item.first(item_id)
    if item is None:
        raise Refused(_("这项服务已经停了，请换一项，或者用自己的话说。"))
    month = str(timezone.localdate(at).month)
    if item.months and month not in item.months.split(","):
        raise Refused(_("这项服务这个月不开展，请换一项，或者用自己的话说。"))
    for (months,) in rows.run(SWITCHES, [item_id, place.ancestor_ids]):
        if month not in months.split(","):
            raise Refused(_("您所在的地方这个月不开展这项服务，请换一项，或者用自己的话说。"))
    return item


def _check(
    draft: Draft, *, item: Item | None, phone: str, by: Person, resident: Person, at: datetime
) -> None:
    if not draft.words.strip() and item is None:
        raise Refused(_("请说一说要办什么事。"))
    if not draft.contact_name.strip():
        raise Refused(_("请填联系人怎么称呼。"))
    if not phone and resident.pk == by.pk:
        raise Refused(_("请留一个电话，志愿者好跟您约时间。"))
    if draft.where not in Where.values:
        raise Refused(_("请选到家里来，还是您到站里去。"))
    if draft.where == Where.HOME and not draft.address.strip():
        raise Refused(_("请写一下门牌，志愿者好找到您家。"))
    if item is not None and item.mode != ServiceMode.EITHER and item.mode != draft.where:
        raise Refused(
            _("“%(item)s”只能%(mode)s，请改一下地点。") % {"item": item.name, "mode": item.get_mode_display()}
        )
    _check_day(draft.wanted_on, at)
    limit = setting("orders.open_orders_max")
    if resident.pk == by.pk and rows.run(HELD, [resident.pk, list(OPEN)]).fetchone()[0] >= limit:
        raise Refused(_("您还有 %(count)s 单没办完，等办完再点，或者先撤掉一单。") % {"count": limit})


def _check_day(day: date | None, at: datetime) -> None:
    today = timezone.localdate(at)
    if day is not None and not today <= day <= today + timedelta(days=MAX_DAYS_AHEAD):
        raise Refused(_("请选今天起 %(days)s 天以内的日子。") % {"days": MAX_DAYS_AHEAD})


def _venue(draft: Draft) -> Venue | None:
    if draft.where != Where.SITE or draft.venue_id is None:
        return None
    venue = Venue.objects.open().filter(pk=draft.venue_id).first()
    if venue is None:
        raise Refused(_("这个站点已经不开了，请换一个。"))
    return venue


@transaction.atomic
def repair(*, order_id: int, words: str, item_id: int | None, by: Person, at: datetime) -> Order:
    """Send an order back in after it was returned for repair. Raises Denied, Refused."""
    order = _life.locked(order_id)
    if not rules.may_repair(by, order):
        raise Denied
    if not words.strip():
        raise Refused(_("请把要补充的话写上。"))
    _life.advance(
        order, "repair", by=by, at=at, words=words.strip(), item=_item_at(item_id, order.place, at), reason=""
    )
    return order


@transaction.atomic
def change_time(
    *, order_id: int, wanted_on: date | None, wanted_half: str, by: Person, at: datetime
) -> Order:
    """Ask for another day while the service has not begun; whoever holds the order is told.

    A time already agreed stands until they agree on a new one. Raises Denied, Refused.
    """
    order = _life.locked(order_id)
    if not rules.may_change_time(by, order):
        raise Denied
    if order.state not in OPEN or order.state in {
        OrderState.IN_SERVICE, OrderState.SERVED, OrderState.DISPUTED, OrderState.REVIEWED,
    }:  # fmt: skip
        raise Refused(_("服务已经开始或结束，不能再改时间。"))
    _check_day(wanted_on, at)
    order.wanted_on, order.wanted_half, order.changed_at = wanted_on, wanted_half, at
    order.save(update_fields=["wanted_on", "wanted_half", "changed_at"])
    note = (
        f"{wanted_on:%m-%d} {order.get_wanted_half_display()}"
        if wanted_on
        else order.get_wanted_half_display()
    )
    _life.record(order, "change_time", by=by, at=at, note=note)
    _life.tell(
        _life.holders(order),
        "orders.time_asked",
        order,
        at=at,
        url=f"/team/orders/{order.pk}/",
        except_for=by,
        when=note,
    )
    return order


@transaction.atomic
def withdraw(*, order_id: int, reason: str, by: Person, at: datetime) -> Order:
    """The resident no longer needs it. Whoever was asked is told. Raises Denied, Refused."""
    order = _life.locked(order_id)
    if not rules.may_withdraw(by, order):
        raise Denied
    told = _life.holders(order)
    _life.advance(order, "withdraw", by=by, at=at, note=reason.strip(), current=None)
    Dispatch.objects.filter(order=order, state__in=STANDING).update(state=DispatchState.RECALLED)
    _life.tell(told, "orders.withdrawn", order, at=at, url="/team/", except_for=by)
    return order
