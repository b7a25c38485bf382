"""A low grade is never the end: the center calls, writes down what was said, and only then closes."""

import pytest
from playwright.sync_api import expect

from civic.orders.models import CallBack, Order
from civic.orders.tests.factories import OrderFactory, walk
from tests.journeys.conftest import DESK
from tests.moments import NOON

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_in_the_browser(browse, keep, menu, team, fuqian, zhang, dispatcher):
    order = OrderFactory(place=fuqian, item=menu, resident=zhang)
    walk(order, "served", dispatcher=dispatcher, team=team, at=NOON)

    resident = browse(zhang)
    resident.goto(f"/my/orders/{order.pk}/")
    resident.get_by_role("link", name="评一评").click()
    resident.locator("[name=grade][value='2']").check(force=True)
    resident.locator("main form .btn").first.click()
    expect(resident.locator("main")).to_contain_text("不满意")

    desk = browse(dispatcher, size=DESK)
    desk.goto("/desk/")
    expect(desk.locator("#desk-tabs")).to_contain_text("待回访 1")
    desk.locator("#desk-tabs").get_by_role("link", name="待回访").click()
    desk.locator(".queue a").first.click()
    keep(desk, "desk-call")
    desk.get_by_role("button", name="看电话和门牌").click()
    expect(desk.locator("#contact")).to_contain_text(zhang.phone)

    desk.goto(f"/desk/orders/{order.pk}/")
    desk.get_by_role("link", name="办结").click()
    desk.locator("#move").get_by_role("button", name="办结这一单").click()
    expect(desk.locator("[data-errors]")).to_contain_text("还欠居民一个回访电话")

    desk.goto(f"/desk/calls/{CallBack.objects.get().pk}/")
    desk.get_by_label("电话里怎么说").fill("师傅又去了一趟，好了。")
    desk.get_by_role("radio", name="满意了", exact=True).check()
    desk.get_by_role("button", name="记下回访").click()
    expect(desk.locator("#messages")).to_contain_text("回访记下了")
    desk.get_by_role("link", name="办结").click()
    desk.locator("#move").get_by_role("button", name="办结这一单").click()
    expect(desk.locator("#order [role=status]")).to_contain_text("已办结")
    assert Order.objects.get().state == "closed"
