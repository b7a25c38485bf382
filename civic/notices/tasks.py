"""Jobs of the worker: send what is due. PostgreSQL is the queue; a lost job is found by the sweep."""

from typing import Any

from django.utils import timezone
from procrastinate.contrib.django import app

from civic.notices import services


@app.task(name="notices.deliver", queue="notices")
def deliver(*, delivery_id: int, **_: Any) -> None:
    """Send one delivery."""
    services.deliver(delivery_id=delivery_id, at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="notices.sweep", queue="notices", queueing_lock="notices.sweep")
def sweep(**_: Any) -> None:
    """Every minute: whatever is due and waits."""
    services.sweep(at=timezone.now())
