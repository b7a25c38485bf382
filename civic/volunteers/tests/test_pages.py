"""R18 队伍, V1 成为志愿者, T3 队员 and C10 队伍库 as their pages show them."""

import pytest
from django.urls import reverse
from django.utils import timezone

from civic.journal.models import Entry
from civic.people.models import SignIn
from civic.people.queries.data import chapters
from civic.people.signals import described
from civic.places.tests.factories import PlaceFactory
from civic.volunteers import services
from civic.volunteers.models import Team, Volunteer
from civic.volunteers.tests.factories import SkillFactory, TeamFactory, VolunteerFactory
from tests.html import parse
from tests.moments import NOON


def enter(client, person):
    """Sign in with the second step made, as staff do."""
    client.force_login(person)
    SignIn.objects.filter(person=person).update(verified_at=timezone.now())
    return client


# --- For everybody.


def test_guests_see_teams_with_masked_names_and_no_phones(client, team, li, wang):
    assert "匠心家电" in client.get(reverse("volunteers:teams")).content.decode()
    page = client.get(reverse("volunteers:team", args=[team.pk])).content.decode()
    assert "李*" in page
    assert "2 人" in page
    assert all(word not in page for word in (li.name, wang.name, li.phone, wang.phone))


def test_the_chosen_place_narrows_the_list(client, team, fuqian, danzhu):
    TeamFactory(name="丹朱合唱团", place=danzhu)
    client.post(reverse("places:pick", args=[fuqian.pk]))
    near = client.get(reverse("volunteers:teams")).content.decode()
    assert "匠心家电" in near
    assert "丹朱合唱团" not in near
    assert "丹朱合唱团" in client.get(reverse("volunteers:teams"), {"all": "1"}).content.decode()
    assert "丹朱合唱团" in client.get(reverse("volunteers:teams"), {"q": "丹朱"}).content.decode()
    culture = client.get(reverse("volunteers:teams"), {"all": "1", "kind": "culture_arts"}).content.decode()
    assert "丹朱合唱团" not in culture


@pytest.mark.parametrize("said", [{"after": "x"}, {"kind": "nothing"}, {"q": "没有"}, {"after": "9" * 30}])
def test_odd_filters_break_nothing(client, team, institute_clerk, said):
    assert client.get(reverse("volunteers:teams"), said).status_code == 200
    assert enter(client, institute_clerk).get(reverse("volunteers:desk_teams"), said).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_any_number(client, guhan, count, django_assert_max_num_queries):
    for _ in range(count):
        TeamFactory(place=guhan)
    with django_assert_max_num_queries(4):
        client.get(reverse("volunteers:teams"))


def test_long_lists_go_on_by_pages(client, guhan):
    for _ in range(32):
        TeamFactory(place=guhan)
    page = parse(client.get(reverse("volunteers:teams")))
    assert len(page.select("#teams li")) == 30
    rest = parse(client.get(reverse("volunteers:teams") + page.select_one("a[rel=next]")["href"]))
    assert len(rest.select("#teams li")) == 2


def test_a_team_serves_a_venue_and_is_shown_there(client, team, station):
    assert "匠心家电" in client.get(reverse("venues:detail", args=[station.pk])).content.decode()


# --- For volunteers.


def test_a_resident_registers_and_joins(client, zhang, team, fuqian):
    skill = SkillFactory()
    client.force_login(zhang)
    assert client.post(reverse("volunteers:join", args=[team.pk]))["Location"] == "/my/volunteer/"
    url = reverse("volunteers:register_volunteer")
    assert client.post(url, {"skills": [skill.pk]}).status_code == 422
    client.post(url, {"skills": [skill.pk], "matching": "on", "pledge": "on"})
    volunteer = Volunteer.objects.get(person=zhang)
    assert (volunteer.home, list(volunteer.skills.all())) == (fuqian, [skill])
    client.post(reverse("volunteers:join", args=[team.pk]))
    page = client.get(url).content.decode()
    assert "匠心家电" in page
    assert "待批准" in page
    again = client.post(reverse("volunteers:join", args=[team.pk]), follow=True).content.decode()
    assert "已经在这支队伍里" in again
    client.post(reverse("volunteers:leave", args=[volunteer.memberships.get().pk]))
    client.post(url, {"skills": []})
    volunteer.refresh_from_db()
    assert (volunteer.matching, volunteer.skills.count()) == (False, 0)
    client.post(reverse("volunteers:stop_volunteering"))
    volunteer.refresh_from_db()
    assert volunteer.left_at is not None
    assert client.post(reverse("volunteers:stop_volunteering")).status_code == 404


def test_a_place_is_asked_for_first(client, zhang):
    zhang.home = None
    zhang.save()
    client.force_login(zhang)
    answer = client.post(reverse("volunteers:register_volunteer"), {"pledge": "on"})
    assert answer.status_code == 422
    assert "先选您在哪个村社区" in answer.content.decode()


def test_nobody_leaves_for_another(client, zhang, team, wang):
    client.force_login(zhang)
    membership = team.memberships.get(volunteer__person=wang)
    assert client.post(reverse("volunteers:leave", args=[membership.pk])).status_code == 404


# --- For leaders.


@pytest.fixture
def asked(team, fuqian):
    return services.join(team_id=team.pk, by=VolunteerFactory(home=fuqian).person, at=NOON)


def test_the_leader_decides_and_sees_phones_only_after_asking(client, team, asked, li, wang):
    client.force_login(li)
    url = reverse("volunteers:members", args=[team.pk])
    page = client.get(url).content.decode()
    assert asked.volunteer.person.name in page
    assert wang.phone not in page
    shown = client.post(reverse("volunteers:show_phones", args=[team.pk])).content.decode()
    assert wang.phone in shown
    assert Entry.objects.get(what="volunteers.show_phones").by == li
    client.post(reverse("volunteers:approve", args=[asked.pk]))
    asked.refresh_from_db()
    assert asked.state == "member"
    again = client.post(reverse("volunteers:approve", args=[asked.pk]), follow=True).content.decode()
    assert "已经办过" in again


def test_the_leader_turns_down_removes_and_sets_skills(client, team, asked, li, wang, appliances):
    client.force_login(li)
    turn_down = reverse("volunteers:turn_down", args=[asked.pk])
    assert client.get(turn_down).status_code == 200
    client.post(turn_down, {"reason": "人满了"})
    asked.refresh_from_db()
    assert asked.state == "declined"
    member = team.memberships.get(volunteer__person=wang)
    skills = reverse("volunteers:set_skills", args=[member.pk])
    assert "checked" in client.get(skills).content.decode()
    client.post(skills, {"skills": []})
    assert wang.volunteer.skills.count() == 0
    remove = reverse("volunteers:remove", args=[member.pk])
    assert client.post(remove, {"reason": ""}).status_code == 422
    client.post(remove, {"reason": "搬走了"})
    member.refresh_from_db()
    assert member.state == "left"
    assert client.get(skills).status_code == 404


def test_the_leader_describes_the_team(client, team, li):
    client.force_login(li)
    url = reverse("volunteers:describe_team", args=[team.pk])
    assert client.get(url).status_code == 200
    client.post(url, {"intro": "修小家电，不收钱", "skills": []})
    assert Team.objects.get(pk=team.pk).intro == "修小家电，不收钱"


@pytest.mark.parametrize("who", ["wang", "zhang", "stranger", "supervisor"])
def test_others_find_nothing_there(client, team, asked, request, who):
    enter(client, request.getfixturevalue(who))
    assert client.get(reverse("volunteers:members", args=[team.pk])).status_code == 404
    assert client.post(reverse("volunteers:show_phones", args=[team.pk])).status_code == 404
    assert client.get(reverse("volunteers:describe_team", args=[team.pk])).status_code == 404
    for name in ("approve", "turn_down", "remove", "set_skills"):
        assert client.post(reverse(f"volunteers:{name}", args=[asked.pk]), {"reason": "x"}).status_code == 404


# --- For the desk.


def told(where, leader, **said):
    return {
        "name": "银龄合唱团",
        "place": where,
        "kind": "culture_arts",
        "tier": "squad",
        "leader_phone": leader.phone,
        "intro": "唱老歌",
        **said,
    }


def test_a_team_is_founded_changed_and_closed(client, guhan, li, wang, institute_clerk):
    enter(client, institute_clerk)
    assert client.get(reverse("volunteers:create_team")).status_code == 200
    client.post(reverse("volunteers:create_team"), told("古韩镇", li))
    team = Team.objects.get(name="银龄合唱团")
    assert (team.place, team.leader) == (guhan, li)
    listed = client.get(
        reverse("volunteers:desk_teams"), {"kind": "culture_arts", "q": "合唱"}
    ).content.decode()
    assert "银龄合唱团" in listed
    edit = reverse("volunteers:edit_team", args=[team.pk])
    shown = client.get(edit).content.decode()
    assert li.name in shown
    assert li.phone not in shown
    client.post(edit, told("", li, name="银龄合唱团", leader_phone=""))
    team.refresh_from_db()
    assert team.leader == li
    client.post(edit, told("", wang, name="夕阳红合唱团"))
    team.refresh_from_db()
    assert (team.name, team.leader) == ("夕阳红合唱团", wang)
    client.post(reverse("volunteers:close_team", args=[team.pk]), {"reason": "合并"})
    team.refresh_from_db()
    assert team.closed_on is not None
    assert client.get(edit).status_code == 404
    assert "已解散" in client.get(reverse("volunteers:team", args=[team.pk])).content.decode()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"place": "丹朱镇"}, "您的辖区里没有"),
        ({"leader_phone": "13912345678"}, "没有用这个号码注册"),
        ({"name": ""}, "请填写「队伍名称」"),
        ({"name": "匠心家电"}, "已经有叫"),
    ],
)
def test_a_wrong_team_is_answered_with_422(client, guhan, danzhu, team, li, institute_clerk, said, words):
    enter(client, institute_clerk)
    answer = client.post(reverse("volunteers:create_team"), told("古韩镇", li, **said))
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_a_name_of_two_places_is_to_be_written_whole(
    client, xiangyuan, guhan, wangqiao, fuqian, li, dispatcher
):
    PlaceFactory(name="府前社区", parent=wangqiao)
    enter(client, dispatcher)
    answer = client.post(reverse("volunteers:create_team"), told("府前社区", li))
    assert "襄垣县 古韩镇 府前社区" in answer.content.decode()
    client.post(reverse("volunteers:create_team"), told("古韩镇府前社区", li))
    assert Team.objects.get(name="银龄合唱团").place == fuqian


def test_the_next_townships_teams_are_absent_and_residents_stay_out(client, team, stranger, zhang):
    enter(client, stranger)
    for name in ("edit_team", "close_team"):
        assert client.get(reverse(f"volunteers:{name}", args=[team.pk])).status_code == 404
    assert "匠心家电" not in client.get(reverse("volunteers:desk_teams")).content.decode()
    assert enter(client, zhang).get(reverse("volunteers:desk_teams")).status_code == 403


# --- What is known of a person.


def test_ones_own_data_has_a_chapter_and_the_cast_is_described(team, li, wang, zhang):
    titles = [str(chapter.title) for chapter in chapters(wang)]
    assert "志愿服务" in titles
    assert "志愿服务" not in [str(chapter.title) for chapter in chapters(zhang)]

    def words(person):
        return {said for _receiver, said in described.send(sender=type(person), person=person)}

    assert "匠心家电队长" in words(li)
    assert "志愿者" in words(wang)
