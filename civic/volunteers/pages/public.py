"""R18 队伍 and the volunteer's own pages: find a team, ask to join, register, leave."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from civic.core.acting import done, pressed, sent
from civic.core.web import answer, audience
from civic.places import queries as places
from civic.places.models import Place
from civic.volunteers import queries, rules, services
from civic.volunteers.forms import VolunteerForm
from civic.volunteers.models import Membership, Team, TeamKind


@audience("public")
@require_GET
def teams(request: HttpRequest) -> HttpResponse:
    """Teams that serve the chosen place, or all of them."""
    asked, kind = request.GET.get("q", "").strip()[:60], request.GET.get("kind", "")
    under = _chosen(request) if request.GET.get("all") != "1" and not asked else None
    after = request.GET.get("after", "")
    page = queries.teams(
        under=under,
        kind=kind if kind in TeamKind.values else "",
        text=asked,
        after=int(after) if after.isascii() and after.isdigit() and len(after) < 19 else 0,
    )
    context = {"page": page, "q": asked, "kind": kind, "kinds": TeamKind.choices, "under": under}
    return answer(
        request,
        page="volunteers/public/teams.html",
        fragment="volunteers/public/_teams.html",
        context=context,
    )


@audience("public")
@require_GET
def team(request: HttpRequest, team_id: int) -> HttpResponse:
    """One team: what it does, how many it has, and the way in."""
    here = queries.team_file(team_id)
    if here is None:
        raise Http404
    context = {
        "team": here,
        "spot": places.spots([here.place])[0],
        "member_count": here.memberships.filter(state="member").count(),
        "volunteer": queries.volunteer_of(request.user),
        "membership": queries.membership_in(here, request.user),
        "is_leader": request.user.pk == here.leader_id,
        "may_lead": rules.may_lead(request.user, here),
    }
    return render(request, "volunteers/public/team.html", context)


@audience("member")
@require_POST
def join(request: HttpRequest, team_id: int) -> HttpResponse:
    """Ask to join; who is no volunteer yet registers first."""
    here = get_object_or_404(Team, pk=team_id)
    if queries.volunteer_of(request.user) is None:
        return redirect("volunteers:register_volunteer")
    return pressed(
        request,
        lambda at: services.join(team_id=here.pk, by=request.user, at=at),
        words=_("已申请，等队长答复。"),
        to=reverse("volunteers:team", args=[here.pk]),
    )


@audience("member")
@require_POST
def leave(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Leave a team, or take back the wish to join."""
    own = Membership.objects.filter(volunteer__person_id=request.user.pk)
    membership = get_object_or_404(own, pk=membership_id)
    return pressed(
        request,
        lambda at: services.leave(membership_id=membership.pk, by=request.user, at=at),
        words=_("已离开队伍。"),
        to=reverse("volunteers:register_volunteer"),
    )


@audience("member")
@require_http_methods(["GET", "POST"])
def register_volunteer(request: HttpRequest) -> HttpResponse:
    """V1 成为志愿者, and later what one can do, where, and in which teams."""
    volunteer = queries.volunteer_of(request.user)
    home = _home(request, volunteer.home if volunteer else None)
    form = VolunteerForm(sent(request), volunteer=volunteer)
    if home is None and form.is_bound and form.is_valid():
        form.add_error(None, _("请先选您在哪个村社区。"))
    return done(
        request,
        form,
        lambda at: services.register_volunteer(
            person_id=request.user.pk,
            home_id=home.pk if home else 0,
            skill_ids=form.skill_ids(),
            matching=form.cleaned_data["matching"],
            by=request.user,
            at=at,
        ),
        page="volunteers/member/register_volunteer.html",
        words=_("已保存。") if volunteer else _("您已是志愿者，谢谢。"),
        to=reverse("volunteers:register_volunteer"),
        tab="mine",
        volunteer=volunteer,
        home=home,
        memberships=queries.memberships_of(volunteer) if volunteer else [],
    )


@audience("member")
@require_POST
def stop_volunteering(request: HttpRequest) -> HttpResponse:
    """Be no volunteer any more."""
    volunteer = queries.volunteer_of(request.user)
    if volunteer is None:
        raise Http404
    return pressed(
        request,
        lambda at: services.stop_volunteering(volunteer_id=volunteer.pk, by=request.user, at=at),
        words=_("已退出志愿者，以前的服务记录还在。"),
        to=reverse("volunteers:register_volunteer"),
    )


def _chosen(request: HttpRequest) -> Place | None:
    kept = places.by_id(request.session.get("place_id"))
    return kept or places.by_id(getattr(request.user, "home_id", None))


def _home(request: HttpRequest, standing: Place | None) -> Place | None:
    """Where she serves: what she chose in this session, else what stands, else where she lives."""
    return places.by_id(request.session.get("place_id")) or standing or _chosen(request)
