"""A round from its draft to its end: made, opened to the sites, cancelled, wrapped up."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.access.queries import reaches
from civic.access.roles import Permission
from civic.core.errors import Denied, Refused
from civic.people.models import Person
from civic.places.models import Place, within
from civic.pooling import rules
from civic.pooling.models import Contribution, Need, Pool, Stop, Tour
from civic.pooling.services import _round
from civic.pooling.states import POOL, StopState

FURTHEST = timedelta(days=400)
WAITING = (StopState.AHEAD, StopState.ARRIVED)


@transaction.atomic
def create_pool(*, place_id: int, title: str, on: date, words: str, by: Person, at: datetime) -> Pool:
    """Draft a round for a place and a day to come. Raises Denied, Refused."""
    place = Place.objects.valid().filter(pk=place_id).first()
    if place is None or not reaches(by, Permission.ORDERS_DISPATCH, place.path):
        raise Denied
    _check(title, on, at)
    pool = Pool.objects.create(
        place=place, title=title.strip(), on=on, words=words.strip(), created_at=at, created_by=by
    )
    _round.record(pool, "create_pool", by=by, at=at)
    return pool


@transaction.atomic
def edit_pool(*, pool_id: int, title: str, on: date, words: str, by: Person, at: datetime) -> Pool:
    """Change title, day and words, until teams have been put on that day. Raises Denied, Refused."""
    pool = _round.locked(pool_id)
    if not rules.may_edit(by, pool):
        raise Denied
    if not POOL.is_open_to("cancel", pool.state):
        raise Refused(_("已经发布或结束，不能再改。"))
    if on != pool.on and Tour.objects.filter(pool=pool).exists():
        raise Refused(_("当天已经排了队伍，先把队伍撤下来再改日子。"))
    _check(title, on, at)
    pool.title, pool.on, pool.words = title.strip(), on, words.strip()
    _round.touch(pool, "title", "on", "words")
    _round.record(pool, "edit_pool", by=by, at=at)
    return pool


def _check(title: str, on: date, at: datetime) -> None:
    if not title.strip():
        raise Refused(_("请给这一轮起个名字。"))
    if on < timezone.localdate(at):
        raise Refused(_("日子已经过了，请选今天以后的。"))
    if on - timezone.localdate(at) > FURTHEST:
        raise Refused(_("最远只能排到一年以后。"))


@transaction.atomic
def open_pool(*, pool_id: int, by: Person, at: datetime) -> Pool:
    """Ask the sites of the area what they need and what they can put in. Raises Denied, Refused."""
    pool = _round.locked(pool_id)
    if not rules.may_open_pool(by, pool):
        raise Denied
    pool.state = POOL.step("open_pool", pool.state)
    _round.touch(pool, "state")
    _round.record(pool, "open_pool", by=by, at=at)
    _round.tell(
        clerks_below(pool.place),
        "pooling.call",
        pool,
        at=at,
        url=f"/desk/pool_calls/{pool.pk}/",
        except_for=by,
        when=_round.spoken(pool),
    )
    return pool


def clerks_below(place: Place) -> list[Person]:
    """Persons with a standing grant at or below a place."""
    below = within([place.path], "grants__place__path")
    found = Person.objects.filter(below, grants__revoked_at=None, is_active=True)
    return list(found.order_by("id").distinct())


@transaction.atomic
def cancel(*, pool_id: int, reason: str, by: Person, at: datetime) -> Pool:
    """Give the round up before it is published: teams and orders are free again. Raises Denied, Refused."""
    pool = _round.locked(pool_id)
    if not rules.may_cancel(by, pool):
        raise Denied
    pool.state = POOL.step("cancel", pool.state)
    if not reason.strip():
        raise Refused(_("请说一句为什么取消。"))
    pool.reason, pool.ended_at, pool.ended_by = reason.strip()[:100], at, by
    pool.queued_at = pool.queued_by = pool.queued_stamp = None
    Stop.objects.filter(tour__pool=pool).delete()
    Tour.objects.filter(pool=pool).update(is_off=True)
    Need.objects.filter(pool=pool, released_at=None).update(released_at=at, released_by=by)
    _round.touch(pool, "state", "reason", "ended_at", "ended_by", "queued_at", "queued_by", "queued_stamp")
    _round.record(pool, "cancel", by=by, at=at, reason=pool.reason)
    givers = Contribution.objects.filter(pool=pool).select_related("offered_by").order_by("id")
    _round.tell(
        [given.offered_by for given in givers],
        "pooling.cancelled",
        pool,
        at=at,
        url=f"/desk/pool_calls/{pool.pk}/",
        except_for=by,
        reason=pool.reason,
    )
    return pool


@transaction.atomic
def wrap_up(*, pool_id: int, by: Person, at: datetime) -> Pool:
    """The day is over: every stop has ended, or its team handed its tour back. Raises Denied, Refused."""
    pool = _round.locked(pool_id)
    if not rules.may_wrap_up(by, pool):
        raise Denied
    pool.state = POOL.step("wrap_up", pool.state)
    left = Stop.objects.filter(tour__pool=pool, state__in=WAITING).count()
    if left:
        raise Refused(_("还有 {n} 站没有办完，等队长在手机上点完再收。").format(n=left))
    pool.ended_at, pool.ended_by = at, by
    Need.objects.filter(pool=pool, released_at=None).update(released_at=at, released_by=by)
    _round.touch(pool, "state", "ended_at", "ended_by")
    _round.record(pool, "wrap_up", by=by, at=at)
    return pool
