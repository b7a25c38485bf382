"""C1 派单台: queues, filters, paging, counts, the next one; and the ledger."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from civic.core.crypto import keyed_hash
from civic.orders.models import Order
from civic.orders.queries import desk as queries
from civic.orders.queries import keyset
from civic.orders.tests.factories import ItemFactory, OrderFactory
from civic.places.tests.factories import PlaceFactory
from tests.moments import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

DESK = reverse("orders:desk")
LEDGER = reverse("orders:ledger")
HTMX = {"HX-Request": "true"}
AN_HOUR = timedelta(hours=1)


def soup(answer):
    return BeautifulSoup(answer.content.decode(), "html.parser")


def rows(answer):
    """Numbers of the orders listed, in their order."""
    return [
        row.select_one("small.num").text for row in soup(answer).select("#queue .queue-item, .queue-item")
    ]


def tab_counts(answer):
    return {tab.contents[0].strip(): tab.select_one(".n").text for tab in soup(answer).select("#desk-tabs a")}


def short(*orders):
    return [order.short_number for order in orders]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("which", ["screen", "dispatch", "overdue"])
def test_a_queue_asks_the_same_number_of_queries_for_any_number_of_orders(
    client, dispatcher, fuqian, django_assert_num_queries, count, which
):
    state = "screened" if which == "dispatch" else "submitted"
    late = NOON - AN_HOUR if which == "overdue" else NOON + AN_HOUR
    made = OrderFactory.create_batch(count, place=fuqian, state=state, due_at=late)
    client.force_login(dispatcher)

    # session with sign-in and person, grants, places and categories of the filters, rows, counts, settings
    with django_assert_num_queries(10):
        answer = client.get(DESK, {"queue": which})

    assert rows(answer) == short(*made)


def test_the_most_pressing_comes_first(client, dispatcher, fuqian):
    late, soon, later = (OrderFactory(place=fuqian, due_at=NOON + hours * AN_HOUR) for hours in (-3, 1, 8))
    client.force_login(dispatcher)

    assert rows(client.get(DESK)) == short(late, soon, later)
    assert rows(client.get(DESK, {"queue": "overdue"})) == short(late)


def test_each_queue_holds_its_own(client, dispatcher, order_in):
    waiting, screened = order_in("submitted"), order_in("screened")
    order_in("accepted")
    order_in("closed")
    client.force_login(dispatcher)

    assert rows(client.get(DESK, {"queue": "screen"})) == short(waiting)
    assert rows(client.get(DESK, {"queue": "dispatch"})) == short(screened)
    assert tab_counts(client.get(DESK)) == {"待审": "1", "待派": "1", "超时": "0", "待回访": "0"}


def test_the_queue_ends_at_the_reach(
    client, dispatcher, institute_clerk, other_dispatcher, fuqian, wangqiao, danzhu
):
    here = OrderFactory(place=fuqian)
    county = OrderFactory(place=PlaceFactory(parent=wangqiao))
    OrderFactory(place=PlaceFactory(parent=danzhu))

    client.force_login(dispatcher)
    assert rows(client.get(DESK)) == short(here, county)
    client.force_login(institute_clerk)
    assert rows(client.get(DESK)) == short(here)


def test_clerks_see_the_queues_they_may_work_at(client, institute_clerk, station_clerk, supervisor):
    client.force_login(institute_clerk)
    assert list(tab_counts(client.get(DESK))) == ["待审", "超时"]
    client.force_login(station_clerk)
    assert list(tab_counts(client.get(DESK))) == ["超时"]
    client.force_login(supervisor)
    assert list(tab_counts(client.get(DESK, {"queue": "dispatch"}))) == ["超时"]


def test_a_resident_who_is_slow_to_review_makes_nobody_late(dispatcher, order_in):
    order_in("served", due_at=NOON - AN_HOUR)
    order_in("reviewed", due_at=NOON - AN_HOUR)
    late = order_in("accepted", due_at=NOON - AN_HOUR)

    assert list(queries.waiting(dispatcher, "overdue", NOON)) == [late]


def test_paging_goes_on_where_it_stopped_even_among_equals(dispatcher, fuqian):
    made = OrderFactory.create_batch(keyset.PAGE_ROWS + 5, place=fuqian, due_at=NOON)

    first = queries.queue(dispatcher, "screen", NOON)
    second = queries.queue(dispatcher, "screen", NOON, after=first.next_cursor)

    assert [*first.rows, *second.rows] == made
    assert (len(first.rows), second.next_cursor) == (keyset.PAGE_ROWS, "")


@pytest.mark.parametrize(
    "after", ["x", "2026-13-01T10:00:00+08:00~1", "~", "2026-11-20T12:00:00~1", "2026-11-20T12:00:00+08:00~x"]
)
def test_a_spoilt_cursor_begins_again(dispatcher, fuqian, after):
    order = OrderFactory(place=fuqian)

    assert queries.queue(dispatcher, "screen", NOON, after=after).rows == [order]


def test_the_next_page_is_swapped_in(client, dispatcher, fuqian):
    OrderFactory.create_batch(keyset.PAGE_ROWS + 1, place=fuqian)
    client.force_login(dispatcher)
    link = soup(client.get(DESK)).select_one(".pager a")

    answer = client.get(f"{DESK}{link['hx-get']}", headers=HTMX)

    assert len(rows(answer)) == 1
    assert not soup(answer).select("html")


def test_filters_by_place_category_and_urgency(client, dispatcher, fuqian, guhan, wangqiao):
    other = OrderFactory(place=PlaceFactory(parent=wangqiao), is_urgent=True)
    here = OrderFactory(place=fuqian)
    client.force_login(dispatcher)

    assert rows(client.get(DESK, {"place": guhan.pk})) == short(here)
    assert rows(client.get(DESK, {"category": here.item.category_id})) == short(here)
    assert rows(client.get(DESK, {"urgent": "on"})) == short(other)
    assert rows(client.get(DESK, {"place": "x", "category": "999999"})) == short(other, here)
    assert "没有符合的单" in client.get(DESK, {"place": guhan.pk, "urgent": "on"}).text


def test_searching_by_number_phone_and_item(client, dispatcher, fuqian):
    item = ItemFactory(name="小家电维修")
    phone = "13900001234"
    found = OrderFactory(
        place=fuqian,
        item=item,
        number="20261120-0037",
        contact_phone=phone,
        contact_phone_hash=keyed_hash(phone, context="phone"),
    )
    OrderFactory(place=fuqian)
    client.force_login(dispatcher)

    for words in ("1120-0037", "20261120-0037", "11200037", "139 0000 1234", "小家电"):
        assert rows(client.get(DESK, {"q": words})) == short(found), words
    assert rows(client.get(DESK, {"q": "1120-9999"})) == []


def test_fresh_counts_come_only_when_something_has_changed(client, dispatcher, fuqian):
    client.force_login(dispatcher)
    asked = soup(client.get(DESK)).select_one("#desk-tabs")["hx-get"]

    assert client.get(asked, headers=HTMX).status_code == 204
    OrderFactory(place=fuqian)
    fresh = client.get(asked, headers=HTMX)
    assert tab_counts(fresh)["待审"] == "1"
    assert "待审 1" in soup(fresh).select_one("[role=status]").text


def test_long_queues_are_not_counted_to_the_end(client, dispatcher, fuqian, monkeypatch):
    monkeypatch.setattr(queries, "COUNT_CEILING", 2)
    OrderFactory.create_batch(3, place=fuqian)
    client.force_login(dispatcher)

    assert tab_counts(client.get(DESK))["待审"] == "99+"


def test_the_next_one_is_the_most_pressing_that_the_person_can_act_on(client, dispatcher, order_in):
    order_in("accepted", due_at=NOON - 5 * AN_HOUR)
    first = order_in("screened", due_at=NOON - AN_HOUR)
    second = order_in("submitted", due_at=NOON)
    client.force_login(dispatcher)
    ask = reverse("orders:next_one")

    assert client.get(ask).url == reverse("orders:at_desk", args=[first.pk])
    assert client.get(ask, {"not": first.pk}).url == reverse("orders:at_desk", args=[second.pk])
    Order.objects.update(state="withdrawn")
    answer = client.get(ask, follow=True)
    assert answer.redirect_chain[-1][0] == DESK
    assert "手上的单都办完了。" in answer.text


@pytest.mark.parametrize("count", [1, 3])
def test_the_ledger_asks_the_same_number_of_queries(
    client, dispatcher, fuqian, django_assert_num_queries, count
):
    OrderFactory.create_batch(count, place=fuqian)
    client.force_login(dispatcher)

    # session with sign-in and person, grants, places and categories of the filters, rows, settings
    with django_assert_num_queries(6):
        answer = client.get(LEDGER)

    assert len(soup(answer).select("tbody tr")) == count


def test_the_ledger_is_by_month_the_latest_first_and_goes_on(client, dispatcher, fuqian):
    OrderFactory(place=fuqian, placed_at=NOON - timedelta(days=30), number="20261021-0001")
    made = [OrderFactory(place=fuqian, placed_at=NOON - n * AN_HOUR) for n in range(keyset.PAGE_ROWS + 2)]
    client.force_login(dispatcher)

    first = client.get(LEDGER)
    links = [cell.text for cell in soup(first).select("tbody a")]
    assert links == short(*made[: keyset.PAGE_ROWS])
    more = soup(client.get(f"{LEDGER}{soup(first).select_one('.pager a')['href']}"))
    assert [cell.text for cell in more.select("tbody a")] == short(*made[keyset.PAGE_ROWS :])
    october = soup(client.get(LEDGER, {"month": "2026-10"}))
    assert [cell.text for cell in october.select("tbody a")] == ["1021-0001"]
    assert "2026-11" in str(october.select_one(".head .buttons"))
    assert "2026年11月" in client.get(LEDGER, {"month": "nonsense"}).text


def test_a_number_is_found_in_any_month(client, dispatcher, fuqian):
    OrderFactory(place=fuqian, placed_at=NOON - timedelta(days=200), number="20260504-0009")
    client.force_login(dispatcher)

    answer = client.get(LEDGER, {"q": "0504-0009"})

    assert [cell.text for cell in soup(answer).select("tbody a")] == ["0504-0009"]


def test_no_desk_without_a_role(client, zhang, auditor):
    for person in (zhang, auditor):
        client.force_login(person)
        assert client.get(DESK).status_code == 403
