"""The desk's reading: the month, one fair, stalls, fixed days."""

from dataclasses import dataclass, field
from datetime import date, time
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, IntegerField, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from civic.access.models import CalendarDay
from civic.access.queries import paths_reached
from civic.access.roles import Permission
from civic.fairs import days
from civic.fairs.models import Fair, RecurringDay, Stall, StallKind, StallSession
from civic.fairs.states import FairState
from civic.places import queries as places
from civic.places.models import Place, within
from civic.volunteers.models import Team, Volunteer
from civic.volunteers.states import MembershipState

if TYPE_CHECKING:
    from civic.people.models import Person

STANDING = Q(sessions__left_at=None)
MIDNIGHT = time(0)
MOST_FAIRS = 300
MOST_CHOICES = 300


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the month: what the calendar says, the fixed days that fall on it, and the fairs."""

    on: date
    mark: days.Mark
    fixed: list[RecurringDay] = field(default_factory=list)
    fairs: list[Fair] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Nothing falls on it."""
        return not self.fixed and not self.fairs


def counted(found: "QuerySet[Fair]") -> "QuerySet[Fair]":
    """With how many stalls stand there, and how many people they served."""
    return found.annotate(
        stall_count=Count("sessions", filter=STANDING),
        served_count=Coalesce(Sum("sessions__served_count", filter=STANDING), 0, output_field=IntegerField()),
    )


def fairs_reached(person: "Person | AnonymousUser", permission: str = Permission.FAIRS_SEE) -> QuerySet[Fair]:
    """Fairs at the places where she holds `permission`."""
    reached = within(paths_reached(person, permission), "place__path")
    return Fair.objects.filter(reached).select_related("place__parent", "venue")


def by_hand(first: date, last: date) -> dict[date, tuple[bool, str]]:
    """Days that the city's calendar sets itself: whether they are worked, and their name."""
    rows = CalendarDay.objects.filter(on__range=(first, last)).values_list("on", "is_working", "name")
    return {on: (works, name) for on, works, name in rows}


def month(person: "Person | AnonymousUser", first: date) -> list[Day]:
    """Every day of the month that begins with `first`, with fixed days and fairs in her reach."""
    every = days.days_of(first)
    begins, _midnight = days.span_on(first, MIDNIGHT, MIDNIGHT)
    ends, _midnight = days.span_on(days.next_month(first), MIDNIGHT, MIDNIGHT)
    found = counted(fairs_reached(person).filter(span__startswith__gte=begins, span__startswith__lt=ends))
    of_day: dict[date, list[Fair]] = {}
    for fair in found.order_by("span", "id")[:MOST_FAIRS]:
        of_day.setdefault(fair.span.lower.astimezone(days.ZONE).date(), []).append(fair)
    fixed = fixed_days(person)
    set_days = by_hand(every[0], every[-1])
    return [Day(day, days.mark_of(day, set_days), falling(fixed, day), of_day.get(day, [])) for day in every]


def falling(fixed: list[RecurringDay], day: date) -> list[RecurringDay]:
    """Those of the fixed days that fall on `day`."""
    return [one for one in fixed if days.falls_on(day, weekday=one.weekday, day_of_month=one.day_of_month)]


def fixed_days(
    person: "Person | AnonymousUser", permission: str = Permission.FAIRS_SEE
) -> list[RecurringDay]:
    """Standing fixed days of the places she reaches and of those above them."""
    tops = paths_reached(person, permission)
    above = {int(part) for top in tops for part in top.split("/") if part}
    found = RecurringDay.objects.filter(Q(place__in=above) | within(tops, "place__path"), dropped_at=None)
    return list(found.select_related("place").order_by("place__level_order", "-rhythm", "weekday", "id"))


def fixed_day_edited(person: "Person | AnonymousUser", fixed_day_id: int) -> RecurringDay | None:
    """A standing fixed day that she may end."""
    reached = within(paths_reached(person, Permission.FAIRS_EDIT), "place__path")
    found = RecurringDay.objects.filter(reached, pk=fixed_day_id, dropped_at=None)
    return found.select_related("place").first()


def fair_seen(person: "Person | AnonymousUser", fair_id: int, permission: str) -> Fair | None:
    """A fair in her reach with its counts."""
    found = fairs_reached(person, permission).select_related("fixed_day", "closed_by")
    return counted(found).filter(pk=fair_id).first()


def sessions(fair: Fair) -> list[StallSession]:
    """The stalls that stand at a fair, with team and named people."""
    found = fair.sessions.filter(left_at=None).select_related("stall__place", "team__leader")
    return list(found.prefetch_related("members__person").order_by("stall__title", "id"))


def session_edited(person: "Person | AnonymousUser", session_id: int) -> StallSession | None:
    """A standing stall of a fair that she arranges."""
    reached = within(paths_reached(person, Permission.FAIRS_EDIT), "fair__place__path")
    found = StallSession.objects.filter(reached, pk=session_id, left_at=None)
    return found.select_related("fair__place", "stall").first()


def stalls_for(fair: Fair) -> list[Stall]:
    """Stalls that could come to a fair: fixed ones of its place, mobile ones of the places around it.

    Those that stand elsewhere at that time are left out; so are those that are here already.
    """
    busy = StallSession.objects.filter(left_at=None, span__overlap=fair.span).values("stall_id")
    found = Stall.objects.filter(closed_at=None).exclude(pk__in=busy)
    fits = Q(kind=StallKind.FIXED, place=fair.place_id) | Q(
        kind=StallKind.MOBILE, place__in=fair.place.ancestor_ids
    )
    return list(found.filter(fits).select_related("team", "place").order_by("title", "id")[:MOST_CHOICES])


def stalls_reached(person: "Person | AnonymousUser") -> list[Stall]:
    """Standing stalls of the places she reaches, with how many fairs they stood at and whom they served."""
    reached = within(paths_reached(person, Permission.FAIRS_SEE), "place__path")
    held = STANDING & Q(sessions__fair__state=FairState.HELD)
    found = Stall.objects.filter(reached, closed_at=None).annotate(
        fair_count=Count("sessions", filter=held),
        served_count=Coalesce(Sum("sessions__served_count", filter=held), 0, output_field=IntegerField()),
    )
    return list(found.select_related("team", "place").order_by("kind", "title", "id")[:MOST_CHOICES])


def stall_edited(person: "Person | AnonymousUser", stall_id: int) -> Stall | None:
    """A standing stall that she may change."""
    reached = within(paths_reached(person, Permission.FAIRS_EDIT), "place__path")
    found = Stall.objects.filter(reached, pk=stall_id, closed_at=None)
    return found.select_related("team", "place").first()


def teams_for_stalls(person: "Person | AnonymousUser") -> list[Team]:
    """Standing teams of the places where she arranges fairs and of those above them."""
    tops = paths_reached(person, Permission.FAIRS_EDIT)
    above = {int(part) for top in tops for part in top.split("/") if part}
    found = Team.objects.filter(Q(place__in=above) | within(tops, "place__path"), closed_on=None)
    return list(found.select_related("place").order_by("name", "id")[:MOST_CHOICES])


def tops(person: "Person | AnonymousUser") -> list[Place]:
    """The uppermost places where she arranges fairs."""
    paths = paths_reached(person, Permission.FAIRS_EDIT)
    return list(Place.objects.valid().filter(path__in=paths).in_order())


def places_named(person: "Person | AnonymousUser", text: str) -> list[places.Spot]:
    """Places that the words may mean, where she arranges fairs."""
    found: dict[int, places.Spot] = {}
    for top in tops(person):
        for spot in places.search(text, top=top, limit=8):
            found.setdefault(spot.place.pk, spot)
    return list(found.values())[:8]


def members_of(session: StallSession) -> list[Volunteer]:
    """Who may be named for a stall: the standing members of its team."""
    if session.team_id is None:
        return []
    found = Volunteer.objects.filter(
        memberships__team=session.team_id, memberships__state=MembershipState.MEMBER
    )
    return list(found.select_related("person").order_by("id"))
