"""The same form twice, in turn or at once: one row, one answer; and nobody else's token tells anything."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from civic.journal.models import Submission
from civic.orders.models import Dispatch, Order, Review
from civic.orders.services import screening
from civic.orders.services.numbering import forget_blocks
from civic.orders.states import OrderState
from civic.orders.tests.verbs import bring
from civic.venues.models import Booking
from civic.venues.tests.factories import RoomFactory
from tests.hostile.conftest import begin_order

S = OrderState
TOKEN = "a-token-of-a-page"


@pytest.fixture
def made(fuqian, zhang, team):
    """An order of 张桂兰 in a state."""
    return lambda state: bring(state, place=fuqian, resident=zhang, team=team)


def order(request):
    """张桂兰 places an order: (who, address, what is sent, what is counted)."""
    zhang, place = request.getfixturevalue("zhang"), request.getfixturevalue("fuqian")
    return zhang, reverse("orders:check"), {}, Order.objects.count, lambda client: begin_order(client, place)


def dispatch(request):
    dispatcher, team = request.getfixturevalue("dispatcher"), request.getfixturevalue("team")
    found = request.getfixturevalue("made")(S.SUBMITTED)
    screening.screen(
        order_id=found.pk, item_id=found.item_id, is_urgent=False, note="", by=dispatcher, at=timezone.now()
    )
    address = reverse("orders:dispatch", args=[found.pk])
    return dispatcher, address, {"target": f"team:{team.pk}"}, Dispatch.objects.count, None


def review(request):
    zhang = request.getfixturevalue("zhang")
    found = request.getfixturevalue("made")(S.SERVED)
    address = reverse("orders:review", args=[found.pk])
    return zhang, address, {"grade": "5"}, Review.objects.count, None


def booking(request):
    clerk, station = request.getfixturevalue("station_clerk"), request.getfixturevalue("station")
    room = RoomFactory(venue=station)
    day = timezone.localdate() + timedelta(days=3)
    said = {"title": "合唱", "day": day.isoformat(), "opens": "09:00", "closes": "10:00"}
    return clerk, reverse("venues:book", args=[room.pk]), said, Booking.objects.count, None


ACTS = pytest.mark.parametrize("act", [order, dispatch, review, booking], ids=lambda act: act.__name__)


def browser(person, begin=None):
    client = Client()
    client.force_login(person)
    if begin:
        begin(client)
    return client


@ACTS
@pytest.mark.django_db
@pytest.mark.slow
def test_twice_is_once(act, request):
    """The second answer is the first one again, before any check: the order has moved on by then."""
    person, address, said, rows, begin = act(request)
    client = browser(person, begin)
    before = rows()
    answers = [client.post(address, said | {"form_token": TOKEN}) for _ in range(3)]

    assert rows() == before + 1
    assert {answer.status_code for answer in answers} == {302}
    assert len({answer.url for answer in answers}) == 1


@ACTS
@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_four_at_once_are_one(act, request):
    person, address, said, rows, begin = act(request)
    first = browser(person, begin)
    before = rows()
    ready = threading.Barrier(4)

    def press(_number):
        client = Client()
        client.cookies = first.cookies
        ready.wait(20)
        try:
            answer = client.post(address, said | {"form_token": TOKEN})
            return answer.status_code, answer.headers.get("Location")
        finally:
            connection.close()

    forget_blocks()
    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(press, range(4)))

    assert rows() == before + 1
    assert len(answers) == 1
    assert answers.pop()[0] == 302


@pytest.mark.django_db
def test_somebody_elses_token_shows_nothing(zhang, neighbour, fuqian):
    mine, hers = browser(zhang), browser(neighbour)
    for client in (mine, hers):
        begin_order(client, fuqian)
    first = mine.post(reverse("orders:check"), {"form_token": TOKEN})
    second = hers.post(reverse("orders:check"), {"form_token": TOKEN})

    assert first.url != second.url
    assert [found.resident for found in Order.objects.order_by("id")] == [zhang, neighbour]


@pytest.mark.django_db
def test_a_guest_gets_nothing_of_a_member(zhang, fuqian):
    mine = browser(zhang)
    begin_order(mine, fuqian)
    first = mine.post(reverse("orders:check"), {"form_token": TOKEN})
    guest = Client().post(reverse("orders:check"), {"form_token": TOKEN})
    assert guest.url != first.url


@pytest.mark.django_db
def test_the_same_token_on_another_address_is_another_form(made, zhang):
    client = browser(zhang)
    served, open_one = made(S.SERVED), made(S.SUBMITTED)
    reviewed = client.post(reverse("orders:review", args=[served.pk]), {"grade": "4", "form_token": TOKEN})
    withdrawn = client.post(reverse("orders:withdraw", args=[open_one.pk]), {"form_token": TOKEN})

    assert reviewed.url != withdrawn.url
    assert Order.objects.get(pk=open_one.pk).state == S.WITHDRAWN
    assert Submission.objects.count() == 2


@pytest.mark.django_db
def test_a_form_with_errors_may_be_sent_again_with_its_token(made, zhang):
    client, address = browser(zhang), reverse("orders:review", args=[made(S.SERVED).pk])
    assert client.post(address, {"form_token": TOKEN}).status_code == 422
    assert client.post(address, {"grade": "5", "form_token": TOKEN}).status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["\x00" * 80, "長" * 5000, "<script>", "' OR 1=1 --", "\ufffe"], ids=repr)
def test_a_naughty_token_is_only_a_token(made, zhang, token):
    client, address = browser(zhang), reverse("orders:review", args=[made(S.SERVED).pk])
    answers = [client.post(address, {"grade": "5", "form_token": token}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Review.objects.count() == 1


@pytest.mark.django_db
def test_a_refusal_is_not_remembered(made, neighbour):
    """What was denied leaves no key behind, so that nothing is claimed by trying."""
    client = browser(neighbour)
    address = reverse("orders:withdraw", args=[made(S.SUBMITTED).pk])
    assert client.post(address, {"form_token": TOKEN}).status_code == 404
    assert not Submission.objects.exists()
