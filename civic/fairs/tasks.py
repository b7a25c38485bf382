"""What the worker does for fairs: find out where to hold them."""

from typing import Any

from django.utils import timezone
from procrastinate.contrib.django import app

from civic.fairs.services import siting


@app.task(name=siting.TASK, queue="planning")
def solve_siting(*, siting_id: int, **_rest: Any) -> None:
    """Answer one question; asked twice, it is answered once."""
    siting.solve_siting(siting_id=siting_id, at=timezone.now())
