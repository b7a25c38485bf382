import pytest

from civic.core.errors import Denied, Refused
from civic.volunteers import services
from civic.volunteers.tests.factories import VolunteerFactory
from tests.moments import NOON


def leave(membership, by):
    return services.leave(membership_id=membership.pk, by=by, at=NOON)


def test_a_member_leaves(team, wang):
    gone = leave(team.memberships.get(volunteer__person=wang), wang)
    assert (gone.state, gone.left_at) == ("left", NOON)


def test_a_wish_is_taken_back(team, fuqian):
    person = VolunteerFactory(home=fuqian).person
    assert leave(services.join(team_id=team.pk, by=person, at=NOON), person).state == "left"


@pytest.mark.parametrize("who", ["li", "institute_clerk", "zhang"])
def test_nobody_leaves_for_another(team, wang, request, who):
    with pytest.raises(Denied):
        leave(team.memberships.get(volunteer__person=wang), request.getfixturevalue(who))


def test_the_leader_hands_over_first(team, li):
    with pytest.raises(Refused, match="先换队长"):
        leave(team.memberships.get(volunteer__person=li), li)


def test_once_is_enough(team, wang):
    membership = team.memberships.get(volunteer__person=wang)
    leave(membership, wang)
    with pytest.raises(Refused):
        leave(membership, wang)
