"""Stalls: what they are, where they stand, and that nobody is at two fairs at once."""

import pytest

from civic.core.errors import Denied, Refused
from civic.fairs.models import Stall
from civic.fairs.services import stalls
from civic.fairs.services.stalls import Sheet
from civic.fairs.tests.factories import FairFactory, SessionFactory, StallFactory
from civic.fairs.tests.verbs import OTHERS, at_once, last_line, told
from civic.places.tests.factories import PlaceFactory
from civic.volunteers.tests.factories import MembershipFactory, TeamFactory, VolunteerFactory
from tests.moments import NOON


def join(fair, stall, by):
    return stalls.join_fair(fair_id=fair.pk, stall_id=stall.pk, by=by, at=NOON)


def leave(session, by):
    return stalls.leave_fair(session_id=session.pk, by=by, at=NOON)


# --- What a stall is.


def test_a_stall_is_offered_by_a_team_or_by_a_partner(guhan, team, institute_clerk):
    by_team = stalls.open_stall(
        place_id=guhan.pk, sheet=Sheet("mobile", "修小家电", team_id=team.pk), by=institute_clerk, at=NOON
    )
    by_firm = stalls.open_stall(
        place_id=guhan.pk, sheet=Sheet("fixed", "用电咨询", partner="县电力公司"), by=institute_clerk, at=NOON
    )
    assert (by_team.team, by_firm.team, by_firm.partner) == (team, None, "县电力公司")
    assert last_line(by_firm) == ("fairs.open_stall", institute_clerk)


@pytest.mark.parametrize("partner", ["", "县电力公司"], ids=["nobody", "both"])
def test_exactly_one_offers_it(guhan, team, institute_clerk, partner):
    sheet = Sheet("mobile", "修小家电", team_id=team.pk if partner else None, partner=partner)
    with pytest.raises(Refused, match="只要其中一个"):
        stalls.open_stall(place_id=guhan.pk, sheet=sheet, by=institute_clerk, at=NOON)


def test_a_place_has_one_stall_of_a_name(guhan, institute_clerk):
    StallFactory(place=guhan, title="理发")
    sheet = Sheet("mobile", "理发", partner="理发店")
    with pytest.raises(Refused, match="同名"):
        stalls.open_stall(place_id=guhan.pk, sheet=sheet, by=institute_clerk, at=NOON)


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_changes_stalls(guhan, person, who):
    stall, by = StallFactory(place=guhan), person(who)
    sheet = Sheet("mobile", "理发", partner="理发店")
    for act in (
        lambda: stalls.open_stall(place_id=guhan.pk, sheet=sheet, by=by, at=NOON),
        lambda: stalls.edit_stall(stall_id=stall.pk, sheet=sheet, by=by, at=NOON),
        lambda: stalls.close_stall(stall_id=stall.pk, by=by, at=NOON),
    ):
        with pytest.raises(Denied):
            act()


def test_words_change_any_time_kind_and_host_only_when_nothing_is_promised(fuqian, dispatcher):
    session = SessionFactory(fair__place=fuqian)
    stall = session.stall
    words = Sheet("mobile", "理发刮脸", "老人孩子都可以", team_id=stall.team_id)
    assert stalls.edit_stall(stall_id=stall.pk, sheet=words, by=dispatcher, at=NOON).offer == "老人孩子都可以"
    host = Sheet("mobile", "理发刮脸", partner="理发店")
    with pytest.raises(Refused, match="先不能改"):
        stalls.edit_stall(stall_id=stall.pk, sheet=host, by=dispatcher, at=NOON)
    leave(session, dispatcher)
    assert stalls.edit_stall(stall_id=stall.pk, sheet=host, by=dispatcher, at=NOON).partner == "理发店"


def test_a_stall_that_is_promised_is_not_closed(fuqian, dispatcher):
    session = SessionFactory(fair__place=fuqian)
    with pytest.raises(Refused, match="撤下"):
        stalls.close_stall(stall_id=session.stall_id, by=dispatcher, at=NOON)
    leave(session, dispatcher)
    assert stalls.close_stall(stall_id=session.stall_id, by=dispatcher, at=NOON).closed_by == dispatcher
    with pytest.raises(Refused, match="已经停了"):
        stalls.close_stall(stall_id=session.stall_id, by=dispatcher, at=NOON)


# --- At a fair.


@pytest.mark.parametrize("state", ["planned", "published"])
def test_a_stall_comes_and_the_team_of_a_public_fair_is_told(fuqian, guhan, team, dispatcher, li, state):
    fair = FairFactory(place=fuqian, state=state)
    session = join(fair, StallFactory(place=guhan, team=team), dispatcher)
    assert (session.team, session.is_mobile, session.span) == (team, True, fair.span)
    assert last_line(session) == ("fairs.join", dispatcher)
    assert told() == ({(li, "published")} if state == "published" else set())


def test_a_fixed_stall_stands_at_its_own_place_only(fuqian, guhan, dispatcher):
    fair = FairFactory(place=fuqian)
    assert join(fair, StallFactory(place=fuqian, kind="fixed"), dispatcher).is_mobile is False
    with pytest.raises(Refused, match="不在这里"):
        join(fair, StallFactory(place=guhan, kind="fixed"), dispatcher)


def test_a_mobile_stall_stays_in_its_area(fuqian, wangqiao, dispatcher):
    with pytest.raises(Refused, match="不在这里"):
        join(FairFactory(place=fuqian), StallFactory(place=wangqiao), dispatcher)


def test_a_closed_stall_and_one_that_never_was_do_not_come(fuqian, dispatcher, li):
    fair = FairFactory(place=fuqian)
    gone = StallFactory(place=fuqian, closed_at=NOON, closed_by=li)
    for stall in (gone, Stall(pk=0)):
        with pytest.raises(Refused):
            join(fair, stall, dispatcher)


def test_a_stall_is_not_at_two_fairs_at_once(fuqian, guhan, dispatcher):
    stall = StallFactory(place=guhan)
    session = join(FairFactory(place=fuqian), stall, dispatcher)
    second = FairFactory(place=PlaceFactory(parent=guhan))
    with pytest.raises(Refused, match="别的集市出摊"):
        join(second, stall, dispatcher)
    leave(session, dispatcher)
    assert join(second, stall, dispatcher).pk


def test_a_mobile_team_is_not_at_two_fairs_at_once(fuqian, guhan, dispatcher):
    team = TeamFactory(place=guhan)
    here = FairFactory(place=fuqian)
    join(here, StallFactory(place=guhan, team=team), dispatcher)
    join(here, StallFactory(place=guhan, team=team), dispatcher)  # two stalls side by side are fine
    with pytest.raises(Refused, match="流动队伍"):
        join(FairFactory(place=PlaceFactory(parent=guhan)), StallFactory(place=guhan, team=team), dispatcher)


@pytest.mark.parametrize("state", ["open", "held", "cancelled"])
def test_stalls_of_a_fair_that_began_stay_as_they_are(fair_in, fuqian, dispatcher, state):
    fair = fair_in(state)
    with pytest.raises(Refused):
        join(fair, StallFactory(place=fuqian), dispatcher)
    with pytest.raises(Refused):
        leave(fair.sessions.get(), dispatcher)


def test_the_team_of_a_stall_taken_off_a_public_fair_is_told(fair_in, dispatcher, li):
    session = fair_in("published").sessions.get()
    leave(session, dispatcher)
    assert told() == {(li, "cancelled")}
    with pytest.raises(Refused):
        leave(session, dispatcher)


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_brings_stalls(fair_in, fuqian, person, who):
    fair, by = fair_in("planned"), person(who)
    with pytest.raises(Denied):
        join(fair, StallFactory(place=fuqian), by)
    with pytest.raises(Denied):
        leave(fair.sessions.get(), by)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_fairs_that_want_one_stall_at_once_get_it_once(fuqian, guhan, dispatcher, head):
    stall = StallFactory(place=guhan)
    first, second = FairFactory(place=fuqian), FairFactory(place=PlaceFactory(parent=guhan))
    outcomes = at_once(lambda: join(first, stall, dispatcher), lambda: join(second, stall, head))
    assert outcomes == ["done", "refused"]


# --- Who stands there.


def name(session, by, *volunteers):
    ids = [volunteer.pk for volunteer in volunteers]
    return stalls.name_members(session_id=session.pk, member_ids=ids, by=by, at=NOON)


def test_the_leader_names_members_and_those_newly_named_are_told(fair_in, li, wang):
    session = fair_in("published").sessions.get()
    name(session, li, li.volunteer, wang.volunteer)
    assert set(session.members.order_by("id")) == {li.volunteer, wang.volunteer}
    assert told() == {(wang, "assigned")}
    name(session, li, wang.volunteer)
    assert told() == {(wang, "assigned")}


def test_only_people_of_the_team_are_named(fair_in, li, fuqian, team):
    asking = MembershipFactory(team=team, state="asked", decided_at=None, decided_by=None).volunteer
    session = fair_in("published").sessions.get()
    for volunteer in (VolunteerFactory(home=fuqian), asking):
        with pytest.raises(Refused, match="队里的人"):
            name(session, li, volunteer)


def test_nobody_is_named_when_it_is_over(fair_in, li):
    with pytest.raises(Refused, match="收摊"):
        name(fair_in("held").sessions.get(), li, li.volunteer)


@pytest.mark.parametrize("who", ["zhang", "station_clerk", "stranger", "supervisor"])
def test_nobody_outside_names_them(fair_in, person, who):
    session = fair_in("published").sessions.get()
    with pytest.raises(Denied):
        name(session, person(who))
