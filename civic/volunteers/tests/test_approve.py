import pytest

from civic.core.errors import Denied, Refused
from civic.journal.models import Entry
from civic.notices.models import Notice
from civic.volunteers import services
from civic.volunteers.tests.factories import VolunteerFactory
from tests.moments import NOON


@pytest.fixture
def asked(team, fuqian):
    return services.join(team_id=team.pk, by=VolunteerFactory(home=fuqian).person, at=NOON)


def approve(asked, by):
    return services.approve(membership_id=asked.pk, by=by, at=NOON)


@pytest.mark.parametrize("who", ["li", "institute_clerk", "dispatcher"])
def test_the_leader_and_those_who_manage_teams_decide(asked, request, who):
    by = request.getfixturevalue(who)
    membership = approve(asked, by)
    assert (membership.state, membership.decided_at, membership.decided_by) == ("member", NOON, by)
    notice = Notice.objects.get(person=asked.volunteer.person)
    assert (notice.kind, notice.params["who"]) == ("volunteers.approved", "匠心家电")
    assert Entry.objects.filter(what="volunteers.approve").count() == 1


@pytest.mark.parametrize("who", ["wang", "stranger", "station_clerk", "zhang", "supervisor"])
def test_others_are_denied(asked, request, who):
    with pytest.raises(Denied):
        approve(asked, request.getfixturevalue(who))


def test_she_does_not_decide_about_herself(asked):
    with pytest.raises(Denied):
        approve(asked, asked.volunteer.person)


def test_a_decision_is_made_once(asked, li):
    approve(asked, li)
    with pytest.raises(Refused):
        approve(asked, li)


def test_a_wish_taken_back_cannot_be_decided(asked, li):
    services.leave(membership_id=asked.pk, by=asked.volunteer.person, at=NOON)
    with pytest.raises(Refused):
        approve(asked, li)
