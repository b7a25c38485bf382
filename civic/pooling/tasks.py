"""Jobs of the worker: work out the tours of a round."""

from typing import Any

from django.utils import timezone
from procrastinate.contrib.django import app

from civic.pooling.services import planning


@app.task(name=planning.TASK, queue="pooling")
def work_out(*, pool_id: int, stamp: int, **_rest: Any) -> str:
    """Safe to repeat: writes once, and only on the round as it was when the tours were asked for."""
    return planning.work_out(pool_id=pool_id, stamp=stamp, at=timezone.now())
