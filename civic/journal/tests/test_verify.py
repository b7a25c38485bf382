"""The proof finds whatever somebody with full rights over the database did."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from civic.journal import queries, services
from civic.journal.models import Entry
from tests.moments import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines(monkeypatch):
    """Five lines in one lane, two in another."""
    lanes = iter([2, 2, 2, 2, 2, 5, 5])
    monkeypatch.setattr(services.random, "randrange", lambda _: next(lanes))
    for number in range(7):
        services.write(at=NOON, by=None, what="people.join", number=number, 名字="张")
    return list(Entry.objects.order_by("id"))


def tamper(statement, *values):
    """What the owner of the tables can do: switch the triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with events pending cannot be altered
        cursor.execute("ALTER TABLE journal_entry DISABLE TRIGGER USER")
        cursor.execute(statement, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE journal_entry ENABLE TRIGGER USER")


def words():
    return [(fault.lane, fault.words) for fault in queries.faults()]


def test_an_untouched_journal_is_whole(lines):
    assert words() == []


def test_an_empty_journal_is_whole(db):
    assert words() == []


@pytest.mark.parametrize(
    "change",
    [
        "what = 'people.sign_in'",
        "at = at + interval '1 microsecond'",
        "details = '{}'",
        "about_id = 7",
        "place_path = '1/'",
        "address = '10.0.0.1'",
        "by_id = NULL, about_type = 'people.person'",
    ],
)
def test_a_changed_line_is_found(lines, change):
    tamper(f"UPDATE journal_entry SET {change} WHERE id = %s", lines[1].pk)
    assert (2, f"line {lines[1].pk} was changed") in words()


def test_a_changed_line_with_a_fresh_hash_breaks_the_next_one(lines):
    tamper(
        "UPDATE journal_entry SET what = 'people.sign_in', hash = repeat('a', 64) WHERE id = %s", lines[1].pk
    )
    assert (2, f"line {lines[2].pk} follows a missing line") in words()


def test_a_removed_line_is_found(lines):
    tamper("DELETE FROM journal_entry WHERE id = %s", lines[1].pk)
    assert (2, f"line {lines[2].pk} follows a missing line") in words()
    assert (2, "5 lines were written, 4 are there") in words()


def test_a_removed_tail_is_found(lines):
    tamper("DELETE FROM journal_entry WHERE id = %s", lines[4].pk)
    assert (2, "the head does not name the last line") in words()


def test_a_tail_removed_together_with_its_head_is_found_by_heads_kept_outside(lines):
    kept = queries.heads()
    tamper("DELETE FROM journal_entry WHERE id = %s", lines[4].pk)
    tamper("UPDATE journal_lane SET head = %s, entry_count = 4 WHERE id = 2", lines[3].hash)
    assert words() == []
    assert [fault.lane for fault in queries.faults(kept)] == [2]


def test_a_line_slipped_in_is_found(lines):
    tamper(
        "INSERT INTO journal_entry "
        "(lane, at, what, about_type, place_path, details, address, previous, hash) "
        "SELECT lane, at, 'x', about_type, place_path, details, address, previous, repeat('b', 64) "
        "FROM journal_entry WHERE id = %s",
        lines[2].pk,
    )
    found = [text for _, text in words()]
    assert any("forks the chain" in text for text in found)
    assert any("was changed" in text for text in found)


# --- The command


def run(*arguments, capsys):
    call_command("journal", *arguments)
    return capsys.readouterr().out


def test_the_command_says_that_all_is_well(lines, capsys):
    assert "The journal is whole" in run("verify", capsys=capsys)


def test_the_command_fails_loudly(lines, capsys):
    tamper("UPDATE journal_entry SET what = 'x' WHERE id = %s", lines[0].pk)
    with pytest.raises(CommandError, match="tampered"):
        run("verify", capsys=capsys)
    assert f"line {lines[0].pk} was changed" in capsys.readouterr().err


def test_heads_are_printed_and_checked(lines, capsys, tmp_path):
    kept = tmp_path / "heads.json"
    kept.write_text(run("heads", capsys=capsys))
    assert set(json.loads(kept.read_text())) == {"2", "5"}
    assert "whole" in run("verify", "--heads", str(kept), capsys=capsys)
    kept.write_text("[]")
    with pytest.raises(CommandError):
        run("verify", "--heads", str(kept), capsys=capsys)
