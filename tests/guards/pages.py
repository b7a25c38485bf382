"""Every HTML answer of the test client is read: what a page must never say, and what it must.

Never: inline scripts, handlers and styles (the content security policy refuses them), addresses of other
hosts, template braces left unrendered, an id twice. Always: form keys in a POST form, a label for each field,
a way that works without script; on a whole page also a language, a title and exactly one h1.
"""

from collections import Counter
from html.parser import HTMLParser

import pytest
from django.test import Client

BRACES = ("{{", "}}", "{%", "%}", "{#")
DATA_SCRIPTS = {"application/json", "application/ld+json"}
LOADED = {"link": "href", "script": "src", "img": "src", "source": "src", "iframe": "src", "form": "action"}
UNLABELLED = {"hidden", "submit", "button", "reset", "image"}
WRITES = {"hx-post", "hx-put", "hx-patch", "hx-delete"}


class BadPage(AssertionError):
    """An answer breaks a rule that holds for all pages."""


class _Reader(HTMLParser):
    """One pass over the markup; `faults` are sentences."""

    def __init__(self):
        super().__init__()
        self.faults = []
        self.ids = Counter()
        self.tags = Counter()
        self.fields = []  # (what to call it, id) still in need of a label
        self.labelled = set()
        self.form = None  # the POST form being read: names of its fields
        self.in_form = self.in_label = self.in_script = False
        self.title = ""
        self.lang = ""

    def handle_starttag(self, tag, attrs):
        found = {name: value or "" for name, value in attrs}
        self.tags[tag] += 1
        if "id" in found:
            self.ids[found["id"]] += 1
        self._attributes(tag, found)
        self._script_and_style(tag, found)
        self._form(tag, found)
        self._field(tag, found)
        if tag == "html":
            self.lang = found.get("lang", "")
        if tag == "img" and "alt" not in found:
            self.faults.append(f"<img src={found.get('src')!r}> has no alt")

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        if tag == "form":
            self._close_form()
        elif tag == "label":
            self.in_label = False
        elif tag == "script":
            self.in_script = False

    def handle_data(self, data):
        if not self.in_script and any(brace in data for brace in BRACES):
            self.faults.append(f"unrendered braces: {data.strip()[:60]!r}")
        if self.lasttag == "title":
            self.title += data.strip()

    def _attributes(self, tag, found):
        for name, value in found.items():
            if name.startswith(("on", "hx-on")):
                self.faults.append(f"<{tag} {name}=…>: an inline handler")
            elif name == "style":
                self.faults.append(f"<{tag} style={value!r}>: an inline style")
            if value.strip().lower().startswith(("javascript:", "js:")):
                self.faults.append(f"<{tag} {name}={value!r}>: script in an attribute")
            if any(brace in value for brace in ("{{", "{%", "{#")):
                self.faults.append(f"<{tag} {name}={value!r}>: unrendered braces")
        loaded = found.get(LOADED.get(tag, ""), "")
        if loaded.startswith(("http:", "https:", "//")) and found.get("rel") != "canonical":
            self.faults.append(f"<{tag}> asks another host: {loaded}")

    def _script_and_style(self, tag, found):
        if tag == "style":
            self.faults.append("<style>: an inline style sheet")
        if tag == "script":
            self.in_script = True
            if "src" not in found and found.get("type") not in DATA_SCRIPTS:
                self.faults.append("<script> without src: an inline script")

    def _form(self, tag, found):
        if tag == "form":
            if self.in_form:
                self.faults.append("a form inside a form")
            self.in_form = True
            self.form = [] if found.get("method", "get").lower() == "post" else None
        elif self.form is not None and "name" in found:
            self.form.append(found["name"])
        if WRITES & found.keys() and self.form is None:
            self.faults.append(f"<{tag}> writes through htmx outside a POST form: it needs script to work")
        if tag == "a" and "hx-get" in found and not found.get("href"):
            self.faults.append("<a hx-get> without href: it needs script to work")

    def _close_form(self):
        for name in ("csrfmiddlewaretoken", "form_token"):
            if self.form is not None and name not in self.form:
                self.faults.append(f"a POST form without {name}")
        self.form, self.in_form = None, False

    def _field(self, tag, found):
        if tag == "label":
            self.in_label = True
            self.labelled.add(found.get("for"))
        if tag not in {"input", "select", "textarea"} or found.get("type") in UNLABELLED:
            return
        if not self.in_label and not found.keys() & {"aria-label", "aria-labelledby"}:
            self.fields.append((f"<{tag} name={found.get('name')!r}>", found.get("id")))


def faults(markup):
    """What is wrong with a page or a fragment, as a list of sentences."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    found = reader.faults
    found += [f"id {name!r} is used {count} times" for name, count in reader.ids.items() if count > 1]
    found += [f"{field} has no label" for field, name in reader.fields if name not in reader.labelled]
    if reader.tags["html"]:
        found += ["the page names no language"] if not reader.lang else []
        found += ["the page has no title"] if not reader.title else []
        found += [f"the page has {reader.tags['h1']} h1"] if reader.tags["h1"] != 1 else []
    return found


def _checked(original):
    def request(self, **asked):
        response = original(self, **asked)
        if response.get("Content-Type", "").startswith("text/html") and not response.streaming:
            wrong = faults(response.content.decode())
            if wrong:
                where = f"{asked.get('REQUEST_METHOD')} {asked.get('PATH_INFO')} ({response.status_code})"
                raise BadPage(f"{where}:\n  " + "\n  ".join(wrong))
        return response

    return request


@pytest.fixture(autouse=True)
def pages_are_clean(request, monkeypatch):
    """Read every HTML answer of `django.test.Client`, unless the test is marked `own_markup`."""
    if not request.node.get_closest_marker("own_markup"):
        monkeypatch.setattr(Client, "request", _checked(Client.request))
