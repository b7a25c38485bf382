"""Requests that no browser of ours makes: spoilt text, wrong methods, foreign hosts, huge parts."""

import pytest
from django.test import Client

from tests.architecture.source import assert_none
from tests.hostile.answers import FINE, wrong
from tests.hostile.conftest import Browser
from tests.hostile.targets import addresses
from tests.scope.addresses import url

# `answers.wrong` reads what matters here; that the pages themselves are clean is shown by their own tests.
pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.own_markup]
FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data"
BODIES = {
    "invalid UTF-8": (b"words=\xff\xfe\xc3\x28&name=%ff%fe&phone=%C3%28", FORM),
    "a lone half of a pair": (b"words=%ED%A0%80&code=%ED%A0%80", FORM),
    "no body": (b"", FORM),
    "broken multipart": (b"--x\r\nContent-Disposition: form-data\r\n\r\nhalf", f"{PARTS}; boundary=x"),
    "multipart without boundary": (b"words=1", PARTS),
    "JSON": (b'{"words": ["a"], "__proto__": {}}', "application/json"),
    "unknown charset": (b"words=1", f"{FORM}; charset=klingon"),
    "a megabyte": (b"words=" + b"a" * 1_000_000, FORM),
}  # fmt: skip
QUERIES = (
    "%00", "q=%00", "q=%FF%FE", "after=%ED%A0%80", "=&&==&%", "page=-1", f"page={'9' * 5000}", "a[]=1&a[x]=2",
    "q=" + "%E4%BD%A0" * 900,
)  # fmt: skip
TURNS = 3  # each address meets a third of the queries
METHODS = ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")


def test_spoilt_bodies(grounds, browsers, count):
    bad, tried = [], 0
    for address in addresses():
        path, browser = url(address, grounds.home, grounds), browsers[address.audience]
        if browser.post(path).status_code == 405:
            continue
        for name, (body, kind) in BODIES.items():
            tried += 1
            answer = browser.generic("POST", path, body, content_type=kind)
            bad += wrong(answer, f"{address.name}: {name}", [])
    count(tried)
    assert_none(bad)


def test_spoilt_queries(grounds, browsers, count):
    bad, tried = [], 0
    for number, address in enumerate(addresses()):
        path, browser = url(address, grounds.home, grounds), browsers[address.audience]
        for query in QUERIES[number % TURNS :: TURNS]:
            tried += 1
            answer = browser.generic("GET", path, QUERY_STRING=query)
            bad += wrong(answer, f"{address.name}?{query[:30]}", [])
            if answer.status_code == 405:
                break
    count(tried)
    assert_none(bad)


def test_a_query_with_nul_is_refused_with_words(client):
    answer = client.get("/search/?q=a%00b")
    assert answer.status_code == 400
    assert "这个地址读不懂" in answer.text


@pytest.mark.parametrize("method", METHODS)
def test_unknown_methods(grounds, browsers, method, count):
    bad = []
    for address in addresses():
        path = url(address, grounds.home, grounds)
        bad += wrong(browsers[address.audience].generic(method, path), f"{method} {address.name}", [])
    count(len(addresses()))
    assert_none(bad)


HUGE = "99999999999999999999"
IDS = ("0", "-1", HUGE, "9" * 400, "1e3", "%00", "..", "abc", "1%2F2", "%E5%BC%A0", "%F0%9F%92%A9")


def test_spoilt_ids_in_addresses(grounds, browsers, count):
    """Whatever stands where an id belongs reads as absent."""
    bad, tried = [], 0
    for address in addresses():
        if not address.variables:
            continue
        path = url(address, grounds.home, grounds)
        parts = path.split("/")
        for place, part in enumerate(parts):
            if not part.isdigit():
                continue
            for spoilt in IDS:
                tried += 1
                asked = "/".join([*parts[:place], spoilt, *parts[place + 1 :]])
                for method in ("GET", "POST") if spoilt == HUGE else ("GET",):
                    answer = browsers[address.audience].generic(method, asked)
                    bad += wrong(answer, f"{method} {address.name} {spoilt[:20]}", [])
    count(tried)
    assert_none(bad)


# --- Headers that lie.


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_HOST": "evil.example"},
        {"HTTP_HOST": "testserver:99999"},
        {"HTTP_HOST": "a b\r\nX: y"},
        {"HTTP_X_FORWARDED_HOST": "evil.example"},
        {"HTTP_X_FORWARDED_FOR": "1.2.3.4, <script>, " + "9" * 5000},
        {"HTTP_USER_AGENT": "<script>alert(1)</script>" * 500},
        {"HTTP_ACCEPT_LANGUAGE": "zz-" * 2000},
        {"HTTP_REFERER": "javascript:alert(1)"},
        {"HTTP_COOKIE": "sessionid=" + "a" * 9000 + "; civic_mode=<script>; django_language=../../etc"},
        {"HTTP_COOKIE": "sessionid=\x00; =; ;;; csrftoken=%00"},
        {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "//evil.example/%zz", "HTTP_HX_TARGET": "\xff"},
        {"HTTP_IF_MODIFIED_SINCE": "yesterday", "HTTP_RANGE": "bytes=9-1,,-"},
    ],
    ids=lambda headers: next(iter(headers)).removeprefix("HTTP_"),
)  # fmt: skip
@pytest.mark.parametrize("path", ["/", "/sign-in/", "/my/", "/order/", "/venues/"])
def test_lying_headers(db, settings, headers, path):
    settings.ALLOWED_HOSTS = ["testserver"]
    answer = Browser().get(path, **headers)
    assert answer.status_code in FINE
    assert "evil.example" not in answer.said.decode(errors="replace")
    assert "evil.example" not in str(answer.headers)


# --- Headers that every answer carries.

WANTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def test_every_answer_carries_the_headers(grounds, browsers):
    bad = []
    for address in addresses():
        path = url(address, grounds.home, grounds)
        answer = browsers[address.audience].get(path)
        bad += [
            f"{address.name}: {name}" for name, value in WANTED.items() if answer.headers.get(name) != value
        ]
        policy = answer.headers.get("Content-Security-Policy", "")
        bad += (
            [] if "default-src 'none'" in policy and "unsafe" not in policy else [f"{address.name}: {policy}"]
        )
        bad += [] if "Permissions-Policy" in answer.headers else [f"{address.name}: Permissions-Policy"]
        kept = answer.headers.get("Cache-Control", "")
        if address.audience != "public" and "no-store" not in kept:
            bad.append(f"{address.name}: may be cached: {kept}")
    assert_none(bad)


@pytest.mark.parametrize("path", ["/nothing/", "/desk/", "/search/?q=%00", "/my/"])
def test_refusals_carry_them_too(db, client, path):
    answer = client.get(path)
    assert {name: answer.headers.get(name) for name in WANTED} == WANTED
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_post_without_its_key_is_refused_everywhere(grounds, browsers):
    """The test client forgives a missing CSRF key; a strict one does not, on any address."""
    bad = []
    for address in addresses():
        client = Client(enforce_csrf_checks=True)
        client.cookies = browsers[address.audience].cookies
        path = url(address, grounds.home, grounds)
        status = client.post(path).status_code
        if status != 403:
            bad.append(f"{address.name}: {status}")
    assert_none(bad)
