"""The first page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from civic.core.web import audience
from civic.orders.queries import menu as menus
from civic.orders.queries import resident as residents
from civic.places import queries as places
from civic.places.models import Place
from civic.portal.pages.mine import work


@audience("public")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """R1: start an order, see one's own, see what is offered near; staff find their desk."""
    place = residents.place_of(request.user, request.session.get("place_id"))
    order = residents.newest_open(request.user) if request.user.is_authenticated else None
    context = {
        "tab": "home",
        "place": place,
        "work": work(request),
        "order": order,
        "steps": residents.nearest_steps(residents.timeline(order)) if order else [],
        "favourites": menus.favourites(place, timezone.localdate()),
        **_around(place),
    }
    return render(request, "portal/home.html", context)


def _around(place: Place | None) -> dict[str, Any]:
    """What the sites near a place offer, and whom to call there; nothing before a place is chosen."""
    if place is None:
        return {"spot": None, "venues": [], "call": None, "claims": [], "issue": None}
    venues = menus.venues_serving(place)
    return {
        "spot": places.spots([place])[0],
        "venues": venues[:3],
        "call": menus.phone_for(venues),
        "claims": menus.claims_near(place),
        "issue": menus.current_issue(place, timezone.localdate()),
    }
