"""What a team's leader, its members and an invited volunteer see: only orders that were handed to them."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import F, Q
from django.utils import timezone

from civic.core.rows import run
from civic.orders.models import Dispatch, Order, OrderQuerySet
from civic.orders.queries.keyset import PAGE_ROWS, Page, mark_of, page_of
from civic.orders.states import OrderState
from civic.people.models import Person
from civic.volunteers.models import Team, Volunteer
from civic.volunteers.states import MembershipState

S = OrderState
HOLDS = """
SELECT ARRAY(SELECT id FROM volunteers_team WHERE leader_id = %s),
       (SELECT id FROM volunteers_volunteer WHERE person_id = %s)
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


def handed_to(person: Person) -> OrderQuerySet:
    """Orders whose present dispatch is to a team the person leads, to herself, or names her as a member."""
    # Told apart beforehand: with the three ways as sub-selects, planning took longer than the page.
    led, volunteer_id = run(HOLDS, [person.pk, person.pk]).fetchone()
    mine = Q(current__team__in=led)
    if volunteer_id is not None:
        named = Dispatch.members.through.objects.filter(volunteer=volunteer_id).values("dispatch")
        mine |= Q(current__volunteer=volunteer_id) | Q(current__in=named)
    return Order.objects.filter(mine)


def work(person: Person, now: datetime) -> Work:
    """Everything in hand, sorted by what it asks of the person: answer, arrange, go today, go later."""
    local = timezone.get_current_timezone()
    midnight = datetime.combine(timezone.localdate(now) + timedelta(days=1), time.min, local)
    found = Work([], [], [], [])
    rows = _rows(handed_to(person).filter(state__in=AHEAD)).order_by(F("due_at").asc(nulls_last=True), "pk")
    for order in rows[:100]:
        if order.state == S.DISPATCHED:
            found.to_answer.append(order)
        elif order.state in {S.ACCEPTED, S.PROVISIONED}:
            found.to_arrange.append(order)
        elif order.state == S.IN_SERVICE or (order.starts_at and order.starts_at < midnight):
            found.today.append(order)
        else:
            found.coming.append(order)
    return found


def done(person: Person, after: str = "") -> Page:
    """What has been served, the latest first."""
    orders = handed_to(person).filter(state__in=(S.SERVED, S.DISPUTED, S.REVIEWED, S.CLOSED))
    if mark := mark_of(after):
        placed_at, pk = mark
        orders = orders.filter(Q(placed_at__lt=placed_at) | Q(placed_at=placed_at, pk__lt=pk))
    rows = _rows(orders).select_related("review").only(*ROW, "review__grade").order_by("-placed_at", "-pk")
    return page_of(list(rows[: PAGE_ROWS + 1]), lambda order: order.placed_at)


def order_of_team(person: Person) -> OrderQuerySet:
    """Orders that the person may open as whom they were handed to, with everything the page shows."""
    return handed_to(person).select_related(
        "place__parent__parent", "item__category", "resident", "venue", "current__team__leader",
        "current__team__place", "current__venue__place", "current__volunteer__person",
        "provision__booking__room", "review",
    )  # fmt: skip


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
