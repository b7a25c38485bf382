"""Order numbers: the day and a serial, from one counter row a day, taken in blocks.

A block of serials is reserved in the transaction that needs one; the rest of the block is offered to
other requests of this process only after that transaction has committed. A rollback therefore wastes
nothing twice and no number is ever given out twice; gaps are allowed.
"""

import threading
from datetime import date, datetime

from django.db import connection, transaction
from django.utils import timezone

BLOCK = 20
_lock = threading.Lock()
_free: dict[date, list[int]] = {}


def next_number(*, at: datetime) -> str:
    """A number never used before: ``20261120-0037``. Costs one statement in twenty orders."""
    day = timezone.localdate(at)
    with _lock:
        block = _free.get(day)
        if block:
            return _written(day, block.pop(0))
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO orders_daycounter AS counter ("on", last) VALUES (%s, %s) '
            'ON CONFLICT ("on") DO UPDATE SET last = counter.last + EXCLUDED.last RETURNING last',
            [day, BLOCK],
        )
        last = cursor.fetchone()[0]
    transaction.on_commit(lambda: _offer(day, last))
    return _written(day, last - BLOCK + 1)


def forget_blocks() -> None:
    """Drop what this process holds; for tests, whose database is emptied underneath."""
    with _lock:
        _free.clear()


def _offer(day: date, last: int) -> None:
    with _lock:
        for old in [kept for kept in _free if kept < day]:
            del _free[old]
        _free.setdefault(day, []).extend(range(last - BLOCK + 2, last + 1))


def _written(day: date, serial: int) -> str:
    return f"{day:%Y%m%d}-{serial:04d}"
