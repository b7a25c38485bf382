"""Finish: the service ends, told in two lines, and the resident is asked for her review."""

from datetime import datetime, timedelta

import pytest

from civic.core.errors import Denied, Refused
from civic.orders.models import CallBack, Visit
from civic.orders.models.order import Channel
from civic.orders.services import serving
from civic.orders.tests.verbs import (
    AN_HOUR,
    TOMORROW,
    at_once,
    closed_to,
    fresh,
    last_line,
    last_step,
    steps,
    told,
)
from tests.moments import SHANGHAI

SUMMARY = "换了保险丝，试过能用。"
TEN = TOMORROW + AN_HOUR


@pytest.fixture
def order(order_in, li):
    """Begun at nine by 李建国."""
    return begun(order_in("in_service"), li)


def begun(order, by):
    Visit.objects.create(order=order, dispatch=order.current, started_at=TOMORROW, started_by=by)
    return order


def finish(order, by, summary=SUMMARY):
    return serving.finish(order_id=order.pk, summary=summary, by=by, at=TEN)


def test_the_resident_is_asked_within_seven_days(order, li, zhang):
    finish(order, li)

    order = fresh(order)
    assert order.state == "served"
    assert order.due_at == TEN + timedelta(days=7)
    assert order.current.state == "done"
    assert last_step(order) == ("finish", "served", li)
    assert last_line(order) == ("orders.finish", li, None)
    assert order.events.get().note == SUMMARY
    assert told(order) == {(zhang, "served")}
    visit = Visit.objects.get(order=order)
    assert (visit.finished_at, visit.finished_by, visit.summary) == (TEN, li, SUMMARY)
    assert not CallBack.objects.exists()


@pytest.mark.parametrize("channel", [channel for channel in Channel if channel != Channel.WEB])
def test_who_did_not_order_on_the_web_is_called(order_in, li, channel):
    order = finish(begun(order_in("in_service", channel=channel), li), li)
    call = CallBack.objects.get(order=order)
    assert (call.reason, call.opened_at) == ("phone_order", TEN)
    assert call.due_at == datetime(2026, 11, 24, 18, 0, tzinfo=SHANGHAI)  # two working days after a Saturday


def test_two_lines_are_said(order, li):
    with pytest.raises(Refused):
        finish(order, li, summary="  ")
    assert fresh(order).state == "in_service"


def test_a_long_summary_is_cut(order, li):
    finish(order, li, summary="修" * 250)
    assert len(Visit.objects.get().summary) == 200


@pytest.mark.parametrize("who", ["li", "wang", "station_clerk", "dispatcher"])
def test_whoever_serves_and_clerks_for_them(order, wang, person, who):
    order.current.members.add(wang.volunteer)
    assert finish(order, person(who)).state == "served"


@pytest.mark.parametrize("who", ["zhang", "wang", "neighbour", "stranger", "other_dispatcher", "supervisor"])
def test_nobody_else_finishes(order, person, who):
    with pytest.raises(Denied):
        finish(order, person(who))


@pytest.mark.parametrize("state", closed_to("finish"))
def test_only_what_began_ends(order_in, station_clerk, state):
    order = order_in(state)
    with pytest.raises(Refused):
        finish(order, station_clerk)
    assert fresh(order).state == state


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_at_once_finish_once(order, li, station_clerk, zhang):
    assert at_once(lambda: finish(order, li), lambda: finish(order, station_clerk)) == ["done", "refused"]
    assert steps(order, "finish") == 1
    assert zhang.notices.count() == 1
