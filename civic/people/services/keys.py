"""Keys are changed: sealed values are sealed anew, hashes computed anew. May stop and go on at any point."""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from civic.core import crypto
from civic.core.fields import SealedTextField
from civic.journal import services as journal

BATCH = 500


@dataclass(frozen=True, slots=True)
class Column:
    """One sealed column of one table."""

    model: type[models.Model]
    name: str

    @property
    def context(self) -> str:
        """What the seal is bound to."""
        return f"{self.model._meta.label_lower}.{self.name}"


@dataclass(frozen=True, slots=True)
class Pair:
    """A sealed column, the hash that finds it, and the context of that hash."""

    column: Column
    hash_name: str
    context: str


def sealed_columns() -> list[Column]:
    """Every sealed column of every installed app."""
    return [
        Column(model, field.name)
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, SealedTextField)
    ]


def hashed_columns() -> list[Pair]:
    """Every sealed column with a hash beside it: `phone` and `phone_hash`, `contact_phone` and its own."""
    found = []
    for column in sealed_columns():
        names = {field.name for field in column.model._meta.local_concrete_fields}
        if f"{column.name}_hash" in names:
            context = "phone" if column.name.endswith("phone") else column.name
            found.append(Pair(column, f"{column.name}_hash", context))
    return found


def _raw(column: Column, *more: str) -> Iterator[list[tuple[Any, ...]]]:
    """Batches of (id, stored text, …) by id; locked, each batch in a transaction of its own."""
    quote = connection.ops.quote_name
    table, pk = quote(column.model._meta.db_table), quote(str(column.model._meta.pk.column))
    names = ", ".join([pk, quote(column.name), *(quote(name) for name in more)])
    last = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {names} FROM {table} WHERE {pk} > %s AND {quote(column.name)} <> '' "  # noqa: S608
                f"ORDER BY {pk} LIMIT %s FOR UPDATE",
                [last, BATCH],
            )
            rows = cursor.fetchall()
            if not rows:
                return
            yield rows
        last = rows[-1][0]


def _store(column: Column, name: str, values: list[tuple[str, int]]) -> None:
    quote = connection.ops.quote_name
    table, pk = quote(column.model._meta.db_table), quote(str(column.model._meta.pk.column))
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table} SET {quote(name)} = %s WHERE {pk} = %s", values)  # noqa: S608


def reseal(*, at: datetime) -> dict[str, int]:
    """Seal every value that is not under the writing key anew; returns how many per column.

    Stops at a value that no key opens (`crypto.Unreadable`). Begun again, it goes on with what is left.
    """
    counts: dict[str, int] = {}
    key = crypto.writing_key()
    for column in sealed_columns():
        counts[column.context] = 0
        for rows in _raw(column):
            fresh = [
                (
                    crypto.seal(crypto.unseal(str(value), context=column.context), context=column.context),
                    row_id,
                )
                for row_id, value in rows
                if not str(value).startswith(f"{key}:")
            ]
            _store(column, column.name, fresh)
            counts[column.context] += len(fresh)
    with transaction.atomic():
        journal.write(at=at, by=None, what="people.rotate_keys", key=key, counts=counts)
    return counts


def old_hash(old_key: bytes, text: str, context: str) -> str:
    """What `crypto.keyed_hash` gave under an earlier key."""
    return hmac.new(old_key, f"{context}\x1f{text}".encode(), hashlib.sha256).hexdigest()


def rehash(*, old_key: bytes, at: datetime) -> dict[str, int]:
    """Compute look-up hashes made under `old_key` anew; returns how many per column. Repeatable.

    A hash that fits neither key is left alone and makes the call end with ValueError: somebody changed it.
    """
    counts: dict[str, int] = {}
    for pair in hashed_columns():
        counts[pair.column.context] = 0
        for rows in _raw(pair.column, pair.hash_name):
            fresh = []
            for row_id, value, mark in rows:
                text = crypto.unseal(str(value), context=pair.column.context)
                right = crypto.keyed_hash(text, context=pair.context)
                if mark == right:
                    continue
                if mark != old_hash(old_key, text, pair.context):
                    raise ValueError(f"{pair.column.context} of row {row_id}: the hash fits no key")
                fresh.append((right, row_id))
            _store(pair.column, pair.hash_name, fresh)
            counts[pair.column.context] += len(fresh)
    with transaction.atomic():
        journal.write(at=at, by=None, what="people.rotate_keys", hashes=counts)
    return counts
