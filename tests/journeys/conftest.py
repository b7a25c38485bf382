"""A real browser on a real server: what every journey stands on.

`browse` opens a browser window of its own for one person; `keep` stores a picture of what she sees in
`artifacts/screens`, which CI keeps and the README shows.
"""

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from civic.orders.services.menu import index_items
from civic.orders.services.numbering import forget_blocks
from civic.orders.tests.factories import CategoryFactory, ItemFactory
from civic.people.signals import code_issued

SCREENS = Path(settings.BASE) / "artifacts" / "screens"
PHONE, DESK = (375, 812), (1280, 800)


@pytest.fixture
def browse(chromium, live_server):
    """Open a window for `person` (signed in already) or for a guest; nothing may break while it is open."""
    forget_blocks()
    opened, broken = [], []

    def opening(person=None, *, size=PHONE, care=False, script=True):
        width, height = size
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            java_script_enabled=script,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            base_url=live_server.url,
        )
        context.set_default_timeout(15_000)
        if care:
            context.add_cookies([{"name": "civic_mode", "value": "care", "url": live_server.url}])
        if person is not None:
            client = Client()
            client.force_login(person)
            value = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}]
            )
        page = context.new_page()
        page.on("pageerror", lambda error: broken.append(f"script: {error}"))
        page.on("response", lambda answer: broken.append(answer.url) if answer.status >= 500 else None)
        opened.append(context)
        return page

    yield opening
    for context in opened:
        context.close()
    forget_blocks()
    assert not broken


@pytest.fixture
def keep():
    """Store what a page shows, whole, under a name."""

    def picture(page, name):
        SCREENS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SCREENS / f"{name}.png", full_page=True)

    return picture


@pytest.fixture
def codes():
    """The one-time codes as they would be sent, the latest last."""
    found = []

    def hear(*, code, **_):
        found.append(code)

    code_issued.connect(hear, weak=False)
    yield found
    code_issued.disconnect(hear)


@pytest.fixture
def menu(transactional_db, appliances):
    """A menu of one item that everyday words find."""
    item = ItemFactory(
        slug="appliance",
        name="小家电维修",
        category=CategoryFactory(slug="repair", name="便民维修"),
        skill=appliances,
        description="修电饭锅、电水壶。",
    )
    index_items([item.pk])
    return item
