"""`civic seed`: divisions, sites and menu; with `--demo` also people and fourteen days of orders."""

import csv
import time
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

import civic.orders
from civic.journal import services as journal
from civic.journal.models import Entry
from civic.orders.services import menu
from civic.people.models import Person
from civic.places import services as places
from civic.portal.demo import city
from civic.venues.services import loading as venues

TOLD = "portal.demo_told"
FILES = Path(civic.orders.__file__).parent / "data"


class Command(BaseCommand):
    help = "Fill an empty database: what every city needs, or (--demo) the whole demo city."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--demo` adds invented people and orders; refused in production."""
        parser.add_argument("--demo", action="store_true")

    def handle(self, *, demo: bool, **_options: Any) -> None:
        """Each part says how long it took; what is there already is left alone."""
        if demo and not settings.DEMO:
            raise CommandError("Demo people only live where CIVIC_DEMO=1, never in production.")
        self._step("区划", lambda: places.load_divisions(at=timezone.now()))
        self._step("阵地", lambda: venues.load_venues(at=timezone.now()))
        self._step("菜单", _load_menu)
        if demo and not Person.objects.filter(is_demo=True).exists():
            self._step("演示", _build)
        elif demo and not Entry.objects.filter(what=TOLD).exists():
            raise CommandError(
                "The demo was cut short last time. Remove the data folder (var/) and run again."
            )

    def _step(self, name: str, work: Any) -> None:
        began = time.monotonic()
        told = work()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # a table that was just filled counts as empty until somebody looks
        self.stdout.write(f"{name}: {told} ({time.monotonic() - began:.1f} s)")


def _build() -> dict[str, int]:
    """Every act in its own transaction, as in life; a crash costs the last acts of a demo, nothing more."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")
    told = city.build(now=timezone.localtime())
    journal.write(at=timezone.now(), by=None, what=TOLD, **told)
    return told


def _load_menu() -> int:
    return menu.load_menu(
        categories=_rows("categories"),
        skills=_rows("skills"),
        items=_rows("menu"),
        synonyms=_rows("synonyms"),
        referrals=_rows("referrals"),
    )


def _rows(name: str) -> Iterable[dict[str, str]]:
    with (FILES / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
