import pytest

from civic.core.errors import Denied, Refused
from civic.journal.models import Entry
from civic.volunteers import services
from tests.moments import NOON


@pytest.fixture
def membership(team, wang):
    return team.memberships.get(volunteer__person=wang)


def remove(membership, by, reason="半年没有参加"):
    return services.remove(membership_id=membership.pk, reason=reason, by=by, at=NOON)


@pytest.mark.parametrize("who", ["li", "institute_clerk"])
def test_a_member_is_taken_out_with_a_reason(membership, request, who):
    gone = remove(membership, request.getfixturevalue(who))
    assert (gone.state, gone.left_at) == ("left", NOON)
    assert Entry.objects.get(what="volunteers.remove").details["reason"] == "半年没有参加"


@pytest.mark.parametrize("who", ["wang", "stranger", "zhang"])
def test_others_are_denied(membership, request, who):
    with pytest.raises(Denied):
        remove(membership, request.getfixturevalue(who))


def test_a_reason_is_asked_for(membership, li):
    with pytest.raises(Refused, match="理由"):
        remove(membership, li, reason="  ")


def test_the_leader_stays(team, li, institute_clerk):
    with pytest.raises(Refused, match="队长不能离队"):
        remove(team.memberships.get(volunteer__person=li), institute_clerk)


def test_once_is_enough(membership, li):
    remove(membership, li)
    with pytest.raises(Refused):
        remove(membership, li)
