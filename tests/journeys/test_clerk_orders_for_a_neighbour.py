"""A station's clerk enters an order for a neighbour without a phone; a team takes it."""

import pytest
from playwright.sync_api import expect

from civic.orders.models import Order
from tests.journeys.conftest import DESK

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def fill_in(page):
    """Walk-in, no phone; the words bring up the item by themselves."""
    page.get_by_role("radio", name="来站", exact=True).check()
    page.get_by_label("怎么称呼").fill("赵大娘")
    page.get_by_label("门牌").fill("3号楼1单元")
    page.get_by_label("居民要办什么").press_sequentially("小家电维修，电饭锅不通电", delay=20)
    page.locator("#item-choices").get_by_role("radio", name="小家电维修").check()


def test_in_the_browser(browse, keep, menu, team, li, station_clerk, dispatcher):
    clerk = browse(station_clerk, size=DESK)
    clerk.goto("/desk/today/")
    clerk.get_by_role("main").get_by_role("link", name="代点单").first.click()
    fill_in(clerk)
    keep(clerk, "clerk-place-for")
    clerk.get_by_role("button", name="替居民点单").click()
    expect(clerk.locator("#messages")).to_contain_text("已点单，单号")

    order = Order.objects.get()
    assert (order.placed_by, order.resident.name, order.contact_phone) == (station_clerk, "赵大娘", "")
    assert (order.item, order.channel) == (menu, "walk_in")

    desk = browse(dispatcher, size=DESK)
    desk.goto("/desk/")
    desk.get_by_role("link", name="办下一件").click()
    desk.get_by_role("link", name="受理").click()
    desk.locator("#move").get_by_role("button", name="受理这一单").click()
    expect(desk.locator("#order [role=status]")).to_contain_text("已受理")
    keep(desk, "desk-order-screened")
    desk.get_by_role("button", name=f"给这支队伍 {team.name}").click()
    expect(desk.locator("#order [role=status]")).to_contain_text("已派出")

    leader = browse(li)
    leader.goto("/team/")
    leader.get_by_role("link", name="小家电维修").click()
    assert "3号楼1单元" not in leader.content()
    leader.get_by_role("link", name="接单").click()
    leader.get_by_role("button", name="接这一单").click()
    expect(leader.locator("#order")).to_contain_text("3号楼1单元")
    expect(leader.locator("#order")).to_contain_text("没有电话，请找站里转告")
    keep(leader, "team-order-accepted")


def test_without_script(browse, menu, station_clerk):
    clerk = browse(station_clerk, script=False)
    clerk.goto("/desk/orders/new/")
    clerk.get_by_role("radio", name="纸条", exact=True).check()
    clerk.get_by_label("怎么称呼").fill("赵大娘")
    clerk.get_by_label("居民要办什么").fill("电饭锅不通电")
    clerk.get_by_role("button", name="替居民点单").click()
    expect(clerk.locator("[data-errors]")).to_contain_text("请写一下门牌")
    assert clerk.title().startswith("错误：")

    clerk.get_by_label("门牌").fill("3号楼1单元")
    clerk.get_by_role("button", name="替居民点单").click()
    expect(clerk.locator("#messages")).to_contain_text("已点单，单号")
    assert Order.objects.get().channel == "paper"
