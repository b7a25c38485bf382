"""Jobs of the worker: take in big workbooks part by part, count the 15-minute circle."""

from typing import Any

from django.utils import timezone
from procrastinate.contrib.django import app

from civic.venues.services import circle, imports


@app.task(name=imports.TASK, queue="imports")
def take_in(*, batch_id: int, **_rest: Any) -> None:
    """Every part in a transaction of its own, so that a crash loses none and repeats none."""
    while imports.take_in(batch_id=batch_id, at=timezone.now()):
        pass


@app.task(name=circle.TASK, queue="planning")
def count_circle(*, run_id: int, **_rest: Any) -> None:
    """Answer one question; asked twice, it is answered once."""
    circle.count_circle(run_id=run_id, at=timezone.now())


@app.periodic(cron="50 3 * * *")
@app.task(queueing_lock="venues.count_circle_nightly", queue="planning")
def count_circle_nightly(timestamp: int = 0, **_rest: Any) -> None:
    """Sites open and close by day; the night counts anew."""
    circle.count_nightly(at=timezone.now())
