"""Naughty strings through every field of every page: answered in words, never with a stack trace.

Every field meets every class of strings; which string of the class it is turns from field to field.
`CIVIC_HOSTILE=full` tries them all.
"""

import os

import pytest
from django import forms
from django.http import QueryDict

from tests.architecture.source import assert_none
from tests.hostile.answers import is_kept, wrong
from tests.hostile.corpus import classes, every_string, pick
from tests.hostile.targets import SHARED, Target, addresses, bound_forms, is_free_text, read_names, right
from tests.scope.addresses import url

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.own_markup,  # what people type may hold braces; `answers.wrong` reads the pages
    pytest.mark.timeout(900),
]
FULL = bool(os.environ.get("CIVIC_HOSTILE"))
ALL = addresses()
PARTS = 8
FEW = 8
EVERY = 5  # a bad string alone among right ones comes from each fifth class, another fifth for the next field
PART = pytest.mark.parametrize("part", range(PARTS))
# Pages whose fields are not shown again: secrets, and what is searched for in a list.
NOT_KEPT = {"password", "code", "place", "form_token", "next"}


def is_typed(found, name):
    """Whether people type into the field and see it again."""
    one = found.fields[name]
    return one is not None and name not in NOT_KEPT and not one.widget.is_hidden


def share(part):
    """Every eighth address."""
    return [address for number, address in enumerate(ALL) if number % PARTS == part]


def browser_for(browsers, address):
    return browsers[
        "resident"
        if address.name.startswith("orders:") and address.audience == "public"
        else address.audience
    ]


def target(browsers, address, grounds):
    """The page, sent nothing; None when it takes no post."""
    path = url(address, grounds.home, grounds)
    with bound_forms() as seen:
        answer = browser_for(browsers, address).post(path)
    return None if answer.status_code == 405 else Target(address, path, seen)


def all_at_once(found):
    """Every field spoilt in the same request, once per class of strings."""
    for turn, kind in enumerate(classes()):
        yield {name: pick(kind, turn + place) for place, name in enumerate(found.fields)}, None


def one_alone(found):
    """Everything right but one free text, so that the bad one gets through to the service."""
    good = {name: right(name, one) for name, one in found.fields.items()}
    for place, (name, one) in enumerate(found.fields.items()):
        if is_free_text(one):
            kinds = list(classes())[place % EVERY :: EVERY]
            for value in every_string() if FULL else [pick(kind, place + 1) for kind in kinds]:
                yield good | {name: value}, name


def texts(data):
    for value in data.values():
        yield from value if isinstance(value, list) else [value]


@PART
def test_posts(part, grounds, browsers, count):
    bad, tried = [], 0
    for address in share(part):
        found = target(browsers, address, grounds)
        if found is None or not found.fields:
            continue
        browser = browser_for(browsers, address)
        for data, name in [*all_at_once(found), *one_alone(found)]:
            tried += 1 if name else len(data)
            answer = browser.post(found.url, data)
            shown = {key: str(value)[:60] for key, value in data.items() if name in {None, key}}
            bad += wrong(answer, f"{address.name} {shown!r}", texts(data))
            if name and is_typed(found, name) and not is_kept(answer, data[name]):
                bad.append(f"{address.name} {shown!r}: not kept")
    count(tried)
    assert_none(bad)


@PART
def test_queries(part, grounds, browsers, count):
    bad, tried = [], 0
    for address in share(part):
        path, browser = url(address, grounds.home, grounds), browser_for(browsers, address)
        if browser.get(path).status_code == 405:
            continue
        names = sorted(read_names(address.page, "GET"))
        kinds = list(classes())
        if set(names) <= SHARED:  # it reads nothing of its own: a few are enough
            kinds = kinds[len(address.name) % FEW :: FEW]
        for turn, kind in enumerate(kinds):
            data = {name: pick(kind, turn + place) for place, name in enumerate(names)}
            tried += len(data)
            bad += wrong(browser.get(path, data), f"{address.name}?{kind}", data.values())
    count(tried)
    assert_none(bad)


@PART
def test_every_string_through_every_form(part, grounds, browsers, count):
    """The forms themselves, without their pages: every string once, every class through each field."""
    bad, tried, seen = [], 0, set()
    for address in share(part):
        found = target(browsers, address, grounds)
        for form in found.forms if found else ():
            if type(form) not in seen:
                seen.add(type(form))
                pairs = list(spoilt_pairs(form))
                tried += len(pairs)
                bad += broken_by(form, pairs)
    count(tried)
    assert_none(bad)


def spoilt_pairs(form):
    """(field, string): each class of strings for every field, and each string for one free text."""
    typed = [name for name, one in form.fields.items() if not isinstance(one, forms.FileField)]
    for place, name in enumerate(typed):
        yield from ((name, pick(kind, place)) for kind in classes())
    free = [name for name in typed if is_free_text(form.fields[name])]
    for number, value in enumerate(every_string() if free else ()):
        for name in free if FULL else [free[number % len(free)]]:
            yield name, value


def broken_by(form, pairs):
    """Strings at which cleaning the form breaks."""
    good = {name: right(name, one) for name, one in form.fields.items()}
    for spoilt, value in pairs:
        data = QueryDict(mutable=True)
        for name, kept in (good | {spoilt: value}).items():
            data.setlist(form.add_prefix(name), kept if isinstance(kept, list) else [kept])
        form.data, form._errors = data, None
        try:
            form.full_clean()
        except Exception as broken:  # noqa: BLE001 (whatever it is, it would have been a 500)
            yield f"{type(form).__name__}.{spoilt} {value[:60]!r}: {broken!r}"
