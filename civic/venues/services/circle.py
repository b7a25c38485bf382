"""Counting the 15-minute circle: asked by staff or by the night, done by the worker, read by pages."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs

from civic.access.queries import setting
from civic.core import sheets
from civic.core.errors import Denied, Refused
from civic.journal import services as journal
from civic.places.models import Level, Place
from civic.places.positions import Degrees, Plane, Point, plane, positions
from civic.venues import circle, circle_queries, rules
from civic.venues.models import STATUTORY, CirclePlace, CirclePoint, CircleRun, Venue

if TYPE_CHECKING:
    from civic.people.models import Person

TASK = "venues.count_circle"
STALE = timedelta(hours=1)  # a question that old was lost with its worker


@transaction.atomic
def ask_circle(*, by: "Person", at: datetime) -> CircleRun:
    """Have the worker count anew. Raises Denied; Refused while a count is under way."""
    if not rules.may_count_circle(by):
        raise Denied
    if CircleRun.objects.filter(done_at=None, asked_at__gt=at - STALE).exists():
        raise Refused(_("正在计算，过几分钟再来看。"))
    run = CircleRun.objects.create(asked_at=at, asked_by=by)
    jobs.configure_task(TASK, queue="planning").defer(run_id=run.pk)
    journal.write(at=at, by=by, what="venues.ask_circle", about=run)
    return run


@transaction.atomic
def count_nightly(*, at: datetime) -> CircleRun:
    """What the night asks of itself."""
    return count_circle(run_id=CircleRun.objects.create(asked_at=at).pk, at=at)


@transaction.atomic
def count_circle(*, run_id: int, at: datetime) -> CircleRun:
    """Count once and keep the answer; the rows of earlier counts go, their figures stay."""
    run = CircleRun.objects.select_for_update(of=("self",)).get(pk=run_id)
    if run.done_at is not None:
        return run
    rule = circle.Rule(
        int(setting("circle.urban_metres")),
        int(setting("circle.rural_metres")),
        int(setting("circle.sites_least")),
    )
    villages, sites, households = _ground()
    answers = circle.judged(villages, sites, rule)
    plan = circle.closing(villages, answers, rule)
    CirclePlace.objects.all().delete()
    CirclePoint.objects.all().delete()
    CirclePlace.objects.bulk_create(
        [
            CirclePlace(
                run=run,
                place_id=village.place_id,
                nearness=answer.nearness,
                site_count=answer.site_count,
                nearest_id=answer.nearest,
                metres=answer.metres,
                is_estimated=answer.is_estimated,
                household_count=households.get(village.place_id),
            )
            for village, answer in zip(villages, answers, strict=True)
        ],
        batch_size=1000,
    )
    CirclePoint.objects.bulk_create(
        CirclePoint(run=run, rank=rank, place_id=place_id, closes=closes)
        for rank, (place_id, closes) in enumerate(plan.points, start=1)
    )
    return _finished(run, rule, sites, plan, at)


def _finished(
    run: CircleRun, rule: circle.Rule, sites: list[circle.Site], plan: circle.Closing, at: datetime
) -> CircleRun:
    run.urban_metres, run.rural_metres = rule.urban_metres, rule.rural_metres
    run.sites_least = rule.sites_least
    run.site_count = len(sites)
    run.surveyed_count = sum(not site.point.is_estimated for site in sites)
    run.fewest_count, run.fewest_bound = plan.fewest_count, plan.fewest_bound
    run.done_at = at
    run.save()
    return run


def _ground() -> tuple[list[circle.Village], list[circle.Site], dict[int, int]]:
    """Villages, open sites, and households by village where the file of its station tells them.

    A surveyed station is also where its village is. A site without a survey is where its place is.
    """
    venues = list(Venue.objects.open().order_by("id"))
    surveyed: dict[int, Degrees] = {}
    households = {}
    for venue in venues:
        own = _surveyed(venue)
        if venue.kind in STATUTORY and own:
            surveyed.setdefault(venue.place_id, own)
        if venue.kind in STATUTORY and venue.household_count:
            households[venue.place_id] = venue.household_count
    points, ground = positions(known=surveyed), plane()
    places = Place.objects.valid().filter(level=Level.VILLAGE).order_by("id")
    villages = [circle.Village(pk, kind, points[pk]) for pk, kind in places.values_list("pk", "kind")]
    sites = [
        circle.Site(venue.pk, venue.place_id, _point(venue, points[venue.place_id], ground))
        for venue in venues
    ]
    return villages, sites, households


@transaction.atomic
def export_circle(*, by: "Person", at: datetime) -> bytes:
    """Every village in reach as a workbook, with how it is served and how sure that is."""
    if not rules.may_count_circle(by):
        raise Denied
    rows = circle_queries.export_rows(by)
    journal.write(at=at, by=by, what="venues.export_circle", row_count=len(rows))
    return sheets.write(sheet=_("15 分钟服务圈"), headers=circle_queries.headers(), rows=rows)


def _surveyed(venue: Venue) -> Degrees | None:
    """The coordinates of a site, when they are its own and not those of a seat."""
    if venue.lon is None or venue.lat is None or venue.position_is_rough:
        return None
    return venue.lon, venue.lat


def _point(venue: Venue, at_place: Point, ground: Plane) -> Point:
    own = _surveyed(venue)
    return ground.point(*own) if own else at_place
