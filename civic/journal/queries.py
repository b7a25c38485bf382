"""Reading the journal: the auditor's list, and the proof that no line was changed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module

from django.db import connection
from django.db.models import Q

from civic.journal.models import LANES, Entry, Lane
from civic.journal.words import APPS, VERBS, told, words

__all__ = [
    "APPS",
    "VERBS",
    "Fault",
    "Page",
    "Sieve",
    "entries",
    "faults",
    "heads",
    "told",
    "words",
]

PAGE_SIZE = 50
# The text that the trigger hashes; one source, the migration that made it.
LINE: str = import_module("civic.journal.migrations.0003_chain").LINE


@dataclass(frozen=True, slots=True)
class Sieve:
    """What an auditor looks for; None and empty mean anything."""

    by_id: int | None = None
    what: str = ""
    about_type: str = ""
    about_id: int | None = None
    path: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines, and where the next ones begin (None at the end)."""

    rows: list[Entry]
    next_cursor: int | None


def entries(*, reach: Iterable[str] | None, sieve: Sieve, after: int | None = None) -> Page:
    """One page of lines, newest first. `reach` are the tops of the subtrees to see; None means everything."""
    found = Entry.objects.filter(_asked(sieve))
    if reach is not None:
        seen = Q(pk__in=[])
        for top in reach:
            seen |= Q(place_path__startswith=top)
        found = found.filter(seen)
    if after is not None:
        found = found.filter(pk__lt=after)
    rows = list(found.select_related("by", "on_behalf_of").order_by("-id")[: PAGE_SIZE + 1])
    return Page(rows[:PAGE_SIZE], rows[PAGE_SIZE - 1].pk if len(rows) > PAGE_SIZE else None)


def _asked(sieve: Sieve) -> Q:
    asked = Q()
    if sieve.by_id is not None:
        person = Q(by_id=sieve.by_id) | Q(on_behalf_of_id=sieve.by_id)
        asked &= person | Q(about_type="people.person", about_id=sieve.by_id)
    if sieve.what:
        asked &= Q(what__startswith=sieve.what)
    if sieve.about_type:
        asked &= Q(about_type=sieve.about_type)
    if sieve.about_id is not None:
        asked &= Q(about_id=sieve.about_id)
    if sieve.path:
        asked &= Q(place_path__startswith=sieve.path)
    if sieve.since is not None:
        asked &= Q(at__gte=sieve.since)
    if sieve.until is not None:
        asked &= Q(at__lt=sieve.until)
    return asked


# --- The proof


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that the chain of a lane does not forgive."""

    lane: int
    words: str


def heads() -> dict[int, str]:
    """The head of every lane: kept elsewhere, it proves later that nothing before it was cut off."""
    return dict(Lane.objects.order_by("id").values_list("id", "head"))


def faults(known_heads: Mapping[int, str] | None = None) -> Iterator[Fault]:
    """Everything wrong with the journal; nothing when it is whole.

    Every line's hash is computed again; within a lane each line names another one, no two name the same, one
    names none, and the head is the line that nobody names. `known_heads` (from `heads()`, kept outside) must
    still be in their lanes, which also proves that no tail was cut off together with its head.
    """
    for lane in range(LANES):
        yield from (Fault(lane, words) for words in _faults_of(lane))
        known = (known_heads or {}).get(lane, "")
        if known and not Entry.objects.filter(lane=lane, hash=known).exists():
            yield Fault(lane, f"the kept head {known[:12]}… is gone")


CHANGED = f"""
    SELECT e.id FROM journal_entry e
    WHERE e.lane = %s AND e.hash <> encode(sha256(convert_to({LINE.format(row="e")}, 'UTF8')), 'hex')
    ORDER BY e.id LIMIT 20
"""  # noqa: S608 (the text of the migration, no input)
LOOSE = """
    SELECT e.id FROM journal_entry e LEFT JOIN journal_entry p ON p.lane = e.lane AND p.hash = e.previous
    WHERE e.lane = %s AND e.previous <> '' AND p.id IS NULL ORDER BY e.id LIMIT 20
"""
FORKED = """
    SELECT max(e.id) FROM journal_entry e WHERE e.lane = %s
    GROUP BY e.previous HAVING count(*) > 1 ORDER BY 1 LIMIT 20
"""
ENDS = """
    SELECT e.hash FROM journal_entry e WHERE e.lane = %s
    AND NOT EXISTS (SELECT FROM journal_entry n WHERE n.lane = e.lane AND n.previous = e.hash)
"""


def _column(query: str, lane: int) -> list[object]:
    with connection.cursor() as cursor:
        cursor.execute(query, [lane])
        return [row[0] for row in cursor.fetchall()]


def _faults_of(lane: int) -> Iterator[str]:
    for query, verdict in (
        (CHANGED, "was changed"),
        (LOOSE, "follows a missing line"),
        (FORKED, "forks the chain"),
    ):
        for entry_id in _column(query, lane):
            yield f"line {entry_id} {verdict}"
    count = Entry.objects.filter(lane=lane).count()
    row = Lane.objects.filter(pk=lane).first()
    head, promised = (row.head, row.entry_count) if row is not None else ("", 0)
    if count != promised:
        yield f"{promised} lines were written, {count} are there"
    ends = _column(ENDS, lane)
    if count and ends != [head]:
        yield "the head does not name the last line"
