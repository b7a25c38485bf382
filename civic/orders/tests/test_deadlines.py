"""What the clock does: urge, escalate, and end what nobody will end; by the city's calendar."""

from datetime import date, datetime, timedelta

import pytest

from civic.access.roles import Role
from civic.access.tests.factories import GrantFactory, staff
from civic.orders import tasks
from civic.orders.models import CallBack, Dispatch, Order
from civic.orders.services import _life, deadlines, screening
from civic.orders.services.deadlines import close_quiet, escalate_overdue, lapse_unreviewed, urge_overdue
from civic.orders.states import OPEN, OrderState
from civic.orders.tests.verbs import (
    AN_HOUR,
    HOURS_LATER_8,
    at_once,
    fresh,
    last_line,
    last_step,
    steps,
    told,
)
from tests.moments import LONG_AGO, NOON, SHANGHAI

S = OrderState
MINUTE = timedelta(minutes=1)
LATE = NOON - MINUTE
WITH_THE_TEAM = (S.DISPATCHED, S.ACCEPTED, S.PROVISIONED, S.SCHEDULED, S.IN_SERVICE)


@pytest.fixture
def meanwhile(monkeypatch):
    """A way to change orders just before the clock locks them."""

    def between(**fields):
        locked = _life.locked

        def change_then_lock(order_id):
            Order.objects.filter(pk=order_id).update(**fields)
            return locked(order_id)

        monkeypatch.setattr(_life, "locked", change_then_lock)

    return between


# --- Urge.


@pytest.mark.parametrize("state", WITH_THE_TEAM)
def test_the_team_is_urged_once(order_in, li, state):
    order = order_in(state, due_at=LATE)

    assert urge_overdue(at=NOON) == 1
    assert urge_overdue(at=NOON + AN_HOUR) == 0

    assert fresh(order).urged_at == NOON
    assert fresh(order).state == state
    assert last_step(order) == ("urge", state, None)
    assert last_line(order) == ("orders.urge", None, None)
    assert told(order) == {(li, "urged")}
    assert li.notices.get().url == f"/team/orders/{order.pk}/"


@pytest.mark.parametrize(
    ("state", "who"),
    [
        ("submitted", "institute_clerk"),  # may take it in, and is nearer than the center
        ("screened", "dispatcher"),
        ("disputed", "dispatcher"),
        ("reviewed", "dispatcher"),
    ],
)
def test_the_desk_is_urged_by_whose_move_it_is(order_in, station_clerk, institute_clerk, person, state, who):
    nearest = person(who)
    order = order_in(state, due_at=LATE)
    assert urge_overdue(at=NOON) == 1
    assert told(order) == {(nearest, "urged")}
    assert nearest.notices.get().url == f"/desk/orders/{order.pk}/"


@pytest.mark.parametrize("state", [state for state in S if state not in OPEN] + ["returned", "served"])
def test_what_ended_or_waits_for_the_resident_is_not_urged(order_in, state):
    order_in(state, due_at=LATE)
    assert urge_overdue(at=NOON) == 0


@pytest.mark.parametrize("due_at", [NOON, NOON + MINUTE, None])
def test_what_is_not_yet_due_is_not_urged(order_in, due_at):
    order_in("accepted", due_at=due_at)
    assert urge_overdue(at=NOON) == 0


def test_the_next_state_may_be_urged_again(order_in, institute_clerk, dispatcher):
    order = order_in("submitted", due_at=LATE)
    urge_overdue(at=NOON)
    screening.screen(
        order_id=order.pk, item_id=order.item_id, is_urgent=False, note="", by=institute_clerk, at=NOON
    )
    assert fresh(order).urged_at is None
    assert urge_overdue(at=HOURS_LATER_8 + MINUTE) == 1
    assert steps(order, "urge") == 2


@pytest.mark.parametrize("change", [{"due_at": None}, {"due_at": NOON + AN_HOUR}, {"urged_at": LATE}])
def test_what_moved_on_meanwhile_is_left(order_in, meanwhile, change):
    order = order_in("accepted", due_at=LATE)
    meanwhile(**change)
    assert urge_overdue(at=NOON) == 0
    assert steps(order, "urge") == 0


def test_a_site_is_urged_through_its_clerks(order_in, station, station_clerk):
    order = order_in("accepted", due_at=LATE)
    Dispatch.objects.filter(pk=order.current_id).update(team=None, venue=station)
    urge_overdue(at=NOON)
    assert told(order) == {(station_clerk, "urged")}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_workers_urge_once(order_in, li):
    order = order_in("accepted", due_at=LATE)
    assert at_once(lambda: urge_overdue(at=NOON), lambda: urge_overdue(at=NOON)) == ["done", "done"]
    assert steps(order, "urge") == 1
    assert li.notices.count() == 1


# --- Who is nearest.


def test_without_anybody_near_nobody_is_told(order_in):
    order = order_in("submitted", due_at=LATE)
    assert urge_overdue(at=NOON) == 1
    assert told(order) == set()


def test_a_grant_that_was_revoked_counts_no_more(order_in, guhan, fuqian, institute_clerk, head):
    former = staff("旧人", Role.INSTITUTE_CLERK, fuqian)
    former.grants.update(revoked_at=NOON, revoked_by=head)
    GrantFactory(person=former, role=Role.STATION_CLERK, place=fuqian)
    order = order_in("submitted", due_at=LATE)
    urge_overdue(at=NOON)
    assert told(order) == {(institute_clerk, "urged")}


# --- Escalate.


def test_after_a_working_day_the_head_is_told_once(order_in, head, dispatcher, supervisor):
    order = order_in("accepted", due_at=LATE, urged_at=NOON)

    assert escalate_overdue(at=HOURS_LATER_8 - MINUTE) == 0
    assert escalate_overdue(at=HOURS_LATER_8) == 1
    assert escalate_overdue(at=HOURS_LATER_8 + AN_HOUR) == 0

    assert fresh(order).escalated_at == HOURS_LATER_8
    assert last_step(order) == ("escalate", "accepted", None)
    assert last_line(order) == ("orders.escalate", None, None)
    assert told(order) == {(head, "escalated")}
    assert head.notices.get().params["who"] == "「匠心家电」"


def test_without_a_head_the_city_is_told(order_in, supervisor):
    order = order_in("submitted", due_at=LATE, urged_at=NOON)
    assert escalate_overdue(at=HOURS_LATER_8) == 1
    assert told(order) == {(supervisor, "escalated")}
    assert supervisor.notices.get().params["who"] == "府前社区"


@pytest.mark.parametrize("change", [{"urged_at": None}, {"escalated_at": NOON}])
def test_what_moved_on_meanwhile_is_not_escalated(order_in, meanwhile, change):
    order = order_in("accepted", due_at=LATE, urged_at=NOON)
    meanwhile(**change)
    assert escalate_overdue(at=HOURS_LATER_8) == 0
    assert steps(order, "escalate") == 0


# --- End what nobody will end.


def test_after_seven_days_a_review_is_waited_for_no_more(order_in):
    due, late = order_in("served", due_at=NOON), order_in("served", due_at=LATE)
    assert lapse_unreviewed(at=NOON) == 1
    assert (fresh(due).state, fresh(late).state) == ("served", "closed")
    assert lapse_unreviewed(at=NOON) == 0


def test_a_review_at_the_last_moment_counts(order_in, meanwhile):
    order = order_in("served", due_at=LATE)
    meanwhile(state="reviewed")
    assert lapse_unreviewed(at=NOON) == 0
    assert steps(order, "lapse") == 0


def test_a_reviewed_order_is_closed_after_a_day(order_in, zhang):
    young = order_in("reviewed", changed_at=NOON - timedelta(days=1))
    old = order_in("reviewed", changed_at=NOON - timedelta(days=1, minutes=1))
    assert close_quiet(at=NOON) == 1
    assert (fresh(young).state, fresh(old).state) == ("reviewed", "closed")
    assert last_step(old) == ("close", "closed", None)
    assert told(old) == set()


def test_unless_a_call_is_owed(order_in, dispatcher):
    order = order_in("reviewed", changed_at=LONG_AGO)
    call = CallBack.objects.create(order=order, reason="low_grade", opened_at=NOON, due_at=NOON)
    assert close_quiet(at=NOON) == 0

    call.called_at, call.called_by, call.outcome, call.is_content = NOON, dispatcher, "满意", True
    call.save()
    assert close_quiet(at=NOON) == 1


def test_what_was_closed_by_hand_meanwhile_is_left(order_in, meanwhile):
    order = order_in("reviewed", changed_at=LONG_AGO)
    meanwhile(state="closed")
    assert close_quiet(at=NOON) == 0
    assert steps(order, "close") == 0


def test_one_tick_does_it_all(order_in):
    order_in("accepted", due_at=LATE)
    order_in("accepted", due_at=LATE, urged_at=LONG_AGO)
    order_in("served", due_at=LATE)
    order_in("reviewed", changed_at=LONG_AGO, due_at=None)
    assert deadlines.tick(at=NOON) == {"urged": 1, "escalated": 1, "lapsed": 1, "closed": 1}


@pytest.mark.django_db
def test_the_worker_ticks():
    assert set(tasks.tick().values()) == {0}
    assert tasks.drop_forgotten_pictures() == 0


# --- The calendar.


def at(day, clock):
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("begins", "due"),
    [
        (at("2026-11-20", "17:00"), at("2026-11-23", "17:00")),  # over a weekend
        (at("2026-11-21", "10:00"), at("2026-11-23", "18:00")),  # begun on a Saturday
        (at("2026-09-30", "17:00"), at("2026-10-08", "17:00")),  # over National Day
        (at("2026-10-09", "17:00"), at("2026-10-10", "17:00")),  # into a Saturday that is worked
        (at("2026-11-19", "23:59"), at("2026-11-20", "18:00")),
        (at("2026-11-20", "00:01"), at("2026-11-20", "18:00")),
        (at("2027-12-31", "17:00"), at("2028-01-03", "17:00")),  # no notice yet: the week decides
    ],
)
def test_a_working_day_of_the_national_calendar(order_in, begins, due):
    assert _life.due_after(order_in("submitted"), begins) == due


def test_the_city_may_know_better(order_in, city_works):
    city_works(date(2026, 11, 21), is_working=True)
    city_works(date(2026, 11, 23), is_working=False)
    friday = at("2026-11-20", "17:00")
    assert _life.due_after(order_in("submitted"), friday) == at("2026-11-21", "17:00")
    assert _life.due_after(order_in("submitted"), at("2026-11-21", "17:00")) == at("2026-11-24", "17:00")


def test_the_city_sets_the_hours(order_in, city_sets):
    city_sets("orders.screen_hours", 1)
    assert _life.due_after(order_in("submitted"), at("2026-11-20", "09:00")) == at("2026-11-20", "10:00")


def test_a_review_has_days_of_the_week_not_of_the_office(order_in, city_sets):
    city_sets("orders.review_days", 3)
    assert _life.due_after(order_in("served"), NOON) == NOON + timedelta(days=3)


@pytest.mark.parametrize("state", [state for state in S if state not in OPEN] + ["returned"])
def test_an_end_and_the_residents_own_turn_are_due_never(order_in, state):
    assert _life.due_after(order_in(state), NOON) is None
