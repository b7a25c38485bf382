"""What the worker tidies at night."""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from procrastinate.contrib.django import app

from civic.people.services import codes


@app.periodic(cron="17 3 * * *")
@app.task(name="people.tidy", queue="night", queueing_lock="people.tidy")
def tidy(**_: Any) -> None:
    """Every night: spent codes and sessions that ran out."""
    codes.forget_codes(at=timezone.now())
    SessionStore.clear_expired()
