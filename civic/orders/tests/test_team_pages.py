"""T1 and T2: what teams, members and invited volunteers see and do on the phone."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core.files.base import ContentFile
from django.urls import reverse

from civic.orders.models import Attachment, Dispatch, Review
from civic.orders.tests.factories import OrderFactory
from civic.orders.tests.verbs import AN_HOUR, TOMORROW, fresh, last_step
from tests.moments import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

HOME = reverse("orders:team_home")
HTMX = {"HX-Request": "true"}


def at(order, name="team_order"):
    return reverse(f"orders:{name}", args=[order.pk])


def soup(answer):
    return BeautifulSoup(answer.content.decode(), "html.parser")


def moves(answer):
    return [link["href"].rstrip("/").rsplit("/", 1)[1] for link in soup(answer).select(".act a")]


@pytest.fixture
def invitation(order_in, wang, dispatcher):
    """An order that 王师傅 is invited to."""
    order = order_in("dispatched")
    Dispatch.objects.filter(pk=order.current_id).update(state="recalled")
    order.current = Dispatch.objects.create(
        order=order, volunteer=wang.volunteer, dispatched_at=NOON, dispatched_by=dispatcher
    )
    order.save()
    return order


def test_home_sorts_by_what_it_asks_of_me(client, li, order_in):
    answer_me = order_in("dispatched")
    arrange = order_in("accepted")
    today = order_in("scheduled", starts_at=NOON + AN_HOUR, ends_at=NOON + 2 * AN_HOUR)
    coming = order_in(
        "scheduled", starts_at=TOMORROW + timedelta(days=3), ends_at=TOMORROW + timedelta(days=3, hours=1)
    )
    order_in("served")
    client.force_login(li)

    page = soup(client.get(HOME))

    shown = {
        heading.text: [link["href"] for link in heading.find_next("ul").select("a")]
        for heading in page.select("h2.sec")
    }
    assert shown == {
        "等您答复": [at(answer_me)],
        "今天去": [at(today)],
        "要打电话约时间": [at(arrange)],
        "约好了，过几天去": [at(coming)],
    }


@pytest.mark.parametrize("count", [1, 3])
def test_home_asks_the_same_number_of_queries(client, li, order_in, django_assert_num_queries, count):
    for _ in range(count):
        order_in("dispatched")
    client.force_login(li)

    # session with sign-in and person, what she holds, orders in hand, teams led, unread notices, settings
    with django_assert_num_queries(6):
        answer = client.get(HOME)

    assert len(soup(answer).select("a.queue-item")) == count


def test_home_of_one_who_has_nothing(client, zhang):
    client.force_login(zhang)

    assert "现在没有派给您的单" in client.get(HOME).text


@pytest.mark.parametrize("name", ["team_order", "accept", "decline", "assign", "schedule", "start", "finish"])
def test_somebody_elses_order_reads_as_absent(client, neighbour, wang, order_in, name):
    order = order_in("accepted")

    for person in (neighbour, wang):
        client.force_login(person)
        assert client.get(at(order, name)).status_code == 404


def test_guests_are_asked_to_sign_in(client, order_in):
    assert client.get(at(order_in("accepted"))).status_code == 302


def test_phone_and_door_open_with_acceptance_and_close_with_the_end(client, li, order_in):
    client.force_login(li)

    for state, is_open in [
        ("dispatched", False), ("accepted", True), ("provisioned", True), ("scheduled", True),
        ("in_service", True), ("served", False), ("reviewed", False), ("closed", False),
    ]:  # fmt: skip
        order = order_in(state)
        page = client.get(at(order)).text
        assert (order.contact_phone in page, order.address in page) == (is_open, is_open), state


def test_the_moves_left_are_buttons(client, li, order_in, city_sets):
    client.force_login(li)

    assert moves(client.get(at(order_in("dispatched")))) == ["accept", "decline"]
    assert moves(client.get(at(order_in("accepted")))) == ["assign"]
    assert moves(client.get(at(order_in("provisioned")))) == ["schedule", "assign"]
    assert moves(client.get(at(order_in("scheduled")))) == ["start", "schedule", "assign"]
    assert moves(client.get(at(order_in("in_service")))) == ["finish", "assign"]
    assert moves(client.get(at(order_in("served")))) == []
    city_sets("orders.steps", 4)
    assert moves(client.get(at(order_in("accepted")))) == ["schedule", "assign"]


def test_a_member_who_was_named_sees_it_and_may_serve_but_not_answer(client, wang, order_in):
    order = order_in("scheduled")
    order.current.members.add(wang.volunteer)
    client.force_login(wang)

    assert moves(client.get(at(order))) == ["start", "schedule"]
    assert client.post(at(order, "assign"), {"members": []}).status_code == 403


def test_accepting_names_who_goes(client, li, wang, order_in):
    order = order_in("dispatched")
    client.force_login(li)
    assert "王志强" in client.get(at(order, "accept")).text

    answer = client.post(at(order, "accept"), {"members": [wang.volunteer.pk]}, follow=True)

    assert answer.redirect_chain == [(at(order), 302)]
    assert fresh(order).state == "accepted"
    assert "王志强" in answer.text


def test_declining_asks_a_team_for_a_reason_and_tells_that_nothing_follows(client, li, order_in):
    order = order_in("dispatched")
    client.force_login(li)

    asked = client.get(at(order, "decline"))
    bare = client.post(at(order, "decline"), {})
    answer = client.post(at(order, "decline"), {"reason": "人手不够"}, follow=True)

    assert "不影响队伍的任何积分和星级" in asked.text
    assert bare.status_code == 422
    assert answer.redirect_chain == [(HOME, 302)]
    assert fresh(order).state == "screened"
    assert last_step(order)[0] == "decline"


def test_an_invitation_is_worded_as_one_and_declined_without_a_reason(client, wang, invitation):
    client.force_login(wang)

    page = client.get(at(invitation))
    assert "想请您帮这个忙" in page.text
    assert [one.text for one in soup(page).select(".act a")] == ["我来帮", "谢绝"]
    assert "谢绝不影响您的任何积分和星级" in client.get(at(invitation, "decline")).text
    assert client.post(at(invitation, "decline"), {}).status_code == 302
    assert fresh(invitation).state == "screened"


def test_a_volunteer_accepts_an_invitation(client, wang, invitation):
    client.force_login(wang)

    answer = client.post(at(invitation, "accept"), {}, follow=True)

    assert fresh(invitation).state == "accepted"
    assert invitation.contact_phone in answer.text


def test_scheduling_begins_with_what_the_resident_wished(client, li, order_in):
    order = order_in("provisioned", wanted_on="2026-11-27", wanted_half="afternoon")
    client.force_login(li)

    form = soup(client.get(at(order, "schedule")))
    begun = {name: form.select_one(f"[name={name}]")["value"] for name in ("day", "opens", "closes")}
    client.post(at(order, "schedule"), begun)

    assert begun == {"day": "2026-11-27", "opens": "14:00", "closes": "15:00"}
    assert fresh(order).state == "scheduled"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, "请选日子。"),
        ({"day": "2026-11-27", "opens": "15:00", "closes": "14:00"}, "结束要晚于开始。"),
        ({"day": "2026-11-19", "opens": "9:00", "closes": "10:00"}, "请检查时间"),
        ({"day": "27.11.", "opens": "x", "closes": "10:00"}, "请这样写时间：14:30。"),
    ],
)
def test_a_time_that_cannot_be_is_answered_in_words(client, li, order_in, said, words):
    order = order_in("provisioned")
    client.force_login(li)

    answer = client.post(at(order, "schedule"), said)

    assert answer.status_code == 422
    assert words in answer.text


def test_start_and_finish_with_two_lines(client, li, order_in):
    order = order_in("scheduled")
    client.force_login(li)

    client.post(at(order, "start"))
    assert fresh(order).state == "in_service"
    assert client.post(at(order, "finish"), {"summary": ""}).status_code == 422
    answer = client.post(at(order, "finish"), {"summary": "换了电源线，试煮正常。"}, follow=True)

    assert fresh(order).state == "served"
    assert "换了电源线" in answer.text


def test_pressing_again_what_is_done_is_told_with_the_state_as_it_is(client, li, order_in):
    order = order_in("accepted")
    client.force_login(li)

    answer = client.post(at(order, "accept"))

    assert answer.status_code == 422
    assert "已接单" in soup(answer).select_one(".box-note").text


def test_what_was_done_is_listed_with_the_grade(client, li, zhang, order_in):
    order = order_in("reviewed")
    Review.objects.create(order=order, grade=5, reviewed_at=NOON, reviewed_by=zhang)
    client.force_login(li)

    for headers in ({}, HTMX):
        assert "非常满意" in client.get(reverse("orders:team_done"), headers=headers).text
    assert "非常满意" in client.get(at(order)).text


def test_a_site_clerk_answers_from_the_desk_and_goes_back_there(
    client, station_clerk, station, order_in, dispatcher
):
    order = order_in("dispatched")
    Dispatch.objects.filter(pk=order.current_id).update(team=None, venue=station)
    client.force_login(station_clerk)

    page = client.get(at(order, "accept"))
    assert soup(page).select_one(".desk-top")
    answer = client.post(at(order, "accept"), follow=True)

    assert answer.redirect_chain == [(reverse("orders:at_desk", args=[order.pk]), 302)]
    assert order.contact_phone in answer.text


def test_a_site_clerk_declines_and_goes_on_with_the_day(client, station_clerk, station, order_in):
    order = order_in("dispatched")
    Dispatch.objects.filter(pk=order.current_id).update(team=None, venue=station)
    client.force_login(station_clerk)

    answer = client.post(at(order, "decline"), {"words": "房间满了"})

    assert answer.url == reverse("orders:today")


def test_a_picture_is_for_whoever_accepted(client, li, order_in, settings):
    offered, accepted = order_in("dispatched"), order_in("accepted")
    made = []
    for number, order in enumerate((offered, accepted)):
        one = Attachment(order=order, key=f"00000000-0000-4000-8000-00000000000{number}", at=NOON)
        one.file.save("x.jpg", ContentFile(b"jpeg"), save=True)
        made.append(reverse("orders:team_picture", args=[order.pk, one.key]))
    client.force_login(li)

    assert client.get(made[0]).status_code == 404
    assert b"".join(client.get(made[1]).streaming_content) == b"jpeg"
    assert "看照片 1" in client.get(at(accepted)).text
    assert "看照片" not in client.get(at(offered)).text


def test_paging_of_what_was_done(client, li, fuqian, zhang, order_in):
    orders = [order_in("closed", placed_at=NOON - n * AN_HOUR) for n in range(21)]
    client.force_login(li)

    first = soup(client.get(reverse("orders:team_done")))
    more = soup(client.get(f"{reverse('orders:team_done')}{first.select_one('.pager a')['href']}"))

    assert [link["href"] for link in more.select("a.cell")] == [at(orders[-1])]


def test_orders_of_others_never_come_into_the_list(client, li, fuqian):
    OrderFactory(place=fuqian)
    client.force_login(li)

    assert not soup(client.get(HOME)).select("a.queue-item")
