"""The switches, the frame of every page, and the pages for bad moments."""

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import constants, get_messages
from django.contrib.messages.storage.base import Message
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory

from civic.core import context, pages
from tests.guards.pages import faults

FRAMES = ["errors/403.html", "errors/404.html", "errors/csrf.html"]
PLAIN = ["errors/500.html", "errors/offline.html", "errors/maintenance.html"]


class Told(list):
    """Messages without a session behind them."""

    used = False


def guest(path="/", method="get", data=None, **cookies):
    request = getattr(RequestFactory(), method)(path, data or {})
    request.user = AnonymousUser()
    request.COOKIES.update(cookies)
    request._messages = Told()
    return request


@pytest.fixture(autouse=True)
def counts_of_others(monkeypatch):
    """The frame is tested without the processors of higher apps."""
    names = [
        "django.template.context_processors.request",
        "django.contrib.messages.context_processors.messages",
        "civic.core.context.page",
    ]
    engine = engines["django"].engine
    monkeypatch.setattr(engine, "context_processors", names)
    vars(engine).pop("template_context_processors", None)
    yield
    vars(engine).pop("template_context_processors", None)


@pytest.mark.parametrize(("asked", "kept"), [("care", "care"), ("std", "std"), ("huge", "std"), ("", "std")])
def test_the_mode_is_remembered_for_a_year(asked, kept):
    answer = pages.mode(guest("/mode/", "post", {"mode": asked, "next": "/desk/?a=1"}))
    assert answer.status_code == 302
    assert answer["Location"] == "/desk/?a=1"
    cookie = answer.cookies[context.MODE_COOKIE]
    assert cookie.value == kept
    assert cookie["max-age"] == pages.YEAR


@pytest.mark.parametrize("elsewhere", ["", "https://example.com/", "//example.com", "javascript:alert(1)"])
def test_the_mode_switch_stays_on_this_site(elsewhere):
    answer = pages.mode(guest("/mode/", "post", {"mode": "care", "next": elsewhere}))
    assert answer["Location"] == "/"


def test_the_language_is_remembered():
    answer = pages.language(guest("/language/", "post", {"language": "en", "next": "/x/"}))
    assert answer["Location"] == "/x/"
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"


@pytest.mark.parametrize("switch", [pages.mode, pages.language])
def test_a_switch_is_a_post(switch):
    assert switch(guest()).status_code == 405


@pytest.mark.parametrize(("cookie", "mode", "offered"), [("", "std", "长辈版"), ("care", "care", "标准版")])
def test_every_page_offers_the_other_mode(cookie, mode, offered):
    markup = render(guest(civic_mode=cookie), "errors/404.html").content.decode()
    assert f'data-mode="{mode}"' in markup
    assert offered in markup


def test_before_the_browser_has_chosen_the_person_has():
    request = guest()
    request.user.mode = "care"
    assert context.mode(request) == "care"
    request.COOKIES[context.MODE_COOKIE] = "std"
    assert context.mode(request) == "std"


@pytest.mark.parametrize("name", FRAMES + PLAIN)
def test_pages_are_clean(name):
    markup = render(
        guest(), name, {"number": "7F3A", "reason": "这里归襄垣县管。", "grantors": ["李*"]}
    ).content.decode()
    assert faults(markup) == []


def test_the_broken_page_needs_nothing_but_itself():
    assert faults(render_to_string("errors/500.html")) == []


def test_a_stale_form_is_told_so():
    answer = pages.stale(guest(), reason="CSRF cookie not set.")
    assert answer.status_code == 403
    assert "请回到上一页" in answer.content.decode()


@pytest.mark.parametrize("page", [pages.offline, pages.maintenance])
def test_pages_for_bad_moments_answer(page):
    assert page(guest()).status_code == 200


def test_the_worker_keeps_the_offline_page():
    answer = pages.worker(guest())
    assert answer["Content-Type"] == "text/javascript"
    assert "/offline/" in answer.content.decode().replace("\\u002D", "-")


@pytest.mark.parametrize("query", ["", "?desk", "?print", "?other"])
def test_the_style_guide_shows_everything(query, settings):
    settings.DEMO = True
    markup = pages.styleguide(guest(f"/styleguide/{query}")).content.decode()
    assert faults(markup) == []
    assert "演示环境" in markup


def test_messages_stay_on_the_page():
    request = guest()
    request._messages.append(Message(constants.SUCCESS, "已提交，单号 1120-0037。"))
    assert list(get_messages(request))
    markup = render(request, "errors/404.html").content.decode()
    assert "box-done" in markup
    assert "1120-0037" in markup


def test_the_footer_says_what_the_city_has_set(settings):
    settings.CITY = {
        **settings.CITY,
        "host_unit": "长治市文明办",
        "phone": "0355-0000000",
        "icp": "晋ICP备000号",
        "police_filing": "晋公网安备000号",
    }
    markup = render(guest(), "errors/404.html").content.decode()
    for words in ("长治市文明办", "tel:0355-0000000", "晋ICP备000号", "晋公网安备000号"):
        assert words in markup


def test_the_frame_carries_the_token_and_tells_htmx_the_rules():
    request = guest()
    token = get_token(request)
    markup = render(request, "errors/404.html").content.decode()
    assert 'data-csrf="' in markup
    assert token
    assert "htmx-2" in markup
    assert "&quot;allowEval&quot;:false" in markup or '"allowEval":false' in markup
