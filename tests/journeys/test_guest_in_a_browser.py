"""Order to review in a real browser, by a guest who signs in last: phone, elder mode, no script."""

import re

import pytest
from playwright.sync_api import expect

from civic.orders.models import Order
from civic.orders.tests.factories import walk
from tests.moments import NOON

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
MOBILE = "13903551234"


def press(page, words):
    page.get_by_role("button", name=words).first.click()


def order_as_guest(page, keep, prefix):
    """From the first page to the question who she is."""
    page.goto("/")
    keep(page, f"{prefix}-home")
    page.get_by_role("link", name="我要点单").click()
    page.get_by_role("searchbox").or_(page.get_by_role("textbox")).first.fill("电饭锅插上没反应，小家电维修")
    keep(page, f"{prefix}-what")
    press(page, "帮我找")
    page.locator("main .cells a", has_text="小家电维修").first.click()
    keep(page, f"{prefix}-tell")
    page.locator("textarea").first.fill("电饭锅插上没反应")
    page.locator("main form .btn").first.click()


def finish_as_guest(page, keep, prefix, codes, village):
    """Where, when, who; then the check page, signing in, and sending it off."""
    expect(page.locator("h1")).to_have_text("我在哪里")
    page.locator("[name=q]").fill(village.name)
    page.get_by_role("button", name="找", exact=True).click()
    keep(page, f"{prefix}-place")
    page.locator("#choices").get_by_role("button", name=village.name).first.click()
    page.locator("input[name=where][value=home]").check(force=True)
    page.locator("[name=address]").fill("3号楼2单元")
    keep(page, f"{prefix}-where")
    page.locator("main form .btn").first.click()
    keep(page, f"{prefix}-when")
    page.locator("main form .btn").first.click()
    page.locator("[name=contact_name]").fill("马玉兰")
    page.locator("[name=contact_phone]").fill("139 0355 1234")
    page.locator("main form .btn").first.click()
    keep(page, f"{prefix}-check")
    sign_in(page, keep, prefix, codes)
    expect(page.locator("h1")).to_have_text("核对一下")
    page.locator("main form .btn").first.click()
    keep(page, f"{prefix}-placed")


def sign_in(page, keep, prefix, codes):
    """Signing in comes last, and the order waits for it."""
    page.get_by_role("link", name=re.compile("登录")).first.click()
    page.locator("[name=phone]").fill(MOBILE)
    page.locator("[name=agree]").check(force=True)
    keep(page, f"{prefix}-sign-in")
    page.locator("main form .btn").first.click()
    page.locator("[name=code]").fill(codes[-1])
    page.locator("main form .btn").first.click()


@pytest.mark.parametrize(
    ("prefix", "window"),
    [
        ("phone", {}),
        ("elder", {"care": True, "size": (360, 640)}),
        ("noscript", {"script": False}),
    ],
)
def test_a_guest_orders_and_reviews(
    browse, keep, codes, menu, fuqian, station, dispatcher, team, prefix, window
):
    page = browse(**window)
    order_as_guest(page, keep, prefix)
    finish_as_guest(page, keep, prefix, codes, fuqian)
    order = Order.objects.get()
    expect(page.locator("main")).to_contain_text(order.short_number)

    walk(order, "served", dispatcher=dispatcher, team=team, at=NOON)
    page.goto(f"/my/orders/{order.pk}/")
    expect(page.locator("main")).to_contain_text("「匠心家电」已接单")
    keep(page, f"{prefix}-timeline")
    if window.get("script", True):
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("link", name="评一评").click()
    page.locator("[name=grade][value='5']").check(force=True)
    keep(page, f"{prefix}-review")
    page.locator("main form .btn").first.click()
    order.refresh_from_db()
    assert order.review.grade == 5
