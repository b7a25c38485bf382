"""我在哪里: choose county, township, village by taps or by typing; kept in the session.

Other apps read `request.session["place_id"]`.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from civic.core.web import answer, audience
from civic.places import queries
from civic.places.models import Level, Place
from civic.places.signals import place_chosen

CHOSEN = "place_id"
RECENT = "recent_place_ids"
RECENT_KEPT = 5


@audience("public")
@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """Step down the tree, search it, or take a place chosen before."""
    at = queries.by_id(request.GET.get("at")) or queries.root()
    asked = request.GET.get("q", "").strip()[:60]
    context: dict[str, Any] = {
        "q": asked,
        "back_to": _safe(request, request.GET.get("next", "")),
        "chosen": _spot(request.session.get(CHOSEN)),
        "at": at,
        "trail": [*queries.ancestors(at), at] if at else [],
        "below": queries.children(at) if at else [],
        "ends_here": at is not None and at.level == Level.TOWNSHIP,
        "hits": queries.search(asked) if asked else [],
        "recent": [] if asked else _recent(request),
    }
    return answer(request, page="places/choose.html", fragment="places/_choices.html", context=context)


@audience("public")
@require_POST
def pick(request: HttpRequest, place_id: int) -> HttpResponse:
    """Remember the chosen place and go back to where the visitor came from."""
    place = get_object_or_404(Place.objects.valid(), pk=place_id)
    recent = [place.pk, *(known for known in request.session.get(RECENT, []) if known != place.pk)]
    request.session[CHOSEN] = place.pk
    request.session[RECENT] = recent[:RECENT_KEPT]
    person = request.user if request.user.is_authenticated else None
    place_chosen.send(sender=Place, person=person, place=place, at=timezone.now())
    return HttpResponseRedirect(_safe(request, request.POST.get("next", "")) or reverse("portal:home"))


def _safe(request: HttpRequest, url: str) -> str:
    """An address of this site, or nothing."""
    hosts = {request.get_host()}
    safe = url_has_allowed_host_and_scheme(url, allowed_hosts=hosts, require_https=request.is_secure())
    return url if safe else ""


def _spot(place_id: Any) -> queries.Spot | None:
    place = queries.by_id(place_id)
    return queries.spots([place])[0] if place else None


def _recent(request: HttpRequest) -> list[queries.Spot]:
    """Places chosen before in this browser, the last one first; those closed since are left out."""
    ids = request.session.get(RECENT, [])
    if not ids:
        return []
    found = {place.pk: place for place in Place.objects.valid().filter(pk__in=ids)}
    return queries.spots(found[place_id] for place_id in ids if place_id in found)
