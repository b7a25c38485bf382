"""R3 点单：要什么. The menu by category, one item, suggestions for own words; guests see it all."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from civic.core.web import audience
from civic.orders.pages.resident_place import place_of
from civic.orders.queries import menu as menus
from civic.orders.queries import search


@audience("public")
@require_safe
def menu(request: HttpRequest) -> HttpResponse:
    """Say it in one's own words, or pick a category."""
    place = place_of(request)
    context = {"tab": "order", "place": place, "categories": menus.categories()}
    return render(request, "orders/resident/menu.html", context)


@audience("public")
@require_safe
def category(request: HttpRequest, slug: str) -> HttpResponse:
    """The items of one category that the place offers this month."""
    found = menus.categories().filter(slug=slug).first()
    if found is None:
        raise Http404
    place = place_of(request)
    items = menus.offered_at(place, timezone.localdate()).filter(category=found)
    context = {"tab": "order", "place": place, "category": found, "items": items}
    return render(request, "orders/resident/category.html", context)


@audience("public")
@require_safe
def item(request: HttpRequest, slug: str) -> HttpResponse:
    """What it is, how long it takes, what can go wrong and what is done about it, and who near can do it."""
    place = place_of(request)
    today = timezone.localdate()
    found = menus.item_named(slug)
    if found is None:
        raise Http404
    context = {
        "tab": "order",
        "place": place,
        "item": found,
        "is_offered": menus.offered_at(place, today).filter(pk=found.pk).exists(),
        "helpers": menus.helpers_near(found, place) if place else None,
    }
    return render(request, "orders/resident/item.html", context)


@audience("public")
@require_safe
def say(request: HttpRequest) -> HttpResponse:
    """Three items that fit the words; first of all the number to call when they belong elsewhere."""
    words = request.GET.get("words", "").strip()[:500]
    place = place_of(request)
    context = {
        "tab": "order",
        "words": words,
        "place": place,
        "offers": search.offers_for(words, place, timezone.localdate()) if words else [],
        "advice": search.advice_for(words) if words else None,
    }
    return render(request, "orders/resident/say.html", context)
