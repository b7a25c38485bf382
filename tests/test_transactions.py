"""Tests that commit (races) clean up after themselves, journals included; the product still refuses."""

import pytest
from django.db import IntegrityError, connection

from civic.journal import services as journal
from civic.journal.models import Entry
from tests.moments import NOON


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_a_committed_line_is_gone_in_the_next_test(turn):
    journal.write(at=NOON, by=None, what=f"tests.turn_{turn}")
    assert [entry.what for entry in Entry.objects.order_by("id")] == [f"tests.turn_{turn}"]


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["UPDATE journal_entry SET what = ''", "DELETE FROM journal_entry"])
def test_a_line_is_neither_changed_nor_deleted(act):
    journal.write(at=NOON, by=None, what="tests.kept")
    with pytest.raises(IntegrityError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(act)


@pytest.mark.django_db
def test_only_tests_may_empty_the_journal():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL civic.allow_truncate = 'no'")
        with pytest.raises(IntegrityError, match="append-only"):
            cursor.execute("TRUNCATE journal_entry")
