"""What a clerk reads besides the queues: today's work, calls owed, opinions to answer."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from civic.access.queries import paths_reached
from civic.access.roles import Permission
from civic.orders.models import CallBack, Dispatch, Feedback, Order
from civic.orders.queries.desk import rows_of
from civic.orders.queries.keyset import PAGE_ROWS, Page, mark_of, page_of
from civic.orders.states import DispatchState, OrderState
from civic.people.models import Person
from civic.people.queries import by_phone
from civic.places import queries as places
from civic.places.models import Level, Place, within
from civic.venues.models import Booking, Room

P = Permission
S = OrderState


def calls_owed(person: Person) -> QuerySet[CallBack]:
    """Call-backs not yet made in the person's reach."""
    paths = paths_reached(person, P.ORDERS_CLOSE)
    return CallBack.objects.filter(within(paths, "order__place__path"), called_at=None)


def calls(person: Person, after: str = "") -> Page:
    """One page of the call list, the most pressing first."""
    found = calls_owed(person)
    if mark := mark_of(after):
        due_at, pk = mark
        found = found.filter(Q(due_at__gt=due_at) | Q(due_at=due_at, pk__gt=pk))
    rows = found.select_related("order__place__parent", "order__item", "order__review").order_by(
        "due_at", "pk"
    )
    return page_of(list(rows[: PAGE_ROWS + 1]), lambda call: call.due_at)


def call_of(person: Person) -> QuerySet[CallBack]:
    """Call-backs the person may open, made or not."""
    paths = paths_reached(person, P.ORDERS_CLOSE)
    return CallBack.objects.filter(within(paths, "order__place__path")).select_related(
        "order__place__parent__parent", "order__item", "order__resident", "order__review", "called_by"
    )


def feedback_reached(person: Person) -> QuerySet[Feedback]:
    """What people said about the service in the person's reach."""
    paths = paths_reached(person, P.FEEDBACK_ANSWER)
    found = Feedback.objects.filter(within(paths, "place__path"))
    return found.select_related("place__parent", "order", "sent_by", "answered_by")


def feedback(person: Person, *, answered: bool, after: str = "") -> Page:
    """One page of opinions: the unanswered oldest first, or the answered latest first."""
    found = feedback_reached(person).filter(answered_at__isnull=not answered)
    if mark := mark_of(after):
        sent_at, pk = mark
        later = Q(sent_at__gt=sent_at) | Q(sent_at=sent_at, pk__gt=pk)
        earlier = Q(sent_at__lt=sent_at) | Q(sent_at=sent_at, pk__lt=pk)
        found = found.filter(earlier if answered else later)
    found = found.order_by("-sent_at", "-pk") if answered else found.order_by("sent_at", "pk")
    return page_of(list(found[: PAGE_ROWS + 1]), lambda one: one.sent_at)


def today(person: Person, now: datetime, limit: int = 60) -> list[Order]:
    """S1: what waits for this clerk herself, by deadline.

    Orders to take in; offered to her site; to make ready, to agree a time for, to begin or end today; and
    those sent back that the resident cannot mend online.
    """
    midnight = datetime.combine(
        timezone.localdate(now) + timedelta(days=1), time.min, timezone.get_current_timezone()
    )
    mine = within(paths_reached(person, P.ORDERS_PROVISION), "place__path")
    hers = (
        (within(paths_reached(person, P.ORDERS_SCREEN), "place__path") & Q(state=S.SUBMITTED))
        | Q(pk__in=_offered_to_sites(person), state=S.DISPATCHED)
        | (mine & Q(state__in=(S.ACCEPTED, S.PROVISIONED, S.IN_SERVICE)))
        | (mine & Q(state=S.SCHEDULED, starts_at__lt=midnight))
        | (mine & Q(state=S.RETURNED) & ~Q(channel="web"))
    )
    found = rows_of(Order.objects.filter(hers))
    return list(found.order_by(F("due_at").asc(nulls_last=True), "pk")[:limit])


def _offered_to_sites(person: Person) -> "QuerySet[Dispatch, Any]":
    """Orders that a site of the person is asked for, alone or beside others."""
    sites = within(paths_reached(person, P.ORDERS_ACCEPT), "venue__place__path")
    return Dispatch.objects.filter(sites, state=DispatchState.OFFERED).values("order")


# --- Entering an order for somebody.

FEW_PLACES = 12


def places_for(person: Person, words: str, limit: int = 8) -> list[Place]:
    """Villages and townships where the person may enter orders: those that `words` may mean.

    All of them, without words, when they are few.
    """
    paths = paths_reached(person, P.ORDERS_PLACE)
    if not words.strip():
        few = Place.objects.valid().filter(within(paths), level=Level.VILLAGE).in_order()
        found = list(few.select_related("parent")[: FEW_PLACES + 1])
        return found if len(found) <= FEW_PLACES else []
    tops = list(Place.objects.filter(path__in=paths).order_by("path"))
    ids = [spot.place.pk for top in tops for spot in places.search(words, top=top, limit=limit)]
    rows = Place.objects.filter(pk__in=ids, level__in=(Level.VILLAGE, Level.TOWNSHIP)).select_related(
        "parent"
    )
    return sorted(rows.order_by("pk"), key=lambda one: ids.index(one.pk))[:limit]


@dataclass(frozen=True, slots=True)
class Known:
    """What a clerk may hear about the owner of a phone: nothing unless she is of the clerk's places."""

    person: Person
    is_ours: bool
    latest: list[Order]


def known_by_phone(clerk: Person, phone: str) -> Known | None:
    """The person with this phone and her latest orders, as far as the clerk's reach goes."""
    person = by_phone(phone)
    if person is None:
        return None
    paths = paths_reached(clerk, P.ORDERS_PLACE)
    orders = rows_of(Order.objects.filter(within(paths, "place__path"), resident=person))
    latest = list(orders.order_by("-pk")[:3])
    at_home = person.home is not None and any(person.home.path.startswith(path) for path in paths)
    return Known(person, bool(latest) or at_home, latest)


# --- Making ready.


def rooms_for(order: Order) -> list[Room]:
    """Rooms of the order's own station, institute and center, the nearest first."""
    near = Q(venue__place__in=order.place.ancestor_ids)
    if order.venue_id is not None:
        near |= Q(venue=order.venue_id)
    found = Room.objects.filter(near, closed_on=None, venue__closed_on=None)
    return list(found.select_related("venue").order_by("-venue__place__level_order", "venue__sort_key", "pk"))


def taken(rooms: list[Room], day: date) -> dict[int, list[Booking]]:
    """Bookings of each room on a day, by the hour; a room that is free all day has none."""
    begins = datetime.combine(day, time.min, timezone.get_current_timezone())
    found = Booking.objects.filter(
        room__in=rooms, cancelled_at=None, span__overlap=(begins, begins + timedelta(days=1))
    )
    by_room: dict[int, list[Booking]] = {}
    for booking in found.order_by("span", "pk"):
        by_room.setdefault(booking.room_id, []).append(booking)
    return by_room
