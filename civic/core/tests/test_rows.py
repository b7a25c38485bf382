"""Rows of hot paths: the same instances and statements that the ORM would make, counted like its own."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Upper

from civic.core import rows
from civic.people.models import Person, SignIn

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def person(**values):
    return Person(name="张桂兰", password="!", joined_at=NOON, **values)


def test_an_inserted_row_reads_as_a_saved_one():
    fresh = person(phone="13900000001", phone_hash="x")
    rows.insert(fresh)

    stored = Person.objects.get(pk=fresh.pk)
    assert (stored.name, stored.phone, stored.joined_at, stored.home_id) == (
        "张桂兰",
        "13900000001",
        NOON,
        None,
    )
    assert not fresh._state.adding


def test_an_update_writes_the_named_columns_alone():
    fresh = person()
    rows.insert(fresh)
    fresh.name, fresh.mode = "刘秀英", "care"
    rows.update(fresh, "mode")

    stored = Person.objects.get(pk=fresh.pk)
    assert (stored.name, stored.mode) == ("张桂兰", "care")


def test_an_update_of_a_row_that_is_gone_is_told():
    with pytest.raises(ObjectDoesNotExist):
        rows.update(person(pk=987), "mode")


def test_a_reading_gives_what_the_queryset_would_with_its_joined_rows(django_assert_num_queries):
    reading = rows.Reading(lambda: SignIn.objects.filter(session_key="").select_related("person__home"))
    fresh = person(phone="13900000002", phone_hash="y")
    rows.insert(fresh)
    for key in ("one", "two"):
        rows.insert(SignIn(person=fresh, session_key=key, device="", at=NOON, seen_at=NOON))

    with django_assert_num_queries(1):  # prepared statements are counted like any other
        found = reading.first("two")
        assert (found.session_key, found.person.phone, found.person.home) == ("two", "13900000002", None)
    assert found == SignIn.objects.get(session_key="two")
    assert [one.session_key for one in reading.all("one")] == ["one"]


def test_what_the_queryset_adds_comes_along():
    reading = rows.Reading(lambda: Person.objects.filter(pk=0).annotate(shout=Upper("mode")))
    fresh = person(mode="care")
    rows.insert(fresh)
    assert reading.get(fresh.pk).shout == "CARE"


def test_rows_with_reserved_keys_travel_together(django_assert_num_queries):
    rows.reserve(Person)
    first, second = (person(pk=rows.reserve(Person)) for _ in range(2))
    with django_assert_num_queries(3), rows.together():
        rows.add(first)
        with rows.together():  # part of the same message
            rows.add(second)
        first.mode = "care"
        rows.update(first, "mode")

    found = Person.objects.filter(pk__in=[first.pk, second.pk]).order_by("pk")
    assert [(one.pk, one.mode) for one in found] == [(first.pk, "care"), (second.pk, "")]


def test_reserved_keys_are_never_given_twice():
    keys = [rows.reserve(Person) for _ in range(rows.BLOCK + 5)]
    fresh = person()
    rows.insert(fresh)
    assert len({*keys, fresh.pk}) == len(keys) + 1


def test_what_goes_wrong_in_a_message_is_raised_at_its_end_as_djangos_error():
    mistake = pytest.raises(IntegrityError, match="people_person_phone_is_findable")
    with mistake, transaction.atomic(), rows.together():
        rows.add(person(phone_hash="a mark without a phone"))
    assert not Person.objects.exists()


def test_nothing_found_is_none_or_told():
    reading = rows.Reading(lambda: Person.objects.filter(pk=0))
    assert reading.first(987) is None
    with pytest.raises(ObjectDoesNotExist):
        reading.get(987)


def test_a_whole_number_of_any_size_is_the_same_statement():
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    for number in (1, 40_000, 3_000_000_000):
        rows.run("SELECT %s::bigint AS size_of_number", [number])

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%size_of_number%'")
        assert cursor.fetchone()[0] == 1


@pytest.mark.parametrize("number", [1 << 63, -(1 << 63), 10**40])
def test_a_number_that_no_column_holds_finds_nothing(number):
    reading = rows.Reading(lambda: Person.objects.filter(pk=0))
    assert reading.first(number) is None
    assert reading.all(number) == []
