"""The stalls of the county: who offers what, fixed or moving."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from civic.access.roles import Permission
from civic.core.acting import done, pressed, sent
from civic.core.web import audience
from civic.fairs import rules
from civic.fairs.forms import StallForm
from civic.fairs.models import Stall
from civic.fairs.pages.finding import finder
from civic.fairs.queries import desk as queries
from civic.fairs.services import stalls as services

SEE, EDIT = Permission.FAIRS_SEE, Permission.FAIRS_EDIT


@audience("desk", permission=SEE)
@require_GET
def stalls(request: HttpRequest) -> HttpResponse:
    """Every standing stall in reach, with whom it has served."""
    rows = [(one, rules.may_edit_stall(request.user, one)) for one in queries.stalls_reached(request.user)]
    context = {"tab": "stalls", "rows": rows, "may_plan": bool(queries.tops(request.user))}
    return render(request, "fairs/desk/stalls.html", context)


def _stall(request: HttpRequest, stall_id: int) -> Stall:
    found = queries.stall_edited(request.user, stall_id)
    if found is None:
        raise Http404
    return found


@audience("desk", permission=EDIT)
@require_http_methods(["GET", "POST"])
def open_stall(request: HttpRequest) -> HttpResponse:
    """A new stall."""
    tops = queries.tops(request.user)
    initial = {"where": tops[0].name if len(tops) == 1 else ""}
    teams = queries.teams_for_stalls(request.user)
    form = StallForm(sent(request), find=finder(request), teams=teams, initial=initial)

    def act(at: Any) -> str:
        services.open_stall(place_id=form.cleaned_data["place"], sheet=form.sheet(), by=request.user, at=at)
        return reverse("fairs:stalls")

    context = {"title": _("加摊位"), "button": _("加这个摊位"), "up": reverse("fairs:stalls")}
    words = _("摊位已加上，可以排进集市了。")
    return done(request, form, act, page="fairs/desk/form.html", words=words, tab="stalls", **context)


@audience("desk", permission=EDIT)
@require_http_methods(["GET", "POST"])
def edit_stall(request: HttpRequest, stall_id: int) -> HttpResponse:
    """Describe a stall anew; its place stays."""
    stall = _stall(request, stall_id)
    initial = {
        "title": stall.title,
        "kind": stall.kind,
        "offer": stall.offer,
        "team": stall.team_id,
        "partner": stall.partner,
    }
    teams = queries.teams_for_stalls(request.user)
    form = StallForm(sent(request), find=finder(request), teams=teams, initial=initial)
    for name in ("where", "place"):
        del form.fields[name]

    def act(at: Any) -> str:
        services.edit_stall(stall_id=stall.pk, sheet=form.sheet(), by=request.user, at=at)
        return reverse("fairs:stalls")

    context = {
        "title": _("改摊位"),
        "lead": stall.place.full_name,
        "button": _("保存修改"),
        "up": reverse("fairs:stalls"),
    }
    words = _("已改好。")
    return done(request, form, act, page="fairs/desk/form.html", words=words, tab="stalls", **context)


@audience("desk", permission=EDIT)
@require_POST
def close_stall(request: HttpRequest, stall_id: int) -> HttpResponse:
    """Give a stall up."""
    stall = _stall(request, stall_id)
    return pressed(
        request,
        lambda at: services.close_stall(stall_id=stall.pk, by=request.user, at=at),
        words=_("「{name}」不再出摊。").format(name=stall.title),
        to=reverse("fairs:stalls"),
    )
