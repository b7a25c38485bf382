"""Two dispatchers hold the same order: one gives it away, the other reads who did, and where it is."""

import pytest
from playwright.sync_api import expect

from civic.orders.models import Dispatch
from civic.orders.tests.factories import OrderFactory
from tests.journeys.conftest import DESK

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_in_two_browsers(browse, keep, menu, team, fuqian, station, zhang, dispatcher, head, script):
    order = OrderFactory(place=fuqian, item=menu, resident=zhang, state="screened")
    one, two = (browse(person, size=DESK, script=script) for person in (dispatcher, head))
    for page in (one, two):
        page.goto(f"/desk/orders/{order.pk}/")

    one.get_by_role("button", name=f"给这支队伍 {team.name}").click()
    expect(one.locator("main")).to_contain_text("已派出")
    two.get_by_role("button", name=f"给这个站点 {station.name}").click()

    expect(two.locator("[data-errors]")).to_contain_text("已经办过")
    told = two.locator("#move-form .box-note")
    expect(told).to_contain_text("已派单")
    expect(told).to_contain_text(dispatcher.name)
    if script:
        keep(two, "desk-second-dispatcher")
    two.get_by_role("link", name="看最新进展").click()
    expect(two.locator("#order")).to_contain_text(team.name)
    assert [one.team for one in Dispatch.objects.all()] == [team]


def test_the_desk_is_walked_by_keys(browse, menu, fuqian, zhang, dispatcher):
    first, second = (OrderFactory(place=fuqian, item=menu, resident=zhang) for _ in range(2))
    desk = browse(dispatcher, size=DESK)
    desk.goto("/desk/")

    desk.keyboard.press("j")
    desk.keyboard.press("j")
    expect(desk.locator(".queue a").nth(1)).to_be_focused()
    desk.keyboard.press("k")
    desk.keyboard.press("Enter")
    expect(desk.locator("#order")).to_contain_text(first.short_number)
    desk.keyboard.press("s")
    expect(desk.locator("#move")).to_contain_text("归到哪一项服务")
    desk.keyboard.press("n")
    expect(desk.locator("#order")).to_contain_text(second.short_number)
