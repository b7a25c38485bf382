"""Villages ask, a site gives, tours are planned; a stop is dragged, the driver finishes it: all is served."""

import re
from datetime import date, time

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from civic.orders.models import Order
from civic.orders.tests.factories import OrderFactory
from civic.places.tests.factories import PlaceFactory
from civic.pooling.models import Need, Pool, Stop
from civic.pooling.services import planning
from civic.volunteers.tests.factories import TeamFactory
from tests.journeys.conftest import DESK

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def village(guhan):
    return PlaceFactory(name="北关村", parent=guhan)


@pytest.fixture
def order(menu, fuqian, zhang):
    """An order that may come any day."""
    return OrderFactory(place=fuqian, item=menu, resident=zhang, state="screened")


@pytest.fixture
def van(guhan, li, menu):
    return TeamFactory(name="文明集市队", place=guhan, leader=li, is_mobile=True, skills=[menu.skill])


def open_a_round(desk, on):
    """The dispatcher makes a round of the township, for a day, and asks the sites."""
    desk.goto("/desk/pools/")
    desk.get_by_role("link", name="新开一轮").first.click()
    desk.locator("[name=place]").select_option(label="襄垣县")
    desk.locator("[name=title]").fill("冬月流动服务")
    desk.locator("[name=on]").fill(f"{on:%Y-%m-%d}")
    desk.get_by_role("button", name="存成草稿").click()
    desk.get_by_role("button", name="开始征集").click()
    expect(desk.locator("#messages")).to_contain_text("开始征集了")


def ask_and_give(site, keep):
    """The station's clerk, on her phone in the elder mode, asks for her village and puts material in."""
    site.goto("/desk/pool_calls/")
    site.locator(".cells a").first.click()
    site.get_by_role("link", name="报一项需求").click()
    site.locator("[name=item]").select_option(label="小家电维修")
    site.locator("[name=people]").fill("12")
    keep(site, "pool-need-care")
    site.get_by_role("button", name="报上去").click()
    expect(site.locator("#messages")).to_contain_text("报上去了")
    site.get_by_role("link", name="拼物资").click()
    site.locator("[name=words]").fill("旧电饭锅换新")
    site.locator("[name=amount]").fill("5")
    site.get_by_role("button", name="拼上去").click()
    expect(site.locator("main")).to_contain_text("旧电饭锅换新")


def gather(desk, village, order, keep):
    """Orders, a need of another village, the team of the day, and the answer to what was put in."""
    desk.reload()
    desk.get_by_role("link", name="收进待派的单").click()
    desk.get_by_role("checkbox", name=order.short_number).check(force=True)
    desk.get_by_role("button", name="收进这一轮").click()
    desk.get_by_role("link", name="报一项需求").click()
    desk.locator("[name=place]").select_option(label=village.name)
    desk.locator("[name=item]").select_option(label="小家电维修")
    desk.locator("[name=people]").fill("30")
    desk.get_by_role("button", name="报上去").click()
    desk.get_by_role("link", name="加一支流动队").click()
    desk.get_by_role("button", name="加上这支队").click()
    desk.get_by_role("link", name="采用").click()
    desk.get_by_role("button", name="采用").click()
    expect(desk.locator("main")).to_contain_text("带去的")
    keep(desk, "pool-round")


def plan(desk, pool):
    """The page waits; the worker works it out; the page shows it by itself."""
    desk.get_by_role("link", name="排线路").click()
    desk.get_by_role("button", name="排线路").click()
    expect(desk.locator("#tours")).to_contain_text("正在排线路")
    pool.refresh_from_db()
    planning.work_out(pool_id=pool.pk, stamp=pool.stamp, at=timezone.now())
    expect(desk.get_by_role("button", name="发布线路")).to_be_visible(timeout=20_000)
    expect(desk.locator("[data-tour] [data-need]")).to_have_count(3)


def drag_the_last_to_the_front(desk, keep):
    """Drag a stop, read its price, confirm; returns the need that was moved."""
    stops = desk.locator("[data-tour] [data-need]")
    moved = stops.last.get_attribute("data-need")
    stops.last.drag_to(stops.first, target_position={"x": 40, "y": 4})
    expect(desk.locator("#move [data-price]")).to_have_text(re.compile("分钟|不多花时间"))
    keep(desk, "pool-price")
    desk.locator("#move").get_by_role("button", name="挪到这里").click()
    expect(desk.locator("#messages")).to_contain_text("改好了")
    expect(stops.first).to_have_attribute("data-need", moved)
    keep(desk, "pool-tours")
    return int(moved)


def drive(phone, keep):
    """The leader takes the tour on and finishes every stop of it."""
    phone.goto("/team/tours/")
    phone.locator(".cells a").first.click()
    phone.get_by_role("button", name="接下这一趟").click()
    expect(phone.locator("main")).to_contain_text("下一站")
    keep(phone, "driver-next-stop")
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    for _stop in range(3):
        phone.get_by_role("button", name="到了").click()
        phone.get_by_role("link", name="办完了").click()
        phone.locator("[name=summary]").fill("修好了，试过能用。")
        phone.get_by_role("button", name="办完了").click()
    expect(phone.locator("main")).to_contain_text("办完 3 站")


def test_from_the_call_to_the_last_stop(
    browse, keep, menu, order, van, village, station, station_clerk, dispatcher, li
):
    today = timezone.localdate()
    desk = browse(dispatcher, size=DESK)
    open_a_round(desk, today)
    ask_and_give(browse(station_clerk, care=True), keep)
    pool = Pool.objects.get()
    gather(desk, village, order, keep)
    plan(desk, pool)
    moved = drag_the_last_to_the_front(desk, keep)
    assert Stop.objects.get(need=moved).is_pinned
    desk.get_by_role("button", name="发布线路").click()
    desk.locator("dialog").get_by_role("button", name="发布线路").click()
    expect(desk.locator("#messages")).to_contain_text("已派给各队")
    assert Order.objects.get().state == "dispatched"

    drive(browse(li), keep)
    assert Order.objects.get().state == "served"
    desk.goto(f"/desk/pools/{pool.pk}/")
    desk.get_by_role("button", name="这一轮收好了").click()
    expect(desk.locator("main")).to_contain_text("站办完，共 3 站")
    assert not Need.objects.filter(released_at=None).exists()


def test_without_script_the_buttons_do_the_same(browse, keep, menu, order, van, guhan, dispatcher):
    desk = browse(dispatcher, script=False)
    open_a_round(desk, date(timezone.localdate().year + 1, 1, 8))
    desk.get_by_role("link", name="收进待派的单").click()
    desk.get_by_role("checkbox", name=order.short_number).check(force=True)
    desk.get_by_role("button", name="收进这一轮").click()
    desk.get_by_role("link", name="加一支流动队").click()
    desk.locator("[name=opens]").fill(f"{time(9):%H:%M}")
    desk.get_by_role("button", name="加上这支队").click()
    desk.get_by_role("link", name="排线路").click()
    desk.get_by_role("link", name="放进线路").click()
    expect(desk.locator("[data-price]").first).to_contain_text("分钟")
    desk.get_by_role("button", name="放在这里").first.click()
    expect(desk.locator("[data-tour] [data-need]")).to_have_count(1)
    desk.get_by_role("button", name="松开").click()
    expect(desk.locator("main")).to_contain_text("松开了")
    keep(desk, "pool-tours-noscript")
    desk.get_by_role("button", name="发布线路").click()
    expect(desk.locator("#messages")).to_contain_text("已派给各队")
