"""The only writer of volunteers, teams and memberships."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.core.errors import Denied, Refused
from civic.journal import services as journal
from civic.notices import services as notices
from civic.people.models import Person
from civic.places.models import Level, Place
from civic.volunteers import rules
from civic.volunteers.models import Membership, Skill, Team, TeamKind, TeamTier, Volunteer
from civic.volunteers.states import MEMBERSHIP, MembershipState

STANDING = (MembershipState.ASKED, MembershipState.MEMBER)


@transaction.atomic
def register_volunteer(
    *, person_id: int, home_id: int, skill_ids: Iterable[int], by: Person, at: datetime
) -> Volunteer:
    """Become a volunteer; nobody is registered by another (domain §0.2). Registering again changes nothing.

    Raises Denied for anybody but the person herself, Refused without a village.
    """
    if by.pk != person_id:
        raise Denied
    home = Place.objects.valid().filter(pk=home_id).exclude(level=Level.CITY).first()
    if home is None:
        raise Refused(_("请选一下您住在哪个村或社区。"))
    volunteer, is_new = Volunteer.objects.get_or_create(
        person_id=person_id, defaults={"home": home, "registered_at": at}
    )
    if is_new:
        volunteer.skills.set(_skills(skill_ids))
        journal.write(at=at, by=by, what="volunteers.register", about=volunteer, place_path=home.path)
    return volunteer


@transaction.atomic
def set_skills(*, volunteer_id: int, skill_ids: Iterable[int], by: Person, at: datetime) -> Volunteer:
    """Say what a volunteer can do: she herself, or the leader of a team of hers. Raises Denied."""
    volunteer = Volunteer.objects.select_for_update(of=("self",)).select_related("home").get(pk=volunteer_id)
    if not rules.may_set_skills(by, volunteer):
        raise Denied
    skills = _skills(skill_ids)
    volunteer.skills.set(skills)
    journal.write(
        at=at,
        by=by,
        what="volunteers.set_skills",
        about=volunteer,
        place_path=volunteer.home.path,
        skills=[skill.slug for skill in skills],
    )
    return volunteer


@transaction.atomic
def set_matching(*, volunteer_id: int, matching: bool, by: Person, at: datetime) -> Volunteer:
    """Switch oneself in or out of being proposed for orders (PIPL 24). Raises Denied."""
    volunteer = Volunteer.objects.select_for_update(of=("self",)).select_related("home").get(pk=volunteer_id)
    if volunteer.person_id != by.pk:
        raise Denied
    volunteer.matching = matching
    volunteer.save(update_fields=["matching"])
    journal.write(
        at=at,
        by=by,
        what="volunteers.set_matching",
        about=volunteer,
        place_path=volunteer.home.path,
        on=matching,
    )
    return volunteer


def _skills(skill_ids: Iterable[int]) -> list[Skill]:
    return list(Skill.objects.filter(pk__in=set(skill_ids)).order_by("id"))


@transaction.atomic
def create_team(
    *,
    name: str,
    kind: str,
    tier: str,
    place_id: int,
    leader_id: int,
    skill_ids: Iterable[int],
    is_mobile: bool,
    intro: str,
    by: Person,
    at: datetime,
) -> Team:
    """Found a team, with a registered volunteer as leader and first member. Raises Denied, Refused."""
    place = Place.objects.get(pk=place_id)
    if not rules.may_edit_teams(by, place.path):
        raise Denied
    leader = _leader(leader_id)
    name = _name(name, place)
    if kind not in TeamKind.values or tier not in TeamTier.values:
        raise Refused(_("请选队伍的类别和级别。"))
    team = Team.objects.create(
        name=name,
        kind=kind,
        tier=tier,
        place=place,
        leader_id=leader.person_id,
        is_mobile=is_mobile,
        intro=intro.strip()[:200],
        founded_on=timezone.localdate(at),
    )
    team.skills.set(_skills(skill_ids))
    Membership.objects.create(
        team=team,
        volunteer=leader,
        state=MembershipState.MEMBER,
        asked_at=at,
        decided_at=at,
        decided_by=by,
    )
    journal.write(at=at, by=by, what="volunteers.create_team", about=team, place_path=place.path)
    return team


@transaction.atomic
def edit_team(
    *,
    team_id: int,
    name: str,
    kind: str,
    leader_id: int,
    skill_ids: Iterable[int],
    is_mobile: bool,
    intro: str,
    by: Person,
    at: datetime,
) -> Team:
    """Change a team's profile or hand it to another leader. Raises Denied, Refused."""
    team = Team.objects.select_for_update(of=("self",)).select_related("place").get(pk=team_id)
    if not rules.may_edit_team(by, team):
        raise Denied
    if kind not in TeamKind.values:
        raise Refused(_("请选队伍的类别和级别。"))
    team.name = _name(name, team.place, besides=team.pk)
    team.kind, team.is_mobile, team.intro = kind, is_mobile, intro.strip()[:200]
    if leader_id != team.leader_id:
        leader = _leader(leader_id)
        if not Membership.objects.filter(team=team, volunteer=leader, state=MembershipState.MEMBER).exists():
            raise Refused(_("新队长要先是本队队员。"))
        team.leader_id = leader.person_id
    team.save(update_fields=["name", "kind", "is_mobile", "intro", "leader"])
    team.skills.set(_skills(skill_ids))
    journal.write(at=at, by=by, what="volunteers.edit_team", about=team, place_path=team.place.path)
    return team


def _leader(person_id: int) -> Volunteer:
    leader = Volunteer.objects.filter(person_id=person_id, left_at=None).first()
    if leader is None:
        raise Refused(_("队长要先登记成志愿者。"))
    return leader


def _name(name: str, place: Place, besides: int | None = None) -> str:
    name = name.strip()
    if not 2 <= len(name) <= 60:
        raise Refused(_("请给队伍起个 2 到 60 个字的名字。"))
    if Team.objects.filter(place=place, name=name, closed_on=None).exclude(pk=besides).exists():
        raise Refused(_("这里已经有一支同名的队伍，请换个名字。"))
    return name


@transaction.atomic
def join(*, team_id: int, by: Person, at: datetime) -> Membership:
    """Ask to join a team; its leader is told. Asking twice changes nothing. Raises Refused."""
    team = Team.objects.select_related("leader", "place").filter(pk=team_id, closed_on=None).first()
    volunteer = Volunteer.objects.filter(person_id=by.pk, left_at=None).first()
    if team is None:
        raise Refused(_("这支队伍已经撤了。"))
    if volunteer is None:
        raise Refused(_("请先登记成志愿者，再申请入队。"))
    asked, is_new = Membership.objects.get_or_create(
        team=team,
        volunteer=volunteer,
        state__in=STANDING,
        defaults={"state": MembershipState.ASKED, "asked_at": at},
    )
    if is_new:
        journal.write(at=at, by=by, what="volunteers.join", about=asked, place_path=team.place.path)
        notices.queue(
            to=team.leader,
            kind="volunteers.asked",
            about=asked,
            at=at,
            url=f"/team/{team.pk}/members/",
            who=f"{by.name[:1]}*",
        )
    return asked


@transaction.atomic
def approve(*, membership_id: int, by: Person, at: datetime) -> Membership:
    """Let somebody in. Raises Denied, Refused."""
    return _decide("approve", membership_id, by=by, at=at, kind="volunteers.approved")


@transaction.atomic
def turn_down(*, membership_id: int, reason: str, by: Person, at: datetime) -> Membership:
    """Say no to somebody who asked, and why. Raises Denied, Refused."""
    if not reason.strip():
        raise Refused(_("请写明原因，申请人会看到。"))
    return _decide(
        "turn_down", membership_id, by=by, at=at, kind="volunteers.turned_down", reason=reason.strip()
    )


def _decide(
    move: str, membership_id: int, *, by: Person, at: datetime, kind: str, reason: str = ""
) -> Membership:
    asked = _locked(membership_id)
    if not rules.may_decide(by, asked):
        raise Denied
    asked.state = MEMBERSHIP.step(move, asked.state)
    asked.decided_at, asked.decided_by = at, by
    asked.save(update_fields=["state", "decided_at", "decided_by"])
    journal.write(at=at, by=by, what=f"volunteers.{move}", about=asked, place_path=asked.team.place.path)
    notices.queue(
        to=asked.volunteer.person,
        kind=kind,
        about=asked,
        at=at,
        url=f"/teams/{asked.team_id}/",
        who=asked.team.name,
        reason=reason,
    )
    return asked


@transaction.atomic
def leave(*, membership_id: int, by: Person, at: datetime) -> Membership:
    """Leave a team or take back one's asking. The leader hands the team over first. Raises Denied, Refused."""
    membership = _locked(membership_id)
    if membership.volunteer.person_id != by.pk:
        raise Denied
    if membership.team.leader_id == by.pk:
        raise Refused(_("您是队长，请先把队伍交给别人。"))
    return _end("leave", membership, by=by, at=at)


@transaction.atomic
def remove(*, membership_id: int, by: Person, at: datetime) -> Membership:
    """Take a member off the team; what she served stays recorded. Raises Denied, Refused."""
    membership = _locked(membership_id)
    if not rules.may_decide(by, membership):
        raise Denied
    if membership.team.leader_id == membership.volunteer.person_id:
        raise Refused(_("不能把队长移出队伍。"))
    return _end("remove", membership, by=by, at=at)


def _end(move: str, membership: Membership, *, by: Person, at: datetime) -> Membership:
    membership.state = MEMBERSHIP.step(move, membership.state)
    membership.left_at = at
    membership.save(update_fields=["state", "left_at"])
    journal.write(
        at=at, by=by, what=f"volunteers.{move}", about=membership, place_path=membership.team.place.path
    )
    return membership


def _locked(membership_id: int) -> Membership:
    return (
        Membership.objects.select_for_update(of=("self",))
        .select_related("team__place", "volunteer__person")
        .get(pk=membership_id)
    )
