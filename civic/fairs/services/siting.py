"""「在哪儿办集市」: the question, its answer by the worker, and the fairs that come of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs

from civic.core.errors import Denied, Refused
from civic.fairs import rules
from civic.fairs.models import Fair, Siting, SitingPlace
from civic.fairs.services.moving import Plan, plan_fair
from civic.journal import services as journal
from civic.people.models import Person
from civic.places.models import Level, Place
from civic.places.positions import Point, positions
from civic.venues.models import STATUTORY, Venue

TASK = "fairs.solve_siting"
MOST_FAIRS = 60
PATIENCE = timedelta(minutes=3)  # after which somebody should look why there is no answer


@dataclass(frozen=True, slots=True)
class Ground:
    """The villages of an area in a fixed order: where they lie and how much each weighs."""

    villages: list[Place]
    points: list[Point]
    weights: list[int]
    counts_people: bool
    unsized_count: int


# --- Asking.


@transaction.atomic
def ask_siting(*, place_id: int, fair_count: int, radius_m: int, by: Person, at: datetime) -> Siting:
    """Ask the worker where to hold `fair_count` fairs so that most people have one within `radius_m`.

    Raises Denied out of reach; Refused when the area has fewer villages than fairs.
    """
    place = Place.objects.get(pk=place_id)
    if not rules.may_plan(by, place):
        raise Denied
    villages = _villages(place).count()
    if not 1 <= fair_count <= min(villages, MOST_FAIRS):
        raise Refused(
            _("{place}有 {count} 个村社区，场数请写 1 到 {most}。").format(
                place=place.name, count=villages, most=max(1, min(villages, MOST_FAIRS))
            )
        )
    siting = Siting.objects.create(
        place=place, fair_count=fair_count, radius_m=radius_m, asked_at=at, asked_by=by
    )
    jobs.configure_task(TASK, queue="planning").defer(siting_id=siting.pk)
    journal.write(
        at=at, by=by, what="fairs.ask_siting", about=siting, place_path=place.path, count=fair_count
    )
    return siting


def _villages(place: Place) -> Any:
    return Place.objects.valid().under(place.path).filter(level=Level.VILLAGE).in_order()


def is_late(siting: Siting, at: datetime) -> bool:
    """Whether the answer should long have come: the worker is down, or the question is hard."""
    return siting.solved_at is None and at >= siting.asked_at + PATIENCE


# --- Answering.


@transaction.atomic
def solve_siting(*, siting_id: int, at: datetime) -> Siting:
    """Compute the proposal once; a question that cannot be answered keeps a sentence about why."""
    siting = Siting.objects.select_for_update(of=("self",)).select_related("place").get(pk=siting_id)
    if siting.solved_at is not None:
        return siting
    siting.solved_at = at
    try:
        _answer(siting, _ground(siting.place))
    except ValueError:
        siting.problem = _("这片地方的资料算不出方案，请换一片地方或者少办几场。")
    siting.save()
    return siting


def _ground(place: Place) -> Ground:
    """Villages with positions and people: surveyed sites give the position, registered people the weight.

    A village without registered people weighs as much as the median of the others; when none has any, every
    village counts as one.
    """
    villages = list(_villages(place))
    sites = Venue.objects.filter(place__in=villages, closed_on=None, kind__in=STATUTORY).order_by("id")
    surveyed, people = {}, {}
    for site in sites:
        if site.lon is not None and site.lat is not None and not site.position_is_rough:
            surveyed[site.place_id] = (site.lon, site.lat)
        if site.person_count:
            people[site.place_id] = site.person_count
    points = positions([village.pk for village in villages], known=surveyed)
    usual = round(median(people.values())) if people else 1
    return Ground(
        villages=villages,
        points=[points[village.pk] for village in villages],
        weights=[people.get(village.pk, usual) for village in villages],
        counts_people=bool(people),
        unsized_count=len(villages) - len(people) if people else 0,
    )


def _answer(siting: Siting, ground: Ground) -> None:
    """Choose the places, and write down what they cover, the bound, and what the usual way would cover."""
    from civic.matching import cover  # noqa: PLC0415 (loaded by the worker only: a web process stays small)

    where = [(point.x_km, point.y_km) for point in ground.points]
    reach = cover.reach(where, where, siting.radius_m / 1000)
    found = cover.best(reach, ground.weights, siting.fair_count)
    near = reach.tocsc()
    reached = [near.indices[near.indptr[site] : near.indptr[site + 1]].tolist() for site in range(len(where))]
    covered = _write(siting, ground, found.chosen.tolist(), reached)
    siting.counts_people, siting.unsized_count = ground.counts_people, ground.unsized_count
    siting.village_count, siting.weight_total = len(ground.villages), sum(ground.weights)
    siting.estimated_count = sum(point.is_estimated for point in ground.points)
    siting.reached_count = len(covered)
    siting.weight_covered = found.reached
    siting.weight_bound = min(siting.weight_total, found.bound)
    siting.weight_largest = _largest(ground, reached, siting.fair_count)


def _largest(ground: Ground, reached: list[list[int]], fair_count: int) -> int:
    """What the usual way covers: the villages with most people, or the first in the national order."""
    ranked = sorted(range(len(ground.weights)), key=lambda index: -ground.weights[index])
    covered = {one for site in ranked[:fair_count] for one in reached[site]}
    return sum(ground.weights[one] for one in covered)


def _write(siting: Siting, ground: Ground, chosen: list[int], reached: list[list[int]]) -> set[int]:
    """The chosen places in their order; returns the numbers of the villages reached."""
    covered: set[int] = set()
    for rank, site in enumerate(chosen, start=1):
        fresh = set(reached[site]) - covered
        row = SitingPlace.objects.create(
            siting=siting,
            rank=rank,
            place=ground.villages[site],
            weight_added=sum(ground.weights[one] for one in fresh),
            is_estimated=ground.points[site].is_estimated,
        )
        row.reached.set([ground.villages[one] for one in reached[site]])
        covered |= fresh
    return covered


# --- Taking over.


@transaction.atomic
def adopt_siting(
    *, siting_id: int, title: str, starts_at: datetime, ends_at: datetime, by: Person, at: datetime
) -> list[Fair]:
    """One fair at every chosen place, all at the same hours, none of them public yet.

    All or none. Raises Denied; Refused while there is no answer, when it was taken over already, and when one
    of the places has a fair then.
    """
    siting = Siting.objects.select_for_update(of=("self",)).select_related("place").get(pk=siting_id)
    if not rules.may_adopt(by, siting):
        raise Denied
    if siting.solved_at is None or siting.problem:
        raise Refused(_("方案还没有算出来。"))
    if siting.adopted_at is not None:
        raise Refused(_("这个方案已经排过了。"))
    made = []
    for row in siting.chosen.select_related("place").order_by("rank"):
        plan = Plan(place_id=row.place_id, title=title, starts_at=starts_at, ends_at=ends_at)
        try:
            made.append(plan_fair(plan=plan, by=by, at=at, siting=siting))
        except Refused as refusal:
            raise Refused(_("{place}：{why}").format(place=row.place.name, why=str(refusal))) from None
    siting.adopted_at, siting.adopted_by = at, by
    siting.save(update_fields=["adopted_at", "adopted_by"])
    journal.write(
        at=at, by=by, what="fairs.adopt_siting", about=siting, place_path=siting.place.path, count=len(made)
    )
    return made
