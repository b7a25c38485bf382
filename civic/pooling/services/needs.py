"""What a round gathers of needs: orders that wait, and what sites say is wanted in their villages."""

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from civic.core.errors import Denied, Refused
from civic.orders.models import Item, Order
from civic.orders.models.order import HalfDay
from civic.orders.states import OrderState
from civic.people.models import Person
from civic.places.models import Place
from civic.pooling import rules
from civic.pooling.models import Half, Need, Pool, Priority, Stop
from civic.pooling.queries.day import day_of
from civic.pooling.services import _round

MOST_NEEDS = 80  # of one round; more are better told as two days
HALVES = {HalfDay.MORNING: Half.MORNING, HalfDay.AFTERNOON: Half.AFTERNOON, HalfDay.EVENING: Half.AFTERNOON}


@transaction.atomic
def add_orders(*, pool_id: int, order_ids: Collection[int], by: Person, at: datetime) -> int:
    """Let orders that wait to be handed out wait in the round instead; returns how many.

    Only orders of the area; one that waits in another round, or was handed out meanwhile, refuses them all.
    Raises Denied, Refused.
    """
    pool = _round.locked(pool_id)
    if not rules.may_edit(by, pool):
        raise Denied
    _round.gathering(pool)
    found = Order.objects.select_for_update(of=("self",)).select_related("place", "item")
    orders = list(found.filter(pk__in=order_ids).order_by("id"))
    if not orders:
        raise Refused(_("请至少选一单。"))
    if any(order.state != OrderState.SCREENED or not _is_in(pool, order.place) for order in orders):
        raise Refused(_("选的单里有的刚刚派出或撤了，请再选一次。"))
    _room_for(pool, len(orders))
    try:
        with transaction.atomic():
            Need.objects.bulk_create([_need_of(order, pool, by, at) for order in orders])
    except IntegrityError:
        raise Refused(_("选的单里有的已经在拼单里了，请再选一次。")) from None
    _round.changed(pool)
    _round.record(pool, "add_orders", by=by, at=at, count=len(orders))
    return len(orders)


def _need_of(order: Order, pool: Pool, by: Person, at: datetime) -> Need:
    assert order.item is not None  # orders_order_screened_has_item
    return Need(
        pool=pool,
        place=order.place,
        order=order,
        item=order.item,
        minutes=max(10, min(order.item.minutes, 240)),
        half=HALVES.get(HalfDay(order.wanted_half), Half.ANY),
        priority=Priority.HIGH if order.is_urgent else Priority.PLAIN,
        asked_at=at,
        asked_by=by,
    )


@transaction.atomic
def add_need(
    *,
    pool_id: int,
    place_id: int,
    item_id: int,
    minutes: int,
    half: str,
    people: int,
    priority: int,
    words: str,
    by: Person,
    at: datetime,
) -> Need:
    """A site says what its village waits for; priority is for the dispatcher. Raises Denied, Refused."""
    pool = _round.locked(pool_id)
    place = Place.objects.valid().filter(pk=place_id).first()
    if place is None or not rules.may_speak_for(by, pool, place):
        raise Denied
    _round.gathering(pool)
    item = _item_for(pool, place, item_id)
    _fits(pool, minutes, people)
    need = Need.objects.create(
        pool=pool,
        place=place,
        item=item,
        minutes=minutes,
        half=Half(half),
        people=people,
        priority=Priority(priority) if rules.may_edit(by, pool) else Priority.PLAIN,
        words=words.strip()[:100],
        asked_at=at,
        asked_by=by,
    )
    _round.changed(pool)
    _round.record(pool, "add_need", by=by, at=at, item=item.pk)
    return need


@transaction.atomic
def remove_need(*, need_id: int, by: Person, at: datetime) -> Pool:
    """Take a need out of the round and off its tour, for its site or the desk. Raises Denied, Refused."""
    pool = _round.locked(Need.objects.get(pk=need_id).pool_id)
    need = Need.objects.select_related("place").get(pk=need_id)
    if not rules.may_speak_for(by, pool, need.place) or (
        need.order_id is not None and not rules.may_edit(by, pool)
    ):
        raise Denied
    _round.gathering(pool)
    if need.released_at is not None:
        raise Refused(_("这一项已经不在这一轮里了。"))
    tours = list(Stop.objects.filter(need=need).order_by("id").values_list("tour_id", flat=True))
    Stop.objects.filter(need=need).delete()
    need.released_at, need.released_by = at, by
    need.save(update_fields=["released_at", "released_by"])
    if tours:
        day = day_of(pool)
        _round.lay(day, [day.route(tour_id) for tour_id in tours])
    _round.changed(pool)
    _round.record(pool, "remove_need", by=by, at=at)
    return pool


def _item_for(pool: Pool, place: Place, item_id: int) -> Item:
    """The service, if it is on the menu and the place lies in the round."""
    item = Item.objects.filter(pk=item_id, withdrawn_on=None).first()
    if item is None or not _is_in(pool, place):
        raise Refused(_("这项服务或这个地方现在选不了，请换一个。"))
    return item


def _fits(pool: Pool, minutes: int, people: int) -> None:
    if not 10 <= minutes <= 240 or not 1 <= people <= 5000:
        raise Refused(_("一站 10 到 240 分钟，人数从 1 人起。"))
    _room_for(pool, 1)


def _room_for(pool: Pool, more: int) -> None:
    if Need.objects.filter(pool=pool, released_at=None).count() + more > MOST_NEEDS:
        raise Refused(_("一轮最多 {n} 项，再多请另开一轮。").format(n=MOST_NEEDS))


def _is_in(pool: Pool, place: Place) -> bool:
    return place.path.startswith(pool.place.path)
