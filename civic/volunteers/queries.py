"""Reading volunteers, teams and their members."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.access.queries import paths_reached
from civic.access.roles import Permission
from civic.core import words
from civic.places import queries as places
from civic.places.models import Place, within
from civic.volunteers.models import Membership, Team, Volunteer
from civic.volunteers.states import MembershipState

if TYPE_CHECKING:
    from civic.people.models import Person

STANDING = (MembershipState.ASKED, MembershipState.MEMBER)
PAGE = 30


@dataclass(frozen=True, slots=True)
class Shown:
    """One team of a list, with the names of the places above it."""

    team: Team
    trail: str
    member_count: int


@dataclass(frozen=True, slots=True)
class Slice:
    """One page of a list; `next_cursor` is None at the end."""

    rows: list[Shown]
    next_cursor: int | None


def volunteer_of(person: "Person | AnonymousUser") -> Volunteer | None:
    """Her registration as a volunteer, unless she ended it."""
    if not person.is_authenticated:
        return None
    found = Volunteer.objects.filter(person_id=person.pk, left_at=None)
    return found.select_related("home").prefetch_related("skills").first()


def teams_led(person: "Person") -> list[Team]:
    """Standing teams she leads."""
    return list(
        Team.objects.filter(leader_id=person.pk, closed_on=None).select_related("place").order_by("id")
    )


def teams_at(place: Place, *, limit: int = 20) -> list[Shown]:
    """Standing teams that serve a place: of the place itself, then of those above it, then below it."""
    ground = Team.objects.filter(closed_on=None).filter(
        Q(place__in=place.ancestor_ids) | within([place.path], "place__path")
    )
    found = _counted(ground).order_by("-place__level_order", "name", "id")[:limit]
    return _shown(found)


def teams(*, under: Place | None = None, kind: str = "", text: str = "", after: int = 0) -> Slice:
    """Standing teams below a place (and those above that serve it), newest number first, by pages."""
    found = Team.objects.filter(closed_on=None)
    if under is not None:
        found = found.filter(Q(place__in=under.ancestor_ids) | within([under.path], "place__path"))
    if kind:
        found = found.filter(kind=kind)
    asked = words.fold(text)[:60]
    if asked:
        spots = [spot.place.path for spot in places.search(asked, limit=5)]
        found = found.filter(
            Q(name__icontains=asked) | Q(intro__icontains=asked) | within(spots, "place__path")
        )
    return _slice(found, after)


def teams_reached(
    person: "Person | AnonymousUser", *, kind: str = "", text: str = "", after: int = 0
) -> Slice:
    """Teams, closed ones too, that she manages, by pages."""
    reached = within(paths_reached(person, Permission.TEAMS_EDIT), "place__path")
    found = Team.objects.filter(reached)
    if kind:
        found = found.filter(kind=kind)
    asked = words.fold(text)[:60]
    if asked:
        found = found.filter(Q(name__icontains=asked) | Q(place__name__icontains=asked))
    return _slice(found, after)


def kind_counts(person: "Person | AnonymousUser") -> dict[str, int]:
    """How many standing teams of each kind she manages: the 8 and the N."""
    reached = within(paths_reached(person, Permission.TEAMS_EDIT), "place__path")
    rows = (
        Team.objects.filter(reached, closed_on=None).values("kind").annotate(n=Count("id")).order_by("kind")
    )
    return {row["kind"]: row["n"] for row in rows}


def team_file(team_id: int) -> Team | None:
    """A team with place, leader and skills."""
    return (
        Team.objects.filter(pk=team_id)
        .select_related("place", "leader", "parent")
        .prefetch_related("skills")
        .first()
    )


def members(team: Team, *, state: str = MembershipState.MEMBER) -> list[Membership]:
    """Members of a team with their persons and skills, the longest standing first."""
    return list(
        Membership.objects.filter(team=team, state=state)
        .select_related("volunteer__person", "volunteer__home", "team__place")
        .prefetch_related("volunteer__skills")
        .order_by("asked_at", "id")
    )


def membership_in(team: Team, person: "Person | AnonymousUser") -> Membership | None:
    """Her standing membership or wish to join."""
    if not person.is_authenticated:
        return None
    found = Membership.objects.filter(team=team, volunteer__person_id=person.pk, state__in=STANDING)
    return found.select_related("volunteer", "team").first()


def memberships_of(volunteer: Volunteer) -> list[Membership]:
    """Her standing memberships and wishes to join, with the teams."""
    found = volunteer.memberships.filter(state__in=STANDING, team__closed_on=None)
    return list(found.select_related("team__place").order_by("-state", "asked_at", "id"))


def own_data(person: "Person") -> list[dict[str, str]]:
    """What is kept about a person as a volunteer, as she would call it; for her own reading."""
    volunteer = Volunteer.objects.filter(person=person).select_related("home").first()
    if volunteer is None:
        return []
    rows = [
        {
            _("注册时间"): f"{timezone.localtime(volunteer.registered_at):%Y-%m-%d %H:%M}",
            _("服务地方"): volunteer.home.name,
            _("技能"): "、".join(volunteer.skills.order_by("id").values_list("name", flat=True)),
            _("自动推荐"): _("开") if volunteer.matching else _("关"),
        }
    ]
    for membership in volunteer.memberships.select_related("team").order_by("id"):
        asked = f"{timezone.localtime(membership.asked_at):%Y-%m-%d}"
        rows.append(
            {_("队伍"): membership.team.name, _("状态"): membership.get_state_display(), _("申请"): asked}
        )
    return rows


# --- Their parts.


def _counted(found: QuerySet[Team]) -> QuerySet[Team]:
    standing = Count("memberships", filter=Q(memberships__state=MembershipState.MEMBER))
    return found.select_related("place").annotate(member_count=standing)


def _slice(found: QuerySet[Team], after: int) -> Slice:
    if after:
        found = found.filter(pk__lt=after)
    rows = list(_counted(found).order_by("-id")[: PAGE + 1])
    shown = _shown(rows[:PAGE])
    return Slice(shown, rows[PAGE - 1].pk if len(rows) > PAGE else None)


def _shown(found: Iterable[Team]) -> list[Shown]:
    rows = list(found)
    trails = {spot.place.pk: spot for spot in places.spots(team.place for team in rows)}
    return [
        Shown(
            team,
            " ".join([*(above.name for above in trails[team.place_id].above), team.place.name]),
            team.member_count,  # type: ignore[attr-defined]
        )
        for team in rows
    ]
