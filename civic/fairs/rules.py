"""Who may do what to fairs and stalls: who arranges them over the place, and the team behind the stall."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser

from civic.access.queries import reaches
from civic.access.roles import Permission
from civic.fairs.models import Fair, Siting, Stall, StallSession
from civic.places.models import Place
from civic.volunteers.states import MembershipState

if TYPE_CHECKING:
    from civic.people.models import Person


def may_plan(person: "Person | AnonymousUser", place: Place) -> bool:
    """Arrange fairs, stalls and fixed days at and below a place, and ask where to hold fairs there."""
    return reaches(person, Permission.FAIRS_EDIT, place.path)


def may_publish(person: "Person | AnonymousUser", fair: Fair) -> bool:
    """Make every move of a fair, change it, and say which stalls come."""
    return may_plan(person, fair.place)


may_start = may_close = may_cancel = may_publish


def may_edit_stall(person: "Person | AnonymousUser", stall: Stall) -> bool:
    """Describe a stall anew or close it."""
    return may_plan(person, stall.place)


def may_adopt(person: "Person | AnonymousUser", siting: Siting) -> bool:
    """Turn a proposal into fairs."""
    return may_plan(person, siting.place)


def may_tap(person: "Person | AnonymousUser", session: StallSession) -> bool:
    """Count people served, and say who stands at the stall: the team itself, or who arranges the fair."""
    return is_of_team(person, session) or may_plan(person, session.fair.place)


def is_of_team(person: "Person | AnonymousUser", session: StallSession) -> bool:
    """Whether she leads the team behind the stall, or is a member of it."""
    team = session.team
    if team is None or not person.is_authenticated:
        return False
    if team.leader_id == person.pk:
        return True
    standing = team.memberships.filter(state=MembershipState.MEMBER, volunteer__person_id=person.pk)
    return standing.exists()
