import pytest

from civic.core.errors import Denied
from civic.volunteers import services
from civic.volunteers.tests.factories import SkillFactory
from tests.moments import NOON


@pytest.mark.parametrize("who", ["wang", "li", "institute_clerk"])
def test_she_herself_and_who_leads_her_say_what_she_can(team, wang, request, who):
    skill = SkillFactory()
    by = request.getfixturevalue(who)
    services.set_skills(volunteer_id=wang.volunteer.pk, skill_ids=[skill.pk], by=by, at=NOON)
    assert list(wang.volunteer.skills.all()) == [skill]


@pytest.mark.parametrize("who", ["zhang", "stranger", "supervisor"])
def test_others_are_denied(team, wang, request, who):
    with pytest.raises(Denied):
        services.set_skills(
            volunteer_id=wang.volunteer.pk, skill_ids=[], by=request.getfixturevalue(who), at=NOON
        )


def test_a_leader_of_a_team_she_left_no_longer_says(team, wang, li):
    services.leave(membership_id=team.memberships.get(volunteer__person=wang).pk, by=wang, at=NOON)
    with pytest.raises(Denied):
        services.set_skills(volunteer_id=wang.volunteer.pk, skill_ids=[], by=li, at=NOON)
