"""The clerk's own hand on the tours: a stop moved, added, taken out, pinned; undrivable tours are refused."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from civic.core.errors import Denied, Refused
from civic.matching.tours_model import Move, Undrivable, price
from civic.people.models import Person
from civic.pooling import phrases, rules
from civic.pooling.models import How, Need, Pool, Stop, Why
from civic.pooling.queries.day import Day, day_of
from civic.pooling.services import _round
from civic.pooling.states import POOL


@transaction.atomic
def move_stop(
    *,
    pool_id: int,
    need_id: int,
    tour_id: int | None,
    position: int,
    stamp: int | None,
    by: Person,
    at: datetime,
) -> Pool:
    """Put a need at `position` (0 = first) of a tour, or with no tour: take it out. It is pinned there.

    `stamp` is the round as the clerk saw it. Raises Denied; Refused when the round changed meanwhile or the
    tour could not be driven like that: the sentence says where and by how much.
    """
    pool = _round.locked(pool_id)
    if not rules.may_edit(by, pool):
        raise Denied
    _round.gathering(pool)
    _round.same(pool, stamp)
    day = day_of(pool)
    move = priced(day, need_id, tour_id, position)
    _round.lay(day, move.routes, pinned=[need_id])
    if tour_id is None:
        Stop.objects.filter(need=need_id).delete()
        Need.objects.filter(pk=need_id).update(how=How.NONE, why=Why.TAKEN_OUT, advice="", single=None)
    pool.state = POOL.step("plan", pool.state)
    pool.value, pool.is_proven = None, False  # what is proven is proven of the plan as it was made
    _round.touch(pool, "state", "value", "is_proven")
    _round.record(pool, "move_stop", by=by, at=at)
    return pool


def priced(day: Day, need_id: int, tour_id: int | None, position: int) -> Move:
    """The change with its price in minutes. Raises Refused for one that cannot be driven."""
    if need_id not in day.problem.stop_index or (tour_id is not None and tour_id not in day.tours):
        raise Refused(_("这一项或这支队已经不在这一轮里了，请看最新的再办。"))
    longest = 0 if tour_id is None else len([one for one in day.route(tour_id).stops if one != need_id])
    found = price(day.problem, day.plan, stop=need_id, crew=tour_id, position=max(0, min(position, longest)))
    if isinstance(found, Undrivable):
        tour, need = day.tours[found.crew], day.needs[found.stop]  # type: ignore[index]
        raise Refused(phrases.undrivable(found, tour, need))
    return found


@transaction.atomic
def pin(*, pool_id: int, need_id: int, is_pinned: bool, by: Person, at: datetime) -> Pool:
    """Keep a stop with its team when the tours are planned anew, or let it go. Raises Denied, Refused."""
    pool = _round.locked(pool_id)
    if not rules.may_edit(by, pool):
        raise Denied
    _round.gathering(pool)
    if not Stop.objects.filter(need=need_id, tour__pool=pool).update(is_pinned=is_pinned):
        raise Refused(_("这一项现在不在线路上。"))
    _round.changed(pool)
    _round.record(pool, "pin" if is_pinned else "unpin", by=by, at=at)
    return pool
