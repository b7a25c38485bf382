"""V2 接单: what a volunteer could take of her own accord, near her, by what she can do.

Shown before she takes an order: the service, the village, the wished time. Never who asks, nor what was said.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from civic.access.queries import setting
from civic.orders.models import Dispatch, Order, OrderQuerySet, Ruling
from civic.orders.models.matching import RulingKind
from civic.orders.models.menu import DispatchMode
from civic.orders.states import DispatchState, OrderState
from civic.places.models import within
from civic.places.positions import positions
from civic.volunteers.models import Volunteer

MOST = 200  # of a county's waiting orders, the longest waiting first; a page shows the nearest of them
SHOWN = 30
ROW = (
    "number", "is_urgent", "state", "placed_at", "wanted_on", "wanted_half", "where", "place__name",
    "place__parent__name", "place__path", "item__name", "item__minutes",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Near:
    """An order and how far it is from where the volunteer lives, as the crow flies."""

    order: Order
    km: float
    is_estimated: bool


def may_be_taken() -> bool:
    """Whether the city lets volunteers take orders by themselves."""
    return bool(setting("matching.volunteers_may_take"))


def takeable(volunteer: Volunteer) -> OrderQuerySet:
    """Orders of her county that wait for somebody with her skills; not her own, and none she said no to."""
    county = "".join(f"{part}/" for part in volunteer.home.path.split("/")[:2])
    said_no = Dispatch.objects.filter(
        order=OuterRef("pk"), volunteer=volunteer, state__in=(DispatchState.DECLINED, DispatchState.LAPSED)
    )
    me = f"volunteer:{volunteer.pk}"
    standing = Ruling.objects.filter(order=OuterRef("pk"), lifted_at=None)
    return (
        Order.objects.filter(within([county], "place__path"), state=OrderState.SCREENED)
        .filter(item__skill__in=volunteer.skills.values("pk"))
        .exclude(item__category__dispatch_mode=DispatchMode.OFF)
        .exclude(resident=volunteer.person_id)
        .exclude(Exists(said_no))
        .exclude(Exists(standing.filter(kind=RulingKind.FORBID, target=me)))
        .exclude(Exists(standing.filter(kind=RulingKind.PIN).exclude(target=me)))
    )


def near(volunteer: Volunteer) -> list[Near]:
    """What she could take, the nearest first, equals by number."""
    orders = takeable(volunteer).select_related("place__parent", "item").only(*ROW)
    rows = list(orders.order_by("placed_at", "pk")[:MOST])
    points = positions({volunteer.home_id, *(order.place_id for order in rows)})
    home = points[volunteer.home_id]
    found = [
        Near(order, round(there.km_to(home), 1), there.is_estimated or home.is_estimated)
        for order in rows
        for there in [points[order.place_id]]
    ]
    return sorted(found, key=lambda one: (one.km, one.order.number))[:SHOWN]


def invitations(volunteer: Volunteer, now: datetime) -> list[Dispatch]:
    """What she is asked right now, the first to end first; what has run out is not asked any more."""
    found = Dispatch.objects.filter(volunteer=volunteer, state=DispatchState.OFFERED)
    rows = found.select_related("order__place__parent", "order__item").order_by("answer_by", "pk")
    return [one for one in rows if one.answer_by is None or one.answer_by > now]
