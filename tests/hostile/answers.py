"""How an answer to bad input may look: a known status, what was typed kept, nothing of it come alive."""

import html
import re
from html.parser import HTMLParser

FINE = {200, 204, 302, 303, 400, 403, 404, 405, 413, 422}
TRACES = ("Traceback (most recent call last)", "psycopg.", "django.db.utils", "DETAIL:  ", "at 0x7f")
STRANGE = {
    "iframe",
    "object",
    "embed",
    "applet",
    "marquee",
    "base",
    "math",
    "video",
    "audio",
    "xss",
    "bgsound",
}
FOLLOWED = {"href", "src", "action", "formaction", "data", "xlink:href", "poster", "srcset"}
AWAY = re.compile(r"[\s\x00-\x1f]*(?:[a-z][\w+.-]*:|[/\\]{2})", re.IGNORECASE)
OURS = ("tel:", "data:image/svg+xml")
SPECIAL = re.compile(r"[<>\"']")
PLAIN = re.compile(r"[^\x00-\x1f\x7f]+")


def wrong(response, where, sent):
    """What is wrong with an answer, as sentences."""
    if response.status_code not in FINE:
        broken = f" {response.exc_info[1]!r}" if getattr(response, "exc_info", None) else ""
        yield f"{where}: {response.status_code}{broken}"
        return
    text = response.said.decode(errors="replace")
    for trace in TRACES:
        if trace in text:
            yield f"{where}: tells {trace!r}"
    if is_html(response) and any(comes_back(text, value) for value in sent):
        reader = Living()
        reader.feed(text)
        yield from (f"{where}: {fault}" for fault in reader.found)
    yield from _headers(response, where)


class Living(HTMLParser):
    """What would run, load or lead away if a browser read the page."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        named = {name: (value or "") for name, value in attrs}
        if tag in STRANGE or tag == "style" or (tag == "script" and "src" not in named):
            self.found.append(f"<{tag}>")
        for name, value in named.items():
            away = name in FOLLOWED and AWAY.match(value) and not value.startswith(OURS)
            if away or name.startswith("on") or name == "style":
                self.found.append(f"<{tag} {name}={value[:40]!r}>")

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)


def is_html(response):
    return response.headers.get("Content-Type", "").startswith("text/html")


def comes_back(text, value):
    """Whether a piece of `value` around its first special sign stands in the answer unescaped."""
    found = SPECIAL.search(value)
    return bool(found) and value[found.start() : found.start() + 8] in text


def _headers(response, where):
    """What was sent must not have become a header, nor lead to another host."""
    if "evil.example" in response.headers.get("Location", "").partition("?")[0]:
        yield f"{where}: leads to {response.headers['Location']}"
    if "a" in response.cookies:
        yield f"{where}: sets a cookie that was sent as text"


def is_kept(response, value):
    """Whether what was typed stands in the page again, so that nobody types it twice."""
    if response.status_code != 422 or not is_html(response):
        return True
    typed = value.strip()
    if not typed or len(typed) > 200 or not PLAIN.fullmatch(typed):
        return True
    return typed in html.unescape(response.said.decode(errors="replace"))
