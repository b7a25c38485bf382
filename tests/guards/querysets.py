"""What a query promises, it must say: order, locked tables, dates that are dates."""

import random
import sys
from datetime import datetime

import pytest
from django.db.models import DateField, DateTimeField, QuerySet


class UnlockedJoin(AssertionError):
    """`select_for_update()` that would lock every joined table."""


class DateWithTime(AssertionError):
    """A datetime put where a day belongs; Django would cut it at the wrong midnight."""


def shuffled(rows, seed):
    """The same rows in another order, the same one for the same test."""
    mixed = list(rows)
    random.Random(seed).shuffle(mixed)
    return mixed if mixed != rows else rows[::-1]


def _fetch_all(original, seed):
    def fetch(self):
        fresh = self._result_cache is None
        original(self)
        if fresh and len(self._result_cache) > 1 and not self.ordered:
            self._result_cache = shuffled(self._result_cache, seed)

    return fetch


def _caller():
    """The module that asked, behind the manager which only passes calls on."""
    frame = sys._getframe(2)
    while frame.f_globals.get("__name__") == "django.db.models.manager":
        frame = frame.f_back
    return frame.f_globals.get("__name__", "")


def _select_for_update(original):
    def lock(self, nowait=False, skip_locked=False, of=(), no_key=False):
        caller = _caller()
        if not of and not caller.startswith("django."):  # update_or_create() of Django locks its own way
            raise UnlockedJoin(f'{caller}: say what is locked, select_for_update(of=("self",))')
        return original(self, nowait=nowait, skip_locked=skip_locked, of=of, no_key=no_key)

    return lock


def _to_python(original):
    def to_python(self, value):
        if isinstance(value, datetime) and not isinstance(self, DateTimeField):
            raise DateWithTime(f"{self}: {value!r} has a time; take the local date of it first")
        return original(self, value)

    return to_python


@pytest.fixture(autouse=True)
def queries_keep_their_promises(request, monkeypatch):
    """Shuffle lists without an order; refuse bare row locks and datetimes in date columns."""
    monkeypatch.setattr(QuerySet, "_fetch_all", _fetch_all(QuerySet._fetch_all, request.node.nodeid))
    monkeypatch.setattr(QuerySet, "select_for_update", _select_for_update(QuerySet.select_for_update))
    monkeypatch.setattr(DateField, "to_python", _to_python(DateField.to_python))
