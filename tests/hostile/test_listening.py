"""Searching tells nothing of what is out of reach: what is real there reads like something invented."""

import re

import pytest
from django.test import Client

from civic.access.roles import Role
from civic.access.tests.factories import staff
from civic.orders.queries.desk import counts
from civic.orders.states import OrderState
from tests.architecture.source import assert_none
from tests.hostile.answers import is_html
from tests.hostile.targets import addresses, read_names
from tests.moments import NOON
from tests.scope.addresses import url

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.own_markup]
FRESH = re.compile(r'(name="(?:csrfmiddlewaretoken|form_token)" value="|data-csrf=")[^"]*')
IDS = {"place", "venue", "issue", "item", "not", "at", "person", "order", "after", "team", "room"}

# What is searched here is the menu and the sites, which everybody may know; digits look like an item.
PUBLIC_MENU = {"portal:search", "orders:say", "orders:item_choices"}


def secrets(here):
    """What the listener tries, and the same shape invented."""
    order = here.orders[OrderState.ACCEPTED]
    return {
        here.marks.phone: "13799999999",
        here.marks.name: here.marks.name.replace("雀", "鹊"),
        here.marks.words: here.marks.words.replace("雀", "鹊"),
        order.number: "20261120-9999",
        order.short_number: "1120-9998",
    }


def heard(client, path, names, value):
    """The answer without what was asked and without what is new each time."""
    answer = client.get(path, dict.fromkeys(names, value))
    text = FRESH.sub(r"\1", answer.content.decode(errors="replace"))
    for form in (value, value.replace("-", ""), value[:20]):
        text = text.replace(form, "…")
    return answer.status_code, re.sub(r"[?&]\w+=[^\"' ]*", "", text)


@pytest.mark.parametrize("who", ["stranger", "other_dispatcher", "neighbour", "guest"])
def test_what_is_out_of_reach_reads_as_invented(grounds, request, who, count):
    client = Client()
    if who != "guest":
        client.force_login(request.getfixturevalue(who))
    bad, tried = [], 0
    for address in addresses():
        if address.variables or address.name in PUBLIC_MENU:
            continue
        path = url(address, grounds.home, grounds)
        names = sorted(read_names(address.page, "GET") - IDS - {"next"})
        answer = client.get(path)
        if answer.status_code != 200 or not is_html(answer):
            continue
        for real, invented in secrets(grounds.home).items():
            tried += 1
            if heard(client, path, names, real) != heard(client, path, names, invented):
                bad.append(f"{address.name} knows {real}")
    count(tried)
    assert_none(bad)


@pytest.mark.parametrize(("place", "key"), [("guhan", "home"), ("wangqiao", "next"), ("danzhu", "far")])
def test_counts_count_only_what_is_in_reach(grounds, request, place, key):
    clerk = staff("数数", Role.CENTER_DISPATCHER, request.getfixturevalue(place))
    here = getattr(grounds, key)
    waiting = here.place.orders.filter(state=OrderState.SUBMITTED).count()
    assert counts(clerk, NOON)["screen"] == waiting
    assert counts(clerk, NOON)["dispatch"] == 1
