"""Lists that are paged by where they stopped, not by how many came before."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils import timezone
from django.utils.dateparse import parse_datetime

PAGE_ROWS = 20


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a keyset list; `next_cursor` is empty at the end."""

    rows: list[Any]
    next_cursor: str = ""


def page_of(rows: Sequence[Model], key: Callable[[Any], datetime]) -> Page:
    """The first PAGE_ROWS of `rows`, of which one more was asked for to know whether the list goes on."""
    if len(rows) <= PAGE_ROWS:
        return Page(list(rows))
    last = rows[PAGE_ROWS - 1]
    return Page(list(rows[:PAGE_ROWS]), f"{key(last).isoformat()}~{last.pk}")


def mark_of(after: str) -> tuple[datetime, int] | None:
    """The place in the list that a cursor names; a spoilt one means the beginning."""
    moment, _tilde, pk = after.partition("~")
    try:
        at = parse_datetime(moment.replace(" ", "+"))
    except ValueError:
        return None
    return (at, int(pk)) if at and timezone.is_aware(at) and pk.isdecimal() and len(pk) < 19 else None
