"""The only writer of the journal."""

import hashlib
import random
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models, transaction

from civic.core import rows
from civic.journal.models import LANES, Entry, Submission

if TYPE_CHECKING:
    from civic.people.models import Person


def write(
    *,
    at: datetime,
    by: "Person | None",
    what: str,
    about: models.Model | None = None,
    place_path: str = "",
    on_behalf_of: "Person | None" = None,
    address: str = "",
    **details: Any,
) -> None:
    """Add one line: `by` did `what` (``app.verb``) to `about`; `details` are plain values, no personal data.

    Must run inside the caller's transaction, last before the notices: it holds its lane until commit.
    """
    line = Entry(
        lane=random.randrange(LANES),  # noqa: S311 (spreads writers; not a secret)
        at=at,
        by=by,
        on_behalf_of=on_behalf_of,
        what=what,
        about_type=about._meta.label_lower if about is not None else "",
        about_id=about.pk if about is not None else None,
        place_path=place_path,
        details=details,
        address=address,
    )
    rows.add(line)


@transaction.atomic
def note_view(*, by: "Person", at: datetime, place_path: str, **asked: Any) -> None:
    """Write down that the journal itself was searched, and for what."""
    write(at=at, by=by, what="journal.view", place_path=place_path, **asked)


def submission_key(*, token: str, owner: str, path: str) -> str:
    """The stored key of a form: the page's token bound to its sender and its address."""
    return hashlib.sha256(f"{token}\x1f{owner}\x1f{path}".encode()).hexdigest()


def begin_submission(*, key: str, path: str, at: datetime) -> Submission | None:
    """Claim `key`, waiting for a request that holds it; the earlier answer if there is one, else None."""
    with rows.together():  # with the BEGIN before it
        claimed = rows.run(
            "INSERT INTO journal_submission (key, path, location, at) VALUES (%s, %s, '', %s) "
            "ON CONFLICT (key) DO NOTHING",
            [key, path[:200], at],
        )
    if claimed.rowcount:
        return None
    return Submission.objects.get(key=key)


def end_submission(*, key: str, location: str) -> None:
    """Remember where the answer led."""
    rows.run("UPDATE journal_submission SET location = %s WHERE key = %s", [location[:500], key])


def drop_submission(*, key: str) -> None:
    """Free the key of a form that was answered with its errors."""
    Submission.objects.filter(key=key).delete()


def forget_submissions(*, at: datetime) -> int:
    """Drop form keys older than a week; returns how many."""
    return Submission.objects.filter(at__lt=at - timedelta(days=7)).delete()[0]
