"""The style guide in a real browser: nothing runs off the screen, everything is big enough to press.

The pages are drawn in this process and handed to the browser request by request; no server is started.
"""

import mimetypes
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.http import QueryDict

from civic.core import pages
from civic.core.tests.test_ui_pages import counts_of_others, guest  # noqa: F401 (a fixture is used by name)

pytestmark = pytest.mark.slow
HOST = "http://civic.test"
SIZES = [(360, 640), (375, 812), (414, 896), (1280, 900)]
SMALL = """(least) => {
  const what = 'a,button,select,textarea,summary,.choice,.seg span,input';
  const hidden = '.skip,[type=hidden],[type=radio],[type=checkbox]';
  return [...document.querySelectorAll(what)]
    .filter(e => e.offsetParent && !e.matches(hidden))
    .filter(e => e.getBoundingClientRect().height < least - 0.5)
    .map(e => e.outerHTML.slice(0, 80));
}"""


@pytest.fixture
def opened(chromium, counts_of_others):  # noqa: F811 (the fixture imported above)
    """Open the style guide at a size and in a mode."""
    contexts = []

    def answer(mode):
        def serve(route):
            address = urlsplit(route.request.url)
            if address.path == "/":
                request = guest(f"/?{address.query}", civic_mode=mode)
                request.GET = QueryDict(address.query)
                body = pages.styleguide(request).content.decode()
                return route.fulfill(body=body, content_type="text/html; charset=utf-8")
            found = finders.find(address.path.removeprefix("/static/"))
            if not found:
                return route.fulfill(status=404, body="")
            kind = mimetypes.guess_type(found)[0] or "text/plain"
            return route.fulfill(body=Path(found).read_bytes(), content_type=kind)

        return serve

    def opening(size=(375, 812), mode="std", query="", **options):
        width, height = size
        context = chromium.new_context(viewport={"width": width, "height": height}, locale="zh-CN", **options)
        contexts.append(context)
        context.route("**/*", answer(mode))
        page = context.new_page()
        page.goto(f"{HOST}/?{query}")
        return page

    yield opening
    for context in contexts:
        context.close()


@pytest.mark.parametrize("query", ["", "desk", "print"])
@pytest.mark.parametrize(("mode", "least"), [("std", 44), ("care", 60)])
def test_nothing_runs_off_the_screen_and_all_can_be_pressed(opened, mode, least, query):
    page = opened(mode=mode, query=query)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(SMALL, least) == []


def test_the_elder_mode_is_the_same_page_larger(opened):
    assert opened(mode="care").evaluate("getComputedStyle(document.body).fontSize") == "23.8px"
    assert opened(mode="std").evaluate("getComputedStyle(document.body).fontSize") == "17px"


def test_the_focus_goes_to_the_summary_and_from_there_to_the_field(opened):
    page = opened()
    assert page.evaluate("document.activeElement.matches('[data-errors]')")
    page.locator("[data-errors] a").first.click()
    assert page.evaluate("document.activeElement.id") == "id_phone"


def test_a_form_is_sent_once(opened):
    page = opened()
    sent = page.evaluate(
        """() => {
          const form = document.querySelector('main form[method=post]');
          let count = 0;
          form.addEventListener('submit', e => { count += 1; e.preventDefault(); });
          form.requestSubmit(); form.requestSubmit();
          return count;
        }"""
    )
    assert sent == 1


def test_letters_are_counted_and_kept(opened):
    page = opened()
    page.fill("#fine_words", "电饭锅坏了")
    assert page.text_content("[data-count=fine_words]") == "还可以写 195 字"
    page.reload()
    assert page.input_value("#fine_words") == "电饭锅坏了"


def test_a_grave_button_asks_first(opened):
    page = opened()
    page.click("[data-confirm]")
    assert "确定撤吗" in page.text_content("dialog[open]")
    page.click("dialog[open] .btn-quiet")
    assert page.locator("dialog[open]").count() == 0


def test_the_desk_is_walked_with_j_and_k(opened):
    page = opened(size=(1280, 900), query="desk")
    page.evaluate("document.activeElement.blur()")
    walked = []
    for key in "jjk":
        page.keyboard.press(key)
        walked.append(page.evaluate("document.activeElement.querySelector('b').textContent"))
    assert walked == ["修电饭锅", "给老人理发", "修电饭锅"]


def test_all_is_there_without_script(opened):
    page = opened(java_script_enabled=False)
    assert page.locator("button[name=mode]").is_visible()
    assert page.locator("main form[method=post]").is_visible()
