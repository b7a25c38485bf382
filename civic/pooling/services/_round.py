"""What every change of a round shares: lock it, look at its stamp, leave a line, lay out a tour."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from civic.core.errors import Refused
from civic.journal import services as journal
from civic.matching.tours_model import Route
from civic.notices import services as notices
from civic.people.models import Person
from civic.pooling.models import How, Need, Pool, Stop, Tour
from civic.pooling.queries.day import Day
from civic.pooling.states import GATHERING
from civic.pooling.valuing import clock


def locked(pool_id: int) -> Pool:
    """The round, locked before its state is read."""
    return Pool.objects.select_for_update(of=("self",)).select_related("place").get(pk=pool_id)


def same(pool: Pool, stamp: int | None) -> None:
    """Refuse a change that was thought out on another state of the round than the present one."""
    if stamp is not None and stamp != pool.stamp:
        raise Refused(_("刚才有人改过这一轮，请看一眼最新的再办。"))


def gathering(pool: Pool) -> None:
    """Refuse a change of what is gathered once the round is published or over."""
    if pool.state not in GATHERING:
        raise Refused(_("这一轮现在不能改：还没开始征集，或者已经发布、结束。"))


def touch(pool: Pool, *fields: str) -> None:
    """Write the round; its stamp says that it is no longer what it was."""
    pool.stamp += 1
    pool.save(update_fields=["stamp", *fields])


def changed(pool: Pool) -> None:
    """Write that something in the round changed: what was proven of its tours is proven no more."""
    pool.value, pool.is_proven = None, False
    touch(pool, "value", "is_proven")


def record(pool: Pool, what: str, *, by: Person | None, at: datetime, **details: Any) -> None:
    """Leave a line in the journal."""
    journal.write(at=at, by=by, what=f"pooling.{what}", about=pool, place_path=pool.place.path, **details)


def tell(
    people: Iterable[Person],
    kind: str,
    pool: Pool,
    *,
    at: datetime,
    url: str,
    except_for: Person | None = None,
    **params: Any,
) -> None:
    """Queue a notice about the round to each of `people` once, never to whoever caused it."""
    seen = {except_for.pk} if except_for else set()
    for person in people:
        if person.pk not in seen:
            seen.add(person.pk)
            notices.queue(to=person, kind=kind, about=pool, at=at, url=url, item=pool.title, **params)


def spoken(pool: Pool, tour_time: Any = None) -> str:
    """The round's day as a message says it, with a time when one is given: 11月25日 09:40."""
    day = f"{pool.on.month}月{pool.on.day}日"
    return f"{day} {tour_time:%H:%M}" if tour_time else day


def moment(pool: Pool, tour_time: Any) -> datetime:
    """A time of the round's day as an instant of the city."""
    return datetime.combine(pool.on, tour_time, timezone.get_current_timezone())


def lay(day: Day, routes: Iterable[Route], *, pinned: Iterable[int] = ()) -> None:
    """Write these routes over the tours as they stand; pins stay, and `pinned` needs get one.

    Needs that stand on a route are marked as met by a tour. Stops are drafts until the round is published,
    so those of a changed tour are written anew.
    """
    routes = list(routes)
    pins = {pin.stop for pin in day.pins} | set(pinned)
    Stop.objects.filter(tour__in=[route.crew for route in routes]).delete()
    Stop.objects.filter(need__in=[need for route in routes for need in route.stops]).delete()
    fresh: list[Stop] = []
    for route in routes:
        tour = day.tours[route.crew]  # type: ignore[index]
        _drive(tour, route)
        fresh += _stops(day, tour, route, pins)
    Stop.objects.bulk_create(fresh)
    Need.objects.filter(pk__in=[stop.need_id for stop in fresh]).update(
        how=How.TOUR, why="", advice="", single=None
    )


def _drive(tour: Tour, route: Route) -> None:
    tour.departs = clock(route.departs) if route.visits else None
    tour.returns = clock(route.returns) if route.visits else None
    tour.drive_minutes = route.drive_minutes
    tour.save(update_fields=["departs", "returns", "drive_minutes"])


def _stops(day: Day, tour: Tour, route: Route, pins: set[Any]) -> Iterable[Stop]:
    table, before = day.problem.minutes, day.problem.crew(tour.pk).depot
    for position, visit in enumerate(route.visits, start=1):
        here = day.problem.place(visit.stop)
        yield Stop(
            tour=tour,
            need=day.needs[visit.stop],  # type: ignore[index]
            position=position,
            arrives=clock(visit.arrives),
            starts=clock(visit.starts),
            leaves=clock(visit.leaves),
            drive_minutes=int(table[before][here]),
            is_pinned=visit.stop in pins,
        )
        before = here
