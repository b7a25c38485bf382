"""Every address says who it is for."""

import pytest
from django.urls import URLPattern, get_resolver

from civic.core.web import AUDIENCES
from tests.architecture.source import assert_none

# Addresses served by Django itself: name → why they need no mark of ours.
NOT_OURS = {
    "set_language": "Django's language switch; a guest may choose a language too",
}
PREFIXES = {
    "my": {"member", "team"},
    "team": {"team"},
    "desk": {"desk"},
    "city": {"city"},
    "admin": {"admin"},
}


def addresses(resolver=None, prefix=""):
    """(address, pattern) of everything that answers."""
    for pattern in (resolver or get_resolver()).url_patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield address, pattern
        else:
            yield from addresses(pattern, address)


ADDRESSES = [(address, pattern) for address, pattern in addresses() if pattern.name not in NOT_OURS]
IDS = [address or "/" for address, _ in ADDRESSES]


@pytest.mark.parametrize(("address", "pattern"), ADDRESSES, ids=IDS)
def test_every_address_names_its_audience(address, pattern):
    assert getattr(pattern.callback, "audience", None) in AUDIENCES


@pytest.mark.parametrize(("address", "pattern"), ADDRESSES, ids=IDS)
def test_every_address_has_a_name(address, pattern):
    assert pattern.name


@pytest.mark.parametrize(("address", "pattern"), ADDRESSES, ids=IDS)
def test_the_first_word_of_an_address_tells_the_audience(address, pattern):
    allowed = PREFIXES.get(address.split("/")[0])
    assert allowed is None or getattr(pattern.callback, "audience", None) in allowed


def test_permissions_of_pages_are_on_the_list():
    roles = pytest.importorskip("civic.access.roles")
    asked = {getattr(pattern.callback, "permission", "") for _, pattern in ADDRESSES} - {""}
    assert_none(asked - set(roles.Permission.values))
