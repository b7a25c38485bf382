import pytest

from civic.core.errors import Denied, Refused
from civic.people.tests.factories import PersonFactory
from civic.volunteers import services
from civic.volunteers.models import Volunteer
from civic.volunteers.tests.factories import SkillFactory
from tests.moments import NOON


def register(person, home, by=None, skills=(), matching=True):
    return services.register_volunteer(
        person_id=person.pk,
        home_id=home.pk,
        skill_ids=[skill.pk for skill in skills],
        matching=matching,
        by=by or person,
        at=NOON,
    )


def test_a_resident_becomes_a_volunteer(zhang, fuqian):
    skill = SkillFactory()
    volunteer = register(zhang, fuqian, skills=[skill], matching=False)
    assert (volunteer.home, volunteer.matching, volunteer.registered_at) == (fuqian, False, NOON)
    assert list(volunteer.skills.all()) == [skill]


def test_registering_again_changes_home_and_skills_and_brings_back_who_left(zhang, fuqian, guhan):
    volunteer = register(zhang, fuqian, skills=[SkillFactory()])
    services.stop_volunteering(volunteer_id=volunteer.pk, by=zhang, at=NOON)
    again = register(zhang, guhan)
    assert (again.pk, again.home, again.left_at, again.skills.count()) == (volunteer.pk, guhan, None, 0)
    assert Volunteer.objects.count() == 1


@pytest.mark.parametrize("who", ["institute_clerk", "neighbour"])
def test_nobody_registers_somebody_else(zhang, fuqian, request, who):
    with pytest.raises(Denied):
        register(zhang, fuqian, by=request.getfixturevalue(who))


def test_a_closed_place_is_no_home(zhang, fuqian):
    type(fuqian).objects.filter(pk=fuqian.pk).update(valid_to="2026-01-01")
    with pytest.raises(Refused, match="重新选"):
        register(zhang, fuqian)


def test_she_alone_decides_whether_she_is_proposed(li, wang):
    volunteer = wang.volunteer
    assert not services.set_matching(volunteer_id=volunteer.pk, matching=False, by=wang, at=NOON).matching
    with pytest.raises(Denied):
        services.set_matching(volunteer_id=volunteer.pk, matching=True, by=li, at=NOON)


def test_who_stops_leaves_her_teams(team, wang):
    services.stop_volunteering(volunteer_id=wang.volunteer.pk, by=wang, at=NOON)
    membership = team.memberships.get(volunteer__person=wang)
    assert (membership.state, membership.left_at) == ("left", NOON)


def test_a_leader_hands_over_first_and_nobody_stops_for_another(team, li, wang):
    with pytest.raises(Refused, match="匠心家电"):
        services.stop_volunteering(volunteer_id=li.volunteer.pk, by=li, at=NOON)
    with pytest.raises(Denied):
        services.stop_volunteering(volunteer_id=wang.volunteer.pk, by=li, at=NOON)


def test_whoever_closes_the_account_is_forgotten_as_a_volunteer(team, wang):
    services.forget(person=wang, at=NOON)
    volunteer = Volunteer.objects.get(person=wang)
    assert (volunteer.left_at, volunteer.matching, volunteer.skills.count()) == (NOON, False, 0)
    assert team.memberships.get(volunteer=volunteer).state == "left"
    services.forget(person=PersonFactory(), at=NOON)
