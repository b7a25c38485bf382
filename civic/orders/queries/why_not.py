"""「为什么不是……？」: anybody by name, with her card, or with what keeps her from being a candidate."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from civic.access.queries import setting
from civic.core import words
from civic.orders.candidates import TEAM, VENUE, VOLUNTEER
from civic.orders.matching.network import LISTED
from civic.orders.matching.parts import MOST_KM
from civic.orders.models import Dispatch, Order, Ruling
from civic.orders.models.matching import RulingKind
from civic.orders.queries.cards import Advice, Card, minutes, rulings_of, standing
from civic.orders.states import DispatchState
from civic.orders.targets import Target
from civic.places.models import within
from civic.places.positions import positions
from civic.venues.models import Venue
from civic.volunteers.models import Team, Volunteer

MOST = 5  # of each kind; a name that fits more is typed more exactly
A_WEEK = timedelta(days=7)
SAID_NO = (DispatchState.DECLINED, DispatchState.LAPSED)


@dataclass(frozen=True, slots=True)
class Answer:
    """One team, site or volunteer: her card when she is a candidate, else what stands in the way."""

    target: str
    name: str
    place: str
    card: Card | None
    obstacles: tuple[str, ...] = ()


def answers(order: Order, text: str, advice: Advice, now: datetime) -> list[Answer]:
    """Everybody of the county whose name holds the words, each with the answer; none for no words."""
    asked = words.fold(text)[:40]
    if not asked:
        return []
    history = _history(order)
    found = [*_teams(order, asked, history), *_volunteers(order, asked, history, now)]
    beyond = _beyond(advice)
    return [
        Answer(str(target), name, place, card, () if card else tuple(told or [beyond]))
        for target, name, place, told in found
        for card in [advice.card(str(target))]
    ]


def _beyond(advice: Advice) -> str:
    """What is true of everybody who fits and is not on the list.

    The list holds the LISTED nearest to the optimum: whoever comes after costs no less than the last of them.
    """
    if len(advice.cards) < LISTED:
        return _("够格，可是那半天已经有安排，或者刚登记，下一轮才算进来")
    more = max((one.price for one in advice.cards if not one.is_exact), default=0)
    return _("够格，排在前 {n} 名以后，派给这一家，全网至少多花 {more} 分").format(
        n=LISTED, more=minutes(more)
    )


@dataclass(frozen=True, slots=True)
class Ruled:
    """A ruling with the name of whom it is about, and what it costs in minutes (empty when unknown)."""

    ruling: Ruling
    name: str
    more: str


def told_of(rulings: Sequence[Ruling]) -> list[Ruled]:
    """The rulings as a list shows them."""
    names = names_of({one.target for one in rulings})
    return [
        Ruled(one, names.get(one.target, one.target), minutes(one.price) if one.price else "")
        for one in rulings
    ]


def names_of(targets: Iterable[str]) -> dict[str, str]:
    """Target → the name people know."""
    wanted = [Target.read(text) for text in targets]
    found: dict[str, str] = {}
    for kind, rows in (
        (TEAM, Team.objects.values_list("pk", "name")),
        (VENUE, Venue.objects.values_list("pk", "name")),
        (VOLUNTEER, Volunteer.objects.values_list("pk", "person__name")),
    ):
        keys = [one.id for one in wanted if one.kind == kind]
        if keys:
            found |= {f"{kind}:{pk}": name for pk, name in rows.filter(pk__in=keys).order_by("pk")}
    return found


def _history(order: Order) -> dict[str, str]:
    """Target → what keeps it from this order: a ruling, or that it was asked before."""
    told = {}
    for one in Dispatch.objects.filter(order=order, state__in=SAID_NO).order_by("pk"):
        kind = TEAM if one.team_id else VENUE if one.venue_id else VOLUNTEER
        told[f"{kind}:{one.team_id or one.venue_id or one.volunteer_id}"] = _("这一单问过，不再问第二次")
    for target, ruling in standing(rulings_of(order)).items():
        if ruling.kind == RulingKind.FORBID:
            told[target] = _("派单员定了不派：{reason}").format(reason=ruling.reason)
    return told


Found = tuple[Target, str, str, list[str]]


def _teams(order: Order, asked: str, history: dict[str, str]) -> list[Found]:
    county = _county(order)
    teams = Team.objects.filter(Q(name__icontains=asked)).filter(
        within([county], "place__path") | Q(is_mobile=True) | Q(place__in=order.place.ancestor_ids)
    )
    rows = teams.select_related("place").prefetch_related("skills").order_by("closed_on", "name", "pk")
    return [
        (
            target := Target(TEAM, team.pk),
            team.name,
            team.place.name,
            _told(
                (history.get(str(target), ""), str(target) in history),
                (_("已经撤了"), team.closed_on is not None),
                (_("没有登记「{skill}」这门手艺"), _lacks(order, [one.pk for one in team.skills.all()])),
                (_("不参加智能派单"), not team.matching),
                order=order,
            ),
        )
        for team in rows[:MOST]
    ]


def _volunteers(order: Order, asked: str, history: dict[str, str], now: datetime) -> list[Found]:
    rows = (
        Volunteer.objects.filter(within([_county(order)], "home__path"), person__name__icontains=asked)
        .filter(person__is_active=True, left_at=None)
        .exclude(person=order.resident_id)
        .select_related("person", "home")
        .prefetch_related("skills")
        .order_by("person__name", "pk")[:MOST]
    )
    offers = _offers([one.pk for one in rows], now)
    far = _far(order, rows)
    most = setting("matching.offers_per_week")
    return [
        (
            target := Target(VOLUNTEER, one.pk),
            one.person.name,
            one.home.name,
            _told(
                (history.get(str(target), ""), str(target) in history),
                (_("没有登记「{skill}」这门手艺"), _lacks(order, [skill.pk for skill in one.skills.all()])),
                (_("不参加智能派单"), not one.matching),
                (_("离得超过 {km} 公里").format(km=int(MOST_KM)), one.pk in far),
                (_("正等对方答复另一单"), offers[one.pk][0]),
                (_("一周里问过 {n} 次，满了").format(n=most), offers[one.pk][1] >= most),
                order=order,
            ),
        )
        for one in rows
    ]


def _far(order: Order, volunteers: Iterable[Volunteer]) -> set[int]:
    """Those who live farther from the order than the engine sends anybody but a team."""
    points = positions({order.place_id, *(one.home_id for one in volunteers)})
    there = points[order.place_id]
    return {one.pk for one in volunteers if points[one.home_id].km_to(there) > MOST_KM}


def _offers(volunteers: Sequence[int], now: datetime) -> dict[int, tuple[bool, int]]:
    """Volunteer → whether an invitation waits for her, and how many she got within a week."""
    found = dict.fromkeys(volunteers, (False, 0))
    sent = Dispatch.objects.filter(volunteer__in=volunteers).filter(
        Q(dispatched_at__gt=now - A_WEEK) | Q(state=DispatchState.OFFERED)
    )
    for one in sent.order_by("pk"):
        waits, count = found[one.volunteer_id or 0]
        found[one.volunteer_id or 0] = (waits or one.state == DispatchState.OFFERED, count + 1)
    return found


def _told(*pairs: tuple[str, bool], order: Order) -> list[str]:
    """The words whose condition holds."""
    skill = order.item.skill.name if order.item else ""
    return [text.format(skill=skill) for text, holds in pairs if holds]


def _lacks(order: Order, skills: Sequence[int]) -> bool:
    return order.item is not None and order.item.skill_id not in skills


def _county(order: Order) -> str:
    return "".join(f"{part}/" for part in order.place.path.split("/")[:2])
