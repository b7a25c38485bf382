"""A8 审计: who saw or changed what. For the auditor; every search is a line of the journal itself."""

from datetime import datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from civic.access.queries import paths_reached
from civic.access.roles import Permission
from civic.core.web import answer, audience
from civic.journal import queries, services
from civic.journal.queries import APPS, VERBS, Sieve, told, words
from civic.people.queries import by_phone
from civic.places.queries import root, search

NAMES = ("who", "what", "about", "where", "since", "until")
NOBODY = 0


@audience("admin", permission=Permission.JOURNAL_SEE)
@require_safe
def journal(request: HttpRequest) -> HttpResponse:
    """Lines within reach, by person, act, thing, place and days."""
    person: Any = request.user
    asked = {name: request.GET.get(name, "").strip()[:60] for name in NAMES}
    after = request.GET.get("after", "")
    cursor = int(after) if after.isascii() and after.isdigit() and len(after) < 18 else None
    sieve = _sieve(asked)
    tops = paths_reached(person, Permission.JOURNAL_SEE)
    if cursor is None:
        # The phone itself stays out of the journal.
        said = {name: value for name, value in asked.items() if value and name != "who"}
        services.note_view(by=person, at=timezone.now(), place_path=tops[0], person=sieve.by_id, asked=said)
    page = queries.entries(reach=None if _sees_all(tops) else tops, sieve=sieve, after=cursor)
    context = {
        "tab": "journal",
        "asked": asked,
        "page": page,
        "lines": [
            (row, words(row.what), f"{row.about_type} {row.about_id}", told(row.details)) for row in page.rows
        ],
        "acts": _acts(),
    }
    return answer(request, page="access/journal.html", fragment="access/_journal.html", context=context)


def _sees_all(tops: list[str]) -> bool:
    """The city's own auditor also sees lines that belong to no place."""
    city = root()
    return city is not None and city.path in tops


def _acts() -> list[tuple[str, str]]:
    return [(f"{app}.", str(label)) for app, label in APPS.items()] + [
        (slug, f"　{label}") for slug, label in VERBS.items()
    ]


def _sieve(asked: dict[str, str]) -> Sieve:
    """What was typed as conditions; a person or place that does not exist finds nothing."""
    who = by_phone(asked["who"]) if asked["who"] else None
    kind, _space, number = asked["about"].partition(" ")
    spots = search(asked["where"], limit=1) if asked["where"] else []
    return Sieve(
        by_id=(who.pk if who is not None else NOBODY) if asked["who"] else None,
        what=asked["what"],
        about_type=kind,
        about_id=int(number) if number.isascii() and number.isdigit() and len(number) < 18 else None,
        path=(spots[0].place.path if spots else "-") if asked["where"] else "",
        since=_midnight(asked["since"]),
        until=_midnight(asked["until"], days=1),
    )


def _midnight(text: str, days: int = 0) -> datetime | None:
    """The beginning of a day in the city's time, or of the day after it."""
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return timezone.make_aware(datetime.combine(day, time()) + timedelta(days=days)) if day else None
