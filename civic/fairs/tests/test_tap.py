"""The counter: one press, one row; two phones count together."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.db.models import Sum

from civic.core.errors import Denied, Refused
from civic.fairs.models import StallSession, Tap
from civic.fairs.services import stalls
from civic.fairs.tests.factories import TOMORROW
from civic.fairs.tests.verbs import at_once

AT = TOMORROW + timedelta(minutes=5)


def tap(session, by, step=1, at=AT):
    return stalls.tap(session_id=session.pk, step=step, by=by, at=at)


def count(session):
    return StallSession.objects.get(pk=session.pk).served_count


@pytest.mark.parametrize("who", ["li", "wang", "institute_clerk", "dispatcher"])
def test_the_team_and_who_arranges_the_fair_count(fair_in, person, who):
    session = fair_in("open").sessions.get()
    assert [tap(session, person(who), step) for step in (1, 5, -1)] == [13, 18, 17]
    assert count(session) == 17
    assert Tap.objects.aggregate(sum=Sum("step"))["sum"] == 5


def test_a_public_fair_counts_from_two_hours_before_though_nobody_pressed_start(fair_in, li):
    session = fair_in("published").sessions.get()
    assert tap(session, li, at=TOMORROW - timedelta(hours=1)) == 13
    with pytest.raises(Refused, match="还没开始"):
        tap(session, li, at=TOMORROW - timedelta(hours=3))


@pytest.mark.parametrize("state", ["planned", "held", "cancelled"])
def test_other_fairs_do_not_count(fair_in, li, state):
    with pytest.raises(Refused, match="没在办"):
        tap(fair_in(state).sessions.get(), li)


def test_the_count_never_falls_below_zero(fair_in, li):
    session = fair_in("open").sessions.get()
    StallSession.objects.filter(pk=session.pk).update(served_count=0)
    with pytest.raises(Refused, match="0 人"):
        tap(session, li, -1)
    with pytest.raises(IntegrityError):
        StallSession.objects.filter(pk=session.pk).update(served_count=-1)


@pytest.mark.parametrize("step", [0, 2, 1000, -5])
def test_a_press_adds_one_or_five_or_takes_one(fair_in, li, step):
    with pytest.raises(Refused, match="每次"):
        tap(fair_in("open").sessions.get(), li, step)


@pytest.mark.parametrize("who", ["zhang", "station_clerk", "stranger", "other_dispatcher", "supervisor"])
def test_nobody_else_counts(fair_in, person, who):
    session = fair_in("open").sessions.get()
    with pytest.raises(Denied):
        tap(session, person(who))


def test_a_stall_of_a_partner_is_counted_by_who_arranges_the_fair(fair_in, dispatcher, li):
    session = fair_in("open").sessions.get()
    session.stall.team, session.stall.partner, session.team = None, "县电力公司", None
    session.stall.save()
    session.save()
    assert tap(session, dispatcher) == 13
    with pytest.raises(Denied):
        tap(session, li)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_phones_at_once_count_both(fair_in, li, wang):
    session = fair_in("open").sessions.get()
    assert at_once(lambda: tap(session, li), lambda: tap(session, wang)) == ["done", "done"]
    assert count(session) == 14
