"""Tours are worked out by the worker: once, over the round as it was asked for, whatever dies meanwhile."""

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from civic.core.errors import Denied, Refused
from civic.orders.services import screening
from civic.orders.tests.factories import ItemFactory
from civic.orders.tests.verbs import at_once
from civic.pooling import tasks
from civic.pooling.models import Need, Pool, Stop, Tour
from civic.pooling.queries.day import day_of
from civic.pooling.services import crews, editing, needs, planning
from civic.pooling.states import POOL, PoolState
from civic.pooling.tests.days import MONDAY, driven, fresh, in_state, last_line
from civic.volunteers.tests.factories import TeamFactory

pytestmark = [pytest.mark.django_db, pytest.mark.slow]  # the solvers are loaded
LATER = MONDAY + timedelta(minutes=1)


def plan(pool, by, at=MONDAY):
    return planning.plan(pool_id=pool.pk, by=by, at=at)


def work_out(pool, stamp=None):
    stamp = fresh(pool).queued_stamp if stamp is None else stamp
    return planning.work_out(pool_id=pool.pk, stamp=stamp, at=LATER)


@pytest.fixture
def asking(pool, tour, asked, pooled, dispatcher):
    """The round while the worker is asked; its needs are worth any road."""
    Need.objects.update(people=200)
    return plan(pool, dispatcher)


def test_works(asking, pool, dispatcher):
    assert ProcrastinateJob.objects.filter(task_name="pooling.work_out").count() == 1
    assert work_out(pool) == "planned"
    planned = fresh(pool)
    assert (planned.state, planned.queued_at, planned.planned_by) == ("planned", None, dispatcher)
    assert last_line(pool) == ("pooling.planned", dispatcher)
    assert Stop.objects.count() == 4
    assert set(Need.objects.values_list("how", flat=True)) == {"tour"}
    assert planned.value == day_of(planned).plan.value <= planned.bound + 1e-6


def test_what_was_proven_is_proven_no_more_after_a_change(asking, pool, asked, dispatcher):
    work_out(pool)
    assert fresh(pool).is_proven
    needs.remove_need(need_id=asked[0].pk, by=dispatcher, at=MONDAY)
    assert (fresh(pool).is_proven, fresh(pool).value) == (False, None)


def test_a_job_that_was_killed_can_be_run_again(asking, pool, monkeypatch):
    def die(*_a, **_k):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("civic.pooling.services.planning._explain", die)
        with pytest.raises(KeyboardInterrupt):
            work_out(pool)
    assert (fresh(pool).state, Stop.objects.count()) == ("open", 0)
    assert work_out(pool) == "planned"


def test_a_job_that_comes_twice_writes_once(asking, pool):
    stamp = asking.stamp
    assert work_out(pool, stamp) == "planned"
    before = fresh(pool).stamp
    assert work_out(pool, stamp) == "gone"
    assert fresh(pool).stamp == before


def test_the_task_asks_the_clock(asking, pool, noon):
    assert tasks.work_out(pool_id=pool.pk, stamp=asking.stamp) == "planned"


def test_a_round_edited_meanwhile_is_not_overwritten(asking, pool, asked, dispatcher):
    needs.remove_need(need_id=asked[0].pk, by=dispatcher, at=MONDAY)
    assert work_out(pool) == "changed"
    after = fresh(pool)
    assert (after.state, after.queued_at) == ("open", None)
    assert "再排一次" in after.problem


def test_a_round_edited_while_the_plan_is_made_is_not_overwritten(
    asking, pool, asked, dispatcher, monkeypatch
):
    def slow(day, original=planning._solve):
        found = original(day)
        needs.remove_need(need_id=asked[0].pk, by=dispatcher, at=MONDAY)
        return found

    monkeypatch.setattr(planning, "_solve", slow)
    assert work_out(pool) == "changed"
    assert Stop.objects.count() == 0


def test_an_old_job_leaves_a_newer_question_alone(asking, pool, dispatcher):
    plan(pool, dispatcher, MONDAY + planning.PATIENCE)
    assert work_out(pool, asking.stamp) == "gone"
    assert fresh(pool).queued_at is not None
    assert work_out(pool) == "planned"


def test_who_may_not_any_more_gets_no_plan(asking, pool, dispatcher):
    dispatcher.grants.update(revoked_at=MONDAY, revoked_by=dispatcher)
    assert work_out(pool) == "changed"


def test_impatience_is_refused(asking, pool, dispatcher):
    with pytest.raises(Refused, match="请稍等"):
        plan(pool, dispatcher, LATER)


def test_pins_stay_with_their_team(pool, tour, asked, guhan, haircut, dispatcher):
    other = crews.add_team(
        pool_id=pool.pk,
        team_id=TeamFactory(name="乙队", place=guhan, is_mobile=True, skills=[haircut]).pk,
        depot_id=asked[0].place_id,
        opens=tour.opens,
        closes=tour.closes,
        by=dispatcher,
        at=MONDAY,
    )
    for need, team in ((asked[0], tour), (asked[1], other)):
        editing.move_stop(
            pool_id=pool.pk,
            need_id=need.pk,
            tour_id=team.pk,
            position=0,
            stamp=None,
            by=dispatcher,
            at=MONDAY,
        )
    plan(pool, dispatcher)
    assert work_out(pool) == "planned"
    tours = driven(pool)
    assert asked[0].pk in tours[tour.pk]
    assert asked[1].pk in tours[other.pk]
    assert set(Stop.objects.filter(is_pinned=True).values_list("need", flat=True)) == {
        asked[0].pk,
        asked[1].pk,
    }


def test_what_nobody_can_do_says_so(pool, tour, asked, villages, order, pooled, dispatcher):
    strange = needs.add_need(
        pool_id=pool.pk,
        place_id=villages[0].pk,
        item_id=ItemFactory(name="看牙").pk,
        minutes=30,
        half="any",
        people=5,
        priority=0,
        words="",
        by=dispatcher,
        at=MONDAY,
    )
    screening.cancel(order_id=order.pk, reason="不用了", by=dispatcher, at=MONDAY)
    plan(pool, dispatcher)
    assert work_out(pool) == "planned"
    assert (fresh(strange).how, fresh(strange).why) == ("none", "skill")
    assert fresh(pooled).why == "moved_on"


def test_a_day_too_short_says_so(pool, tour, asked, dispatcher):
    Tour.objects.filter(pk=tour.pk).update(closes=tour.opens.replace(hour=9))
    plan(pool, dispatcher)
    assert work_out(pool) == "planned"
    reasons = set(Need.objects.filter(how="none").values_list("why", flat=True))
    assert reasons <= {"far", "full", "detour"}
    assert reasons


def test_pins_that_cannot_be_driven_say_so(asking, pool, monkeypatch):
    def refuse(_day):
        raise ValueError("pins contradict each other")

    monkeypatch.setattr(planning, "_solve", refuse)
    assert work_out(pool) == "failed"
    assert "松开几站" in fresh(pool).problem


def test_teams_and_needs_come_first(pool, dispatcher, van, guhan, tour):
    with pytest.raises(Refused, match="一项需求"):
        plan(pool, dispatcher)
    crews.remove_team(tour_id=tour.pk, by=dispatcher, at=MONDAY)
    with pytest.raises(Refused, match="流动队"):
        plan(pool, dispatcher)


@pytest.mark.parametrize("state", [s for s in PoolState if not POOL.is_open_to("plan", s)])
def test_wrong_state(pool, dispatcher, state):
    with pytest.raises(Refused):
        plan(in_state(pool, state), dispatcher)


@pytest.mark.parametrize("name", ["zhang", "li", "station_clerk", "institute_clerk", "supervisor", "admin"])
def test_wrong_person(pool, person, name):
    with pytest.raises(Denied):
        plan(pool, person(name))


@pytest.mark.parametrize("name", ["stranger", "other_dispatcher"])
def test_next_township_and_county(pool, person, name):
    with pytest.raises(Denied):
        plan(pool, person(name))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_twice_at_once(pool, tour, asked, dispatcher, head):
    assert at_once(lambda: plan(pool, dispatcher), lambda: plan(pool, head)) == ["done", "refused"]


def test_a_round_that_is_gone(db):
    assert planning.work_out(pool_id=Pool.objects.count() + 1, stamp=1, at=MONDAY) == "gone"
