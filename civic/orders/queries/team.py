"""What a team's leader, its members and an invited volunteer see: only orders that were handed to them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import NamedTuple

from django.db.models import F, Q
from django.utils import timezone

from civic.core.rows import run
from civic.orders.models import Dispatch, Order, OrderQuerySet
from civic.orders.queries.keyset import PAGE_ROWS, Page, mark_of, page_of
from civic.orders.states import DispatchState, OrderState
from civic.people.models import Person
from civic.volunteers.models import Team, Volunteer
from civic.volunteers.states import MembershipState

S = OrderState
# The teams she leads, her number as a volunteer, and the orders she is asked for, alone or beside others.
HOLDS = """
WITH mine AS (
    SELECT ARRAY(SELECT id FROM volunteers_team WHERE leader_id = %s) AS led,
           (SELECT id FROM volunteers_volunteer WHERE person_id = %s) AS volunteer
)
SELECT led, volunteer, ARRAY(
    SELECT order_id FROM orders_dispatch
    WHERE state = 'offered' AND (team_id = ANY (led) OR volunteer_id = volunteer)
)
FROM mine
"""
# The resident's phone and door are open to whoever accepted, until the service has ended.
CONTACT_STATES = (S.ACCEPTED, S.PROVISIONED, S.SCHEDULED, S.IN_SERVICE)
AHEAD = (S.DISPATCHED, *CONTACT_STATES)
ROW = (
    "number", "words", "is_urgent", "state", "due_at", "placed_at", "wanted_on", "wanted_half", "starts_at",
    "ends_at", "where", "place__name", "place__parent__name", "item__name", "current__team__name",
    "current__volunteer_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Work:
    """T1: what needs the person today, and what is coming."""

    to_answer: list[Order]
    to_arrange: list[Order]
    today: list[Order]
    coming: list[Order]

    @property
    def is_empty(self) -> bool:
        """Nothing at all in hand."""
        return not (self.to_answer or self.to_arrange or self.today or self.coming)


def teams_led(person: Person) -> list[Team]:
    """The standing teams the person leads."""
    return list(
        Team.objects.filter(leader=person, closed_on=None).select_related("place").order_by("name", "pk")
    )


def handed_to(person: Person, held: "Held | None" = None) -> OrderQuerySet:
    """Orders handed to a team the person leads, to herself, or that name her; and what she is asked."""
    # Told apart beforehand: with the ways as sub-selects, planning took longer than the page.
    held = held or held_by(person)
    mine = Q(current__team__in=held.teams)
    if held.asked:
        mine |= Q(pk__in=held.asked)
    if held.volunteer is not None:
        named = Dispatch.members.through.objects.filter(volunteer=held.volunteer).values("dispatch")
        mine |= Q(current__volunteer=held.volunteer) | Q(current__in=named)
    return Order.objects.filter(mine)


class Held(NamedTuple):
    """What a person answers for: teams she leads, herself as a volunteer, orders that wait for her answer."""

    teams: list[int]
    volunteer: int | None
    asked: list[int]


def held_by(person: Person) -> Held:
    """What the person answers for, by keys."""
    return Held(*run(HOLDS, [person.pk, person.pk]).fetchone())


def work(person: Person, now: datetime) -> Work:
    """Everything in hand, sorted by what it asks of the person: answer, arrange, go today, go later."""
    local = timezone.get_current_timezone()
    midnight = datetime.combine(timezone.localdate(now) + timedelta(days=1), time.min, local)
    found = Work([], [], [], [])
    held = held_by(person)
    ahead = handed_to(person, held).filter(state__in=AHEAD)
    rows = _rows(ahead).order_by(F("due_at").asc(nulls_last=True), "pk")
    for order in as_asked(rows[:100], held):
        if order.state == S.DISPATCHED:
            found.to_answer.append(order)
        elif order.state in {S.ACCEPTED, S.PROVISIONED}:
            found.to_arrange.append(order)
        elif order.state == S.IN_SERVICE or (order.starts_at and order.starts_at < midnight):
            found.today.append(order)
        else:
            found.coming.append(order)
    return found


def as_asked(orders: Iterable[Order], held: Held) -> list[Order]:
    """The orders as a person sees them: of several offers, her own stands as the present dispatch."""
    found = list(orders)
    others = [order.pk for order in found if order.state == S.DISPATCHED and not _is_hers(order, held)]
    if not others:
        return found
    hers = Q(team__in=held.teams) | Q(volunteer=held.volunteer or 0)
    offers = Dispatch.objects.filter(hers, order__in=others, state=DispatchState.OFFERED)
    offer_of = {offer.order_id: offer for offer in offers.select_related("team__leader").order_by("pk")}
    for order in found:
        order.current = offer_of.get(order.pk, order.current)
    return found


def _is_hers(order: Order, held: Held) -> bool:
    offer = order.current
    return offer is not None and (
        offer.team_id in held.teams
        or (offer.volunteer_id is not None and offer.volunteer_id == held.volunteer)
    )


def done(person: Person, after: str = "") -> Page:
    """What has been served, the latest first."""
    orders = handed_to(person).filter(state__in=(S.SERVED, S.DISPUTED, S.REVIEWED, S.CLOSED))
    if mark := mark_of(after):
        placed_at, pk = mark
        orders = orders.filter(Q(placed_at__lt=placed_at) | Q(placed_at=placed_at, pk__lt=pk))
    rows = _rows(orders).select_related("review").only(*ROW, "review__grade").order_by("-placed_at", "-pk")
    return page_of(list(rows[: PAGE_ROWS + 1]), lambda order: order.placed_at)


def order_of_team(person: Person, held: Held | None = None) -> OrderQuerySet:
    """Orders that the person may open as whom they were handed to, with everything the page shows."""
    return handed_to(person, held).select_related(
        "place__parent__parent", "item__category", "resident", "venue", "current__team__leader",
        "current__team__place", "current__venue__place", "current__volunteer__person",
        "provision__booking__room", "review",
    )  # fmt: skip


def is_asked_beside(order: Order, offer: Dispatch) -> bool:
    """Whether others are asked for the same order at the same time, so that the first yes counts."""
    return (
        Dispatch.objects.filter(order=order, state=DispatchState.OFFERED).exclude(pk=offer.pk or 0).exists()
    )


def shows_contact(order: Order) -> bool:
    """Whether name, phone and door may be shown to whom the order was handed to: only after acceptance."""
    return order.state in CONTACT_STATES


def members_of(team: Team | None) -> list[Volunteer]:
    """Who may be sent: the members of the team, by name."""
    if team is None:
        return []
    found = Volunteer.objects.filter(
        memberships__team=team, memberships__state=MembershipState.MEMBER, left_at=None
    )
    return list(found.select_related("person").order_by("person__name", "pk").distinct())


def _rows(orders: OrderQuerySet) -> OrderQuerySet:
    return orders.select_related("place__parent", "item", "current__team").only(*ROW)
