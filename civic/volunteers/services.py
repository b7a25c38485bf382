"""Everything that changes volunteers, teams and membership."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.core.errors import Denied, Refused
from civic.journal import services as journal
from civic.notices import services as notices
from civic.places.models import Place
from civic.volunteers import rules
from civic.volunteers.models import Membership, Skill, Team, TeamKind, TeamTier, Volunteer
from civic.volunteers.signals import supply_changed
from civic.volunteers.states import MEMBERSHIP, MembershipState

if TYPE_CHECKING:
    from civic.people.models import Person

SOMEBODY = "一位志愿者"  # no name: the notice may travel through a gateway of somebody else
STANDING = (MembershipState.ASKED, MembershipState.MEMBER)


# --- Volunteers.


@transaction.atomic
def register_volunteer(
    *,
    person_id: int,
    home_id: int,
    skill_ids: Iterable[int],
    by: "Person",
    at: datetime,
    matching: bool = True,
) -> Volunteer:
    """Become a volunteer, or come back as one; a registered one gets the new home and skills.

    Nobody registers somebody else: raises Denied then. Refused when the home place is closed.
    """
    if by.pk != person_id:
        raise Denied
    home = _standing_place(home_id)
    volunteer, fresh = Volunteer.objects.select_for_update(of=("self",)).get_or_create(
        person_id=person_id, defaults={"home": home, "matching": matching, "registered_at": at}
    )
    if not fresh:
        volunteer.home, volunteer.matching, volunteer.left_at = home, matching, None
        volunteer.save(update_fields=["home", "matching", "left_at"])
    _can(volunteer, skill_ids)
    journal.write(
        at=at, by=by, what="volunteers.register_volunteer", about=volunteer, place_path=home.path, fresh=fresh
    )
    return volunteer


@transaction.atomic
def set_skills(*, volunteer_id: int, skill_ids: Iterable[int], by: "Person", at: datetime) -> Volunteer:
    """Say what a volunteer can do. Raises Denied to all but herself and who leads a team of hers."""
    volunteer = _locked_volunteer(volunteer_id)
    if not rules.may_set_skills(by, volunteer):
        raise Denied
    slugs = sorted(skill.slug for skill in _can(volunteer, skill_ids))
    path = volunteer.home.path
    journal.write(at=at, by=by, what="volunteers.set_skills", about=volunteer, place_path=path, skills=slugs)
    return volunteer


@transaction.atomic
def set_matching(*, volunteer_id: int, matching: bool, by: "Person", at: datetime) -> Volunteer:
    """Be proposed for orders automatically, or not. Her own choice: raises Denied to anybody else."""
    volunteer = _locked_volunteer(volunteer_id)
    if by.pk != volunteer.person_id:
        raise Denied
    _let_match(volunteer, matching=matching)
    path = volunteer.home.path
    journal.write(at=at, by=by, what="volunteers.set_matching", about=volunteer, place_path=path, on=matching)
    return volunteer


@transaction.atomic
def stop_volunteering(*, volunteer_id: int, by: "Person", at: datetime) -> Volunteer:
    """Be no volunteer any more; she leaves all her teams. What she did stays on record.

    Raises Denied to anybody else; Refused while she leads a team.
    """
    volunteer = _locked_volunteer(volunteer_id)
    if by.pk != volunteer.person_id:
        raise Denied
    led = Team.objects.filter(leader_id=by.pk, closed_on=None).order_by("id").first()
    if led is not None:
        raise Refused(_("您还是「{team}」的队长，请先请管理员换队长。").format(team=led.name))
    _end_all(volunteer, at=at)
    path = volunteer.home.path
    journal.write(at=at, by=by, what="volunteers.stop_volunteering", about=volunteer, place_path=path)
    return volunteer


@transaction.atomic
def forget(*, person: "Person", at: datetime) -> None:
    """End what somebody who leaves for good was as a volunteer; her team waits for a new leader."""
    for volunteer in Volunteer.objects.select_for_update(of=("self",)).filter(person=person):
        _end_all(volunteer, at=at)
        volunteer.skills.clear()


# --- Teams.


@transaction.atomic
def create_team(
    *,
    name: str,
    kind: str,
    place_id: int,
    leader_id: int,
    by: "Person",
    at: datetime,
    tier: str = TeamTier.SQUAD,
    skill_ids: Iterable[int] = (),
    is_mobile: bool = False,
    intro: str = "",
    parent_id: int | None = None,
    founded_on: date | None = None,
) -> Team:
    """Found a team at a place; its leader is its first member.

    Raises Denied out of reach; Refused when the name is taken there or the leader is not registered.
    """
    place = _standing_place(place_id)
    if not rules.may_create_team(by, place):
        raise Denied
    leader = _registered(leader_id)
    _demand_free_name(place, name)
    team = Team(name=name.strip(), kind=TeamKind(kind), tier=TeamTier(tier), place=place, parent_id=parent_id)
    team.leader_id, team.is_mobile, team.intro = leader_id, is_mobile, intro.strip()
    team.founded_on = founded_on or timezone.localdate(at)
    team.save()
    _can(team, skill_ids)
    _seat(team, leader, by=by, at=at)
    journal.write(
        at=at, by=by, what="volunteers.create_team", about=team, place_path=place.path, name=team.name
    )
    return team


@transaction.atomic
def edit_team(
    *,
    team_id: int,
    name: str,
    kind: str,
    tier: str,
    is_mobile: bool,
    leader_id: int,
    by: "Person",
    at: datetime,
) -> Team:
    """Change what a team is and who leads it; a new leader becomes a member. Raises Denied, Refused."""
    team = _locked_team(team_id)
    if not rules.may_edit_team(by, team):
        raise Denied
    if name.strip() != team.name:
        _demand_free_name(team.place, name)
    if leader_id != team.leader_id:
        _seat(team, _registered(leader_id), by=by, at=at)
    team.name, team.kind, team.tier = name.strip(), TeamKind(kind), TeamTier(tier)
    team.is_mobile, team.leader_id = is_mobile, leader_id
    team.save(update_fields=["name", "kind", "tier", "is_mobile", "leader_id"])
    supply_changed.send(Team, changed=team)
    path = team.place.path
    journal.write(at=at, by=by, what="volunteers.edit_team", about=team, place_path=path, leader=leader_id)
    return team


@transaction.atomic
def describe_team(*, team_id: int, intro: str, skill_ids: Iterable[int], by: "Person", at: datetime) -> Team:
    """Change the words and the skills of a team. Raises Denied to all but leader and clerks with reach."""
    team = _locked_team(team_id)
    if not rules.may_describe_team(by, team):
        raise Denied
    team.intro = intro.strip()
    team.save(update_fields=["intro"])
    _can(team, skill_ids)
    journal.write(at=at, by=by, what="volunteers.describe_team", about=team, place_path=team.place.path)
    return team


@transaction.atomic
def set_team_matching(*, team_id: int, matching: bool, by: "Person", at: datetime) -> Team:
    """Let the engine propose the team for orders, or not. The leader's choice. Raises Denied."""
    team = _locked_team(team_id)
    if not rules.may_set_team_matching(by, team):
        raise Denied
    _let_match(team, matching=matching)
    path = team.place.path
    journal.write(at=at, by=by, what="volunteers.set_team_matching", about=team, place_path=path, on=matching)
    return team


@transaction.atomic
def close_team(*, team_id: int, reason: str, by: "Person", at: datetime) -> Team:
    """Close a team; its members leave it. Raises Denied, Refused."""
    team = _locked_team(team_id)
    if not rules.may_edit_team(by, team):
        raise Denied
    if not reason.strip():
        raise Refused(_("请写明理由，将来查得到。"))
    team.closed_on = timezone.localdate(at)
    team.save(update_fields=["closed_on"])
    supply_changed.send(Team, changed=team)
    Membership.objects.filter(team=team, state__in=STANDING).update(state=MembershipState.LEFT, left_at=at)
    path, why = team.place.path, reason.strip()
    journal.write(at=at, by=by, what="volunteers.close_team", about=team, place_path=path, reason=why)
    return team


# --- Membership.


@transaction.atomic
def join(*, team_id: int, by: "Person", at: datetime) -> Membership:
    """Ask to join a team; its leader is told.

    Raises Refused when not registered as a volunteer, or in the team or asking already.
    """
    team = _locked_team(team_id)
    volunteer = _registered(by.pk)
    if team.memberships.filter(volunteer=volunteer, state__in=STANDING).exists():
        raise Refused(_("您已经在这支队伍里，或者申请过了。"))
    membership = Membership.objects.create(
        team=team, volunteer=volunteer, state=MembershipState.ASKED, asked_at=at
    )
    journal.write(at=at, by=by, what="volunteers.join", about=membership, place_path=team.place.path)
    notices.queue(
        to=team.leader,
        kind="volunteers.asked",
        about=membership,
        at=at,
        url=f"/team/{team.pk}/members/",
        who=SOMEBODY,
    )
    return membership


@transaction.atomic
def approve(*, membership_id: int, by: "Person", at: datetime) -> Membership:
    """Take in somebody who asked, and tell her. Raises Denied, Refused."""
    membership = _locked_membership(membership_id)
    if not rules.may_approve(by, membership):
        raise Denied
    _decide(membership, "approve", by=by, at=at)
    _tell(membership, "volunteers.approved", at=at)
    return membership


@transaction.atomic
def turn_down(*, membership_id: int, reason: str = "", by: "Person", at: datetime) -> Membership:
    """Say no to somebody who asked; the reason is what she reads. Raises Denied, Refused."""
    membership = _locked_membership(membership_id)
    if not rules.may_turn_down(by, membership):
        raise Denied
    _decide(membership, "turn_down", by=by, at=at, reason=reason)
    _tell(membership, "volunteers.turned_down", at=at, reason=reason)
    return membership


@transaction.atomic
def remove(*, membership_id: int, reason: str, by: "Person", at: datetime) -> Membership:
    """Take a member out of the team. Raises Denied; Refused without a reason, and for the leader."""
    membership = _locked_membership(membership_id)
    if not rules.may_remove(by, membership):
        raise Denied
    if not reason.strip():
        raise Refused(_("请写明理由，将来查得到。"))
    _end(membership, "remove", by=by, at=at, reason=reason.strip())
    return membership


@transaction.atomic
def leave(*, membership_id: int, by: "Person", at: datetime) -> Membership:
    """Leave a team, or take back the wish to join. Raises Denied; Refused for the leader."""
    membership = _locked_membership(membership_id)
    if not rules.may_leave(by, membership):
        raise Denied
    _end(membership, "leave", by=by, at=at)
    return membership


# --- Their parts.


def _decide(membership: Membership, move: str, *, by: "Person", at: datetime, reason: str = "") -> None:
    membership.state = MEMBERSHIP.step(move, membership.state)
    membership.decided_at, membership.decided_by = at, by
    membership.save(update_fields=["state", "decided_at", "decided_by"])
    path, why = membership.team.place.path, reason.strip()
    journal.write(at=at, by=by, what=f"volunteers.{move}", about=membership, place_path=path, reason=why)


def _end(membership: Membership, move: str, *, by: "Person", at: datetime, reason: str = "") -> None:
    if membership.volunteer.person_id == membership.team.leader_id:
        raise Refused(_("队长不能离队，请先换队长。"))
    membership.state = MEMBERSHIP.step(move, membership.state)
    membership.left_at = at
    membership.save(update_fields=["state", "left_at"])
    path = membership.team.place.path
    journal.write(at=at, by=by, what=f"volunteers.{move}", about=membership, place_path=path, reason=reason)


def _end_all(volunteer: Volunteer, *, at: datetime) -> None:
    volunteer.left_at, volunteer.matching = at, False
    volunteer.save(update_fields=["left_at", "matching"])
    supply_changed.send(Volunteer, changed=volunteer)
    volunteer.memberships.filter(state__in=STANDING).update(state=MembershipState.LEFT, left_at=at)


def _seat(team: Team, volunteer: Volunteer, *, by: "Person", at: datetime) -> None:
    """Make the leader a member, whatever stood between her and the team."""
    seat, fresh = Membership.objects.get_or_create(
        team=team,
        volunteer=volunteer,
        state__in=STANDING,
        defaults={"state": MembershipState.MEMBER, "asked_at": at, "decided_at": at, "decided_by": by},
    )
    if not fresh and seat.state != MembershipState.MEMBER:
        seat.state, seat.decided_at, seat.decided_by = MembershipState.MEMBER, at, by
        seat.save(update_fields=["state", "decided_at", "decided_by"])


def _tell(membership: Membership, kind: str, *, at: datetime, reason: str = "") -> None:
    team = membership.team
    notices.queue(
        to=membership.volunteer.person,
        kind=kind,
        about=membership,
        at=at,
        url=f"/teams/{team.pk}/",
        who=team.name,
        reason=reason.strip(),
    )


def _standing_place(place_id: int) -> Place:
    place = Place.objects.valid().filter(pk=place_id).first()
    if place is None:
        raise Refused(_("这个地方已经并入别处或撤销，请重新选。"))
    return place


def _registered(person_id: int) -> Volunteer:
    volunteer = Volunteer.objects.filter(person_id=person_id, left_at=None).select_related("person").first()
    if volunteer is None:
        raise Refused(_("还没有注册成志愿者，请先注册。"))
    return volunteer


def _can(one: Team | Volunteer, skill_ids: Iterable[int]) -> list[Skill]:
    skills = list(Skill.objects.filter(pk__in=list(skill_ids)).order_by("id"))
    one.skills.set(skills)
    supply_changed.send(type(one), changed=one)
    return skills


def _let_match(one: Team | Volunteer, *, matching: bool) -> None:
    one.matching = matching
    one.save(update_fields=["matching"])
    supply_changed.send(type(one), changed=one)


def _locked_volunteer(volunteer_id: int) -> Volunteer:
    return Volunteer.objects.select_for_update(of=("self",)).select_related("home").get(pk=volunteer_id)


def _locked_team(team_id: int) -> Team:
    team = Team.objects.select_for_update(of=("self",)).select_related("place", "leader").get(pk=team_id)
    if team.closed_on is not None:
        raise Refused(_("「{team}」已经解散。").format(team=team.name))
    return team


def _locked_membership(membership_id: int) -> Membership:
    return (
        Membership.objects.select_for_update(of=("self",))
        .select_related("team__place", "volunteer__person")
        .get(pk=membership_id)
    )


def _demand_free_name(place: Place, name: str) -> None:
    if not name.strip():
        raise Refused(_("请填写队伍名称。"))
    if Team.objects.filter(place=place, name=name.strip(), closed_on=None).exists():
        raise Refused(
            _("「{place}」已经有叫「{name}」的队伍了。").format(place=place.name, name=name.strip())
        )
