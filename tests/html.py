"""Plays an htmx answer on a parsed page, so that a test can demand: swapped equals reloaded.

    page = parse(client.get(url))
    answer = client.post(action, data, headers={"HX-Request": "true"})
    assert same(swap(page, answer, target="#order-7"), parse(client.get(url)))

Knows what the product uses: `innerHTML`, `outerHTML`, `beforeend`, `afterbegin`, `delete`, `none`, the answer
headers `HX-Retarget` and `HX-Reswap`, and out-of-band parts (`hx-swap-oob`).
"""

import copy

from bs4 import BeautifulSoup, Comment

FRESH = ("csrfmiddlewaretoken", "form_token")  # new in every rendering, by design


def parse(response):
    """The page of a response (or of a string) as a tree."""
    markup = response if isinstance(response, str) else response.content.decode()
    return BeautifulSoup(markup, "html5lib")


def _parts(markup):
    """The nodes of a fragment; a table row outside a table needs the lenient parser."""
    return list(BeautifulSoup(markup, "html.parser").contents)


def _one(page, selector):
    found = page.select(selector)
    if len(found) != 1:
        raise AssertionError(f"{selector} is there {len(found)} times, the swap needs exactly one")
    return found[0]


def _place(target, parts, how):
    if how == "outerHTML":
        for part in parts:
            target.insert_before(part)
        target.decompose()
    elif how == "innerHTML":
        target.clear()
        target.extend(parts)
    elif how == "beforeend":
        target.extend(parts)
    elif how == "afterbegin":
        for index, part in enumerate(parts):
            target.insert(index, part)
    elif how == "delete":
        target.decompose()
    elif how != "none":
        raise AssertionError(f"the swap {how!r} is not one the product uses")


def _out_of_band(page, parts):
    """Put the parts that name their own place there; the others are left."""
    left = []
    for part in parts:
        order = part.attrs.pop("hx-swap-oob", None) if hasattr(part, "attrs") else None
        if order is None:
            left.append(part)
            continue
        how, _, selector = order.partition(":")
        _place(_one(page, selector or f"#{part['id']}"), [part], "outerHTML" if how == "true" else how)
    return left


def swap(page, response, *, target, how="outerHTML"):
    """A copy of `page` after htmx has put `response` in the place of `target`."""
    changed = copy.deepcopy(page)
    headers = {} if isinstance(response, str) else response.headers
    target = headers.get("HX-Retarget", target)
    how = headers.get("HX-Reswap", how).split()[0]
    markup = response if isinstance(response, str) else response.content.decode()
    parts = _out_of_band(changed, _parts(markup))
    _place(_one(changed, target), parts, how)
    return changed


def press(client, page, selector, data=None):
    """Follow the htmx attributes of one element of `page`; the page after the swap."""
    element = _one(page, selector)
    method = "hx-post" if element.get("hx-post") else "hx-get"
    ask = client.post if method == "hx-post" else client.get
    answer = ask(element[method], data or {}, headers={"HX-Request": "true"}, follow=True)
    target = element.get("hx-target", "this")
    if target == "this":
        element["id"] = element.get("id") or "pressed"
        target = f"#{element['id']}"
    return swap(page, answer, target=target, how=element.get("hx-swap", "innerHTML"))


def words(tree):
    """The page as comparable lines: whitespace, comments and fresh form keys set aside."""
    tree = copy.deepcopy(tree)
    for comment in tree.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    for name in FRESH:
        for field in tree.find_all("input", {"name": name}):
            field["value"] = "…"
    return [line.strip() for line in tree.prettify().splitlines() if line.strip()]


def same(one, other):
    """Whether two pages show the same; use `assert words(a) == words(b)` to see the difference."""
    return words(one) == words(other)
