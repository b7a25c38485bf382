"""15 分钟服务圈: who has an open site near, how sure that is, the gaps, where to open next."""

from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from civic.access.roles import Permission
from civic.core import sheets
from civic.core.acting import pressed
from civic.core.web import answer, audience, id_in
from civic.places.models import Level, Place
from civic.venues import circle_queries as queries
from civic.venues.models import Nearness
from civic.venues.services import circle as services

SEE = Permission.FIGURES_SEE
FIRST_POINTS = 5


@audience("desk", permission=SEE)
@require_GET
def circle(request: HttpRequest) -> HttpResponse:
    """The certificate in words, the map or table of the areas below, and the first points to open."""
    run = queries.latest()
    above = _above(request)
    context = {
        "tab": "circle",
        "run": run,
        "is_waiting": queries.is_waiting(timezone.now() - services.STALE),
        "above": above,
        "is_narrowed": "place" in request.GET,
    }
    if run is not None:
        areas = queries.areas(run, above[0]) if len(above) == 1 else []
        context |= {
            "tally": queries.tally(run, above),
            "areas": areas,
            "is_map": bool(areas) and areas[0].place.level == Level.COUNTY,
            "points": queries.points(run, above, most=FIRST_POINTS),
            "is_city": any(place.level == Level.CITY for place in above),
        }
    return render(request, "venues/circle/circle.html", context)


@audience("desk", permission=SEE)
@require_GET
def circle_places(request: HttpRequest) -> HttpResponse:
    """Villages one by one: those outside, or those served in one way."""
    run = queries.latest()
    if run is None:  # nothing counted yet: the first page says so
        return redirect("venues:circle")
    asked = request.GET.get("only", "")
    nearness = asked if asked in Nearness.values else Nearness.GAP
    above = _above(request)
    page = queries.served(run, above, nearness=nearness, after=request.GET.get("after", ""))
    context = {
        "tab": "circle",
        "run": run,
        "above": above,
        "nearness": nearness,
        "tally": queries.tally(run, above),
        "page": page,
        "is_narrowed": "place" in request.GET,
    }
    return answer(
        request, page="venues/circle/places.html", fragment="venues/circle/_places.html", context=context
    )


@audience("desk", permission=SEE)
@require_GET
def circle_points(request: HttpRequest) -> HttpResponse:
    """Where the next points close most gaps, all of them."""
    run = queries.latest()
    if run is None:  # nothing counted yet: the first page says so
        return redirect("venues:circle")
    page = queries.points(run, _above(request), after=request.GET.get("after", ""))
    context = {"tab": "circle", "run": run, "page": page}
    return answer(
        request, page="venues/circle/points.html", fragment="venues/circle/_points.html", context=context
    )


@audience("desk", permission=SEE)
@require_POST
def ask_circle(request: HttpRequest) -> HttpResponse:
    """重新计算: the worker counts, this page does not wait."""
    return pressed(
        request,
        lambda at: services.ask_circle(by=request.user, at=at),
        words=_("已交给后台计算，过几分钟再来看。"),
        to=reverse("venues:circle"),
    )


@audience("desk", permission=SEE)
@require_POST
def export_circle(request: HttpRequest) -> HttpResponse:
    """Every village in reach as a workbook; by POST, since it is written to the journal."""
    raw = services.export_circle(by=request.user, at=timezone.now())
    response = HttpResponse(raw, content_type=sheets.XLSX)
    name = quote(f"{_('15 分钟服务圈')}-{timezone.localdate():%Y%m%d}.xlsx")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response


def _above(request: HttpRequest) -> list[Place]:
    """The place that was asked for, or all that the person sees; one out of reach reads as absent."""
    asked = request.GET.get("place", "")
    if not asked:
        return queries.tops(request.user)
    place_id = id_in(asked)
    place = None if place_id is None else queries.in_reach(request.user, place_id)
    if place is None:
        raise Http404
    return [place]
