"""Review: the resident's grade, and who owes her a call."""

import pytest

from civic.core.errors import Denied, Refused
from civic.orders.models import CallBack, Dispatch, Review, Visit
from civic.orders.services import reviewing
from civic.orders.tests.verbs import (
    HOURS_LATER_16,
    at_once,
    closed_to,
    fresh,
    last_line,
    last_step,
    told,
)
from tests.moments import NOON


@pytest.fixture
def order(order_in, city_sets):
    """Served; no order is drawn for a sample call."""
    city_sets("orders.callback_percent", 0)
    return order_in("served")


def review(order, by, grade=5, **said):
    said = {"tags": [], "words": "", "is_anonymous": False} | said
    return reviewing.review(order_id=order.pk, grade=grade, by=by, at=NOON, **said)


def test_the_grade_is_kept_and_whoever_served_is_told(order, zhang, li):
    review(order, zhang, tags=["准时", "耐心"], words=" 修得好 ", is_anonymous=True)

    assert fresh(order).state == "reviewed"
    assert fresh(order).due_at == HOURS_LATER_16
    assert last_step(order) == ("review", "reviewed", zhang)
    assert last_line(order) == ("orders.review", zhang, None)
    assert told(order) == {(li, "reviewed")}
    kept = Review.objects.get(order=order)
    assert (kept.grade, kept.tags, kept.words) == (5, ["准时", "耐心"], "修得好")
    assert (kept.is_anonymous, kept.by_phone) == (True, False)
    assert (kept.reviewed_at, kept.reviewed_by) == (NOON, zhang)


@pytest.mark.parametrize(("grade", "tag"), [(5, "准时"), (4, "耐心"), (3, "迟到"), (1, "没解决")])
def test_words_to_tick_belong_to_the_grade(order, zhang, grade, tag):
    review(order, zhang, grade, tags=[tag, "免费"])
    assert Review.objects.get().tags == [tag]


def test_words_that_do_not_belong_to_the_grade_are_left_out(order, zhang):
    review(order, zhang, 5, tags=["迟到"])
    assert Review.objects.get().tags == []


@pytest.mark.parametrize("grade", [0, 6, -1, 100])
def test_a_grade_is_one_to_five(order, zhang, grade):
    with pytest.raises(Refused):
        review(order, zhang, grade)
    assert fresh(order).state == "served"


# --- Who is called.


@pytest.mark.parametrize("grade", [1, 2])
def test_after_a_low_grade_a_call_is_owed(order, zhang, grade):
    review(order, zhang, grade)
    call = CallBack.objects.get(order=order)
    assert (call.reason, call.due_at) == ("low_grade", HOURS_LATER_16)


@pytest.mark.parametrize("grade", [3, 4, 5])
def test_after_a_fair_grade_none_is_owed(order, zhang, grade):
    review(order, zhang, grade)
    assert not CallBack.objects.exists()


def test_but_a_sample_is_called_whatever_the_grade(order, zhang, city_sets):
    city_sets("orders.callback_percent", 100)
    review(order, zhang, 5)
    assert CallBack.objects.get().reason == "sample"


def test_the_sample_is_as_large_as_the_city_says(order_in, city_sets):
    city_sets("orders.callback_percent", 8)
    order = order_in("served")
    drawn = 0
    for serial in range(5000):
        order.number = f"20261120-{serial:04}"
        drawn += reviewing.is_sampled(order)
    assert 0.07 < drawn / 5000 < 0.09


# --- Who may.


def test_the_center_asks_by_telephone_and_both_are_kept(order, dispatcher, zhang):
    review(order, dispatcher)
    assert Review.objects.get().by_phone
    assert last_line(order) == ("orders.review", dispatcher, zhang)


@pytest.mark.parametrize(
    "who",
    [
        "neighbour",
        "li",
        "wang",
        "station_clerk",
        "institute_clerk",
        "stranger",
        "other_dispatcher",
        "supervisor",
    ],
)
def test_nobody_else_reviews(order, person, who):
    with pytest.raises(Denied):
        review(order, person(who))
    assert not Review.objects.exists()


def test_the_leader_does_not_review_her_own_service(order_in, li):
    with pytest.raises(Denied):
        review(order_in("served", resident=li), li)


def test_a_member_who_served_does_not_review(order_in, wang):
    order = order_in("served", resident=wang)
    order.current.members.add(wang.volunteer)
    with pytest.raises(Denied):
        review(order, wang)


def test_a_member_who_stayed_at_home_does(order_in, wang):
    assert review(order_in("served", resident=wang), wang).state == "reviewed"


def at_site(order, station, answered_by):
    Dispatch.objects.filter(pk=order.current_id).update(team=None, venue=station, answered_by=answered_by)
    return fresh(order)


def test_the_center_asks_about_the_service_of_a_site(order, station, station_clerk, dispatcher):
    assert review(at_site(order, station, station_clerk), dispatcher).state == "reviewed"


def test_but_not_who_accepted_for_the_site(order, station, dispatcher, head):
    with pytest.raises(Denied):
        review(at_site(order, station, dispatcher), dispatcher)
    assert review(order, head).state == "reviewed"


def test_nor_who_ended_the_visit_there(order, station, station_clerk, dispatcher):
    order = at_site(order, station, station_clerk)
    Visit.objects.create(
        order=order,
        dispatch=order.current,
        started_at=NOON,
        started_by=station_clerk,
        finished_at=NOON,
        finished_by=dispatcher,
        summary="讲完了",
    )
    with pytest.raises(Denied):
        review(order, dispatcher)


# --- Whether, and twice.


@pytest.mark.parametrize("state", closed_to("review"))
def test_only_what_was_served_is_reviewed(order_in, zhang, state):
    order = order_in(state)
    with pytest.raises(Refused):
        review(order, zhang)
    assert fresh(order).state == state


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_her_and_the_center_at_once_keep_one_grade(order, zhang, dispatcher):
    outcomes = at_once(lambda: review(order, zhang, 5), lambda: review(order, dispatcher, 1))
    assert outcomes == ["done", "refused"]
    assert Review.objects.filter(order=order).count() == 1
