"""Every address says who it is for."""

from django.urls import URLPattern, get_resolver

from civic.access.roles import Permission
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


def audience(pattern):
    return getattr(pattern.callback, "audience", None)


def is_misplaced(address, pattern):
    """Whether the first word of an address promises another audience than the page has."""
    promised = PREFIXES.get(address.split("/")[0])
    return promised is not None and audience(pattern) not in promised


def test_every_address_names_its_audience():
    assert_none(address for address, pattern in ADDRESSES if audience(pattern) not in AUDIENCES)


def test_every_address_has_a_name():
    assert_none(address for address, pattern in ADDRESSES if not pattern.name)


def test_the_first_word_of_an_address_tells_the_audience():
    assert_none(
        f"{address} is for {audience(pattern)}"
        for address, pattern in ADDRESSES
        if is_misplaced(address, pattern)
    )


def test_permissions_of_pages_are_on_the_list():
    asked = {getattr(pattern.callback, "permission", "") for _, pattern in ADDRESSES} - {""}
    assert_none(asked - set(Permission.values))
