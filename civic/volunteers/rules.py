"""Who may found, change and lead teams."""

from civic.access.queries import reaches
from civic.access.roles import Permission
from civic.people.models import Person
from civic.volunteers.models import Membership, Team, Volunteer
from civic.volunteers.states import MembershipState


def may_edit_teams(person: Person, path: str) -> bool:
    """Staff who keep the teams of a subtree."""
    return reaches(person, Permission.TEAMS_EDIT, path)


def may_edit_team(person: Person, team: Team) -> bool:
    """Its leader, or such staff."""
    return team.leader_id == person.pk or may_edit_teams(person, team.place.path)


def may_decide(person: Person, membership: Membership) -> bool:
    """Let in, turn down, take off: the leader, or staff of the subtree."""
    return may_edit_team(person, membership.team)


def may_set_skills(person: Person, volunteer: Volunteer) -> bool:
    """The volunteer herself, or the leader of a team she is in."""
    if volunteer.person_id == person.pk:
        return True
    standing = Membership.objects.filter(volunteer=volunteer, state=MembershipState.MEMBER)
    return standing.filter(team__leader_id=person.pk).exists()
