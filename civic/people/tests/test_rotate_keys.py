"""Keys are changed while the data stays readable, also when it stops half-way."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from civic.core import crypto
from civic.journal.models import Entry
from civic.people.models import Person
from civic.people.queries import by_phone
from civic.people.services import keys
from civic.people.tests.factories import PersonFactory
from tests.moments import NOON

pytestmark = pytest.mark.django_db

OLD, NEW = b"o" * 32, b"n" * 32


@pytest.fixture
def people(settings):
    settings.CIVIC_FIELD_KEYS = {"old": OLD}
    return PersonFactory.create_batch(3, address="府前社区3号楼")


def stored(column="phone"):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM people_person ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def test_every_value_moves_under_the_new_key(people, settings, monkeypatch):
    monkeypatch.setattr(keys, "BATCH", 2)
    settings.CIVIC_FIELD_KEYS = {"new": NEW, "old": OLD}
    counts = keys.reseal(at=NOON)
    assert (counts["people.person.phone"], counts["people.person.address"]) == (3, 3)
    assert counts["people.person.totp_secret"] == 0
    assert all(value.startswith("new:") for value in stored() + stored("address"))
    settings.CIVIC_FIELD_KEYS = {"new": NEW}
    assert Person.objects.get(pk=people[0].pk).phone == people[0].phone
    assert Entry.objects.get(what="people.rotate_keys").details["key"] == "new"


def test_a_second_run_finds_nothing_left(people, settings):
    settings.CIVIC_FIELD_KEYS = {"new": NEW, "old": OLD}
    keys.reseal(at=NOON)
    before = stored()
    assert sum(keys.reseal(at=NOON).values()) == 0
    assert stored() == before


def test_a_value_that_no_key_opens_stops_it(people, settings):
    settings.CIVIC_FIELD_KEYS = {"new": NEW}
    with pytest.raises(crypto.Unreadable):
        keys.reseal(at=NOON)


def test_hashes_follow_a_new_hash_key(people, settings):
    old = settings.CIVIC_HASH_KEY
    settings.CIVIC_HASH_KEY = b"another"
    assert by_phone(people[0].phone) is None
    assert keys.rehash(old_key=old, at=NOON)["people.person.phone"] == 3
    assert by_phone(people[0].phone) == people[0]
    assert keys.rehash(old_key=old, at=NOON)["people.person.phone"] == 0


def test_a_hash_of_no_known_key_is_not_glossed_over(people):
    Person.objects.filter(pk=people[1].pk).update(phone_hash="f" * 64)
    with pytest.raises(ValueError, match=f"row {people[1].pk}: the hash fits no key"):
        keys.rehash(old_key=b"whatever", at=NOON)


def test_columns_are_found_by_themselves():
    contexts = {pair.column.context: pair.context for pair in keys.hashed_columns()}
    assert contexts["people.person.phone"] == "phone"
    assert contexts["people.person.id_number"] == "id_number"
    assert {"notices.delivery.to", "people.person.totp_secret"} <= {
        column.context for column in keys.sealed_columns()
    }


# --- The command


def test_the_command_tells_what_it_did(people, settings, capsys, monkeypatch):
    old = settings.CIVIC_HASH_KEY
    settings.CIVIC_FIELD_KEYS = {"new": NEW, "old": OLD}
    settings.CIVIC_HASH_KEY = b"another"
    monkeypatch.setenv("CIVIC_OLD_HASH_KEY", old.decode())
    call_command("rotate_keys", "--rehash")
    told = capsys.readouterr().out
    assert "people.person.phone: 3 resealed" in told
    assert "people.person.phone: 3 rehashed" in told
    assert "Everything is under this key now" in told


def test_the_command_asks_for_what_it_lacks(people, settings, monkeypatch):
    monkeypatch.delenv("CIVIC_OLD_HASH_KEY", raising=False)
    with pytest.raises(CommandError, match="CIVIC_OLD_HASH_KEY"):
        call_command("rotate_keys", "--rehash")
    settings.CIVIC_FIELD_KEYS = {"new": NEW}
    with pytest.raises(CommandError, match="Add the old key"):
        call_command("rotate_keys")
