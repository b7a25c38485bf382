"""What tests of the verbs share: a round in any state, and what a verb left behind."""

from datetime import date, datetime

from civic.journal.models import Entry
from civic.notices.models import Notice
from civic.pooling.models import Pool, Stop
from civic.pooling.queries.day import day_of
from civic.pooling.services import driving, editing, publishing, rounds
from tests.moments import SHANGHAI

HAIR = 40
TUESDAY = date(2026, 11, 24)
MORNING = datetime(2026, 11, 24, 8, 30, tzinfo=SHANGHAI)
EVENING = datetime(2026, 11, 24, 18, 30, tzinfo=SHANGHAI)
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)


def fresh(row):
    """The row as the database has it now."""
    return type(row).objects.get(pk=row.pk)


def laid(pool, tour, by):
    """Put every need of the round on the tour by hand, the cheapest place each."""
    for need in pool.needs.filter(released_at=None).order_by("id"):
        editing.move_stop(
            pool_id=pool.pk, need_id=need.pk, tour_id=tour.pk, position=0, stamp=None, by=by, at=MONDAY
        )
    return fresh(pool)


def bring(pool, state, *, by):
    """Take a planned round on, by the services themselves."""
    if state in {"published", "done"}:
        publishing.publish(pool_id=pool.pk, stamp=None, by=by, at=MONDAY)
    if state == "done":
        for tour in pool.tours.order_by("id"):
            drive(tour)
        rounds.wrap_up(pool_id=pool.pk, by=by, at=EVENING)
    return fresh(pool)


def drive(tour):
    """Take a tour on and finish every stop of it."""
    leader = tour.team.leader
    driving.take_on(tour_id=tour.pk, by=leader, at=MONDAY)
    for stop in Stop.objects.filter(tour=tour).order_by("position"):
        driving.arrive(stop_id=stop.pk, by=leader, at=MORNING)
        driving.complete(stop_id=stop.pk, summary="剪完了。", served=9, by=leader, at=MORNING)


def driven(pool):
    """Ids of the needs on the tours, in the order in which they are driven."""
    return {tour: list(day_of(pool).route(tour).stops) for tour in day_of(pool).tours}


def last_line(pool):
    """(what, who) of the newest line in the journal about the round."""
    entry = Entry.objects.filter(about_type="pooling.pool", about_id=pool.pk).order_by("-id").first()
    return entry.what, entry.by


def told(pool):
    """{(person, kind)} of every notice about the round."""
    found = Notice.objects.filter(about_type="pooling.pool", about_id=pool.pk).select_related("person")
    return {(notice.person, notice.kind.removeprefix("pooling.")) for notice in found}


def in_state(pool, state):
    """The round written straight into a state, for tests of what is refused there."""
    ended = state in {"done", "cancelled"}
    by = pool.created_by_id
    Pool.objects.filter(pk=pool.pk).update(
        state=state,
        reason="下雪" if state == "cancelled" else "",
        published_at=MONDAY if state in {"published", "done"} else None,
        published_by=by if state in {"published", "done"} else None,
        ended_at=MONDAY if ended else None,
        ended_by=by if ended else None,
    )
    return fresh(pool)
