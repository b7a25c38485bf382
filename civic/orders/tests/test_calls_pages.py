"""C8 回访, and the answers to what people say about the service."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from civic.notices.models import Notice
from civic.orders.models import CallBack, Feedback
from civic.orders.queries import keyset
from civic.orders.tests.factories import OrderFactory
from civic.orders.tests.verbs import AN_HOUR, fresh
from tests.moments import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

HTMX = {"HX-Request": "true"}


def at(thing, name):
    return reverse(f"orders:{name}", args=[thing.pk])


def soup(answer):
    return BeautifulSoup(answer.content.decode(), "html.parser")


def titles(answer):
    return [row.select_one("b").text for row in soup(answer).select(".queue-item")]


# --- C8


@pytest.fixture
def call(order_in):
    order = order_in("reviewed")
    return CallBack.objects.create(order=order, reason="low_grade", opened_at=NOON, due_at=NOON + AN_HOUR)


@pytest.mark.parametrize("count", [1, 3])
def test_the_call_list_asks_the_same_number_of_queries(
    client, dispatcher, order_in, django_assert_num_queries, count
):
    for n in range(count):
        CallBack.objects.create(
            order=order_in("served"), reason="sample", opened_at=NOON, due_at=NOON + timedelta(hours=n)
        )
    client.force_login(dispatcher)

    # session with sign-in and person, grants, three queues and calls counted, calls, settings
    with django_assert_num_queries(8):
        answer = client.get(reverse("orders:calls"))

    assert len(titles(answer)) == count


def test_a_call_is_recorded_and_then_the_order_can_be_closed(client, dispatcher, call):
    client.force_login(dispatcher)
    assert "评价偏低" in client.get(at(call, "call")).text
    assert client.post(at(call, "call"), {}).status_code == 422
    assert client.post(at(call.order, "close"), {}).status_code == 422

    client.post(at(call, "call"), {"outcome": "已经补好", "is_content": "yes"})
    client.post(at(call.order, "close"), {})

    call.refresh_from_db()
    assert (call.called_by, call.is_content) == (dispatcher, True)
    assert fresh(call.order).state == "closed"
    assert "已经打过" in client.get(at(call, "call")).text


def test_a_phone_order_is_reviewed_by_telephone_and_marked_as_such(client, dispatcher, order_in):
    order = order_in("served", channel="phone")
    call = CallBack.objects.create(order=order, reason="phone_order", opened_at=NOON, due_at=NOON)
    client.force_login(dispatcher)
    assert at(order, "review_by_phone") in client.get(at(call, "call"), headers=HTMX).text

    answer = client.post(at(order, "review_by_phone"), {"grade": "5", "words": "手艺好"}, follow=True)

    assert fresh(order).review.by_phone
    assert "电话代评" in answer.text


def test_no_grade_no_review(client, dispatcher, order_in):
    order = order_in("served")
    client.force_login(dispatcher)

    assert client.post(at(order, "review_by_phone"), {"grade": ""}).status_code == 422
    assert fresh(order).state == "served"


def test_calls_of_another_county_are_absent(client, other_dispatcher, station_clerk, call):
    client.force_login(other_dispatcher)
    assert client.get(at(call, "call")).status_code == 404
    client.force_login(station_clerk)
    assert client.get(at(call, "call")).status_code == 403


# --- Opinions


@pytest.fixture
def opinion(fuqian, zhang):
    return Feedback.objects.create(
        kind="complaint", place=fuqian, words="等了三天", sent_at=NOON, sent_by=zhang
    )


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_opinions_asks_the_same_number_of_queries(
    client, institute_clerk, fuqian, zhang, django_assert_num_queries, count
):
    for _ in range(count):
        Feedback.objects.create(kind="praise", place=fuqian, words="好", sent_at=NOON, sent_by=zhang)
    client.force_login(institute_clerk)

    # session with sign-in and person, grants, opinions, settings
    with django_assert_num_queries(4):
        answer = client.get(reverse("orders:feedback_list"))

    assert len(soup(answer).select("a.cell")) == count


def test_an_opinion_is_answered_once(client, institute_clerk, opinion, zhang):
    client.force_login(institute_clerk)
    assert client.post(at(opinion, "answer_feedback"), {"answer": ""}).status_code == 422

    client.post(at(opinion, "answer_feedback"), {"answer": "已经催办"})
    twice = client.post(at(opinion, "answer_feedback"), {"answer": "再说一次"})

    opinion.refresh_from_db()
    assert (opinion.answer, opinion.answered_by) == ("已经催办", institute_clerk)
    assert twice.status_code == 422
    assert Notice.objects.filter(person=zhang, kind="feedback.answered").count() == 1
    assert "等了三天" in client.get(reverse("orders:feedback_list"), {"answered": "1"}).text
    assert "没有等答复的意见" in client.get(reverse("orders:feedback_list"), headers=HTMX).text


def test_opinions_of_the_next_township_are_absent(client, stranger, opinion):
    client.force_login(stranger)

    assert client.get(at(opinion, "answer_feedback")).status_code == 404


def test_long_lists_go_on_where_they_stopped(client, dispatcher, fuqian, zhang):
    for n in range(keyset.PAGE_ROWS + 1):
        CallBack.objects.create(
            order=OrderFactory(place=fuqian), reason="sample", opened_at=NOON, due_at=NOON + n * AN_HOUR
        )
        Feedback.objects.create(
            kind="praise", place=fuqian, words=f"第 {n} 句", sent_at=NOON + n * AN_HOUR, sent_by=zhang
        )
    client.force_login(dispatcher)

    for url, rows in ((reverse("orders:calls"), ".queue-item"), (reverse("orders:feedback_list"), "a.cell")):
        first = soup(client.get(url))
        more = soup(client.get(f"{url}{first.select_one('.pager a')['href']}"))
        assert (len(first.select(rows)), len(more.select(rows))) == (keyset.PAGE_ROWS, 1)
    Feedback.objects.update(answer="谢谢", answered_at=NOON, answered_by=dispatcher)
    answered = f"{reverse('orders:feedback_list')}?answered=1"
    first = soup(client.get(answered))
    more = soup(client.get(f"{reverse('orders:feedback_list')}{first.select_one('.pager a')['href']}"))
    assert "第 0 句" in more.select_one("a.cell").text
