"""Publishing locks the tours: teams are told, and orders on them are handed to the team that comes by."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.core.errors import Denied, Refused
from civic.orders.services import dispatching
from civic.orders.targets import Target
from civic.people.models import Person
from civic.pooling import rules
from civic.pooling.models import Need, Pool, Stop, Tour
from civic.pooling.queries.day import day_of, is_open
from civic.pooling.services import _round
from civic.pooling.states import POOL


@transaction.atomic
def publish(*, pool_id: int, stamp: int | None, by: Person, at: datetime) -> Pool:
    """Lock the tours; hand each order on them to its team, tell leaders and sites. Raises Denied, Refused.

    Orders that were better done alone go to the team nearby; other needs on no tour are let go: their orders
    wait at the desk again. Mobile teams without a stop stay at home.
    """
    pool = _round.locked(pool_id)
    if not rules.may_publish(by, pool):
        raise Denied
    pool.state = POOL.step("publish", pool.state)
    _round.same(pool, stamp)
    stops = _stops(pool, at)
    Tour.objects.filter(pool=pool, stops=None).delete()
    met = [stop.need_id for stop in stops]
    left = Need.objects.filter(pool=pool, released_at=None).exclude(pk__in=met)
    alone = list(left.exclude(single=None).exclude(order=None).select_related("order").order_by("id"))
    left.update(released_at=at, released_by=by)
    pool.published_at, pool.published_by = at, by
    pool.queued_at = pool.queued_by = pool.queued_stamp = None
    _round.touch(pool, "state", "published_at", "published_by", "queued_at", "queued_by", "queued_stamp")
    _round.record(pool, "publish", by=by, at=at, count=len(stops))
    for stop in stops:
        _hand_over(pool, stop, by=by, at=at)
    for need in alone:
        _dispatch_alone(pool, need, by=by, at=at)
    _tell(pool, stops, by=by, at=at)
    return pool


def _stops(pool: Pool, at: datetime) -> list[Stop]:
    """The stops as they stand. Refused when the day is over, when there are none, when they do not hold."""
    if pool.on < timezone.localdate(at):
        raise Refused(_("日子已经过了，发布不了。"))
    if day_of(pool).is_broken:
        raise Refused(_("有线路跑不通了，请重新排一次再发布。"))
    found = Stop.objects.filter(tour__pool=pool).select_related(
        "tour__team__leader", "need__order", "need__place", "need__asked_by"
    )
    stops = list(found.order_by("tour_id", "position"))
    if not stops:
        raise Refused(_("线路上还没有一站，发布不了。"))
    for stop in stops:
        if stop.need.order is not None and not is_open(stop.need):
            raise Refused(
                _("单号 {number} 已经另外办了，请先把这一站拿下来。").format(
                    number=stop.need.order.short_number
                )
            )
    return stops


def _hand_over(pool: Pool, stop: Stop, *, by: Person, at: datetime) -> None:
    """An order goes to the team as a task; the leader schedules it when he takes the tour on."""
    if stop.need.order is None:
        return
    when = _round.spoken(pool, stop.starts)
    dispatching.dispatch(
        order_id=stop.need.order.pk,
        target=Target("team", stop.tour.team_id),
        by=by,
        at=at,
        note=_("流动队顺路来，{when}左右到。").format(when=when),
        reasons=[_("拼单：{pool}，第 {n} 站").format(pool=pool.title, n=stop.position)],
    )


def _dispatch_alone(pool: Pool, need: Need, *, by: Person, at: datetime) -> None:
    """An order that a team nearby had better do alone goes to that team, if it still waits."""
    assert need.order is not None
    assert need.single_id is not None
    try:
        with transaction.atomic():
            dispatching.dispatch(
                order_id=need.order.pk,
                target=Target("team", need.single_id),
                by=by,
                at=at,
                reasons=[_("拼单：{pool}，单独派更划算").format(pool=pool.title)],
            )
    except Refused:  # it went another way, or the team is gone: it waits at the desk
        return


def _tell(pool: Pool, stops: list[Stop], *, by: Person, at: datetime) -> None:
    """Leaders learn of their tours; who asked for a need, when the team comes."""
    for tour in {stop.tour_id: stop.tour for stop in stops}.values():
        when = _round.spoken(pool, tour.departs)
        _round.tell(
            [tour.team.leader],
            "pooling.tour",
            pool,
            at=at,
            url=f"/team/tours/{tour.pk}/",
            except_for=by,
            when=when,
        )
    for stop in stops:
        if stop.need.order_id is None:
            when = _round.spoken(pool, stop.starts)
            url = f"/desk/pool_calls/{pool.pk}/"
            who = stop.tour.team.name
            _round.tell(
                [stop.need.asked_by],
                "pooling.coming",
                pool,
                at=at,
                url=url,
                except_for=by,
                when=when,
                who=who,
            )
