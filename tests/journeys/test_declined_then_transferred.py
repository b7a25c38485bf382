"""A team says no, a site takes the order, the center moves it on: the resident reads why."""

import pytest
from playwright.sync_api import expect

from civic.orders.models import Order
from civic.orders.tests.factories import OrderFactory
from civic.volunteers.tests.factories import TeamFactory
from tests.journeys.conftest import DESK

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def order(menu, fuqian, zhang):
    return OrderFactory(place=fuqian, item=menu, resident=zhang, state="screened")


@pytest.fixture
def other(guhan, wang, menu):
    return TeamFactory(name="百姓修理队", place=guhan, leader=wang, skills=[menu.skill])


def give(desk, words):
    """Press the button of one candidate."""
    desk.get_by_role("button", name=words).click()
    expect(desk.locator("#order [role=status]")).to_contain_text("已派出")


def decline(leader, order, keep):
    """The leader says no on the phone, in the elder mode."""
    leader.goto(f"/team/orders/{order.pk}/")
    leader.get_by_role("link", name="接不了").click()
    expect(leader.locator("main")).to_contain_text("不影响队伍的任何积分和星级")
    leader.get_by_role("radio", name="人手不够").check()
    keep(leader, "team-decline-care")
    leader.get_by_role("button", name="退给派单员").click()
    expect(leader.locator("#messages")).to_contain_text("已告诉派单员")


def accept_for_the_site(clerk):
    """The station's clerk finds it among today's work."""
    clerk.goto("/desk/today/")
    clerk.locator(".queue a").first.click()
    clerk.get_by_role("link", name="接单").click()
    clerk.locator("#move").get_by_role("button", name="接这一单").click()
    expect(clerk.locator("#order [role=status]")).to_contain_text("已接单")


def transfer(desk, order, name):
    """Take it back from the site and give it to another team, with a reason of the list."""
    desk.goto(f"/desk/orders/{order.pk}/")
    desk.get_by_role("link", name="转派").click()
    desk.locator("#move").get_by_role("radio", name=name).check()
    desk.get_by_role("radio", name="这件事需要别的手艺").check()
    desk.get_by_role("button", name="改派").click()
    expect(desk.locator("#order [role=status]")).to_contain_text("已改派")


def test_in_the_browser(browse, keep, order, team, other, li, station, station_clerk, dispatcher, zhang):
    desk = browse(dispatcher, size=DESK)
    desk.goto(f"/desk/orders/{order.pk}/")
    give(desk, f"给这支队伍 {team.name}")
    decline(browse(li, care=True), order, keep)

    desk.goto("/desk/?queue=dispatch")
    desk.locator(".queue a").first.click()
    expect(desk.locator("#order")).to_contain_text("这一单问过，当时没接成")
    keep(desk, "desk-after-decline")
    give(desk, f"给这个站点 {station.name}")
    accept_for_the_site(browse(station_clerk, size=DESK))
    transfer(desk, order, other.name)
    assert Order.objects.get().current.team == other

    resident = browse(zhang)
    resident.goto(f"/my/orders/{order.pk}/")
    expect(resident.locator("main")).to_contain_text("这件事需要别的手艺")
    assert "人手不够" not in resident.content()
    keep(resident, "resident-transferred")
