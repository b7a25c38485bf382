"""Jobs of the worker: take in big workbooks part by part."""

from typing import Any

from django.utils import timezone
from procrastinate.contrib.django import app

from civic.venues.services import imports


@app.task(name=imports.TASK, queue="imports")
def take_in(*, batch_id: int, **_rest: Any) -> None:
    """Every part in a transaction of its own, so that a crash loses none and repeats none."""
    while imports.take_in(batch_id=batch_id, at=timezone.now()):
        pass
