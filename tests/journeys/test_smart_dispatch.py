"""From an order to a yes by the engine: planned, explained, offered, declined, repaired, accepted.

The worker's part is played by calling its services; everything that people do and read is in the browser.
"""

import re
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import expect

from civic.access.models import Setting
from civic.orders.models import Dispatch, Order
from civic.orders.services import offering, planning
from civic.orders.tests.factories import OrderFactory
from civic.volunteers.tests.factories import TeamFactory
from tests.journeys.conftest import DESK
from tests.moments import LONG_AGO

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def worker():
    """A worker that has just started, in a city that lets people be asked at any hour."""
    for key in ("matching.quiet_from", "matching.quiet_to"):
        Setting.objects.create(key=key, value=0, changed_at=LONG_AGO)
    cache.clear()
    planning.forget()
    yield
    planning.forget()
    cache.clear()


@pytest.fixture
def order(menu, fuqian, zhang):
    now = timezone.now()
    return OrderFactory(place=fuqian, item=menu, resident=zhang, placed_at=now, changed_at=now, due_at=now)


@pytest.fixture
def teams(team, wangqiao, wang, menu):
    """By name: 匠心家电 of the township, and 百姓修理队 of the next one."""
    other = TeamFactory(name="百姓修理队", place=wangqiao, leader=wang, skills=[menu.skill])
    return {one.name: one for one in (team, other)}


def numbers(card):
    """Each part and the total, as a reader sees them on the card."""
    return [Decimal(text) for text in card.locator(".sum dd").all_inner_texts()]


def screen(desk, order):
    desk.goto(f"/desk/orders/{order.pk}/")
    desk.get_by_role("link", name="受理", exact=False).first.click()
    desk.locator("#move").get_by_role("button", name="受理这一单").click()
    expect(desk.locator("#order [role=status]").first).to_contain_text("已受理")
    expect(desk.locator("#order")).to_contain_text("智能派单现在没有开")


def read_explanation(desk, order, keep):
    """Add up every card again, and the sentence with the card it speaks of; returns whom it proposes."""
    desk.goto(f"/desk/orders/{order.pk}/")
    keep(desk, "smart-desk")
    cards = desk.locator("#plan .plan-cards > li").all()
    assert len(cards) >= 2
    for card in cards:
        *parts, total = numbers(card)
        assert sum(parts) == total > 0
    first = desk.locator("#plan .plan-first")
    said = desk.locator("#plan > p").filter(has_text="派给").inner_text()
    *parts, total = numbers(first)
    told = [Decimal(text) for text in re.findall(r"\d+\.\d\d", said)]
    assert told[: len(parts)] == parts
    assert told[len(parts)] == total == sum(parts)
    # With one order in the city, another team costs the network just what it costs more itself.
    second = desk.locator("#plan .plan-cards > li:not(.plan-first)").first
    more = Decimal(re.findall(r"\d+\.\d\d", second.locator("p").last.inner_text())[0])
    assert more == numbers(second)[-1] - total > 0
    assert said.endswith(f"全网多花 {more} 分。")
    return first.locator("h3").inner_text()


def ask_why_not(desk, name, keep):
    desk.get_by_label("为什么不是").fill(name)
    desk.get_by_role("button", name="问一下").click()
    answer = desk.locator("#why li").first
    expect(answer).to_contain_text("派给这一家，全网")
    *parts, total = numbers(answer)
    assert sum(parts) == total
    keep(desk, "smart-why-not")


def send_by_itself(page, category):
    """The system admin lets the engine send in this category."""
    page.goto("/admin/dispatch/")
    page.get_by_role("button", name=f"自动发出邀请 {category.name}").click()
    expect(page.locator("#messages")).to_contain_text("自动发出邀请")


def decline(page, order, keep):
    """The leader says no on the phone, in the elder mode."""
    page.goto("/team/")
    page.locator(".queue a").first.click()
    expect(page.locator("main")).to_contain_text("前答复")
    keep(page, "smart-team-care")
    page.get_by_role("link", name="接不了").click()
    page.get_by_role("radio", name="人手不够").check()
    page.get_by_role("button", name="退给派单员").click()
    expect(page.locator("#messages")).to_contain_text("已告诉派单员")


def accept(page, order):
    page.goto(f"/team/orders/{order.pk}/")
    page.get_by_role("link", name="接单").click()
    page.get_by_role("button", name="接这一单").click()
    expect(page.locator("#messages")).to_contain_text("已接单")


def held_by(order):
    """The team whose answer is waited for."""
    return Dispatch.objects.get(order=order, state="offered", team__isnull=False).team


def test_in_the_browser(browse, keep, order, teams, menu, dispatcher, admin):
    menu.skill.volunteers.clear()  # only the two teams know the trade
    desk = browse(dispatcher, size=DESK)
    screen(desk, order)

    offering.tick(at=timezone.now())  # proposes, and sends nothing
    proposed = read_explanation(desk, order, keep)
    other = next(name for name in teams if name != proposed)
    ask_why_not(desk, other, keep)
    assert Order.objects.get(pk=order.pk).state == "screened"

    send_by_itself(browse(admin, size=DESK), menu.category)
    offering.tick(at=timezone.now())
    assert held_by(order).name == proposed
    decline(browse(teams[proposed].leader, care=True), order, keep)

    offering.on_change(at=timezone.now())  # repaired, and the next one asked at once
    assert held_by(order).name == other
    desk.goto(f"/desk/orders/{order.pk}/")
    expect(desk.locator("#order")).to_contain_text("智能派单发的")
    keep(desk, "smart-desk-asked-again")
    accept(browse(teams[other].leader), order)

    taken = Order.objects.get(pk=order.pk)
    assert (taken.state, taken.current.team.name) == ("accepted", other)
    resident = browse(order.resident)
    resident.goto(f"/my/orders/{order.pk}/")
    expect(resident.locator("main")).to_contain_text(other)
    assert "人手不够" not in resident.content()


def test_with_the_script_off(browse, keep, order, teams, menu, dispatcher):
    """The same page answers without a script: why not, and another than proposed with its price."""
    menu.skill.volunteers.clear()
    desk = browse(dispatcher, script=False)
    desk.goto(f"/desk/orders/{order.pk}/screen/")
    desk.get_by_role("button", name="受理这一单").click()
    offering.tick(at=timezone.now())
    proposed = read_explanation(desk, order, keep)
    other = next(name for name in teams if name != proposed)

    desk.locator("#why-q").fill(other)
    desk.get_by_role("button", name="问一下").click()
    expect(desk.locator("main .plan-cards li").first).to_contain_text("全网")
    desk.go_back()
    desk.get_by_role("link", name=f"改给这支队伍 {other}").click()
    expect(desk.locator("main")).to_contain_text("这样派，全网")
    keep(desk, "smart-override-noscript")
    desk.get_by_role("radio", name="居民点名要找他们").check()
    desk.get_by_role("button", name="给这支队伍").click()
    expect(desk.locator("main")).to_contain_text("已派出")
    assert held_by(order).name == other
