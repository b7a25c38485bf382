"""What every move shares: lock the row, step along the table, leave an event and a line, tell people."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from civic.access.queries import days_off, setting
from civic.core import rows
from civic.core.worktime import add_working_hours
from civic.journal import services as journal
from civic.notices import services as notices
from civic.orders.models import Dispatch, Event, Order
from civic.orders.queries.order import ORDER
from civic.orders.services import touches
from civic.orders.states import LIFE, DispatchState, OrderState
from civic.people.models import Person
from civic.places.models import Place

S = OrderState
# Working hours that a state may last, by the name of the city's setting.
HOURS = {
    S.SUBMITTED: "orders.screen_hours",
    S.SCREENED: "orders.dispatch_hours",
    S.DISPATCHED: "orders.accept_hours",
    S.ACCEPTED: "orders.provision_hours",
    S.PROVISIONED: "orders.schedule_hours",
    S.DISPUTED: "orders.callback_hours",
    S.REVIEWED: "orders.callback_hours",
}


def locked(order_id: int) -> Order:
    """The order, locked before its state is read, with what rules and words need.

    Two statements on purpose: a locking read that had to wait returns the new row of the order, but joined
    to the old rows of the other tables. What hangs on the dispatch is read when asked for.
    """
    with rows.together():
        rows.run("SELECT FROM orders_order WHERE id = %s FOR UPDATE", [order_id])
        return ORDER.get(order_id)


def working(at: datetime, key: str) -> datetime:
    """The instant `setting(key)` working hours after `at`, by the city's calendar."""
    return add_working_hours(at, setting(key), days_off())


def due_after(order: Order, at: datetime) -> datetime | None:
    """When the state just entered should have ended; None for an end and for the resident's own turn."""
    if order.state == S.SUBMITTED and order.is_urgent:
        return working(at, "orders.urgent_screen_hours")
    if order.state in HOURS:
        return working(at, HOURS[S(order.state)])
    if order.state in {S.SCHEDULED, S.IN_SERVICE}:
        return order.ends_at
    if order.state == S.SERVED:
        return at + timedelta(days=setting("orders.review_days"))
    return None


def advance(
    order: Order,
    move: str,
    *,
    by: Person | None,
    at: datetime,
    note: str = "",
    actor: str = "",
    **fields: Any,
) -> None:
    """Step the locked order along `move` with `fields`, and leave its event and its journal line.

    Raises Refused when the table has no such step. `actor` is how the timeline names who did it.
    """
    was = order.state
    order.state = LIFE.step(move, order.state)
    for name, value in fields.items():
        setattr(order, name, value)
    order.due_at = due_after(order, at)
    order.urged_at = order.escalated_at = None
    order.changed_at = at
    with rows.together():
        rows.update(order, "state", "due_at", "urged_at", "escalated_at", "changed_at", *fields)
        record(order, move, by=by, at=at, note=note, actor=actor, was=was)
        touch(order)


def touch(order: Order) -> None:
    """Tell the engine that the order, or who has it, is not what it was; within the caller's transaction."""
    touches.touch(f"order:{order.pk}")


def record(
    order: Order,
    what: str,
    *,
    by: Person | None,
    at: datetime,
    note: str = "",
    actor: str = "",
    is_internal: bool = False,
    **details: Any,
) -> None:
    """Leave an event on the timeline and a line in the journal."""
    behalf = _on_behalf_of(order, what, by)
    event = Event(
        order=order,
        at=at,
        by=by,
        on_behalf_of=behalf,
        what=what,
        state=order.state,
        note=note[:300],
        actor=actor,
        is_internal=is_internal,
    )
    with rows.together():
        rows.add(event)
        journal.write(
            at=at,
            by=by,
            what=f"orders.{what}",
            about=order,
            place_path=order.place.path,
            on_behalf_of=behalf,
            number=order.number,
            **details,
        )


# Moves that belong to the resident: staff who make them act on her behalf.
FOR_RESIDENT = frozenset({"place", "repair", "change_time", "withdraw", "review", "dispute"})


def _on_behalf_of(order: Order, what: str, by: Person | None) -> Person | None:
    acts_for_her = by is not None and by.pk != order.resident_id and what in FOR_RESIDENT
    return order.resident if acts_for_her else None


def tell(
    people: Iterable[Person | None],
    kind: str,
    order: Order,
    *,
    at: datetime,
    url: str,
    except_for: Person | None = None,
    **params: Any,
) -> None:
    """Queue a notice about the order to each of `people` once, never to whoever caused it."""
    seen = {except_for.pk} if except_for else set()
    for person in people:
        if person is None or person.pk in seen:
            continue
        seen.add(person.pk)
        notices.queue(
            to=person,
            kind=kind,
            about=order,
            at=at,
            url=url,
            number=order.short_number,
            item=order.item.name if order.item else "",
            **params,
        )


def spoken(moment: datetime | None) -> str:
    """An instant as a message says it: 11月20日 18:00; nothing for none."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def tell_resident(order: Order, kind: str, *, by: Person | None, at: datetime, **params: Any) -> None:
    """Queue a notice to the resident, unless she caused it."""
    tell([order.resident], kind, order, at=at, url=f"/my/orders/{order.pk}/", except_for=by, **params)


def holders(order: Order) -> list[Person]:
    """Whom the order was handed to; while several are asked, all of them."""
    if order.state == S.DISPATCHED:
        return [person for offer in offers_of(order) for person in holders_of(offer)]
    return holders_of(order.current) if order.current is not None else []


def offers_of(order: Order) -> list[Dispatch]:
    """The offers of the order that wait for an answer, the latest first."""
    offers = Dispatch.objects.filter(order=order, state=DispatchState.OFFERED)
    return list(offers.select_related("team__leader", "venue__place", "volunteer__person").order_by("-pk"))


def holders_of(dispatch: Dispatch) -> list[Person]:
    """Who answers for a dispatch: the team's leader, the volunteer, or the clerks of the site."""
    if dispatch.team is not None:
        return [dispatch.team.leader]
    if dispatch.volunteer is not None:
        return [dispatch.volunteer.person]
    return clerks_at(dispatch.venue.place) if dispatch.venue else []


def clerks_at(place: Place) -> list[Person]:
    """Persons with a standing grant on exactly this place: its own clerks."""
    return list(
        Person.objects.filter(grants__place=place, grants__revoked_at=None, is_active=True)
        .order_by("id")
        .distinct()
    )


def holder_name(order: Order) -> str:
    """How residents read who holds the order; nothing for nobody."""
    return name_of(order.current) if order.current is not None else ""


def name_of(dispatch: Dispatch) -> str:
    """How residents read whom a dispatch is for: 「匠心家电」, the site, or a masked volunteer."""
    if dispatch.team is not None:
        return f"「{dispatch.team.name}」"
    if dispatch.venue is not None:
        return dispatch.venue.name
    assert dispatch.volunteer is not None  # orders_dispatch_to_exactly_one
    return f"{dispatch.volunteer.person.name[:1]}师傅"
