"""The full city, people signed in, and the count of bad inputs that is printed at the end."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from civic.access.roles import Role
from civic.access.tests.factories import GrantFactory
from civic.orders.services.numbering import forget_blocks
from civic.people.tests.factories import PersonFactory
from tests.scope import ground

COUNTED = "bad inputs"


@pytest.fixture(autouse=True)
def numbers_begin_anew():
    """Order numbers that the process keeps belong to another database."""
    forget_blocks()
    yield
    forget_blocks()


@pytest.fixture
def grounds(request):
    """Three neighbourhoods, full."""
    return ground.build(request.getfixturevalue)


@pytest.fixture
def chief(grounds):
    """Somebody who holds every role over the whole city: every page lets her in."""
    person = PersonFactory(name="总管", home=grounds.home.place, address="县府街1号")
    for role in Role:
        GrantFactory(person=person, role=role, place=grounds.root)
    return person


class Browser(Client):
    """A client whose requests leave nothing behind, and whose broken pages are answers too."""

    def __init__(self):
        super().__init__(raise_request_exception=False)

    def request(self, **asked):
        with transaction.atomic():
            response = super().request(**asked)
            response.said = b"".join(response) if response.streaming else response.content
            transaction.set_rollback(True)
        return response


@pytest.fixture
def browsers(grounds, chief):
    """A browser for each audience, each in the middle of what can be begun: an order, a sign-in."""
    found = {}
    people = {
        "public": None,
        "resident": grounds.home.resident,
        "member": grounds.home.resident,
        "team": grounds.home.team.leader,
        **dict.fromkeys(("desk", "city", "admin"), chief),
    }
    for audience, person in people.items():
        client = Client()
        if person is not None:
            client.force_login(person)
        begin_order(client, grounds.home.place)
        client.post(reverse("people:sign_in"), {"phone": "13812340001", "agree": "on"})
        found[audience] = Browser()
        found[audience].cookies = client.cookies
    return found


def begin_order(client, place):
    """An order told up to its last page."""
    client.post(reverse("places:pick", args=[place.pk]))
    client.post(reverse("orders:tell"), {"words": "电饭锅不通电"})
    client.post(reverse("orders:where"), {"where": "home", "address": "3号楼"})
    client.post(reverse("orders:when"), {"day": "any", "wanted_half": "any"})
    told = {"for_self": "yes", "contact_name": "张桂兰", "contact_phone": "13812345678"}
    client.post(reverse("orders:contact"), told)


@pytest.fixture
def count(record_property):
    """Say how many bad inputs a test tried."""
    return lambda number: record_property(COUNTED, number)


def pytest_terminal_summary(terminalreporter):
    """One line: how much was tried."""
    reports = [report for found in terminalreporter.stats.values() for report in found]
    tried = sum(
        value
        for report in reports
        if getattr(report, "when", "") == "call"
        for name, value in report.user_properties
        if name == COUNTED
    )
    if tried:
        terminalreporter.line(f"bad inputs tried: {tried}")
