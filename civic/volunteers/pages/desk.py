"""C10 队伍库: the 8 kinds and the N, founding teams, changing and closing them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from civic.access.queries import paths_reached
from civic.access.roles import Permission
from civic.core.acting import done, sent
from civic.core.web import answer, audience
from civic.volunteers import queries, rules, services
from civic.volunteers.forms import CreateTeamForm, ReasonForm, TeamForm
from civic.volunteers.models import Team, TeamKind

EDIT = Permission.TEAMS_EDIT


@audience("desk", permission=EDIT)
@require_GET
def desk_teams(request: HttpRequest) -> HttpResponse:
    """Every team in reach, by kind."""
    asked, kind = request.GET.get("q", "").strip()[:60], request.GET.get("kind", "")
    after = request.GET.get("after", "")
    page = queries.teams_reached(
        request.user,
        kind=kind if kind in TeamKind.values else "",
        text=asked,
        after=int(after) if after.isascii() and after.isdigit() and len(after) < 19 else 0,
    )
    counts = queries.kind_counts(request.user)
    kinds = [(value, label, counts.get(value, 0)) for value, label in TeamKind.choices]
    context = {"tab": "teams", "page": page, "q": asked, "kind": kind, "kinds": kinds}
    return answer(
        request, page="volunteers/desk/teams.html", fragment="volunteers/desk/_teams.html", context=context
    )


@audience("desk", permission=EDIT)
@require_http_methods(["GET", "POST"])
def create_team(request: HttpRequest) -> HttpResponse:
    """Found a team."""
    form = CreateTeamForm(sent(request), reached=paths_reached(request.user, EDIT))
    return done(
        request,
        form,
        lambda at: services.create_team(
            **form.told(),
            place_id=form.cleaned_data["place"].pk,
            skill_ids=form.skill_ids(),
            intro=form.cleaned_data["intro"],
            by=request.user,
            at=at,
        ),
        page="volunteers/desk/create_team.html",
        words=_("已建队伍。"),
        to=reverse("volunteers:desk_teams"),
        tab="teams",
    )


@audience("desk", permission=EDIT)
@require_http_methods(["GET", "POST"])
def edit_team(request: HttpRequest, team_id: int) -> HttpResponse:
    """Name, kind, tier and leader of a team."""
    team = _mine(request, team_id)
    form = TeamForm.of(team, sent(request))
    return done(
        request,
        form,
        lambda at: services.edit_team(team_id=team.pk, **form.told(), by=request.user, at=at),
        page="volunteers/desk/edit_team.html",
        words=_("已保存队伍。"),
        to=reverse("volunteers:desk_teams"),
        tab="teams",
        team=team,
    )


@audience("desk", permission=EDIT)
@require_http_methods(["GET", "POST"])
def close_team(request: HttpRequest, team_id: int) -> HttpResponse:
    """Close a team, with a reason."""
    team = _mine(request, team_id)
    form = ReasonForm(sent(request))
    return done(
        request,
        form,
        lambda at: services.close_team(
            team_id=team.pk, reason=form.cleaned_data["reason"], by=request.user, at=at
        ),
        page="volunteers/desk/close_team.html",
        words=_("已解散「{team}」。").format(team=team.name),
        to=reverse("volunteers:desk_teams"),
        tab="teams",
        team=team,
    )


def _mine(request: HttpRequest, team_id: int) -> Team:
    """A standing team within reach; any other reads as absent."""
    team = queries.team_file(team_id)
    if team is None or team.closed_on is not None or not rules.may_edit_team(request.user, team):
        raise Http404
    return team
