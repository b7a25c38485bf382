"""Notes for the engine: what it must look at again. Written with the act, taken by the worker."""

from civic.core import rows

# One statement that no answer is read from. The job is a second note without a lock: of two acts at once each
# may leave one, and whoever comes too late for the job that runs is found by the one of the next minute.
TOUCH = """
WITH noted AS (INSERT INTO orders_touch (thing) VALUES (%s))
SELECT procrastinate_defer_jobs_v1(ARRAY[
    ROW('planning', 'orders.plan_changed', 0, 'orders.plan', NULL, '{}', NULL)::procrastinate_job_to_defer_v1
])
WHERE NOT EXISTS (SELECT FROM procrastinate_jobs WHERE status = 'todo' AND task_name = 'orders.plan_changed')
"""


def touch(thing: str) -> None:
    """Leave a note about ``order:7`` or ``team:3``, and a job for the worker if none waits.

    One statement whose answer nobody reads, so that it travels with the others of the act.
    """
    rows.run(TOUCH, [thing])
