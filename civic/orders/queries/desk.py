"""What the desk reads: queues, one order, the ledger, who could do it. All within the clerk's reach."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from civic.access.queries import holds, paths_reached
from civic.access.roles import Permission
from civic.core.crypto import keyed_hash
from civic.core.rows import run
from civic.orders.candidates import TEAM, VENUE, VOLUNTEER, Candidate, Facts, Want, rank, weigh
from civic.orders.models import Claim, Dispatch, Event, Order, OrderQuerySet
from civic.orders.queries.keyset import PAGE_ROWS, Page, mark_of, page_of
from civic.orders.states import OPEN, STANDING, DispatchState, OrderState
from civic.orders.targets import Target
from civic.people.models import Person
from civic.places.models import Place, PlaceQuerySet, within
from civic.venues.models import STATUTORY, Venue
from civic.volunteers.models import Team, Volunteer

TEAM_ROWS = 40
VOLUNTEER_ROWS = 20
COUNT_CEILING = 100  # a tab says 99+; nobody needs the exact length of a long queue
PHONE_DIGITS = range(7, 13)

P = Permission
S = OrderState
# Somebody of the network is late; a resident who has not reviewed yet is not.
WAITING_FOR_US = (
    S.SUBMITTED, S.SCREENED, S.DISPATCHED, S.ACCEPTED, S.PROVISIONED, S.SCHEDULED, S.IN_SERVICE, S.DISPUTED,
)  # fmt: skip
QUEUES = {"screen": P.ORDERS_SCREEN, "dispatch": P.ORDERS_DISPATCH, "overdue": P.ORDERS_SEE}
ROW = (
    "number", "words", "channel", "is_urgent", "state", "due_at", "placed_at", "contact_name", "wanted_on",
    "wanted_half", "starts_at", "place__name", "place__parent__name", "item__name",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sieve:
    """The filters above a list; empty ones let everything through."""

    place_path: str = ""
    category_id: int | None = None
    urgent: bool = False
    words: str = ""


NO_SIEVE = Sieve()


def reached(person: Person, permission: str = P.ORDERS_SEE) -> OrderQuerySet:
    """Orders of the places where the person holds `permission`; none without a grant."""
    return Order.objects.filter(within(paths_reached(person, permission), "place__path"))


def open_queues(person: Person) -> list[str]:
    """The queues this person works at, by the permissions she holds."""
    return [name for name, permission in QUEUES.items() if holds(person, permission)]


def waiting(person: Person, which: str, now: datetime) -> OrderQuerySet:
    """The whole queue `which`, unordered."""
    orders = reached(person, QUEUES[which])
    if which == "screen":
        return orders.to_screen()
    if which == "dispatch":
        return orders.to_dispatch()
    return orders.filter(state__in=WAITING_FOR_US, due_at__lt=now)


def queue(person: Person, which: str, now: datetime, sieve: Sieve = NO_SIEVE, after: str = "") -> Page:
    """One page of a queue, the most pressing first."""
    orders = sifted(waiting(person, which, now), sieve, now)
    if mark := mark_of(after):
        due_at, pk = mark
        orders = orders.filter(Q(due_at__gt=due_at) | Q(due_at=due_at, pk__gt=pk))
    rows = rows_of(orders).order_by("due_at", "pk")[: PAGE_ROWS + 1]
    return page_of(list(rows), lambda order: order.due_at)


def counts(person: Person, now: datetime) -> dict[str, int]:
    """How many wait in each queue of the person; capped at COUNT_CEILING."""
    return {name: waiting(person, name, now)[:COUNT_CEILING].count() for name in open_queues(person)}


def next_due(person: Person, now: datetime, not_id: int | None = None) -> Order | None:
    """The order that the person should take next: overdue ones among what she can act on come first."""
    firsts = [
        waiting(person, name, now).exclude(pk=not_id or 0).only("due_at").order_by("due_at", "pk").first()
        for name in open_queues(person)
        if name != "overdue"
    ]
    return min((one for one in firsts if one), key=lambda one: (one.due_at or now, one.pk), default=None)


def ledger(person: Person, month: date, now: datetime, sieve: Sieve = NO_SIEVE, after: str = "") -> Page:
    """台账: one page of all orders placed in a month, the latest first."""
    first = datetime.combine(month.replace(day=1), time.min, timezone.get_current_timezone())
    following = datetime.combine(
        (month.replace(day=1) + timedelta(days=32)).replace(day=1), time.min, first.tzinfo
    )
    orders = reached(person).filter(placed_at__gte=first, placed_at__lt=following)
    orders = sifted(orders, sieve, now)
    if mark := mark_of(after):
        placed_at, pk = mark
        orders = orders.filter(Q(placed_at__lt=placed_at) | Q(placed_at=placed_at, pk__lt=pk))
    rows = rows_of(orders).order_by("-placed_at", "-pk")[: PAGE_ROWS + 1]
    return page_of(list(rows), lambda order: order.placed_at)


def found_by(person: Person, words: str, now: datetime) -> list[Order]:
    """Orders of any month by their number or the phone on them; the latest first, 50 at most."""
    orders = sifted(reached(person), Sieve(words=words), now)
    return list(rows_of(orders).order_by("-placed_at", "-pk")[:50])


def is_number_or_phone(words: str) -> bool:
    """Whether a search names one order or one phone, so that it may look beyond the month."""
    digits = words.replace(" ", "").replace("-", "")
    return digits.isdigit() and len(digits) >= PHONE_DIGITS.start


def sifted(orders: OrderQuerySet, sieve: Sieve, now: datetime) -> OrderQuerySet:
    """The orders that pass the filters. Words are a number, a phone, or part of an item's name."""
    if sieve.place_path:
        orders = orders.filter(within([sieve.place_path], "place__path"))
    if sieve.category_id:
        orders = orders.filter(item__category_id=sieve.category_id)
    if sieve.urgent:
        orders = orders.filter(is_urgent=True)
    words = sieve.words.replace(" ", "")
    if not words:
        return orders
    if not is_number_or_phone(words):
        return orders.filter(item__name__icontains=words)
    return orders.filter(
        Q(number__in=_numbers(words, now)) | Q(contact_phone_hash=keyed_hash(words, context="phone"))
    )


def _numbers(words: str, now: datetime) -> list[str]:
    """Full numbers that `1120-0037` may mean: this year's and last year's."""
    digits = words.replace("-", "")
    year = timezone.localdate(now).year
    if len(digits) == 12:
        return [f"{digits[:8]}-{digits[8:]}"]
    return [f"{year - back}{digits[:4]}-{digits[4:]}" for back in (0, 1)]


def rows_of(orders: OrderQuerySet) -> OrderQuerySet:
    """The orders with no more than a row of a list shows."""
    return orders.select_related("place__parent", "item").only(*ROW)


# --- One order.


def order_at_desk(person: Person, permission: str = P.ORDERS_SEE) -> OrderQuerySet:
    """Orders the person may open at the desk, with everything the page shows."""
    return reached(person, permission).select_related(
        "place__parent__parent", "item__category", "item__skill", "resident", "placed_by", "venue",
        "merged_into", "current__team__leader", "current__venue__place", "current__volunteer__person",
        "provision__booking__room", "review",
    )  # fmt: skip


def events_of(order: Order) -> list[Event]:
    """The whole timeline, what is internal to the network too."""
    return list(Event.objects.filter(order=order).select_related("by", "on_behalf_of").order_by("pk"))


def dispatches_of(order: Order) -> list[Dispatch]:
    """Every attempt, the latest first."""
    found = Dispatch.objects.filter(order=order).select_related("team", "venue", "volunteer__person")
    return list(found.prefetch_related("members__person").order_by("-pk"))


def similar(order: Order, person: Person) -> list[Order]:
    """Open orders in reach that may be the same matter: same item or none yet, same place or same phone."""
    near = Q(place_id=order.place_id)
    if order.contact_phone_hash:
        near |= Q(contact_phone_hash=order.contact_phone_hash)
    found = reached(person).filter(near, state__in=OPEN).exclude(pk=order.pk)
    if order.item_id is not None:
        found = found.filter(Q(item_id=order.item_id) | Q(item=None))
    return list(rows_of(found).order_by("-pk")[:8])


def places_to_choose(person: Person) -> PlaceQuerySet:
    """What the place filter offers: the person's own places and the level below."""
    tops = Place.objects.filter(path__in=paths_reached(person, P.ORDERS_SEE)).values("pk")
    return Place.objects.valid().filter(Q(pk__in=tops) | Q(parent__in=tops)).in_order()


# --- Who could do it.


def ranked(order: Order, *, but_current: bool = True) -> list[Candidate]:
    """Teams, venues and volunteers for the order, best first, each with its reasons.

    Teams of the county, the order's own station, institute and center, and volunteers of the township who
    know the trade and let themselves be proposed. Whoever holds the order now is left out.
    """
    skill = order.item.skill if order.item else None
    want = Want(order.place.path, skill.pk if skill else None, skill.name if skill else "")
    found = rank(want, [*_teams(order, want), *_venues(order), *_volunteers(order, want)])
    held = order.current
    now = (
        {("team", held.team_id), ("venue", held.venue_id), ("volunteer", held.volunteer_id)}
        if held
        else set()
    )
    return [one for one in found if not (but_current and (one.kind, one.id) in now)]


TEAM_FACTS = """
SELECT team.name, place.name, place.path, team.is_mobile, (SELECT name FROM volunteers_skill WHERE id = %s),
       EXISTS (SELECT FROM volunteers_team_skills WHERE team_id = team.id AND skill_id = %s),
       (SELECT count(*) FROM orders_dispatch WHERE team_id = team.id AND state = ANY(%s))
FROM volunteers_team team JOIN places_place place ON place.id = team.place_id
WHERE team.id = %s AND team.closed_on IS NULL
"""


def reasons_for(order: Order, target: Target) -> list[str]:
    """Why the list proposes `target` for the order, without ranking all the others when it is a team."""
    if target.kind != TEAM:
        return next((one.reasons for one in ranked(order) if one.target == str(target)), [])
    skill_id = order.item.skill_id if order.item else None
    found = run(TEAM_FACTS, [skill_id, skill_id, list(STANDING), target.id]).fetchone()
    if found is None:
        return []
    name, place, path, is_mobile, skill, able, in_hand = found
    knows = frozenset({skill_id} if able and skill_id else ())
    facts = Facts(TEAM, target.id, name, place, path, knows, in_hand=in_hand, is_mobile=is_mobile)
    return weigh(Want(order.place.path, skill_id, skill or ""), facts).reasons


def _top(order: Order, depth: int) -> str:
    return "".join(f"{part}/" for part in order.place.path.split("/")[:depth])


def _in_hand(kind: str) -> Coalesce:
    standing = Dispatch.objects.filter(**{kind: OuterRef("pk")}, state__in=STANDING).order_by()
    return Coalesce(Subquery(standing.values(kind).annotate(n=Count("pk")).values("n")), 0)


def _declined(kind: str, order: Order) -> Exists:
    return Exists(
        Dispatch.objects.filter(**{kind: OuterRef("pk")}, order=order, state=DispatchState.DECLINED)
    )


def _teams(order: Order, want: Want) -> list[Facts]:
    able = Exists(Team.skills.through.objects.filter(team_id=OuterRef("pk"), skill_id=want.skill_id or 0))
    rows = (
        Team.objects.filter(
            within([_top(order, 2)], "place__path")
            | Q(place__in=order.place.ancestor_ids)
            | Q(is_mobile=True)
        )
        .filter(closed_on=None)
        .annotate(able=able, in_hand=_in_hand("team"), declined=_declined("team", order))
        .filter(Q(able=True) | Q(place__in=order.place.ancestor_ids))
        .select_related("place")
        .order_by("-able", "pk")[:TEAM_ROWS]
    )
    return [
        Facts(
            TEAM, team.pk, team.name, team.place.name, team.place.path,
            skill_ids=frozenset({want.skill_id} if team.able and want.skill_id else ()),
            in_hand=team.in_hand, is_mobile=team.is_mobile, has_declined=team.declined,
        )
        for team in rows
    ]  # fmt: skip


def _venues(order: Order) -> list[Facts]:
    claims = Claim.objects.filter(venue=OuterRef("pk"), item_id=order.item_id or 0, dropped_at=None)
    rows = (
        Venue.objects.open()
        .filter(place__in=order.place.ancestor_ids, kind__in=STATUTORY)
        .annotate(claimed=Exists(claims), in_hand=_in_hand("venue"), declined=_declined("venue", order))
        .select_related("place")
        .order_by("pk")
    )
    return [
        Facts(
            VENUE, venue.pk, venue.name, venue.place.name, venue.place.path,
            has_claimed=venue.claimed, in_hand=venue.in_hand, has_declined=venue.declined,
        )
        for venue in rows
    ]  # fmt: skip


def _volunteers(order: Order, want: Want) -> list[Facts]:
    """Those who know the trade and let themselves be proposed; never the resident herself."""
    if want.skill_id is None:
        return []
    rows = (
        Volunteer.objects.filter(within([_top(order, 3)], "home__path"), skills=want.skill_id)
        .filter(matching=True, left_at=None, person__is_active=True)
        .exclude(person=order.resident_id)
        .annotate(in_hand=_in_hand("volunteer"), declined=_declined("volunteer", order))
        .select_related("home", "person")
        .order_by("pk")[:VOLUNTEER_ROWS]
    )
    return [
        Facts(
            VOLUNTEER, one.pk, one.person.name, one.home.name, one.home.path,
            skill_ids=frozenset({want.skill_id}), in_hand=one.in_hand, has_declined=one.declined,
        )
        for one in rows
    ]  # fmt: skip
