"""The moves of a fair, from the plan to the outcome."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.core.errors import Denied, Refused
from civic.fairs import rules
from civic.fairs.models import Fair, Siting
from civic.fairs.services._guards import in_words, locked_fair, span_between, standing, tell_team
from civic.fairs.states import AHEAD, LIFE, FairState
from civic.journal import services as journal
from civic.people.models import Person
from civic.places.models import Place
from civic.venues.models import STATUTORY, Venue

EARLY = timedelta(hours=2)  # stalls are put up before the first visitor comes


@dataclass(frozen=True, slots=True)
class Plan:
    """What is planned: where, what it is called, from when to when."""

    place_id: int
    title: str
    starts_at: datetime
    ends_at: datetime
    spot: str = ""
    at_site: bool = True  # in or in front of the practice site of the place, when there is one
    fixed_day_id: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is told when a fair is over, beside the people counted at the stalls."""

    leaflet_count: int = 0
    quiz_count: int = 0
    note: str = ""


@transaction.atomic
def plan_fair(*, plan: Plan, by: Person, at: datetime, siting: Siting | None = None) -> Fair:
    """Put a fair on the calendar, not yet shown to anybody outside.

    Raises Denied out of reach; Refused for a span in the past or over midnight, and when the place has
    another fair then.
    """
    place = Place.objects.get(pk=plan.place_id)
    if not rules.may_plan(by, place):
        raise Denied
    span = span_between(plan.starts_at, plan.ends_at, at=at)
    with in_words():
        fair = Fair.objects.create(
            place=place,
            venue=_site(place) if plan.at_site else None,
            fixed_day_id=plan.fixed_day_id,
            siting=siting,
            title=plan.title,
            spot=plan.spot,
            span=span,
            planned_at=at,
            planned_by=by,
        )
    journal.write(at=at, by=by, what="fairs.plan", about=fair, place_path=place.path, name=fair.title)
    return fair


def _site(place: Place) -> Venue | None:
    """The practice site at exactly this place; the statutory one comes first."""
    found = list(Venue.objects.filter(place=place, closed_on=None).order_by("id"))
    return min(found, key=lambda venue: (venue.kind not in STATUTORY, venue.pk), default=None)


@transaction.atomic
def edit_fair(*, fair_id: int, plan: Plan, by: Person, at: datetime) -> Fair:
    """Move or rename a fair to come; its stalls move along, and their teams are told when it was public.

    Raises Denied; Refused once it has begun, and when the place or one of the stalls is taken then.
    """
    fair = locked_fair(fair_id)
    place = Place.objects.get(pk=plan.place_id)
    if not rules.may_publish(by, fair) or not rules.may_plan(by, place):
        raise Denied
    if fair.state not in AHEAD:
        raise Refused(_("集市已经开始或者结束，不能再改。"))
    before = (fair.place_id, fair.span)
    fair.place, fair.venue = place, _site(place) if plan.at_site else None
    fair.title, fair.spot = plan.title, plan.spot
    fair.span = span_between(plan.starts_at, plan.ends_at, at=at)
    with in_words():
        fair.save(update_fields=["place", "venue", "title", "spot", "span"])
        fair.sessions.filter(left_at=None).update(span=fair.span)
    if fair.state == FairState.PUBLISHED and before != (fair.place_id, fair.span):
        for session in standing(fair):
            tell_team(session, "fairs.moved", by=by, at=at)
    journal.write(at=at, by=by, what="fairs.edit", about=fair, place_path=place.path, name=fair.title)
    return fair


@transaction.atomic
def publish(*, fair_id: int, by: Person, at: datetime) -> Fair:
    """Show the fair to residents and tell the teams of its stalls.

    Raises Denied; Refused without a stall, when its time has passed, and when it is public already.
    """
    fair = locked_fair(fair_id)
    if not rules.may_publish(by, fair):
        raise Denied
    fair.state = LIFE.step("publish", fair.state)
    sessions = standing(fair)
    if not sessions:
        raise Refused(_("还没有摊位，先加摊位再发布。"))
    if fair.span.upper <= at:
        raise Refused(_("这场集市的时间已经过去，请先改时间。"))
    fair.published_at, fair.published_by = at, by
    fair.save(update_fields=["state", "published_at", "published_by"])
    for session in sessions:
        tell_team(session, "fairs.published", by=by, at=at)
    journal.write(at=at, by=by, what="fairs.publish", about=fair, place_path=fair.place.path)
    return fair


@transaction.atomic
def start(*, fair_id: int, by: Person, at: datetime) -> Fair:
    """The fair begins. Raises Denied; Refused more than two hours early, and on another day."""
    fair = locked_fair(fair_id)
    if not rules.may_start(by, fair):
        raise Denied
    fair.state = LIFE.step("start", fair.state)
    if at < fair.span.lower - EARLY:
        raise Refused(_("还没到时间，开始前两小时内再按。"))
    if timezone.localdate(at) != timezone.localdate(fair.span.lower):
        raise Refused(_("不是当天了。办过的请直接收摊，没办的请取消。"))
    fair.started_at, fair.started_by = at, by
    fair.save(update_fields=["state", "started_at", "started_by"])
    journal.write(at=at, by=by, what="fairs.start", about=fair, place_path=fair.place.path)
    return fair


@transaction.atomic
def close(*, fair_id: int, outcome: Outcome, by: Person, at: datetime) -> Fair:
    """The fair is over; the counts of its stalls stand from now on.

    Raises Denied; Refused before it has begun. A fair that nobody pressed "start" for may be closed too.
    """
    fair = locked_fair(fair_id)
    if not rules.may_close(by, fair):
        raise Denied
    fair.state = LIFE.step("close", fair.state)
    if at < fair.span.lower and fair.started_at is None:
        raise Refused(_("集市还没开始，不能收摊。不办了请取消。"))
    fair.leaflet_count, fair.quiz_count = outcome.leaflet_count, outcome.quiz_count
    fair.note, fair.closed_at, fair.closed_by = outcome.note, at, by
    fair.save(update_fields=["state", "leaflet_count", "quiz_count", "note", "closed_at", "closed_by"])
    journal.write(
        at=at,
        by=by,
        what="fairs.close",
        about=fair,
        place_path=fair.place.path,
        count=sum(session.served_count for session in standing(fair)),
    )
    return fair


@transaction.atomic
def cancel(*, fair_id: int, reason: str, by: Person, at: datetime) -> Fair:
    """Call the fair off: its stalls are free again, and their teams are told when it was public.

    Raises Denied; Refused without a reason, and once it has begun.
    """
    fair = locked_fair(fair_id)
    if not rules.may_cancel(by, fair):
        raise Denied
    was = fair.state
    fair.state = LIFE.step("cancel", fair.state)
    if not reason.strip():
        raise Refused(_("请写为什么取消，居民和队伍会看到。"))
    fair.reason, fair.cancelled_at, fair.cancelled_by = reason.strip(), at, by
    fair.save(update_fields=["state", "reason", "cancelled_at", "cancelled_by"])
    for session in standing(fair):
        if was == FairState.PUBLISHED:
            tell_team(session, "fairs.cancelled", by=by, at=at, reason=fair.reason)
    fair.sessions.filter(left_at=None).update(left_at=at, left_by=by)
    journal.write(
        at=at, by=by, what="fairs.cancel", about=fair, place_path=fair.place.path, reason=fair.reason
    )
    return fair
