"""A job whose worker died in the middle is taken up again, so that nothing waits behind it for ever."""

from datetime import timedelta

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from civic.notices import services, tasks
from tests.moments import NOON

pytestmark = pytest.mark.django_db
SILENT, ALIVE = NOON - timedelta(minutes=5), NOON - timedelta(seconds=5)


def run(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0] if cursor.description else None


def worker(beat):
    return run("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s) RETURNING id", beat)


def job(status="doing", *, worker_id=None, queueing_lock=None, attempts=0, lock="orders.plan"):
    return run(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args, status, attempts,"
        " worker_id) VALUES ('lost', 'orders.plan_changed', %s, %s, '{}', %s, %s, %s)"
        " RETURNING id",
        lock, queueing_lock, status, attempts, worker_id,
    )  # fmt: skip


def next_job():
    return run("SELECT id FROM procrastinate_fetch_job_v2(ARRAY['lost'], %s)", worker(ALIVE))


def status(key):
    return ProcrastinateJob.objects.get(pk=key).status


def test_what_waits_behind_a_lost_job_goes_on(db):
    lost, waiting = job(worker_id=worker(SILENT)), job("todo")
    assert next_job() is None  # the lost one keeps the lock
    assert services.take_up_lost(at=NOON) == 1
    assert next_job() == lost
    assert [status(lost), status(waiting)] == ["doing", "todo"]


def test_a_job_whose_worker_was_struck_off_is_lost_too(db):
    lost = job(worker_id=worker(SILENT))
    ProcrastinateWorker.objects.all().delete()
    assert services.take_up_lost(at=NOON) == 1
    assert status(lost) == "todo"


def test_a_job_at_work_is_left_alone(db):
    busy = job(worker_id=worker(ALIVE))
    assert services.take_up_lost(at=NOON) == 0
    assert status(busy) == "doing"


def test_a_job_that_killed_its_worker_three_times_is_given_up(db):
    lost = job(worker_id=worker(SILENT), attempts=2)
    assert services.take_up_lost(at=NOON) == 0
    assert status(lost) == "failed"


def test_one_of_several_with_the_same_queueing_lock_is_taken_up(db):
    dead = worker(SILENT)
    first, second = (job(worker_id=dead, queueing_lock="orders.tick", lock=None) for _ in range(2))
    assert services.take_up_lost(at=NOON) == 1
    assert [status(first), status(second)] == ["aborted", "todo"]


def test_one_whose_like_waits_already_is_let_go(db):
    lost = job(worker_id=worker(SILENT), queueing_lock="orders.plan_tick")
    waiting = job("todo", queueing_lock="orders.plan_tick")
    assert services.take_up_lost(at=NOON) == 0
    assert [status(lost), status(waiting)] == ["aborted", "todo"]


def test_the_worker_looks_every_minute(db):
    lost = job(worker_id=worker(SILENT))
    assert tasks.take_up_lost() == 1
    assert status(lost) == "todo"
