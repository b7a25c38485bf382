"""R4–R7: an order grows in the session, one question a page, and is placed after signing in."""

import io
import json
from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from civic.core.crypto import unseal
from civic.orders.draft import Draft
from civic.orders.models import Attachment, Order
from civic.orders.pages.resident_draft import DRAFT
from civic.orders.tests.factories import ItemFactory, OrderFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

HOME = {"where": "home", "address": "3号楼2单元"}
SOON = {"day": "2026-11-21", "wanted_half": "morning"}
ZHANG = {"for_self": "yes", "contact_name": "张桂兰", "contact_phone": "139 0355 1234"}


@pytest.fixture
def item():
    return ItemFactory(slug="appliance", name="小家电维修")


@pytest.fixture
def here(client, fuqian, station):
    """The browser has chosen 府前社区."""
    client.post(reverse("places:pick", args=[fuqian.pk]))
    return fuqian


def said(client, *, words="电饭锅不通电", item=None, **files):
    """Answer the first question."""
    query = f"?item={item.slug}" if item else ""
    return client.post(f"{reverse('orders:tell')}{query}", {"words": words, **files})


def filled(client, item=None):
    """Answer every question."""
    said(client, item=item)
    client.post(reverse("orders:where"), HOME)
    client.post(reverse("orders:when"), SOON)
    return client.post(reverse("orders:contact"), ZHANG)


def draft(client):
    return Draft.from_session(json.loads(unseal(client.session[DRAFT], context=DRAFT)))


def page(response):
    return BeautifulSoup(response.content, "html.parser")


def picture():
    kept = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(kept, "PNG")
    return SimpleUploadedFile("a.png", kept.getvalue(), "image/png")


def test_a_draft_survives_the_session_and_a_release_with_other_keys():
    whole = Draft(place_id=7, item_id=3, words="修锅", wanted_on=date(2026, 11, 27), attachment_keys=("a",))

    assert Draft.from_session(whole.to_session() | {"colour": "red"}) == whole


def test_a_guest_answers_every_question_and_signs_in_last(client, here, item, zhang):
    assert filled(client, item).url == reverse("orders:check")

    checked = client.get(reverse("orders:check"))
    assert "登录后提交" in page(checked).text
    assert client.get(f"{reverse('orders:check')}?sign_in").url == "/sign-in/?next=/order/check/"
    assert client.post(reverse("orders:check")).url == "/sign-in/?next=/order/check/"

    client.force_login(zhang)
    placed = client.post(reverse("orders:check"))

    order = Order.objects.get()
    assert placed.url == reverse("orders:placed", args=[order.pk])
    assert (order.resident, order.place, order.item, order.words) == (zhang, here, item, "电饭锅不通电")
    assert (order.contact_phone, order.address) == ("13903551234", "3号楼2单元")
    assert (order.wanted_on, order.wanted_half) == (date(2026, 11, 21), "morning")
    assert DRAFT not in client.session


def test_the_page_of_a_placed_order_tells_number_next_step_and_phone(client, here, item, zhang, station):
    station.phone = "0355-7221234"
    station.save()
    filled(client, item)
    client.force_login(zhang)

    shown = page(client.post(reverse("orders:check"), follow=True)).text

    order = Order.objects.get()
    assert order.short_number in shown
    assert "最晚 2026年11月23日 周一" in shown
    assert "0355-7221234" in shown


def test_sent_already_the_back_button_leads_to_my_orders(client, zhang):
    assert client.get(reverse("orders:check")).url == reverse("orders:menu")
    client.force_login(zhang)
    assert client.get(reverse("orders:check")).url == reverse("orders:mine")


@pytest.mark.parametrize("step", ["where", "when", "contact"])
def test_a_question_out_of_turn_leads_to_the_first_open_one(client, step):
    assert client.get(reverse(f"orders:{step}")).url == reverse("orders:tell")


def test_the_time_waits_for_the_place_of_service(client, here):
    said(client)
    assert client.get(reverse("orders:when")).url == reverse("orders:where")
    assert client.get(reverse("orders:contact")).url == reverse("orders:where")
    assert client.get(reverse("orders:check")).url == reverse("orders:where")


def test_without_a_place_the_reader_is_asked_for_it_and_told_why(client):
    said(client)
    asked = client.get(reverse("orders:where"), follow=True)
    assert asked.redirect_chain[-1][0] == "/where/?next=%2Forder%2Fwhere%2F"
    assert "才好安排人" in page(asked).text


def test_the_whole_city_is_no_place_for_an_order(client, city):
    client.post(reverse("places:pick", args=[city.pk]))
    said(client)
    assert client.get(reverse("orders:where")).status_code == 302


# --- What it is about


def test_nothing_said_is_an_error_with_the_title_and_the_reason(client, item):
    answer = said(client, words=" ", item=item)
    assert answer.status_code == 422
    assert page(answer).title.text.startswith("错误：")
    assert "请说一说要办什么事" in page(answer).select_one("[data-errors]").text


def test_neighbours_who_asked_for_the_same_are_counted_not_named(client, here, item, neighbour):
    OrderFactory(place=here, item=item, resident=neighbour, words="我家的电磁炉")
    shown = page(client.get(f"{reverse('orders:tell')}?item={item.slug}")).text
    assert "邻居也点过，还有 1 单没办完" in shown
    assert "刘秀英" not in shown
    assert "电磁炉" not in shown


def test_ones_own_open_order_is_no_neighbours(client, here, item, zhang):
    OrderFactory(place=here, item=item, resident=zhang)
    client.force_login(zhang)
    assert "邻居也点过" not in page(client.get(f"{reverse('orders:tell')}?item={item.slug}")).text


def test_the_back_button_finds_what_was_edited(client, item):
    address = f"{reverse('orders:tell')}?item={item.slug}&words=锅坏了"
    assert page(client.get(address)).textarea.text.strip() == "锅坏了"
    client.post(address, {"words": "电饭锅坏了，插上没反应"})
    assert page(client.get(address)).textarea.text.strip() == "电饭锅坏了，插上没反应"
    assert page(client.get(reverse("orders:tell"))).textarea.text.strip() == "电饭锅坏了，插上没反应"


def test_another_item_begins_anew(client, item):
    said(client, item=item)
    other = ItemFactory()
    assert page(client.get(f"{reverse('orders:tell')}?item={other.slug}")).textarea.text.strip() == ""
    said(client, item=other)
    assert draft(client).item_id == other.pk


def test_a_picture_is_kept_replaced_and_dropped(client, item):
    said(client, item=item, photo=picture())
    first = Attachment.objects.get()
    assert draft(client).attachment_keys == (str(first.key),)
    assert "已有一张照片" in page(client.get(reverse("orders:tell"))).text

    said(client, item=item, drop_photo="on")

    assert draft(client).attachment_keys == ()


def test_a_file_that_is_no_picture_is_refused_in_words(client, item):
    answer = said(client, item=item, photo=SimpleUploadedFile("a.jpg", b"MZ" * 100, "image/jpeg"))
    assert answer.status_code == 422
    assert page(answer).select_one("[data-errors] a")["href"] == "#id_photo"


# --- Where and when


@pytest.mark.parametrize(
    ("mode", "choices"), [("home", ["home"]), ("site", ["site"]), ("either", ["home", "site"])]
)
def test_the_item_decides_where_it_can_be_done(client, here, mode, choices):
    said(client, item=ItemFactory(mode=mode))
    shown = page(client.get(reverse("orders:where")))
    values = [field["value"].split(":")[0] for field in shown.select("input[name=where]")]
    assert values == choices
    assert bool(shown.select("input[name=address]")) is (mode != "site")


def test_at_home_the_address_is_asked_for(client, here):
    said(client)
    answer = client.post(reverse("orders:where"), {"where": "home", "address": " "})
    assert answer.status_code == 422
    assert "请写一下门牌" in page(answer).text


def test_at_a_site_no_address_is_kept(client, here, station):
    said(client)
    client.post(reverse("orders:where"), {"where": f"site:{station.pk}", "address": "3号楼"})
    assert (draft(client).where, draft(client).venue_id, draft(client).address) == ("site", station.pk, "")
    chosen = page(client.get(reverse("orders:where"))).select_one("input[name=where][checked]")
    assert chosen["value"] == f"site:{station.pk}"


def test_where_no_site_is_known_the_reader_may_still_say_that_she_comes(client, fuqian):
    client.post(reverse("places:pick", args=[fuqian.pk]))
    said(client, item=ItemFactory(mode="site"))
    assert client.post(reverse("orders:where"), {"where": "site:0"}).url == reverse("orders:when")
    assert draft(client).venue_id is None


def test_a_known_resident_finds_her_own_address(client, station, zhang):
    client.force_login(zhang)
    said(client)
    field = page(client.get(reverse("orders:where"))).select_one("input[name=address]")
    assert field["value"] == zhang.address


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        ({"day": "any"}, None),
        ({"day": "2026-11-22"}, date(2026, 11, 22)),
        ({"day": "other", "other": "2026-12-18"}, date(2026, 12, 18)),
    ],
)
def test_any_day_a_near_day_or_another(client, here, answer, kept):
    said(client)
    client.post(reverse("orders:where"), HOME)
    client.post(reverse("orders:when"), answer | {"wanted_half": "any", "is_urgent": "on"})
    assert (draft(client).wanted_on, draft(client).is_urgent) == (kept, True)
    again = page(client.get(reverse("orders:when"))).select_one("input[name=day][checked]")
    assert again["value"] == answer["day"]


@pytest.mark.parametrize(
    ("other", "words"), [("", "请选别的日子是哪天"), ("2026-11-19", "这一天已经过了"), ("周五", "2026-11-27")]
)
def test_another_day_must_be_a_day_to_come(client, here, other, words):
    said(client)
    client.post(reverse("orders:where"), HOME)
    answer = client.post(reverse("orders:when"), {"day": "other", "other": other, "wanted_half": "any"})
    assert answer.status_code == 422
    assert words in page(answer).select_one("[data-errors]").text


# --- Whom to call, and the last look


def test_a_short_phone_is_told_how_many_figures_are_missing(client, here):
    said(client)
    client.post(reverse("orders:where"), HOME)
    answer = client.post(reverse("orders:contact"), ZHANG | {"contact_phone": "1390355123"})
    assert answer.status_code == 422
    assert "手机号少一位，请补齐 11 位。" in page(answer).text
    assert page(answer).select_one("input[name=contact_phone]")["value"] == "1390355123"


def test_a_signed_in_resident_finds_her_name_and_phone(client, station, zhang):
    client.force_login(zhang)
    said(client)
    client.post(reverse("orders:where"), HOME)
    shown = page(client.get(reverse("orders:contact")))
    assert shown.select_one("input[name=contact_name]")["value"] == "张桂兰"
    assert shown.select_one("input[name=contact_phone]")["value"] == zhang.phone


def test_an_answer_changed_from_the_last_page_leads_back_to_it(client, here):
    filled(client)
    for step, answer in (("tell", {"words": "换一句"}), ("where", HOME), ("when", SOON), ("contact", ZHANG)):
        address = f"{reverse(f'orders:{step}')}?change"
        assert reverse("orders:check") in [
            link["href"] for link in page(client.get(address)).select("a.back")
        ]
        assert client.post(address, answer).url == reverse("orders:check")
    assert draft(client).words == "换一句"


def test_an_order_for_a_parent_at_a_site_says_so_on_the_last_page(client, here, station):
    said(client)
    client.post(reverse("orders:where"), {"where": f"site:{station.pk}"})
    client.post(reverse("orders:contact"), ZHANG | {"for_self": "no"})
    shown = page(client.get(reverse("orders:check"))).text
    assert "替父母或别人点" in shown
    assert f"我去{station.name}" in shown
    assert "哪天都行" in shown


def test_what_the_service_refuses_stands_above_the_answers(client, here, zhang, item):
    for _ in range(5):
        OrderFactory(place=here, item=item, resident=zhang)
    filled(client, item)
    client.force_login(zhang)
    answer = client.post(reverse("orders:check"))
    assert answer.status_code == 422
    assert page(answer).title.text.startswith("错误：")
    assert "没办完" in page(answer).select_one("[data-errors]").text
    assert draft(client).words == "电饭锅不通电"


def test_a_draft_can_be_thrown_away(client, here):
    filled(client)
    assert client.get(reverse("orders:forget")).url == reverse("orders:menu")
    assert DRAFT in client.session
    assert client.post(reverse("orders:forget")).url == reverse("orders:menu")
    assert DRAFT not in client.session


def test_name_phone_and_door_are_not_readable_in_the_session(client, here):
    filled(client)
    kept = str(dict(client.session))
    for words in ("13903551234", "张桂兰", "3号楼"):
        assert words not in kept


def test_a_draft_that_no_key_opens_begins_anew(client, here):
    filled(client)
    session = client.session
    session[DRAFT] = "gone:AAAA"
    session.save()
    assert client.get(reverse("orders:check")).url == reverse("orders:tell")


def test_an_item_taken_off_the_menu_leaves_the_words(client, here):
    gone = ItemFactory()
    said(client, item=gone)
    gone.withdrawn_on = date(2026, 11, 20)
    gone.save()
    assert client.get(reverse("orders:where")).status_code == 200
    assert draft(client).words == "电饭锅不通电"
