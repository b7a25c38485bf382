"""T3 队员: who asks, who is in; for the leader, and for who manages teams over the place."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from civic.core.acting import done, pressed, sent
from civic.core.web import audience
from civic.journal import services as journal
from civic.volunteers import queries, rules, services
from civic.volunteers.forms import DescribeForm, ReasonForm, SkillsForm, TurnDownForm
from civic.volunteers.models import Membership, Team
from civic.volunteers.states import MembershipState


@audience("team")
@require_GET
def members(request: HttpRequest, team_id: int) -> HttpResponse:
    """Who asks and who is in; phones are masked until asked for."""
    return _members(request, _led(request, team_id), with_phones=False)


@audience("team")
@require_POST
def show_phones(request: HttpRequest, team_id: int) -> HttpResponse:
    """The same with phones; written to the journal."""
    team = _led(request, team_id)
    path = team.place.path
    at = timezone.now()
    journal.write(at=at, by=request.user, what="volunteers.show_phones", about=team, place_path=path)
    return _members(request, team, with_phones=True)


@audience("team")
@require_POST
def approve(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Take in somebody who asked."""
    membership = _decidable(request, membership_id)
    return pressed(
        request,
        lambda at: services.approve(membership_id=membership.pk, by=request.user, at=at),
        words=_("已入队。"),
        to=_list(membership),
    )


@audience("team")
@require_http_methods(["GET", "POST"])
def turn_down(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Say no, with or without a reason."""
    membership = _decidable(request, membership_id)
    form = TurnDownForm(sent(request))
    return done(
        request,
        form,
        lambda at: services.turn_down(
            membership_id=membership.pk, reason=form.cleaned_data["reason"], by=request.user, at=at
        ),
        page="volunteers/team/turn_down.html",
        words=_("已答复申请人。"),
        to=_list(membership),
        membership=membership,
        tab="mine",
    )


@audience("team")
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Take a member out, with a reason."""
    membership = _decidable(request, membership_id)
    form = ReasonForm(sent(request))
    return done(
        request,
        form,
        lambda at: services.remove(
            membership_id=membership.pk, reason=form.cleaned_data["reason"], by=request.user, at=at
        ),
        page="volunteers/team/remove.html",
        words=_("已移出队伍。"),
        to=_list(membership),
        membership=membership,
        tab="mine",
    )


@audience("team")
@require_http_methods(["GET", "POST"])
def set_skills(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Say what a member can do."""
    membership = _decidable(request, membership_id)
    if membership.state != MembershipState.MEMBER:
        raise Http404
    volunteer = membership.volunteer
    standing = list(volunteer.skills.values_list("pk", flat=True).order_by("pk"))
    form = SkillsForm(sent(request), initial={"skills": standing})
    return done(
        request,
        form,
        lambda at: services.set_skills(
            volunteer_id=volunteer.pk, skill_ids=form.skill_ids(), by=request.user, at=at
        ),
        page="volunteers/team/set_skills.html",
        words=_("已保存技能。"),
        to=_list(membership),
        membership=membership,
        tab="mine",
    )


@audience("team")
@require_http_methods(["GET", "POST"])
def describe_team(request: HttpRequest, team_id: int) -> HttpResponse:
    """The words and skills of the team."""
    team = _led(request, team_id)
    standing = {"intro": team.intro, "skills": [skill.pk for skill in team.skills.all()]}
    form = DescribeForm(sent(request), initial=standing)
    return done(
        request,
        form,
        lambda at: services.describe_team(
            team_id=team.pk,
            intro=form.cleaned_data["intro"],
            skill_ids=form.skill_ids(),
            by=request.user,
            at=at,
        ),
        page="volunteers/team/describe_team.html",
        words=_("已保存队伍简介。"),
        to=reverse("volunteers:members", args=[team.pk]),
        team=team,
        tab="mine",
    )


@audience("team")
@require_POST
def set_team_matching(request: HttpRequest, team_id: int) -> HttpResponse:
    """Take part in smart dispatch, or not: the button says which."""
    team = _led(request, team_id)
    wanted = request.POST.get("matching") == "on"
    return pressed(
        request,
        lambda at: services.set_team_matching(team_id=team.pk, matching=wanted, by=request.user, at=at),
        words=_("已参加智能派单。") if wanted else _("已不参加智能派单，派单员还能手动找你们。"),
        to=reverse("volunteers:members", args=[team.pk]),
    )


def _members(request: HttpRequest, team: Team, *, with_phones: bool) -> HttpResponse:
    context = {
        "tab": "mine",
        "team": team,
        "asking": queries.members(team, state=MembershipState.ASKED),
        "members": queries.members(team),
        "with_phones": with_phones,
    }
    return render(request, "volunteers/team/members.html", context)


def _led(request: HttpRequest, team_id: int) -> Team:
    """A standing team this person leads or manages; any other reads as absent."""
    team = queries.team_file(team_id)
    if team is None or team.closed_on is not None or not rules.may_lead(request.user, team):
        raise Http404
    return team


def _decidable(request: HttpRequest, membership_id: int) -> Membership:
    """A membership this person decides about; any other reads as absent."""
    found = Membership.objects.select_related("team__place", "volunteer__person", "volunteer__home")
    membership = get_object_or_404(found, pk=membership_id)
    if not rules.may_lead(request.user, membership.team):
        raise Http404
    return membership


def _list(membership: Membership) -> str:
    return reverse("volunteers:members", args=[membership.team_id])
