"""On the phone of the team: the fairs its stalls go to, and the count of people served."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from civic.core.acting import done, sent
from civic.core.errors import Refused
from civic.core.web import answer, audience
from civic.fairs.forms import MembersForm
from civic.fairs.models import StallSession
from civic.fairs.queries import team as queries
from civic.fairs.queries.desk import members_of
from civic.fairs.services import stalls as services
from civic.fairs.states import AHEAD, FairState


@audience("team")
@require_GET
def team_fairs(request: HttpRequest) -> HttpResponse:
    """Where my team's stalls go next, and what they did."""
    context = {"tab": "mine", "found": queries.sessions_of(request.user)}
    return render(request, "fairs/team/home.html", context)


def _session(request: HttpRequest, session_id: int) -> StallSession:
    found = queries.session_of(request.user, session_id)
    if found is None:
        raise Http404
    return found


@audience("team")
@require_GET
def team_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """One stall at one fair: when, where, who goes, and the counter."""
    session = _session(request, session_id)
    now = timezone.now()
    fair = session.fair
    context = {
        "tab": "mine",
        "session": session,
        "fair": fair,
        "members": [one.person.name for one in session.members.select_related("person").order_by("id")],
        "counts": fair.state == FairState.OPEN
        or (fair.state == FairState.PUBLISHED and now >= fair.span.lower - services.EARLY),
        "may_name": session.team_id is not None and fair.state in (*AHEAD, FairState.OPEN),
    }
    return answer(
        request, page="fairs/team/session.html", fragment="fairs/team/_counter.html", context=context
    )


@audience("team")
@require_POST
def tap(request: HttpRequest, session_id: int) -> HttpResponse:
    """One press of the counter; the form's key makes a press sent twice count once."""
    session = _session(request, session_id)
    try:
        services.tap(
            session_id=session.pk,
            step=_step(request.POST.get("step", "")),
            by=request.user,
            at=timezone.now(),
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("fairs:team_session", session.pk)


def _step(text: str) -> int:
    """+1, 5 or -1 as a number; 0, which the service refuses, for anything else."""
    return {"1": 1, "5": 5, "-1": -1}.get(text, 0)


@audience("team")
@require_http_methods(["GET", "POST"])
def name_members(request: HttpRequest, session_id: int) -> HttpResponse:
    """Say who of the team stands at the stall."""
    session = _session(request, session_id)
    members = members_of(session)
    named = [one.pk for one in session.members.order_by("id")]
    form = MembersForm(sent(request), members=members, initial={"members": named})
    up = reverse("fairs:team_session", args=[session.pk])

    def act(at: Any) -> str:
        services.name_members(
            session_id=session.pk, member_ids=form.cleaned_data["members"], by=request.user, at=at
        )
        return up

    context = {"tab": "mine", "session": session, "up": up, "has_members": bool(members)}
    words = _("已安排，队员会收到通知。")
    return done(request, form, act, page="fairs/team/members.html", words=words, **context)
