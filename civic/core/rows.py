"""Rows for the paths that every minute of the city goes through: the SQL is written once, its plan is kept.

The ORM writes its SQL anew each time and PostgreSQL plans it anew each time; for a row by its key both take
longer than the work itself. Here a queryset is compiled once for the process (`Reading`), an insert or an
update once for each set of columns, and the connection keeps the prepared statement. What comes out are the
same model instances; whatever is not on a hot path stays with the ORM (docs/decisions/0016-hot-rows.md).
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Generic, Self, TypeVar

import psycopg
from django.core.exceptions import ObjectDoesNotExist
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators
from psycopg.types.numeric import Int8

M = TypeVar("M", bound=Model)
Row = Sequence[Any]
BLOCK = 20
_keys: dict[type[Model], deque[int]] = defaultdict(deque)
_populators: Any = get_related_populators  # the stubs have another signature


def _database() -> Any:
    """This thread's connection itself: Django's `connection` is a proxy that looks it up at every touch."""
    return connections[DEFAULT_DB_ALIAS]


class _Cursor(psycopg.Cursor[Any]):
    """Every statement is prepared, and its plan kept by the connection."""

    def execute(
        self, query: Any, params: Any = None, *, prepare: bool | None = True, binary: bool | None = None
    ) -> Self:
        return super().execute(query, params, prepare=prepare, binary=binary)


def run(sql: str, params: Sequence[Any] = ()) -> Any:
    """Execute one statement as a prepared one; the cursor to read from.

    Goes through Django's own wrappers, so that it is counted and logged like any other statement.
    """
    database = _database()
    database.ensure_connection()
    # Whole numbers keep one width: else each magnitude would be a statement of its own.
    values = [Int8(value) if type(value) is int else value for value in params]
    cursor = database._prepare_cursor(_Cursor(database.connection))
    cursor.execute(sql, values)
    return cursor


@contextmanager
def together() -> Iterator[None]:
    """Statements in the block travel in one message and are waited for once, at its end.

    Only for what stands in this file, and without reading an answer before the last one: the ORM counts the
    rows it changed, which is not known yet. What goes wrong is raised at the end of the block.
    """
    database = _database()
    database.ensure_connection()
    if database.connection.pgconn.pipeline_status != psycopg.pq.PipelineStatus.OFF:
        yield  # part of a larger message
        return
    with database.wrap_database_errors, database.connection.pipeline():
        yield


def _fit(values: Sequence[Any]) -> bool:
    """Whether every number is one of PostgreSQL's bigints; an address may hold a longer one."""
    return all(not isinstance(value, int) or abs(value) < 1 << 63 for value in values)


class Reading(Generic[M]):
    """A queryset with blanks, compiled once: `Reading(lambda: Place.objects.filter(pk=0)).first(7)`.

    The samples in the queryset are the blanks, in the order in which they stand in it.
    """

    def __init__(self, queryset: Callable[[], "QuerySet[M]"]) -> None:
        self.queryset = queryset
        self.make: Callable[[Row], M] | None = None
        self.sql = ""

    def all(self, *values: Any) -> list[M]:
        """The instances with `values` in the blanks; none for a number that no column can hold."""
        if not _fit(values):
            return []
        make = self.make or self._compile()
        return [make(row) for row in run(self.sql, values).fetchall()]

    def first(self, *values: Any) -> M | None:
        """The first of them; None when there is none."""
        if not _fit(values):
            return None
        make = self.make or self._compile()
        row = run(self.sql, values).fetchone()
        return None if row is None else make(row)

    def get(self, *values: Any) -> M:
        """The first of them. Raises ObjectDoesNotExist when there is none."""
        found = self.first(*values)
        if found is None:
            raise ObjectDoesNotExist(self.sql)
        return found

    def _compile(self) -> Callable[[Row], M]:
        """Write the SQL, and prepare what makes an instance of a row."""
        compiler = self.queryset().query.get_compiler(DEFAULT_DB_ALIAS)
        self.sql, _samples = compiler.as_sql()
        assert compiler.klass_info is not None  # a queryset of instances, not of values
        model: type[M] = compiler.klass_info["model"]
        own = compiler.klass_info["select_fields"]
        first, last = own[0], own[-1] + 1
        names = [column[0].target.attname for column in compiler.select[first:last]]
        populators = _populators(compiler.klass_info, compiler.select, DEFAULT_DB_ALIAS)
        converters = compiler.get_converters([column[0] for column in compiler.select])
        extras = list(compiler.annotation_col_map.items())

        def make(row: Row) -> M:
            if converters:
                row = next(iter(compiler.apply_converters([row], converters)))
            found = model.from_db(DEFAULT_DB_ALIAS, names, row[first:last])
            for populator in populators:
                populator.populate(row, found)
            for name, position in extras:
                setattr(found, name, row[position])
            return found

        self.make = make
        return make


@lru_cache(maxsize=256)
def _insertion(model: type[Model], *, with_key: bool) -> tuple[str, list[Any]]:
    meta: Any = model._meta
    fields = [field for field in meta.local_concrete_fields if with_key or field is not meta.auto_field]
    quote = _database().ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    blanks = ", ".join(["%s"] * len(fields))
    return f"INSERT INTO {quote(meta.db_table)} ({columns}) VALUES ({blanks})", fields  # noqa: S608 - our own columns


def _prepared(row: Model, fields: list[Any]) -> list[Any]:
    """The values of these columns as the database takes them."""
    database = _database()
    return [field.get_db_prep_save(getattr(row, field.attname), database) for field in fields]


def add(row: Model) -> None:
    """Insert a fresh row, under its key if it has one (`reserve`); no answer is read, no signal is sent."""
    sql, fields = _insertion(type(row), with_key=row.pk is not None)
    run(sql, _prepared(row, fields))
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def insert(row: Model) -> None:
    """Insert a fresh row and take its new key, as `save(force_insert=True)` does; no signal is sent."""
    sql, fields = _insertion(type(row), with_key=False)
    key = _database().ops.quote_name(row._meta.pk.column)
    row.pk = run(f"{sql} RETURNING {key}", _prepared(row, fields)).fetchone()[0]
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def reserve(model: type[Model]) -> int:
    """A key for a row yet to be added, so that others can name it in the same message.

    Keys are taken from the table's own sequence in blocks; those of a process that ends are lost, as those of
    a transaction that fails always were.
    """
    block = _keys[model]
    try:
        return block.popleft()
    except IndexError:
        meta: Any = model._meta
        ask = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"
        block.extend(key for (key,) in run(ask, [meta.db_table, meta.pk.column, BLOCK]).fetchall())
        return block.popleft()


@lru_cache(maxsize=256)
def _change(model: type[Model], names: tuple[str, ...]) -> tuple[str, list[Any]]:
    meta: Any = model._meta
    quote = _database().ops.quote_name
    fields = [meta.get_field(name) for name in names]
    columns = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    sql = f"UPDATE {quote(meta.db_table)} SET {columns} WHERE {quote(meta.pk.column)} = %s"  # noqa: S608 - our own columns
    return sql, fields


def update(row: Model, *names: str) -> None:
    """Write the named columns of a row that exists, as `save(update_fields=names)` does; no signal is sent.

    Raises ObjectDoesNotExist when the row is gone (not inside `together`, where nobody reads the answer).
    """
    sql, fields = _change(type(row), names)
    if not run(sql, [*_prepared(row, fields), row.pk]).rowcount:
        raise ObjectDoesNotExist(sql)
