"""R24: say something, follow the answer."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from civic.orders.models import Feedback
from civic.orders.tests.factories import OrderFactory
from tests.moments import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
SAID = {"kind": "praise", "words": "王师傅手艺好"}


@pytest.fixture
def signed_in(client, zhang):
    client.force_login(zhang)
    return client


def page(response):
    return BeautifulSoup(response.content, "html.parser")


def test_said_at_home_it_goes_to_ones_own_village(signed_in, zhang, fuqian):
    address = reverse("orders:send_feedback")
    assert "给府前社区的实践站" in page(signed_in.get(address)).text
    assert signed_in.post(address, SAID).url == reverse("orders:feedback")
    said = Feedback.objects.get()
    assert (said.place, said.sent_by, said.kind, said.order) == (fuqian, zhang, "praise", None)


def test_about_an_order_it_goes_to_the_orders_place(signed_in, zhang, guhan):
    order = OrderFactory(place=guhan, resident=zhang)
    address = f"{reverse('orders:send_feedback')}?order={order.pk}"
    assert order.short_number in page(signed_in.get(address)).text
    signed_in.post(address, SAID)
    assert (Feedback.objects.get().order, Feedback.objects.get().place) == (order, guhan)


@pytest.mark.parametrize("named", ["x", "9" * 20, "other"])
def test_nobody_elses_order_can_be_named(signed_in, fuqian, named):
    number = OrderFactory(place=fuqian).pk if named == "other" else named
    assert signed_in.get(reverse("orders:send_feedback"), {"order": number}).status_code == 404


def test_without_a_place_the_reader_is_asked_for_it(client, neighbour):
    neighbour.home = None
    neighbour.save()
    client.force_login(neighbour)
    assert client.get(reverse("orders:send_feedback")).url == "/where/?next=%2Fmy%2Ffeedback%2Fsend%2F"


@pytest.mark.parametrize("said", [{"kind": "praise", "words": ""}, {"kind": "", "words": "好"}])
def test_kind_and_words_are_needed(signed_in, said):
    answer = signed_in.post(reverse("orders:send_feedback"), said)
    assert answer.status_code == 422
    assert page(answer).title.text.startswith("错误：")


@pytest.mark.parametrize("count", [1, 3])
def test_what_i_said_and_what_was_answered(
    signed_in, zhang, dispatcher, fuqian, count, django_assert_num_queries
):
    for n in range(count):
        answered = {"answer": f"谢谢{n}", "answered_at": NOON, "answered_by": dispatcher}
        Feedback.objects.create(
            kind="praise", place=fuqian, words=f"好{n}", sent_at=NOON, sent_by=zhang, **answered
        )
    Feedback.objects.create(kind="praise", place=fuqian, words="别人的", sent_at=NOON, sent_by=dispatcher)
    with django_assert_num_queries(4):  # session with sign-in and person, feedback, settings, unread
        shown = page(signed_in.get(reverse("orders:feedback"))).text
    assert f"好{count - 1}" in shown
    assert f"谢谢{count - 1}" in shown
    assert "别人的" not in shown


def test_nothing_said_yet(signed_in):
    assert "还没有说过意见" in page(signed_in.get(reverse("orders:feedback"))).text
