"""Who may do what to teams and members: the leader of the team, and who manages teams over its place."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser

from civic.access.queries import reaches
from civic.access.roles import Permission
from civic.places.models import Place
from civic.volunteers.models import Membership, Team, Volunteer
from civic.volunteers.states import MembershipState

if TYPE_CHECKING:
    from civic.people.models import Person


def may_create_team(person: "Person | AnonymousUser", place: Place) -> bool:
    """Found a team at a place."""
    return reaches(person, Permission.TEAMS_EDIT, place.path)


def may_edit_team(person: "Person | AnonymousUser", team: Team) -> bool:
    """Change a team's name, kind and leader, or close it: not the leader's own business."""
    return reaches(person, Permission.TEAMS_EDIT, team.place.path)


def may_lead(person: "Person | AnonymousUser", team: Team) -> bool:
    """Decide about members: the leader, or who manages teams here."""
    return person.pk == team.leader_id or may_edit_team(person, team)


def may_describe_team(person: "Person | AnonymousUser", team: Team) -> bool:
    """Change the words and skills of a team."""
    return may_lead(person, team)


may_set_team_matching = may_describe_team


def may_approve(person: "Person | AnonymousUser", membership: Membership) -> bool:
    """Take somebody in."""
    return may_lead(person, membership.team)


may_turn_down = may_approve
may_remove = may_approve


def may_leave(person: "Person | AnonymousUser", membership: Membership) -> bool:
    """Leave a team, or take back the wish to join: only oneself."""
    return person.pk == membership.volunteer.person_id


def may_set_skills(person: "Person | AnonymousUser", volunteer: Volunteer) -> bool:
    """Say what somebody can do: she herself, or who leads a team she is in."""
    if person.pk == volunteer.person_id:
        return True
    standing = volunteer.memberships.filter(state=MembershipState.MEMBER).select_related("team__place")
    return any(may_lead(person, membership.team) for membership in standing.order_by("id"))
