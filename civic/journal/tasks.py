"""What the worker tidies at night."""

from typing import Any

from django.utils import timezone
from procrastinate.contrib.django import app

from civic.journal import services


@app.periodic(cron="23 3 * * *")
@app.task(name="journal.tidy", queue="night", queueing_lock="journal.tidy")
def tidy(**_: Any) -> None:
    """Every night: keys of forms that were answered more than a week ago."""
    services.forget_submissions(at=timezone.now())
