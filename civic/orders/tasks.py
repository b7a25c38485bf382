"""What the worker does for orders, every quarter of an hour and at night."""

from typing import Any

from django.utils import timezone
from procrastinate.contrib.django import app

from civic.orders.services import deadlines, pictures


@app.periodic(cron="*/15 * * * *")
@app.task(queueing_lock="orders.tick", pass_context=False)
def tick(timestamp: int = 0, **_: Any) -> dict[str, int]:
    """Urge, escalate and end what is over its time."""
    return deadlines.tick(at=timezone.now())


@app.periodic(cron="20 3 * * *")
@app.task(queueing_lock="orders.drop_forgotten_pictures")
def drop_forgotten_pictures(timestamp: int = 0, **_: Any) -> int:
    """Delete pictures of drafts that were never placed."""
    return pictures.drop_forgotten(at=timezone.now())
