"""R15 文明集市, open to guests: which stalls, when, where; and the fair for one's own calendar."""

from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from civic.core.web import audience
from civic.fairs import days, invitation
from civic.fairs.models import Fair
from civic.fairs.queries import public as queries
from civic.fairs.queries.desk import by_hand, sessions
from civic.places import queries as places
from civic.places.models import Place


def _chosen(request: HttpRequest) -> Place | None:
    """Where the visitor said she is; else where she lives."""
    kept = places.by_id(request.session.get("place_id"))
    return kept or places.by_id(getattr(request.user, "home_id", None))


@audience("public")
@require_GET
def fairs(request: HttpRequest) -> HttpResponse:
    """The next fairs near me, and the fixed days of my place."""
    place = _chosen(request)
    now = timezone.now()
    context = {
        "tab": "home",
        "place": place,
        "near": queries.next_fairs(place, at=now),
        "fixed": queries.fixed_days_ahead(place, today=timezone.localdate(now))[:6],
    }
    return render(request, "fairs/public/fairs.html", context)


def _told(fair_id: int) -> Fair:
    found = queries.fair_told(fair_id)
    if found is None:
        raise Http404
    return found


@audience("public")
@require_GET
def told_fair(request: HttpRequest, fair_id: int) -> HttpResponse:
    """One fair: when, where, which stalls."""
    fair = _told(fair_id)
    day = timezone.localdate(fair.span.lower)
    context = {
        "tab": "home",
        "fair": fair,
        "sessions": sessions(fair),
        "mark": days.mark_of(day, by_hand(day, day)),
    }
    return render(request, "fairs/public/fair.html", context)


@audience("public")
@require_GET
def invite(request: HttpRequest, fair_id: int) -> HttpResponse:
    """The fair as a file that the phone's own calendar opens."""
    fair = _told(fair_id)
    text = invitation.written(
        fair, stalls=[one.stall.title for one in sessions(fair)], host=request.get_host()
    )
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(fair.title)}.ics"
    return response
