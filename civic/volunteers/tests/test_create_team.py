import pytest

from civic.core.errors import Denied, Refused
from civic.people.tests.factories import PersonFactory
from civic.volunteers import services
from civic.volunteers.models import Team, TeamKind, TeamTier
from civic.volunteers.tests.factories import SkillFactory, VolunteerFactory
from tests.moments import NOON


def create(place, leader, by, name="银龄合唱团", **options):
    return services.create_team(
        name=name,
        kind=TeamKind.CULTURE_ARTS,
        place_id=place.pk,
        leader_id=leader.pk,
        by=by,
        at=NOON,
        **options,
    )


def test_a_team_is_founded_with_its_leader_as_first_member(guhan, li, institute_clerk):
    skill = SkillFactory()
    team = create(guhan, li, institute_clerk, skill_ids=[skill.pk], is_mobile=True, intro="唱老歌")
    assert (team.leader, team.is_mobile, team.founded_on) == (li, True, NOON.date())
    assert [m.volunteer.person for m in team.memberships.filter(state="member")] == [li]
    assert list(team.skills.all()) == [skill]


@pytest.mark.parametrize("who", ["stranger", "station_clerk", "zhang", "supervisor", "li"])
def test_others_are_denied(guhan, li, request, who):
    with pytest.raises(Denied):
        create(guhan, li, request.getfixturevalue(who))


def test_the_leader_must_be_a_volunteer(guhan, institute_clerk):
    with pytest.raises(Refused, match="注册"):
        create(guhan, PersonFactory(), institute_clerk)


@pytest.mark.parametrize(("name", "words"), [("匠心家电", "已经有叫"), ("  ", "请填写")])
def test_a_name_is_its_own(team, guhan, li, institute_clerk, name, words):
    with pytest.raises(Refused, match=words):
        create(guhan, li, institute_clerk, name=name)


def edit(team, by, leader, name="匠心家电"):
    return services.edit_team(
        team_id=team.pk,
        name=name,
        kind=TeamKind.SPECIAL,
        tier=TeamTier.BRIGADE,
        is_mobile=True,
        leader_id=leader.pk,
        by=by,
        at=NOON,
    )


def test_a_clerk_changes_the_leader_who_becomes_a_member(team, fuqian, institute_clerk):
    fresh = VolunteerFactory(home=fuqian)
    services.join(team_id=team.pk, by=fresh.person, at=NOON)
    edit(team, institute_clerk, fresh.person, name="匠心维修")
    team.refresh_from_db()
    assert (team.name, team.leader, team.tier) == ("匠心维修", fresh.person, "brigade")
    assert team.memberships.get(volunteer=fresh).state == "member"
    with pytest.raises(Denied):
        edit(team, fresh.person, fresh.person)


def test_what_is_not_changed_stays(team, li, institute_clerk):
    edit(team, institute_clerk, li)
    team.refresh_from_db()
    assert (team.name, team.leader, team.tier) == ("匠心家电", li, "brigade")
    assert team.memberships.count() == 1


def test_the_leader_describes_but_does_not_rename(team, li, wang):
    skill = SkillFactory()
    services.describe_team(team_id=team.pk, intro="修小家电", skill_ids=[skill.pk], by=li, at=NOON)
    team.refresh_from_db()
    assert (team.intro, list(team.skills.all())) == ("修小家电", [skill])
    with pytest.raises(Denied):
        services.describe_team(team_id=team.pk, intro="", skill_ids=[], by=wang, at=NOON)


def test_a_closed_team_lets_everybody_go(team, wang, institute_clerk, li):
    with pytest.raises(Denied):
        services.close_team(team_id=team.pk, reason="解散", by=li, at=NOON)
    with pytest.raises(Refused, match="理由"):
        services.close_team(team_id=team.pk, reason=" ", by=institute_clerk, at=NOON)
    services.close_team(team_id=team.pk, reason="合并到县队", by=institute_clerk, at=NOON)
    assert set(team.memberships.values_list("state", flat=True)) == {"left"}
    assert Team.objects.get().closed_on == NOON.date()
    with pytest.raises(Refused, match="已经解散"):
        services.join(team_id=team.pk, by=wang, at=NOON)
