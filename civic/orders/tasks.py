"""What the worker does for orders, every quarter of an hour and at night."""

from typing import Any

from django.utils import timezone
from procrastinate.contrib.django import app

from civic.access.queries import setting
from civic.orders.services import deadlines, offering, pictures

MINUTES_PER_DAY = 24 * 60


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


# The jobs of the plan share a lock, so that one at a time touches what this process keeps in memory.


@app.task(name="orders.plan_changed", queue="planning", lock="orders.plan")
def plan_changed(**_: Any) -> dict[str, int]:
    """Repair the plan for what was touched, and replace at once who said no."""
    return offering.on_change(at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="orders.plan_sweep", queue="planning", lock="orders.plan", queueing_lock="orders.plan_sweep")
def plan_sweep(timestamp: int = 0, **_: Any) -> dict[str, int]:
    """Every minute: notes that no job came for."""
    return offering.on_change(at=timezone.now())


@app.periodic(cron="*/15 * * * *")
@app.task(name="orders.plan_tick", queue="planning", lock="orders.plan", queueing_lock="orders.plan_tick")
def plan_tick(timestamp: int = 0, **_: Any) -> dict[str, int]:
    """The round of the engine, as often as the city set it."""
    now = timezone.now()
    minute = int(timestamp or now.timestamp()) // 60 % MINUTES_PER_DAY
    return {} if minute % setting("matching.tick_minutes") >= 15 else offering.tick(at=now)
