"""Planning and moving a fair: one at a place at a time, and its stalls move along."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from civic.core.errors import Denied, Refused
from civic.fairs.services import moving
from civic.fairs.services._guards import in_words
from civic.fairs.services.moving import Plan
from civic.fairs.tests.factories import MORNING, TOMORROW, FairFactory, FixedDayFactory, SessionFactory
from civic.fairs.tests.verbs import OTHERS, at_once, fresh, last_line, told
from civic.places.tests.factories import PlaceFactory
from civic.venues.tests.factories import VenueFactory
from tests.moments import NOON

HOURS = timedelta(hours=2)


def plan(place, by, *, starts_at=TOMORROW, ends_at=TOMORROW + HOURS, **said):
    wanted = Plan(place_id=place.pk, title="周五文明集市", starts_at=starts_at, ends_at=ends_at, **said)
    return moving.plan_fair(plan=wanted, by=by, at=NOON)


def edit(fair, by, *, place=None, starts_at=TOMORROW + HOURS, **said):
    place = place or fair.place
    wanted = Plan(place_id=place.pk, title="改名集市", starts_at=starts_at, ends_at=starts_at + HOURS, **said)
    return moving.edit_fair(fair_id=fair.pk, plan=wanted, by=by, at=NOON)


def test_a_fair_stands_at_the_site_of_its_place(fuqian, station, institute_clerk):
    VenueFactory(place=fuqian, kind="post", name="邻里驿家")
    fixed = FixedDayFactory(place=fuqian)
    fair = plan(fuqian, institute_clerk, spot="门口", fixed_day_id=fixed.pk)
    assert (fair.state, fair.venue, fair.fixed_day, fair.spot) == ("planned", station, fixed, "门口")
    assert last_line(fair) == ("fairs.plan", institute_clerk)


def test_a_fair_may_stand_on_the_open_street(fuqian, station, dispatcher):
    assert plan(fuqian, dispatcher, at_site=False).venue is None


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "words"),
    [
        (TOMORROW, TOMORROW, "晚于开始"),
        (NOON - HOURS, NOON, "已经过去"),
        (TOMORROW, TOMORROW + timedelta(days=1), "同一天"),
        (TOMORROW.replace(year=9999), TOMORROW.replace(year=9999) + HOURS, "一年以后"),
    ],
    ids=["empty", "past", "over midnight", "far"],
)
def test_a_span_must_make_sense(fuqian, dispatcher, starts_at, ends_at, words):
    with pytest.raises(Refused, match=words):
        plan(fuqian, dispatcher, starts_at=starts_at, ends_at=ends_at)


def test_a_place_has_one_fair_at_a_time(fuqian, dispatcher):
    plan(fuqian, dispatcher)
    with pytest.raises(Refused, match="已经安排"):
        plan(fuqian, dispatcher, starts_at=TOMORROW + timedelta(hours=1), ends_at=TOMORROW + 2 * HOURS)
    plan(fuqian, dispatcher, starts_at=TOMORROW + HOURS, ends_at=TOMORROW + 2 * HOURS)


@pytest.mark.django_db
def test_what_no_sentence_knows_is_not_hidden():
    with pytest.raises(IntegrityError, match="something_else"), in_words():
        raise IntegrityError("something_else")


def test_the_time_of_a_fair_called_off_is_free(fuqian, dispatcher):
    FairFactory(place=fuqian, state="cancelled")
    assert plan(fuqian, dispatcher).state == "planned"


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_plans(fuqian, person, who):
    with pytest.raises(Denied):
        plan(fuqian, person(who))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_who_plan_at_once_make_one_fair(fuqian, dispatcher, head):
    assert at_once(lambda: plan(fuqian, dispatcher), lambda: plan(fuqian, head)) == ["done", "refused"]


# --- Changing it.


def test_the_stalls_move_along_and_the_team_is_told_when_it_was_public(fair_in, dispatcher, li):
    fair = fair_in("published")
    edit(fair, dispatcher)
    fair = fresh(fair)
    assert fair.title == "改名集市"
    assert fair.span.lower == fair.sessions.get().span.lower == TOMORROW + HOURS
    assert told() == {(li, "moved")}


def test_a_new_name_alone_is_no_news(fair_in, dispatcher):
    fair = fair_in("published", span=MORNING)
    wanted = Plan(fair.place_id, "新名字", MORNING.lower, MORNING.upper)
    moving.edit_fair(fair_id=fair.pk, plan=wanted, by=dispatcher, at=NOON)
    assert told() == set()


def test_a_fair_does_not_move_where_its_stall_is_promised_elsewhere(fair_in, guhan, dispatcher):
    fair = fair_in("planned")
    session = fair.sessions.get()
    busy = FairFactory(place=guhan, span=type(MORNING)(TOMORROW + 2 * HOURS, TOMORROW + 3 * HOURS))
    SessionFactory(fair=busy, stall=session.stall)
    with pytest.raises(Refused, match="别的集市"):
        edit(fair, dispatcher, starts_at=TOMORROW + 2 * HOURS)
    assert fresh(fair).span == MORNING


def test_a_fair_that_began_stays(fair_in, dispatcher):
    with pytest.raises(Refused, match="不能再改"):
        edit(fair_in("open"), dispatcher)


def test_a_fair_is_not_moved_out_of_ones_reach(fair_in, institute_clerk, wangqiao):
    with pytest.raises(Denied):
        edit(fair_in("planned"), institute_clerk, place=PlaceFactory(parent=wangqiao))
