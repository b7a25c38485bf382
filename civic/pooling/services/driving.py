"""The team on the road: the leader says yes or no to the tour, then marks each stop; orders follow."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from civic.access.queries import setting
from civic.core.errors import Denied, Refused
from civic.orders.models import Order
from civic.orders.services import dispatching, serving
from civic.orders.states import OrderState
from civic.people.models import Person
from civic.pooling import rules
from civic.pooling.models import How, Need, Stop, Tour, Why
from civic.pooling.services import _round
from civic.pooling.states import STOP, TOUR, PoolState, StopState

S = OrderState
FOUR_STEPS = 4  # without 配单 of its own


# --- The tour.


@transaction.atomic
def take_on(*, tour_id: int, by: Person, at: datetime) -> Tour:
    """The leader says yes: every order on the tour is accepted and gets its planned time.

    An order that went another way meanwhile is left alone. Raises Denied, Refused.
    """
    tour = _tour(tour_id)
    if not rules.may_take_on(by, tour):
        raise Denied
    tour.state = TOUR.step("take_on", tour.state)
    _on_the_road(tour)
    tour.answered_at, tour.answered_by = at, by
    tour.save(update_fields=["state", "answered_at", "answered_by"])
    _round.record(tour.pool, "take_on", by=by, at=at, team=tour.team.name)
    for stop in _stops(tour):
        if stop.need.order_id is not None:
            _accept(stop, by=by, at=at)
    return tour


def _accept(stop: Stop, *, by: Person, at: datetime) -> None:
    order = _order(stop, S.DISPATCHED)
    if order is None:
        return
    dispatching.accept(order_id=order.pk, by=by, at=at)
    if setting("orders.steps") != FOUR_STEPS:
        carried = (stop.need.item.materials or _("随车带")).strip()
        serving.provision(order_id=order.pk, materials=carried[:200], by=by, at=at)
    starts = max(_round.moment(stop.tour.pool, stop.starts), at)
    ends = max(_round.moment(stop.tour.pool, stop.leaves), starts + timedelta(minutes=stop.need.minutes))
    serving.schedule(order_id=order.pk, starts_at=starts, ends_at=ends, by=by, at=at)


@transaction.atomic
def hand_back(*, tour_id: int, reason: str, by: Person, at: datetime) -> Tour:
    """The leader says no: orders go back to the desk; nothing else follows. Raises Denied, Refused."""
    tour = _tour(tour_id)
    if not rules.may_hand_back(by, tour):
        raise Denied
    tour.state = TOUR.step("hand_back", tour.state)
    _on_the_road(tour)
    if not reason.strip():
        raise Refused(_("请说一句为什么去不了，好另外安排。"))
    tour.reason, tour.answered_at, tour.answered_by = reason.strip()[:100], at, by
    tour.save(update_fields=["state", "reason", "answered_at", "answered_by"])
    for stop in _stops(tour):
        order = _order(stop, S.DISPATCHED)
        if order is not None:
            dispatching.decline(order_id=order.pk, reason=tour.reason, by=by, at=at)
    Need.objects.filter(stops__tour=tour).update(
        how=How.NONE, why=Why.HANDED_BACK, released_at=at, released_by=by
    )
    tour.stops.all().delete()
    _round.record(tour.pool, "hand_back", by=by, at=at, team=tour.team.name, reason=tour.reason)
    _tell_desk(tour, "pooling.handed_back", by=by, at=at, reason=tour.reason)
    return tour


# --- One stop.


@transaction.atomic
def arrive(*, stop_id: int, by: Person, at: datetime) -> Stop:
    """The team is there; the service of the order, if there is one, begins. Raises Denied, Refused."""
    stop = _stop(stop_id)
    if not rules.may_arrive(by, stop):
        raise Denied
    stop.state = STOP.step("arrive", stop.state)
    _on_the_road(stop.tour, accepted=True)
    stop.arrived_at, stop.arrived_by = at, by
    stop.save(update_fields=["state", "arrived_at", "arrived_by"])
    _round.record(stop.tour.pool, "arrive", by=by, at=at, number=stop.position)
    order = _order(stop, S.SCHEDULED)
    if order is not None:
        serving.start(order_id=order.pk, by=by, at=at)
    return stop


@transaction.atomic
def complete(*, stop_id: int, summary: str, served: int, by: Person, at: datetime) -> Stop:
    """Done: what was done, for how many; the order, if there is one, is served. Raises Denied, Refused."""
    stop = _stop(stop_id)
    if not rules.may_complete(by, stop):
        raise Denied
    stop.state = STOP.step("complete", stop.state)
    if not summary.strip():
        raise Refused(_("请用两句话说说做了什么。"))
    if not 0 <= served <= 20_000:
        raise Refused(_("服务了多少人，请写 0 到 20000 之间的数。"))
    stop.note, stop.served, stop.ended_at, stop.ended_by = summary.strip()[:200], served, at, by
    stop.save(update_fields=["state", "note", "served", "ended_at", "ended_by"])
    _round.record(stop.tour.pool, "complete", by=by, at=at, number=stop.position, count=served)
    order = _order(stop, S.IN_SERVICE)
    if order is not None:
        serving.finish(order_id=order.pk, summary=stop.note, by=by, at=at)
    return stop


@transaction.atomic
def skip(*, stop_id: int, reason: str, by: Person, at: datetime) -> Stop:
    """It came to nothing: the desk is told and finds another way for the order. Raises Denied, Refused."""
    stop = _stop(stop_id)
    if not rules.may_skip(by, stop):
        raise Denied
    stop.state = STOP.step("skip", stop.state)
    _on_the_road(stop.tour, accepted=True)
    if not reason.strip():
        raise Refused(_("请说一句为什么没办成，好另外安排。"))
    stop.note, stop.ended_at, stop.ended_by = reason.strip()[:200], at, by
    stop.save(update_fields=["state", "note", "ended_at", "ended_by"])
    Need.objects.filter(pk=stop.need_id).update(released_at=at, released_by=by)
    _round.record(stop.tour.pool, "skip", by=by, at=at, number=stop.position)
    number = stop.need.order.short_number if stop.need.order else stop.need.place.name
    _tell_desk(stop.tour, "pooling.skipped", by=by, at=at, reason=stop.note, number=number)
    return stop


# --- Their parts.


def _tour(tour_id: int) -> Tour:
    """The tour, locked behind its round."""
    pool = _round.locked(Tour.objects.get(pk=tour_id).pool_id)
    tour = Tour.objects.select_for_update(of=("self",)).select_related("team__leader").get(pk=tour_id)
    tour.pool = pool
    return tour


def _stop(stop_id: int) -> Stop:
    """The stop, locked behind its tour."""
    tour = _tour(Stop.objects.get(pk=stop_id).tour_id)
    stop = Stop.objects.select_related("need__order", "need__item", "need__place").get(pk=stop_id)
    stop.tour = tour
    return stop


def _stops(tour: Tour) -> list[Stop]:
    found = (
        Stop.objects.filter(tour=tour, state=StopState.AHEAD)
        .select_related("need__item")
        .order_by("position")
    )
    stops = list(found)
    for stop in stops:
        stop.tour = tour
    return stops


def _on_the_road(tour: Tour, *, accepted: bool = False) -> None:
    """Refuse what belongs to a published tour, one that was accepted perhaps, while it is none."""
    if tour.pool.state != PoolState.PUBLISHED:
        raise Refused(_("这一轮还没有发布，或者已经结束。"))
    if accepted and tour.answered_at is None:
        raise Refused(_("请先接下这一趟。"))


def _order(stop: Stop, state: str) -> Order | None:
    """The order of the stop, if it is in that state and in the hands of this very team."""
    if stop.need.order_id is None:
        return None
    order = Order.objects.select_related("current").get(pk=stop.need.order_id)
    held = order.current is not None and order.current.team_id == stop.tour.team_id
    return order if held and order.state == state else None


def _tell_desk(tour: Tour, kind: str, *, by: Person, at: datetime, reason: str, number: str = "") -> None:
    """Whoever published the round learns of it."""
    publisher = tour.pool.published_by
    assert publisher is not None  # pooling_pool_published_is_signed
    _round.tell(
        [publisher],
        kind,
        tour.pool,
        at=at,
        url=f"/desk/pools/{tour.pool_id}/tours/",
        except_for=by,
        who=tour.team.name,
        reason=reason,
        number=number,
    )
