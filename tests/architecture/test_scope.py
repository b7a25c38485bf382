"""The scope matrix: every address × every role × every distance, against real rows; and nothing leaks."""

import io
import zipfile
from functools import partial

import pytest
from django.db import transaction
from django.test import Client

from civic.access.roles import SHEETS, Role
from tests.architecture.source import assert_none
from tests.scope import actors, ground
from tests.scope.addresses import is_explained, table, url
from tests.scope.verdicts import Verdict, agree, heard, is_placed, secrets_for, verdict

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

ADDRESSES = [address for address in table() if address.audience]
TABLE = [address for address in ADDRESSES if is_explained(address) and is_placed(address)]
UNKNOWN_METHODS = {}  # address → the method that it does not know, found out on the way
ENDS = {"people:sign_out", "people:close"}  # a post here ends the session that asks


@pytest.fixture
def grounds(request):
    """Three neighbourhoods, full."""
    return ground.build(request.getfixturevalue)


def client_of(actor):
    """A browser in which the actor is signed in. Answers that break are answers too: 500."""
    client = Client(raise_request_exception=False)
    if actor.person is not None:
        client.force_login(actor.person)
    return client


def ask(client, method, address):
    """One request that leaves nothing behind."""
    with transaction.atomic():
        response = client.get(address) if method == "GET" else client.post(address)
        response.said = b"".join(response) if response.streaming else response.content
        transaction.set_rollback(True)
    return response


def methods(address, wanted):
    """Both ways of asking; one is enough where the answer is given before the page runs."""
    if wanted == Verdict.DENIED:
        return ("POST",)
    known = UNKNOWN_METHODS.get(address.name, "")
    return tuple(
        method
        for method in ("GET", "POST")
        if method != known and not (method == "POST" and wanted == Verdict.OPEN and address.name in ENDS)
    )


def wrong_answers(actor, city):
    """Where the actor was answered otherwise than she must be."""
    client = client_of(actor)
    for address in filter(partial(actors.is_asked, actor), TABLE):
        wanted = verdict(actor, address, city.home)
        for method in methods(address, wanted):
            response = ask(client, method, url(address, city.home, city))
            got = heard(response)
            if got == Verdict.OTHER_METHOD:
                UNKNOWN_METHODS[address.name] = method
            if not agree(wanted, got, actor, address, method):
                asked = f"{actor.name}: {method} {address.name}"
                broken = f" {response.exc_info[1]!r}" if response.exc_info else ""
                yield f"{asked} {wanted.value}, got {response.status_code}{broken}"
            yield from leaks(actor, address, city, response, method)


def readable(response):
    """The answer as text; a workbook unpacked."""
    if response.said[:2] != b"PK":
        return response.said.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(response.said)) as packed:
        return "".join(packed.read(part).decode(errors="replace") for part in packed.namelist())


def leaks(actor, address, city, response, method):
    """Marks in the answer that this actor may not read."""
    text = readable(response) + response.headers.get("Location", "")
    for mark in sorted(secrets_for(actor, address, city)):
        if mark in text:
            yield f"{actor.name}: {method} {address.name} tells {mark}"


def test_the_matrix_knows_every_role():
    assert_none(role for role in Role if not actors.is_known(role))
    assert_none(set(SHEETS) - set(Role))


def test_every_variable_of_an_address_is_explained():
    """A new one needs a thing in scope/addresses.py, and on staff pages a line in scope/verdicts.py."""
    assert_none(address.name for address in ADDRESSES if address not in TABLE)


def test_people_without_a_role(grounds):
    assert_none(line for actor in actors.residents(grounds) for line in wrong_answers(actor, grounds))


@pytest.mark.parametrize("role", list(Role))
def test_a_role_at_every_distance(grounds, role, request):
    holders = actors.holders_of(role, request.getfixturevalue)
    assert_none(line for actor in holders for line in wrong_answers(actor, grounds))


def test_roles_taken_back_and_roles_in_two_places(grounds, request):
    found = actors.past_and_mixed(request.getfixturevalue)
    assert_none(line for actor in found for line in wrong_answers(actor, grounds))
