"""R20: one box over services, places and sites."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from civic.core.web import answer, audience
from civic.orders.models import Item
from civic.orders.queries import resident as residents
from civic.orders.queries import search as menus
from civic.places import queries as places
from civic.places.models import Place
from civic.venues import queries as venues


@audience("public")
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Results in groups; with script they follow the typing."""
    asked = request.GET.get("q", "").strip()[:60]
    place = residents.place_of(request.user, request.session.get("place_id"))
    now = timezone.now()
    spots = places.search(asked, limit=8) if asked else []
    context = {
        "q": asked,
        "items": _items(asked, place, timezone.localdate(now), is_place=bool(spots)),
        "spots": spots,
        "sites": venues.found_by_words(asked, at=now, limit=8) if asked else [],
        "advice": menus.advice_for(asked) if asked else None,
    }
    return answer(request, page="portal/search.html", fragment="portal/_results.html", context=context)


def _items(asked: str, place: Place | None, today: date, *, is_place: bool) -> list[Item]:
    """Items that hold the words; else those that a whole sentence means, unless it names a place."""
    if not asked:
        return []
    found = menus.items_matching(asked, place, today)
    if found or is_place:
        return found
    return [offer.item for offer in menus.offers_for(asked, place, today)]
