"""What others put in: talents, ideas and material, offered by sites, teams and partners, and the answer."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from civic.core.errors import Denied, Refused
from civic.people.models import Person
from civic.pooling import rules
from civic.pooling.models import Contribution, Kind, Tour
from civic.pooling.queries.day import day_of
from civic.pooling.services import _round
from civic.pooling.states import CONTRIBUTION, ContributionState, TourState
from civic.venues.models import Venue
from civic.volunteers.models import Skill, Team

Giver = Venue | Team | str  # a partner is known by its name


@transaction.atomic
def offer(
    *,
    pool_id: int,
    kind: str,
    giver: Giver,
    words: str,
    by: Person,
    at: datetime,
    amount: int | None = None,
    unit: str = "",
    skill_id: int | None = None,
) -> Contribution:
    """Put a talent, an idea or material in, for a site, a team or a partner. Raises Denied, Refused."""
    pool = _round.locked(pool_id)
    if not rules.may_offer(by, pool, giver.place if isinstance(giver, Venue | Team) else None):
        raise Denied
    _round.gathering(pool)
    if not words.strip():
        raise Refused(_("请写明出什么。"))
    given = Contribution.objects.create(
        pool=pool,
        kind=Kind(kind),
        words=words.strip()[:100],
        amount=amount,
        unit=unit.strip()[:6],
        skill=_skill(skill_id) if kind == Kind.TALENT else None,
        offered_at=at,
        offered_by=by,
        **_named(giver),
    )
    _round.record(pool, "offer", by=by, at=at)
    return given


def _named(giver: Giver) -> dict[str, Any]:
    """Who puts it in, by its column."""
    if isinstance(giver, Venue | Team):
        return {"venue" if isinstance(giver, Venue) else "team": giver}
    if not giver.strip():
        raise Refused(_("请写合作单位的名字。"))
    return {"partner": giver.strip()[:40]}


def _skill(skill_id: int | None) -> Skill | None:
    return None if skill_id is None else Skill.objects.filter(pk=skill_id).first()


@transaction.atomic
def take(*, contribution_id: int, tour_id: int | None, by: Person, at: datetime) -> Contribution:
    """Use what is offered; a talent may ride along with a team. Raises Denied, Refused."""
    given = _given(contribution_id)
    if not rules.may_take(by, given):
        raise Denied
    given.state = CONTRIBUTION.step("take", given.state)
    _round.gathering(given.pool)
    given.tour = _seat(given, tour_id)
    return _answer(given, "take", "", by=by, at=at)


@transaction.atomic
def turn_down(*, contribution_id: int, answer: str, by: Person, at: datetime) -> Contribution:
    """Say thank you, not this time. Raises Denied, Refused."""
    given = _given(contribution_id)
    if not rules.may_turn_down(by, given):
        raise Denied
    given.state = CONTRIBUTION.step("turn_down", given.state)
    _round.gathering(given.pool)
    return _answer(given, "turn_down", answer.strip()[:100], by=by, at=at)


@transaction.atomic
def ride(*, contribution_id: int, tour_id: int | None, by: Person, at: datetime) -> Contribution:
    """Put a talent that is used on another team's tour, or on none. Raises Denied, Refused.

    Refused when a stop of the tour it leaves asks for its skill.
    """
    given = _given(contribution_id)
    if not rules.may_edit(by, given.pool):
        raise Denied
    _round.gathering(given.pool)
    if given.state != ContributionState.TAKEN or given.kind != Kind.TALENT:
        raise Refused(_("采用了的人才才能安排跟哪支队。"))
    given.tour = _seat(given, tour_id)
    given.save(update_fields=["tour"])
    if day_of(given.pool).is_broken:
        raise Refused(_("原来那支队的线路要用到这项手艺，先把那一站挪开。"))
    _round.changed(given.pool)
    _round.record(given.pool, "ride", by=by, at=at)
    return given


def _given(contribution_id: int) -> Contribution:
    """The contribution, behind the lock of its round."""
    pool = _round.locked(Contribution.objects.get(pk=contribution_id).pool_id)
    given = Contribution.objects.select_related("offered_by").get(pk=contribution_id)
    given.pool = pool
    return given


def _seat(given: Contribution, tour_id: int | None) -> Tour | None:
    """The tour that a talent rides on."""
    if tour_id is None or given.kind != Kind.TALENT:
        return None
    tour = Tour.objects.filter(pk=tour_id, pool=given.pool, state=TourState.WAITING).first()
    if tour is None:
        raise Refused(_("这支队不在这一轮里，请换一支。"))
    return tour


def _answer(given: Contribution, what: str, words: str, *, by: Person, at: datetime) -> Contribution:
    given.answer, given.answered_at, given.answered_by = words, at, by
    given.save(update_fields=["state", "tour", "answer", "answered_at", "answered_by"])
    _round.changed(given.pool)
    _round.record(given.pool, what, by=by, at=at)
    url = f"/desk/pool_calls/{given.pool_id}/"
    kind = "pooling.taken" if what == "take" else "pooling.turned_down"
    _round.tell(
        [given.offered_by], kind, given.pool, at=at, url=url, except_for=by, who=given.words, reason=words
    )
    return given
