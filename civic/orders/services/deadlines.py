"""What the clock does: urge, escalate, and end what nobody will end. Each is safe to repeat."""

from datetime import datetime, timedelta

from django.db import transaction

from civic.access.roles import Permission, roles_with
from civic.core.errors import Refused
from civic.orders.models import CallBack, Order
from civic.orders.services import _life, reviewing
from civic.orders.states import OPEN, OrderState
from civic.people.models import Person

S = OrderState
BATCH = 200
WITH_HOLDER = (S.DISPATCHED, S.ACCEPTED, S.PROVISIONED, S.SCHEDULED, S.IN_SERVICE)
# Who at the desk has the next move.
WITH_DESK = {
    S.SUBMITTED: Permission.ORDERS_SCREEN,
    S.SCREENED: Permission.ORDERS_DISPATCH,
    S.DISPUTED: Permission.ORDERS_CLOSE,
    S.REVIEWED: Permission.ORDERS_CLOSE,
}


def urge_overdue(*, at: datetime) -> int:
    """催办: remind, once per state, whoever keeps an order past its time; returns how many."""
    late = Order.objects.filter(state__in=(*WITH_HOLDER, *WITH_DESK), due_at__lt=at, urged_at=None)
    ids = list(late.order_by("due_at", "id").values_list("pk", flat=True)[:BATCH])
    return sum(_urge(pk, at=at) for pk in ids)


@transaction.atomic
def _urge(order_id: int, *, at: datetime) -> bool:
    order = _life.locked(order_id)
    if order.urged_at is not None or order.due_at is None or order.due_at >= at:
        return False  # moved on, or urged by another worker, since it was listed
    order.urged_at = at
    order.save(update_fields=["urged_at"])
    _life.record(order, "urge", by=None, at=at)
    url = f"/team/orders/{order.pk}/" if order.state in WITH_HOLDER else f"/desk/orders/{order.pk}/"
    people = _life.holders(order) if order.state in WITH_HOLDER else staff(order, WITH_DESK[S(order.state)])
    _life.tell(people, "orders.urged", order, at=at, url=url, when=_life.spoken(order.due_at))
    return True


def escalate_overdue(*, at: datetime) -> int:
    """升级: tell the center's head when an urged order still stands hours later; returns how many."""
    urged = Order.objects.filter(state__in=OPEN, urged_at__isnull=False, escalated_at=None)
    ids = list(urged.order_by("urged_at", "id").values_list("pk", flat=True)[:BATCH])
    return sum(_escalate(pk, at=at) for pk in ids)


@transaction.atomic
def _escalate(order_id: int, *, at: datetime) -> bool:
    order = _life.locked(order_id)
    if order.urged_at is None or order.escalated_at is not None:
        return False
    if _life.working(order.urged_at, "orders.escalate_after_hours") > at:
        return False
    order.escalated_at = at
    order.save(update_fields=["escalated_at"])
    _life.record(order, "escalate", by=None, at=at)
    heads = staff(order, Permission.FIGURES_SEE)
    who = _life.holder_name(order) or order.place.name
    _life.tell(heads, "orders.escalated", order, at=at, url=f"/desk/orders/{order.pk}/", who=who)
    return True


def staff(order: Order, permission: str) -> list[Person]:
    """Staff nearest to the order holding `permission`: of its village, else township, else county."""
    roles = roles_with(permission)
    for place_id in reversed(order.place.ancestor_ids):
        nearest = list(
            Person.objects.filter(
                grants__place_id=place_id,
                grants__role__in=roles,
                grants__revoked_at=None,
                is_active=True,
            )
            .order_by("id")
            .distinct()
        )
        if nearest:
            return nearest
    return []


def lapse_unreviewed(*, at: datetime) -> int:
    """End served orders whose days for a review are over; returns how many."""
    over = Order.objects.filter(state=S.SERVED, due_at__lt=at).order_by("due_at", "id")
    ids = list(over.values_list("pk", flat=True)[:BATCH])
    return sum(_lapse(pk, at=at) for pk in ids)


def _lapse(order_id: int, *, at: datetime) -> bool:
    try:
        reviewing.lapse(order_id=order_id, at=at)
    except Refused:
        return False  # the review came after all, since it was listed
    return True


def close_quiet(*, at: datetime) -> int:
    """End orders reviewed a day ago to which no call is owed; returns how many."""
    owed = CallBack.objects.filter(called_at=None)
    quiet = (
        Order.objects.filter(state=S.REVIEWED, changed_at__lt=at - timedelta(days=1))
        .exclude(pk__in=owed.values("order_id"))
        .order_by("changed_at", "id")
    )
    ids = list(quiet.values_list("pk", flat=True)[:BATCH])
    return sum(_close_quietly(pk, at=at) for pk in ids)


@transaction.atomic
def _close_quietly(order_id: int, *, at: datetime) -> bool:
    order = _life.locked(order_id)
    if order.state != S.REVIEWED:
        return False  # closed by hand since it was listed
    _life.advance(order, "close", by=None, at=at)
    return True


def tick(*, at: datetime) -> dict[str, int]:
    """Everything the clock does, in one call for the worker; returns the counts."""
    return {
        "urged": urge_overdue(at=at),
        "escalated": escalate_overdue(at=at),
        "lapsed": lapse_unreviewed(at=at),
        "closed": close_quiet(at=at),
    }
