"""A line is written once; the database refuses to change, delete or empty."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from civic.journal import services, tasks
from civic.journal.models import Entry, Lane, Submission
from civic.people.tests.factories import PersonFactory
from tests.moments import NOON

pytestmark = pytest.mark.django_db


def write(**changes):
    services.write(**{"at": NOON, "by": None, "what": "people.join"} | changes)


def test_a_line_says_who_what_about_and_where(zhang, neighbour):
    write(
        by=zhang, on_behalf_of=neighbour, about=neighbour, place_path="1/7/", address="10.0.0.1", role="clerk"
    )
    row = Entry.objects.get()
    assert (row.by, row.on_behalf_of, row.at, row.what) == (zhang, neighbour, NOON, "people.join")
    assert (row.about_type, row.about_id) == ("people.person", neighbour.pk)
    assert (row.place_path, row.address, row.details) == ("1/7/", "10.0.0.1", {"role": "clerk"})
    assert len(row.hash) == 64
    assert "people.join" in str(row)


def test_lines_of_a_lane_hang_together(db, monkeypatch):
    monkeypatch.setattr(services.random, "randrange", lambda lanes: 3)
    for _ in range(3):
        write()
    first, second, third = Entry.objects.order_by("id")
    assert [first.previous, second.previous, third.previous] == ["", first.hash, second.hash]
    lane = Lane.objects.get()
    assert (lane.pk, lane.head, lane.entry_count) == (3, third.hash, 3)
    assert str(lane) == "lane 3, 3 lines"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET what = 'people.sign_in'",
        "UPDATE journal_entry SET hash = ''",
        "DELETE FROM journal_entry",
    ],
)
def test_the_database_refuses_to_change_a_line(statement):
    write()
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert Entry.objects.get().what == "people.join"


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_to_empty_the_journal():
    write()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL civic.allow_truncate = 'no'")
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            cursor.execute("TRUNCATE journal_entry")
    assert Entry.objects.count() == 1


def test_python_cannot_choose_the_hash():
    Entry.objects.create(lane=0, at=NOON, what="people.join", hash="f" * 64, previous="e" * 64)
    row = Entry.objects.get()
    assert row.previous == ""
    assert row.hash != "f" * 64


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_many_writers_at_once_keep_every_chain_whole():
    from civic.journal import queries  # noqa: PLC0415 - beside its only use

    person = PersonFactory()

    def work(number):
        try:
            for _ in range(8):
                with transaction.atomic():
                    write(by=person, number=number)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))
    assert Entry.objects.count() == 48
    assert list(queries.faults()) == []


# --- Forms that were answered


def test_a_key_is_claimed_once_and_answers_as_the_first_time():
    key = services.submission_key(token="t", owner="person 1", path="/x/")
    assert services.begin_submission(key=key, path="/x/", at=NOON) is None
    services.end_submission(key=key, location="/done/")
    earlier = services.begin_submission(key=key, path="/x/", at=NOON)
    assert earlier.location == "/done/"
    assert str(earlier) == "/x/ → /done/"


def test_a_key_belongs_to_its_sender_and_its_page():
    keys = {
        services.submission_key(token="t", owner=owner, path=path)
        for owner in ("person 1", "person 2")
        for path in ("/x/", "/y/")
    }
    assert len(keys) == 4


def test_a_dropped_key_may_be_used_again():
    services.begin_submission(key="k", path="/x/", at=NOON)
    services.drop_submission(key="k")
    assert services.begin_submission(key="k", path="/x/", at=NOON) is None


def test_keys_are_forgotten_after_a_week():
    services.begin_submission(key="k", path="/x/", at=NOON)
    assert services.forget_submissions(at=NOON + timedelta(days=6)) == 0
    assert services.forget_submissions(at=NOON + timedelta(days=8)) == 1
    assert not Submission.objects.exists()


def test_the_nightly_tidying():
    services.begin_submission(key="k", path="/x/", at=NOON - timedelta(days=3000))
    tasks.tidy(timestamp=0)
    assert not Submission.objects.exists()
