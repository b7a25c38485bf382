"""Planning the tours: asked for at the desk, worked out by the worker, written if nothing changed meanwhile.

The web process only queues. `work_out` reads the round, solves without holding any lock, then takes the lock
and writes, unless the round's stamp has moved on. It may be run again at any time: a job that was killed left
nothing behind, and a job that has been answered finds nothing to do.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs

from civic.core.errors import Denied, Refused
from civic.matching.tours_model import Reason, TourPlan, Undrivable, evaluate, places_for
from civic.people.models import Person
from civic.pooling import rules
from civic.pooling.models import How, Need, Pool, Why
from civic.pooling.queries import others
from civic.pooling.queries.day import Day, day_of, is_open
from civic.pooling.services import _round
from civic.pooling.states import POOL

TASK = "pooling.work_out"
QUEUE = ("queued_at", "queued_by", "queued_stamp")
PATIENCE = timedelta(minutes=3)  # after which a planning that was never answered may be asked for anew


def is_awaited(pool: Pool, at: datetime) -> bool:
    """Whether the tours were asked for so lately that the answer can still come."""
    return pool.queued_at is not None and at < pool.queued_at + PATIENCE


@transaction.atomic
def plan(*, pool_id: int, by: Person, at: datetime) -> Pool:
    """Ask for the best tours of the day; pinned stops stay with their team. Raises Denied, Refused."""
    pool = _round.locked(pool_id)
    if not rules.may_plan(by, pool):
        raise Denied
    POOL.step("plan", pool.state)
    if is_awaited(pool, at):
        raise Refused(_("正在排线路，请稍等。"))
    if not pool.tours.exists():
        raise Refused(_("先加上当天出车的流动队，再排线路。"))
    if not pool.needs.filter(released_at=None).exists():
        raise Refused(_("先收进至少一项需求，再排线路。"))
    pool.queued_at, pool.queued_by, pool.queued_stamp, pool.problem = at, by, pool.stamp + 1, ""
    _round.touch(pool, "queued_at", "queued_by", "queued_stamp", "problem")
    _round.record(pool, "plan", by=by, at=at)
    jobs.configure_task(TASK, queue="pooling").defer(pool_id=pool.pk, stamp=pool.stamp)
    return pool


def work_out(*, pool_id: int, stamp: int, at: datetime) -> str:
    """Work out the tours as they were asked for at `stamp`; returns what came of it, in a word.

    "gone": nobody waits for it any more. "changed": the round was edited meanwhile, and says so. "failed":
    no plan is possible, and the round says why. "planned": written.
    """
    pool = Pool.objects.select_related("place").filter(pk=pool_id).first()
    if pool is None or pool.queued_stamp != stamp:
        return "gone"
    if pool.stamp != stamp:
        return _dismiss(pool_id, stamp, _("排线路的时候内容有改动，请再排一次。"), "changed")
    day = day_of(pool)
    try:
        found = _solve(day)
    except ValueError:
        return _dismiss(pool_id, stamp, _("钉住的站凑不成能跑的线路，请先松开几站再排。"), "failed")
    return _write(day, found, stamp=stamp, at=at)


@dataclass(frozen=True, slots=True)
class Found:
    """The tours, what is met without one, and how good the whole is."""

    plan: TourPlan
    others: list[others.Other]
    value: int
    bound: float
    is_proven: bool


def _solve(day: Day) -> Found:
    """The best choice among tours, single dispatches and stalls. Raises ValueError where pins cannot be."""
    from civic.matching import master  # noqa: PLC0415 - loads the solvers, which only the worker needs

    ways = others.ways(day)
    teams = {way.team_id for way in ways if way.team_id is not None}
    columns = [
        master.Column(
            way.how,
            (way.need_id,),
            way.value,
            () if way.team_id is None else ((way.team_id, 1),),
            label=number,
        )
        for number, way in enumerate(ways)
    ]
    choice = master.choose(
        columns,
        dict.fromkeys(sorted(teams), 1),
        problem=day.problem,
        pins=[pin for pin in day.pins if pin.stop in day.problem.stop_index],
    )
    chosen = [ways[column.label] for column in choice.columns if isinstance(column.label, int)]
    return Found(choice.plan, chosen, choice.value, choice.bound, choice.proven)


@transaction.atomic
def _dismiss(pool_id: int, stamp: int, words: str, outcome: str) -> str:
    """Nothing came of it: say why, and let it be asked for again. A newer question is left alone."""
    pool = _round.locked(pool_id)
    if pool.queued_stamp != stamp:
        return "gone"
    pool.queued_at = pool.queued_by = pool.queued_stamp = None
    pool.problem = words
    pool.save(update_fields=[*QUEUE, "problem"])
    return outcome


@transaction.atomic
def _write(day: Day, found: Found, *, stamp: int, at: datetime) -> str:
    pool = _round.locked(day.pool.pk)
    if pool.queued_stamp != stamp or pool.queued_by is None:
        return "gone"
    if pool.stamp != stamp or not rules.may_plan(pool.queued_by, pool):
        return _dismiss(pool.pk, stamp, _("排线路的时候内容有改动，请再排一次。"), "changed")
    by = pool.queued_by
    pool.state = POOL.step("plan", pool.state)
    pool.planned_at, pool.planned_by = at, by
    pool.queued_at = pool.queued_by = pool.queued_stamp = None
    pool.value, pool.bound, pool.is_proven, pool.problem = found.value, found.bound, found.is_proven, ""
    _round.lay(day, found.plan.routes)
    _explain(day, found)
    _round.touch(pool, "state", "planned_at", "planned_by", *QUEUE, "value", "bound", "is_proven", "problem")
    served = sum(len(route.visits) for route in found.plan.routes)
    _round.record(pool, "planned", by=by, at=at, count=served)
    return "planned"


def _explain(day: Day, found: Found) -> None:
    """Say of every need that is on no tour how else it is met, or why it is not."""
    served = {stop for route in found.plan.routes for stop in route.stops}
    else_met = {way.need_id: way for way in found.others}
    for need in day.needs.values():
        if need.pk in served:
            continue
        way = else_met.get(need.pk)
        need.how = way.how if way else How.NONE
        need.advice, need.single_id = (way.words, way.team_id) if way else ("", None)
        need.why = "" if way else why(day, found.plan, need)
        need.save(update_fields=["how", "why", "advice", "single"])


def why(day: Day, found: TourPlan, need: Need) -> Why:
    """Why a need is on no tour: nobody can, nobody gets there, it costs too much, no time is left."""
    if not is_open(need):
        return Why.MOVED_ON
    alone = [evaluate(day.problem, crew.id, [need.pk]) for crew in day.problem.crews]
    if all(isinstance(one, Undrivable) and one.reason == Reason.SKILL for one in alone):
        return Why.SKILL
    if all(isinstance(one, Undrivable) for one in alone):
        return Why.FAR
    return Why.DETOUR if places_for(day.problem, found, need.pk) else Why.FULL
