"""A guest orders without an account, signs in last, and rates what was done for her."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from civic.notices.models import Notice
from civic.orders.models import Order, Review
from civic.orders.services.menu import index_items
from civic.orders.services.numbering import forget_blocks
from civic.orders.tests.factories import ItemFactory, walk
from tests.moments import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.journey, pytest.mark.slow]
PHONE = "13903551234"


@pytest.fixture
def appliance(appliances):
    item = ItemFactory(
        slug="appliance", name="小家电维修", skill=appliances, description="修电饭锅、电水壶。"
    )
    index_items([item.pk])
    return item


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    """The clock of the pages stands at noon, and no number was handed out before."""
    forget_blocks()
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)
    yield
    forget_blocks()


def page(response):
    return BeautifulSoup(response.content, "html.parser")


def follow(client, shown, words):
    """Open the link that reads `words`."""
    link = next(link for link in shown.select("main a, header a") if words in link.text)
    return page(client.get(link["href"], follow=True))


def send(client, shown, **answers):
    """Fill the page's form and send it; hidden fields and what was chosen already go along."""
    form = shown.select_one("main form[method=post]")
    kept = {
        field["name"]: field.get("value", "")
        for field in form.select("input[name]")
        if field["type"] not in {"radio", "checkbox", "file"} or field.has_attr("checked")
    }
    address = form.get("action") or shown.address
    return where(client.post(address, kept | answers, follow=True), address)


def where(response, address):
    """The page, remembering its own address as a browser does."""
    shown = page(response)
    chain = getattr(response, "redirect_chain", [])
    shown.address = chain[-1][0] if chain else address
    return shown


def told_as_a_guest(client, place):
    """Answer every question; the last page."""
    follow(client, page(client.get(reverse("portal:home"))), "我要点单")
    offered = page(client.get(reverse("orders:say"), {"words": "电饭锅插上没反应，小家电维修"}))
    tell = offered.select_one(".cells a")["href"]
    shown = send(client, where(client.get(tell), tell), words="电饭锅插上没反应")
    assert shown.h1.text == "我在哪里"  # no place is known yet
    client.post(reverse("places:pick", args=[place.pk]), {"next": reverse("orders:where")})
    shown = where(client.get(reverse("orders:where")), reverse("orders:where"))
    shown = send(client, shown, where="home", address="3号楼2单元")
    shown = send(client, shown, day="2026-11-22", wanted_half="morning")
    return send(client, shown, contact_name="马玉兰", contact_phone=PHONE)


def signed_in(client, codes):
    """Signing in comes last; the draft waits."""
    entrance = f"{reverse('orders:check')}?sign_in"
    shown = where(client.get(entrance, follow=True), entrance)
    shown = send(client, shown, phone=PHONE, agree="on")
    return send(client, shown, code=codes[-1])


def test_from_own_words_to_the_stars(client, codes, appliance, fuqian, station, dispatcher, team):
    assert told_as_a_guest(client, fuqian).h1.text == "核对一下"
    assert not Order.objects.exists()
    shown = signed_in(client, codes)
    assert shown.h1.text == "核对一下"
    shown = send(client, shown)
    order = Order.objects.get()
    assert order.short_number in shown.text
    assert (order.item, order.address, order.contact_name) == (appliance, "3号楼2单元", "马玉兰")
    assert order.resident.phone == PHONE

    # The center, the team and the volunteer do their part; she follows it.
    walk(order, "served", dispatcher=dispatcher, team=team)
    shown = page(client.get(reverse("orders:detail", args=[order.pk])))
    assert "「匠心家电」已接单" in shown.text
    assert "换了保险丝，试过能用。" in shown.text
    assert Notice.objects.filter(person=order.resident, kind="orders.served").exists()

    address = reverse("orders:review", args=[order.pk])
    shown = send(client, where(client.get(address), address), grade="5", good="准时", words="好了")
    assert "评单收到了，谢谢您。" in shown.select_one("#messages").text
    assert Review.objects.get(order=order).grade == 5
    assert "已评价" in shown.select_one("#progress").text


def test_the_same_form_sent_twice_places_one_order(client, appliance, fuqian, station, zhang):
    client.force_login(zhang)
    client.post(reverse("orders:tell"), {"words": "电饭锅插上没反应"})
    client.post(reverse("orders:where"), {"where": "home", "address": "3号楼"})
    client.post(
        reverse("orders:contact"), {"for_self": "yes", "contact_name": "张桂兰", "contact_phone": PHONE}
    )
    token = page(client.get(reverse("orders:check"))).select_one("main input[name=form_token]")["value"]

    first = client.post(reverse("orders:check"), {"form_token": token})
    second = client.post(reverse("orders:check"), {"form_token": token})

    assert first.url == second.url
    assert Order.objects.count() == 1
