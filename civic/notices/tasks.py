"""Jobs of the worker: send what is due. PostgreSQL is the queue; a lost job is found by the sweep."""

from typing import Any

from django.utils import timezone
from procrastinate import JobContext, builtin_tasks
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


@app.periodic(cron="* * * * *")
@app.task(name="notices.take_up_lost", queue="notices", queueing_lock="notices.take_up_lost")
def take_up_lost(**_: Any) -> int:
    """Every minute: jobs of a worker that died in the middle."""
    return services.take_up_lost(at=timezone.now())


@app.periodic(cron="29 3 * * *")
@app.task(name="notices.tidy", queue="night", queueing_lock="notices.tidy", pass_context=True)
async def tidy(context: JobContext, **_: Any) -> None:
    """Every night: jobs that were done more than three days ago."""
    await builtin_tasks.remove_old_jobs(context, max_hours=72, remove_failed=False)
