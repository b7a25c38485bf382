"""R8–R11: my orders, one order, and the resident's moves; nobody else's order is there."""

from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from django.core.files.base import ContentFile
from django.urls import reverse

from civic.orders.models import Attachment, CallBack, Review
from civic.orders.states import OrderState
from civic.orders.tests.factories import ItemFactory, OrderFactory
from civic.orders.tests.verbs import fresh
from tests.moments import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
PAGES = ("detail", "placed", "repair", "change_time", "withdraw", "review", "dispute")
OPEN_TO = {
    "withdraw": ["submitted", "returned", "screened", "dispatched"],
    "repair": ["returned"],
    "review": ["served"],
}


@pytest.fixture
def signed_in(client, zhang):
    client.force_login(zhang)
    return client


def page(response):
    return BeautifulSoup(response.content, "html.parser")


def links(shown):
    return [link["href"] for link in shown.select("main a")]


# --- The list


@pytest.mark.parametrize("count", [1, 3])
def test_my_orders_ask_as_often_for_one_as_for_three(
    signed_in, zhang, fuqian, count, django_assert_num_queries
):
    orders = [OrderFactory(place=fuqian, resident=zhang) for _ in range(count)]
    OrderFactory(place=fuqian)
    with django_assert_num_queries(5):  # session with sign-in and person, how many, orders, settings, unread
        response = signed_in.get(reverse("orders:mine"))
    assert links(page(response))[3:-1] == [
        reverse("orders:detail", args=[order.pk]) for order in reversed(orders)
    ]


def test_orders_that_ended_are_on_the_other_tab(signed_in, order_in):
    ended = order_in("withdrawn")
    assert "没有在办的单" in page(signed_in.get(reverse("orders:mine"))).text
    shown = page(signed_in.get(reverse("orders:mine"), {"which": "closed"}))
    assert reverse("orders:detail", args=[ended.pk]) in links(shown)


def test_nothing_has_ended_yet(signed_in):
    assert "还没有结束的单" in page(signed_in.get(reverse("orders:mine"), {"which": "closed"})).text


def test_the_list_is_paged(signed_in, zhang, fuqian):
    for _ in range(21):
        OrderFactory(place=fuqian, resident=zhang)
    first = page(signed_in.get(reverse("orders:mine")))
    assert "?page=2" in links(first)
    second = page(signed_in.get(reverse("orders:mine"), {"page": "2"}))
    assert len(second.select(".cells li")) == 1
    assert "?page=1" in links(second)


def test_in_elder_mode_the_state_stands_below_the_name(signed_in, order_in):
    order_in("submitted")
    signed_in.cookies["civic_mode"] = "care"
    assert page(signed_in.get(reverse("orders:mine"))).select_one(".cell-main .tag").text == "已提交"


# --- One order


@pytest.mark.parametrize("state", [str(state) for state in OrderState])
def test_an_order_in_any_state_has_its_page(signed_in, order_in, state):
    order = order_in(state)
    shown = page(signed_in.get(reverse("orders:detail", args=[order.pk])))
    assert order.short_number in shown.text
    assert order.get_state_display() in shown.select_one("#progress").text
    for move, states in OPEN_TO.items():
        there = reverse(f"orders:{move}", args=[order.pk]) in links(shown)
        assert there is (state in states), move


@pytest.mark.parametrize("name", PAGES)
def test_anybody_elses_order_is_absent(signed_in, neighbour, fuqian, name):
    order = OrderFactory(place=fuqian, resident=neighbour)
    assert signed_in.get(reverse(f"orders:{name}", args=[order.pk])).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_a_guest_is_asked_to_sign_in(client, order_in, name):
    address = reverse(f"orders:{name}", args=[order_in("submitted").pk])
    assert client.get(address).url == f"/sign-in/?next={address}"


def test_an_order_in_own_words_is_headed_by_them(signed_in, order_in):
    order = order_in("submitted", item=None, words="院里的树倒了\n压着电线")
    shown = page(signed_in.get(reverse("orders:detail", args=[order.pk])))
    assert shown.h1.text.startswith("院里的树倒了")
    assert "院里的树倒了" in page(signed_in.get(reverse("orders:mine"))).text


def test_ones_own_picture_is_shown_and_nobody_elses(signed_in, client, order_in, neighbour):
    order = order_in("submitted")
    picture = Attachment(order=order, key="0b7e4e52-9a2c-4f3b-8d7a-2f1d6c5b4a39", at=NOON)
    picture.file.save("a.jpg", ContentFile(b"jpeg"))
    picture.save()
    address = reverse("orders:picture", args=[picture.key])
    assert address in links(page(signed_in.get(reverse("orders:detail", args=[order.pk]))))
    answer = signed_in.get(address)
    assert (answer["Content-Type"], b"".join(answer.streaming_content)) == ("image/jpeg", b"jpeg")

    client.force_login(neighbour)
    assert client.get(address).status_code == 404


def test_what_was_said_in_the_review_is_shown_again(signed_in, order_in, zhang):
    order = order_in("reviewed")
    Review.objects.create(
        order=order,
        grade=4,
        tags=["准时"],
        words="手艺好",
        by_phone=True,
        reviewed_at=NOON,
        reviewed_by=zhang,
    )
    shown = page(signed_in.get(reverse("orders:detail", args=[order.pk]))).text
    for words in ("满意", "准时", "手艺好", "电话里评的"):
        assert words in shown


# --- Moves


def test_withdraw(signed_in, order_in):
    order = order_in("submitted")
    address = reverse("orders:withdraw", args=[order.pk])
    assert "撤掉这一单吗" in page(signed_in.get(address)).h1.text
    answer = signed_in.post(address, {"reason": "已经办好了"}, follow=True)
    assert fresh(order).state == "withdrawn"
    assert f"已撤单，单号 {order.short_number}。" in page(answer).select_one("#messages").text


def test_a_move_too_late_is_refused_in_words(signed_in, order_in):
    order = order_in("accepted")
    answer = signed_in.post(reverse("orders:withdraw", args=[order.pk]), {"reason": ""})
    assert answer.status_code == 422
    assert "请刷新页面看最新进展" in page(answer).select_one("[data-errors]").text


def test_change_time(signed_in, order_in):
    order = order_in("scheduled", wanted_on=date(2026, 11, 22), wanted_half="morning")
    address = reverse("orders:change_time", args=[order.pk])
    shown = page(signed_in.get(address))
    assert shown.select_one("input[name=day][checked]")["value"] == "2026-11-22"
    assert "已经约好 2026年11月21日" in shown.text
    signed_in.post(address, {"day": "2026-11-23", "wanted_half": "afternoon"})
    order = fresh(order)
    assert (order.wanted_on, order.wanted_half) == (date(2026, 11, 23), "afternoon")


def test_another_day_than_the_near_ones_is_remembered(signed_in, order_in):
    order = order_in("submitted", wanted_on=NOON.date() + timedelta(days=30))
    shown = page(signed_in.get(reverse("orders:change_time", args=[order.pk])))
    assert shown.select_one("input[name=day][checked]")["value"] == "other"
    assert shown.select_one("input[name=other]")["value"] == "2026-12-20"


def test_a_day_too_far_is_refused(signed_in, order_in):
    order = order_in("submitted")
    answer = signed_in.post(
        reverse("orders:change_time", args=[order.pk]),
        {"day": "other", "other": "2027-11-20", "wanted_half": "any"},
    )
    assert answer.status_code == 422
    assert "60 天以内" in page(answer).text


def test_repair(signed_in, order_in):
    order = order_in("returned")
    address = reverse("orders:repair", args=[order.pk])
    assert "请写门牌" in page(signed_in.get(address)).text
    assert signed_in.post(address, {"words": ""}).status_code == 422
    signed_in.post(address, {"words": "电饭锅不通电，三号楼"})
    order = fresh(order)
    assert (order.state, order.words) == ("submitted", "电饭锅不通电，三号楼")


def test_review_with_stars_tags_and_words(signed_in, order_in):
    order = order_in("served")
    address = reverse("orders:review", args=[order.pk])
    assert [star.text for star in page(signed_in.get(address)).select(".stars span")] == [
        "非常不满意", "不满意", "基本满意", "满意", "非常满意",
    ]  # fmt: skip
    said = {"grade": "5", "good": ["准时", "耐心"], "poor": ["迟到"], "words": "好", "is_anonymous": "on"}
    signed_in.post(address, said)
    review = Review.objects.get(order=order)
    assert (review.grade, review.tags, review.words) == (5, ["准时", "耐心"], "好")
    assert review.is_anonymous
    assert not review.by_phone


def test_no_star_is_an_error_never_five_stars(signed_in, order_in):
    order = order_in("served")
    answer = signed_in.post(reverse("orders:review", args=[order.pk]), {"words": "好"})
    assert answer.status_code == 422
    assert "请选一个满意程度。" in page(answer).select_one("[data-errors]").text
    assert not Review.objects.exists()


def test_a_low_grade_keeps_the_poor_tags_and_opens_a_call(signed_in, order_in):
    order = order_in("served")
    signed_in.post(
        reverse("orders:review", args=[order.pk]), {"grade": "1", "good": ["准时"], "poor": ["没解决"]}
    )
    assert Review.objects.get(order=order).tags == ["没解决"]
    assert CallBack.objects.filter(order=order, reason="low_grade").exists()


def test_not_done_is_another_way_out(signed_in, order_in):
    order = order_in("served")
    address = reverse("orders:dispute", args=[order.pk])
    assert address in links(page(signed_in.get(reverse("orders:review", args=[order.pk]))))
    empty = signed_in.post(address, {"words": ""})
    assert "请说说还差什么没做完。" in page(empty).select_one("[data-errors]").text
    signed_in.post(address, {"words": "插上还是不热"})
    assert fresh(order).state == "disputed"


# --- Again


def test_an_order_that_ended_can_be_asked_for_again(signed_in, order_in):
    order = order_in("withdrawn")
    answer = signed_in.post(reverse("orders:again", args=[order.pk]))
    assert answer.url == reverse("orders:when")
    shown = page(signed_in.get(reverse("orders:check"))).text
    assert order.words in shown
    assert order.address in shown


@pytest.mark.parametrize("kept", [{"state": "submitted"}, {"state": "withdrawn", "item": None}])
def test_an_open_order_or_one_without_an_item_is_not_repeated(signed_in, order_in, kept):
    order = order_in(**kept)
    assert signed_in.post(reverse("orders:again", args=[order.pk])).status_code == 404


def test_what_the_menu_has_no_longer_is_not_repeated(signed_in, order_in):
    order = order_in("withdrawn", item=ItemFactory(withdrawn_on=NOON.date()))
    assert "再点一次" not in page(signed_in.get(reverse("orders:detail", args=[order.pk]))).text
