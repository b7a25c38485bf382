"""C2: one order at the desk in every state, and the page of every move."""

import pytest
from bs4 import BeautifulSoup
from django.core.files.base import ContentFile
from django.urls import reverse

from civic.journal.models import Entry
from civic.orders.models import Attachment
from civic.orders.states import OrderState
from civic.orders.tests.factories import OrderFactory
from civic.orders.tests.verbs import fresh, last_line, last_step, steps
from civic.places.tests.factories import PlaceFactory
from tests.moments import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

MOVES = {
    "screen": ["submitted"],
    "send_back": ["submitted"],
    "reject": ["submitted", "screened"],
    "refer": ["submitted", "screened"],
    "merge": ["submitted", "screened"],
    "dispatch": ["screened"],
    "transfer": ["dispatched", "accepted", "provisioned", "scheduled"],
    "provision": ["accepted", "provisioned"],
    "rework": ["disputed"],
    "close": ["reviewed", "disputed"],
    "cancel": ["submitted", "returned", "in_service"],
    "repair_for": ["returned"],
    "change_time_for": ["submitted", "scheduled"],
    "withdraw_for": ["submitted", "dispatched"],
    "review_by_phone": ["served"],
    "dispute_by_phone": ["served"],
}
ACT = {
    "send_back": {"words": "请写门牌"},
    "reject": {"reason": "涉及买卖或收费"},
    "refer": {"target": "12345", "reason": "这件事归别的部门管"},
    "cancel": {"words": "下大雪，路封了"},
    "rework": {"note": "周五再去"},
    "close": {"note": ""},
    "repair_for": {"words": "电饭锅不通电，三号楼"},
    "change_time_for": {"wanted_on": "2026-11-27", "wanted_half": "morning"},
    "withdraw_for": {"reason": "儿子修好了"},
    "review_by_phone": {"grade": "4", "words": "挺好"},
    "dispute_by_phone": {"words": "还漏水"},
}
LEADS_TO = {
    "send_back": "returned",
    "reject": "rejected",
    "refer": "referred",
    "cancel": "cancelled",
    "rework": "screened",
    "close": "closed",
    "repair_for": "submitted",
    "change_time_for": "submitted",
    "withdraw_for": "withdrawn",
    "review_by_phone": "reviewed",
    "dispute_by_phone": "disputed",
}
HTMX = {"HX-Request": "true"}


def at(order, name="at_desk"):
    return reverse(f"orders:{name}", args=[order.pk])


def page_of(answer):
    return BeautifulSoup(answer.content.decode(), "html.parser")


def buttons(answer):
    """The moves a page offers, by the last word of their address."""
    found = page_of(answer).select("#order > .buttons a")
    return {link["href"].rstrip("/").rsplit("/", 1)[1] for link in found}


@pytest.mark.parametrize("state", list(OrderState))
def test_the_order_is_shown_in_every_state(client, dispatcher, order_in, state):
    client.force_login(dispatcher)

    answer = client.get(at(order_in(state)))

    assert answer.status_code == 200
    assert str(OrderState(state).label) in answer.text


@pytest.mark.parametrize(
    ("move", "state"), [(move, state) for move, states in MOVES.items() for state in states]
)
def test_the_page_of_a_move_opens_whole_and_as_a_part(client, dispatcher, order_in, move, state):
    order = order_in(state)
    client.force_login(dispatcher)

    whole, part = client.get(at(order, move)), client.get(at(order, move), headers=HTMX)

    assert (whole.status_code, part.status_code) == (200, 200)
    assert len(page_of(whole).select("h1")) == 1
    assert not page_of(part).select("html, h1")


@pytest.mark.parametrize("move", list(ACT))
def test_a_move_made_leads_back_to_the_order_with_a_word(client, dispatcher, order_in, move):
    order = order_in(MOVES[move][-1] if move in {"reject", "withdraw_for"} else MOVES[move][0])
    client.force_login(dispatcher)

    answer = client.post(at(order, move), ACT[move], follow=True)

    assert answer.redirect_chain == [(at(order), 302)]
    assert fresh(order).state == LEADS_TO[move]
    assert page_of(answer).select("#messages .box-done")


def test_moves_left_are_buttons_by_state_and_permission(
    client, dispatcher, institute_clerk, supervisor, order_in
):
    order = order_in("submitted")

    client.force_login(dispatcher)
    assert buttons(client.get(at(order))) == {
        "screen", "send_back", "reject", "refer", "merge", "cancel", "withdraw", "change_time",
    }  # fmt: skip
    client.force_login(institute_clerk)
    assert buttons(client.get(at(order))) == {
        "screen", "send_back", "reject", "refer", "merge", "withdraw", "change_time",
    }  # fmt: skip
    client.force_login(supervisor)
    assert buttons(client.get(at(order))) == set()


def test_one_loud_button_at_most(client, dispatcher, order_in):
    client.force_login(dispatcher)

    for state in OrderState:
        loud = page_of(client.get(at(order_in(state)))).select("main .btn")
        assert len(loud) <= 1, state


def test_out_of_reach_reads_as_absent(client, stranger, other_dispatcher, order_in):
    order = order_in("submitted")

    for person in (stranger, other_dispatcher):
        client.force_login(person)
        for name in ("at_desk", "screen"):
            assert client.get(at(order, name)).status_code == 404


def test_residents_get_no_desk(client, zhang, order_in):
    client.force_login(zhang)

    assert client.get(at(order_in("submitted"))).status_code == 403


def test_phone_and_door_are_masked_until_somebody_looks_and_that_is_written_down(
    client, dispatcher, order_in
):
    order = order_in("submitted")
    client.force_login(dispatcher)

    before = client.get(at(order)).text
    seen = client.post(at(order, "unmask"), headers=HTMX)

    assert order.contact_phone not in before
    assert order.address not in before
    assert f"{order.contact_phone[:3]}****" in before
    assert order.contact_phone in seen.text
    assert order.address in seen.text
    assert Entry.objects.filter(what="orders.unmask", about_id=order.pk, by=dispatcher).count() == 1
    assert order.contact_phone not in client.get(at(order)).text


def test_the_same_look_works_without_script(client, dispatcher, order_in):
    order = order_in("submitted")
    client.force_login(dispatcher)

    seen = client.post(at(order, "unmask"))

    assert order.contact_phone in seen.text
    assert len(page_of(seen).select("h1")) == 1


def test_a_station_clerk_may_not_look(client, station_clerk, order_in):
    order = order_in("submitted")
    client.force_login(station_clerk)

    assert client.post(at(order, "unmask")).status_code == 403
    assert "看电话和门牌" not in client.get(at(order)).text


def test_screening_puts_the_order_under_an_item(client, dispatcher, order_in):
    order = order_in("submitted")
    client.force_login(dispatcher)

    client.post(at(order, "screen"), {"item": order.item_id, "is_urgent": "on", "note": "今天就办"})

    assert (fresh(order).state, fresh(order).is_urgent) == ("screened", True)
    assert last_line(order) == ("orders.screen", dispatcher, None)


def test_dispatching_by_the_button_of_a_candidate_keeps_its_reasons(client, dispatcher, order_in, team):
    order = order_in("screened")
    client.force_login(dispatcher)
    shown = page_of(client.get(at(order)))
    button = next(one for one in shown.select("button[name=target]") if team.name in one.text)

    client.post(at(order, "dispatch"), {"target": button["value"], "note": ""})

    dispatch = fresh(order).current
    assert (dispatch.team, fresh(order).state) == (team, "dispatched")
    assert dispatch.reasons == ["在同一乡镇街道", "手上没有别的单"]


def test_a_target_that_no_button_sends_is_answered_in_words(client, dispatcher, order_in):
    order = order_in("screened")
    client.force_login(dispatcher)

    for target in ("", "team:x", "king:1", "team:999999"):
        answer = client.post(at(order, "dispatch"), {"target": target})
        assert answer.status_code == 422
        assert page_of(answer).select("[data-errors]")


def test_transfer_takes_it_to_another_with_a_reason(client, dispatcher, order_in, station):
    order = order_in("accepted")
    client.force_login(dispatcher)

    client.post(at(order, "transfer"), {"target": f"venue:{station.pk}", "reason": "原来的队伍时间排不开"})

    assert fresh(order).current.venue == station
    assert last_step(order)[0] == "transfer"


def test_merging_into_a_similar_order(client, dispatcher, order_in, zhang, fuqian):
    order = order_in("submitted")
    twin = OrderFactory(place=fuqian, resident=zhang, item=order.item)
    client.force_login(dispatcher)

    client.post(at(order, "merge"), {"into": twin.pk, "reason": "和您已经点的一单是同一件事"})

    assert fresh(order).merged_into == twin


def test_a_reason_is_asked_for(client, dispatcher, order_in):
    order = order_in("submitted")
    client.force_login(dispatcher)

    none = client.post(at(order, "reject"), {})
    own = client.post(at(order, "reject"), {"reason": "own"})

    assert (none.status_code, own.status_code) == (422, 422)
    assert "请选一个原因" in none.text
    assert "请把原因写在这里。" in own.text
    assert page_of(none).title.text.startswith("错误：")
    assert fresh(order).state == "submitted"


def test_list_and_own_words_are_said_together(client, dispatcher, order_in):
    order = order_in("submitted")
    client.force_login(dispatcher)

    client.post(at(order, "reject"), {"reason": "涉及买卖或收费", "words": "要买新锅请到商店"})

    assert fresh(order).reason == "涉及买卖或收费；要买新锅请到商店"


def test_of_two_clerks_the_later_one_reads_what_has_happened(client, dispatcher, head, order_in):
    order = order_in("submitted")
    form = {"item": order.item_id, "note": ""}
    client.force_login(head)
    client.post(at(order, "screen"), form)
    client.force_login(dispatcher)

    late = client.post(at(order, "screen"), form)

    assert late.status_code == 422
    assert "已经办过" in late.text
    assert "已受理" in page_of(late).select_one("#move-form .box-note").text
    assert head.name in page_of(late).select_one("#move-form .box-note").text
    assert steps(order, "screen") == 1
    assert not page_of(late).select("#move-form form")


def test_a_move_made_inside_the_page_is_answered_with_the_order(client, dispatcher, order_in):
    order = order_in("submitted")
    client.force_login(dispatcher)

    answer = client.post(at(order, "reject"), {"words": "办不了"}, headers=HTMX, follow=True)

    assert answer["HX-Retarget"] == "#order"
    assert page_of(answer).select_one("[role=status]").text.strip() == "已答复居民。"
    assert not page_of(answer).select("html")


def test_internal_steps_are_told_at_the_desk(client, dispatcher, order_in, li, wang, team):
    order = order_in("accepted")
    client.force_login(li)
    client.post(reverse("orders:assign", args=[order.pk]), {"members": [wang.volunteer.pk]})
    client.force_login(dispatcher)

    shown = page_of(client.get(at(order))).select_one(".tl")

    assert "安排队员" in shown.text
    assert "内部" in shown.text


def test_a_picture_is_for_staff_in_reach(client, dispatcher, stranger, order_in):
    order = order_in("submitted")
    picture = Attachment(order=order, key="00000000-0000-4000-8000-000000000001", at=NOON)
    picture.file.save("x.jpg", ContentFile(b"jpeg"), save=True)
    url = reverse("orders:picture_at_desk", args=[order.pk, picture.key])

    client.force_login(dispatcher)
    assert url in client.get(at(order)).text
    assert b"".join(client.get(url).streaming_content) == b"jpeg"
    client.force_login(stranger)
    assert client.get(url).status_code == 404


def test_what_may_be_the_same_matter_is_found_by_place_and_by_phone(
    client, dispatcher, order_in, zhang, guhan
):
    mark = {"contact_phone_hash": "h" * 64}
    order = order_in("submitted", **mark)
    here = OrderFactory(place=order.place, item=order.item)
    unnamed = OrderFactory(place=order.place, item=None)
    elsewhere = OrderFactory(place=PlaceFactory(parent=guhan), item=order.item, **mark)
    OrderFactory(place=order.place)
    OrderFactory(place=order.place, item=order.item, state="withdrawn")
    client.force_login(dispatcher)

    shown = page_of(client.get(at(order)))

    found = {link["href"] for link in shown.select("#order ul.cells a.cell")}
    assert found == {at(one) for one in (here, unnamed, elsewhere)}


@pytest.mark.slow
@pytest.mark.parametrize("state", ["submitted", "closed"])
def test_a_page_asked_for_too_early_or_too_late_still_opens(client, dispatcher, order_in, state):
    order = order_in(state, item=None) if state == "submitted" else order_in(state)
    client.force_login(dispatcher)

    for name in (*MOVES, "accept", "decline", "assign", "schedule", "start", "finish"):
        assert client.get(at(order, name)).status_code == 200, name


@pytest.mark.parametrize(
    ("move", "state"), [("screen", "submitted"), ("dispatch", "screened"), ("provision", "accepted")]
)
def test_a_move_on_a_page_of_its_own_is_sent_without_a_fragment(client, head, order_in, move, state):
    order = order_in(state)
    client.force_login(head)

    alone = page_of(client.get(at(order, move)))
    inside = page_of(client.get(at(order, move), headers={"HX-Request": "true"}))

    # Swapped in, the form finds the order around it; alone it would answer into nothing.
    assert alone.select("#move-form form")
    assert not alone.select("#move-form form[hx-post]")
    assert inside.select("#move-form form[hx-post]")
