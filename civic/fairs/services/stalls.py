"""Stalls, which fairs they stand at, who stands there, and the count of people served."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from civic.core.errors import Denied, Refused
from civic.fairs import rules
from civic.fairs.models import STEPS, Fair, Stall, StallKind, StallSession, Tap
from civic.fairs.services._guards import in_words, locked_fair, spoken, tell_team, where
from civic.fairs.states import AHEAD, COUNTED, FairState
from civic.journal import services as journal
from civic.notices import services as notices
from civic.people.models import Person
from civic.places.models import Place
from civic.volunteers.models import Volunteer
from civic.volunteers.states import MembershipState

EARLY = timedelta(hours=2)  # a neighbour may be served while the stalls are put up


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a stall is: a convenience service, and the team or the partner who offers it."""

    kind: str
    title: str
    offer: str = ""
    team_id: int | None = None
    partner: str = ""


# --- Stalls.


@transaction.atomic
def open_stall(*, place_id: int, sheet: Sheet, by: Person, at: datetime) -> Stall:
    """A stall at a place. Raises Denied; Refused unless exactly one of team and partner offers it."""
    place = Place.objects.get(pk=place_id)
    if not rules.may_plan(by, place):
        raise Denied
    _demand_one_host(sheet)
    with in_words():
        stall = Stall.objects.create(
            place=place,
            kind=sheet.kind,
            title=sheet.title,
            offer=sheet.offer,
            team_id=sheet.team_id,
            partner=sheet.partner,
            opened_at=at,
            opened_by=by,
        )
    journal.write(at=at, by=by, what="fairs.open_stall", about=stall, place_path=place.path, name=stall.title)
    return stall


@transaction.atomic
def edit_stall(*, stall_id: int, sheet: Sheet, by: Person, at: datetime) -> Stall:
    """Describe a stall anew. Kind and host stay as they are while it is promised to a fair to come.

    Raises Denied, Refused.
    """
    stall = _locked_stall(stall_id, by=by)
    _demand_one_host(sheet)
    host = (sheet.kind, sheet.team_id, sheet.partner)
    if host != (stall.kind, stall.team_id, stall.partner) and _is_promised(stall):
        raise Refused(_("摊位已经排进集市，种类和出摊的队伍先不能改。"))
    stall.kind, stall.title, stall.offer = sheet.kind, sheet.title, sheet.offer
    stall.team_id, stall.partner = sheet.team_id, sheet.partner
    with in_words():
        stall.save(update_fields=["kind", "title", "offer", "team", "partner"])
    journal.write(
        at=at, by=by, what="fairs.edit_stall", about=stall, place_path=stall.place.path, name=stall.title
    )
    return stall


@transaction.atomic
def close_stall(*, stall_id: int, by: Person, at: datetime) -> Stall:
    """Give a stall up. Raises Denied; Refused while it is promised to a fair to come."""
    stall = _locked_stall(stall_id, by=by)
    if _is_promised(stall):
        raise Refused(_("摊位已经排进集市，先从集市里撤下。"))
    stall.closed_at, stall.closed_by = at, by
    stall.save(update_fields=["closed_at", "closed_by"])
    journal.write(at=at, by=by, what="fairs.close_stall", about=stall, place_path=stall.place.path)
    return stall


def _demand_one_host(sheet: Sheet) -> None:
    if (sheet.team_id is None) == (not sheet.partner):
        raise Refused(_("请选一支队伍，或者写一个单位，只要其中一个。"))


def _locked_stall(stall_id: int, *, by: Person) -> Stall:
    stall = Stall.objects.select_for_update(of=("self",)).select_related("place").get(pk=stall_id)
    if not rules.may_edit_stall(by, stall):
        raise Denied
    if stall.closed_at is not None:
        raise Refused(_("这个摊位已经停了。"))
    return stall


def _is_promised(stall: Stall) -> bool:
    ahead = (*AHEAD, FairState.OPEN)
    return stall.sessions.filter(left_at=None, fair__state__in=ahead).exists()


# --- At a fair.


@transaction.atomic
def join_fair(*, fair_id: int, stall_id: int, by: Person, at: datetime) -> StallSession:
    """A stall comes to a fair; the team is told at once when the fair is public.

    Raises Denied; Refused once the fair has begun, for a stall that does not serve the place, and when stall
    or mobile team are elsewhere at that time.
    """
    fair = locked_fair(fair_id)
    if not rules.may_publish(by, fair):
        raise Denied
    if fair.state not in AHEAD:
        raise Refused(_("集市已经开始或者结束，摊位不能再变。"))
    found = Stall.objects.filter(pk=stall_id, closed_at=None)
    stall = found.select_for_update(of=("self",)).select_related("place", "team__leader").first()
    if stall is None or not serves(stall, fair.place):
        raise Refused(_("这个摊位不在这里出摊，请选别的。"))
    with in_words():
        session = StallSession.objects.create(
            fair=fair,
            stall=stall,
            span=fair.span,
            team=stall.team,
            is_mobile=stall.kind == StallKind.MOBILE,
            joined_at=at,
            joined_by=by,
        )
    if fair.state == FairState.PUBLISHED:
        tell_team(session, "fairs.published", by=by, at=at)
    journal.write(
        at=at, by=by, what="fairs.join", about=session, place_path=fair.place.path, name=stall.title
    )
    return session


def serves(stall: Stall, place: Place) -> bool:
    """A fixed stall stands at its own place only; a mobile one anywhere in it."""
    if stall.kind == StallKind.FIXED:
        return stall.place_id == place.pk
    return place.path.startswith(stall.place.path)


@transaction.atomic
def leave_fair(*, session_id: int, by: Person, at: datetime) -> StallSession:
    """Take a stall off a fair to come; its team is told when the fair was public. Raises Denied, Refused."""
    session = _locked_session(session_id)
    fair = session.fair
    if not rules.may_publish(by, fair):
        raise Denied
    if fair.state not in AHEAD or session.left_at is not None:
        raise Refused(_("集市已经开始或者结束，摊位不能再变。"))
    session.left_at, session.left_by = at, by
    session.save(update_fields=["left_at", "left_by"])
    if fair.state == FairState.PUBLISHED:
        tell_team(session, "fairs.cancelled", by=by, at=at, reason=_("这个摊位这次不用出了"))
    journal.write(at=at, by=by, what="fairs.leave", about=session, place_path=fair.place.path)
    return session


@transaction.atomic
def name_members(*, session_id: int, member_ids: Iterable[int], by: Person, at: datetime) -> StallSession:
    """Say who of the team stands at the stall; those newly named are told.

    Raises Denied; Refused for people who are not in the team, and once the fair is over.
    """
    session = _locked_session(session_id)
    if not rules.may_tap(by, session):
        raise Denied
    if session.fair.state not in (*AHEAD, FairState.OPEN) or session.left_at is not None:
        raise Refused(_("集市已经收摊或取消，不用再安排。"))
    wanted = set(member_ids)
    standing = Volunteer.objects.filter(
        pk__in=wanted, memberships__team=session.team, memberships__state=MembershipState.MEMBER
    )
    found = {volunteer.pk: volunteer for volunteer in standing.select_related("person").order_by("id")}
    if found.keys() != wanted:
        raise Refused(_("只能安排队里的人。"))
    before = set(session.members.values_list("pk", flat=True))
    session.members.set(found.values())
    for volunteer in found.values():
        if volunteer.pk not in before and volunteer.person_id != by.pk:
            _tell_member(session, volunteer.person, at=at)
    path = session.fair.place.path
    journal.write(
        at=at, by=by, what="fairs.name_members", about=session, place_path=path, members=sorted(found)
    )
    return session


def _tell_member(session: StallSession, person: Person, *, at: datetime) -> None:
    fair = session.fair
    notices.queue(
        to=person,
        kind="fairs.assigned",
        at=at,
        about=session,
        url=f"/team/fairs/{session.pk}/",
        item=session.stall.title,
        who=where(fair),
        when=spoken(fair.span.lower),
    )


@transaction.atomic
def tap(*, session_id: int, step: int, by: Person, at: datetime) -> int:
    """Count people served at a stall up or down by one press; returns the count.

    The press is a row of its own (`Tap`), so that who counted what can be read later without a journal line
    for each neighbour. Two phones count together: the row of the session is locked. Raises Denied; Refused
    for an unknown step, below zero, before the fair has begun and once it is over.
    """
    session = _locked_session(session_id)
    if not rules.may_tap(by, session):
        raise Denied
    fair = session.fair
    if fair.state not in COUNTED or session.left_at is not None:
        raise Refused(_("集市没在办，不能记人数。收摊后的更正请找中心。"))
    if fair.state == FairState.PUBLISHED and at < fair.span.lower - EARLY:
        raise Refused(_("集市还没开始，到时候再记。"))
    if step not in STEPS:
        raise Refused(_("每次只能加 1 人、5 人，或者减 1 人。"))
    if session.served_count + step < 0:
        raise Refused(_("已经是 0 人了。"))
    Tap.objects.create(session=session, step=step, at=at, by=by)
    StallSession.objects.filter(pk=session.pk).update(served_count=F("served_count") + step)
    return session.served_count + step


def _locked_session(session_id: int) -> StallSession:
    """The session, its fair held first: whoever closes or cancels a fair takes the rows in this order too."""
    Fair.objects.select_for_update(of=("self",)).get(sessions=session_id)
    found = StallSession.objects.select_for_update(of=("self",))
    return found.select_related("fair__place", "stall", "team__leader").get(pk=session_id)
