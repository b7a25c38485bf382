"""R16 找阵地 and R17 阵地主页, and when a room is free: open to guests."""

from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from civic.core.web import answer, audience
from civic.places import queries as places
from civic.places.models import Level, Place
from civic.venues import queries, rules, tiles, weeks
from civic.venues.forms import PointForm
from civic.venues.models import Platform, Room, Venue
from civic.venues.signals import sections_asked

FURTHEST_WEEKS = 26


@audience("public")
@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """Search, step down the tree from the tile map, or see what serves the chosen place."""
    now = timezone.now()
    asked = request.GET.get("q", "").strip()[:60]
    at = None if asked else places.by_id(request.GET.get("at"))
    chosen = _chosen(request)
    context: dict[str, Any] = {
        "tab": "venues",
        "q": asked,
        "found": queries.found_by_words(asked, at=now) if asked else [],
        "at": at,
        "chosen": chosen,
        "near": [],
        "point_form": PointForm(),
    }
    if at is not None:
        context |= _level(at, now)
    elif not asked:
        context |= {"around": queries.around(chosen, at=now) if chosen else [], "map": tiles.counties()}
    return answer(
        request, page="venues/public/find.html", fragment="venues/public/_found.html", context=context
    )


@audience("public")
@require_POST
def near(request: HttpRequest) -> HttpResponse:
    """The venues nearest to a point. By POST: where somebody stands does not belong into the address log."""
    form = PointForm(request.POST)
    if not form.is_valid():
        raise Http404
    found = queries.nearest(lon=form.cleaned_data["lon"], lat=form.cleaned_data["lat"], at=timezone.now())
    context = {"tab": "venues", "q": "", "at": None, "near": found, "point_form": form}
    return answer(
        request, page="venues/public/find.html", fragment="venues/public/_found.html", context=context
    )


@audience("public")
@require_GET
def detail(request: HttpRequest, venue_id: int) -> HttpResponse:
    """One venue: when it is open, how to reach it, its rooms, and what goes on there."""
    venue = queries.venue_file(venue_id)
    if venue is None:
        raise Http404
    now = timezone.now()
    answers = sections_asked.send(sender=Venue, venue=venue, at=now)
    context = {
        "tab": "venues",
        "venue": venue,
        "spot": places.spots([venue.place])[0],
        "is_open": queries.is_open(venue.hours.all(), now),
        "hours": queries.hours_by_day(venue),
        "today": timezone.localdate(now).weekday(),
        "platforms": [Platform(slug).label for slug in venue.platforms],
        "sections": [section for _receiver, section in answers if section is not None],
        "may_edit": rules.may_edit(request.user, venue),
    }
    return render(request, "venues/public/detail.html", context)


@audience("public")
@require_GET
def room_week(request: HttpRequest, room_id: int) -> HttpResponse:
    """When a room is free or taken; by whom is shown to those who may book it."""
    rooms = Room.objects.filter(closed_on=None, venue__closed_on=None).select_related("venue__place")
    room = get_object_or_404(rooms, pk=room_id)
    this_week = weeks.monday_of(timezone.localdate())
    monday = _asked_week(request.GET.get("week", ""), this_week)
    context = {
        "tab": "venues",
        "room": room,
        "days": queries.week(room, monday),
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "earlier": monday - timedelta(days=7) if monday > this_week else None,
        "later": monday + timedelta(days=7) if monday < this_week + timedelta(weeks=FURTHEST_WEEKS) else None,
        "may_book": rules.may_book(request.user, room),
    }
    return answer(
        request, page="venues/public/room.html", fragment="venues/public/_week.html", context=context
    )


def _asked_week(text: str, this_week: date) -> date:
    """The Monday asked for, within what can be booked; this week for anything else."""
    try:
        asked = weeks.monday_of(date.fromisoformat(text))
    except ValueError:
        return this_week
    return min(max(asked, this_week), this_week + timedelta(weeks=FURTHEST_WEEKS))


def _chosen(request: HttpRequest) -> Place | None:
    """Where the visitor said she is; else where she lives."""
    kept = places.by_id(request.session.get("place_id"))
    return kept or places.by_id(getattr(request.user, "home_id", None))


def _level(at: Place, now: Any) -> dict[str, Any]:
    """The venues right at a place and the places below it, with how many venues each holds.

    A township lists its stations at once: a village has hardly more than one.
    """
    above = places.ancestors(at)
    if at.level in {Level.TOWNSHIP, Level.VILLAGE}:
        return {"here_found": queries.below(at, at=now), "below": [], "above": above}
    below = list(places.children(at))
    counts = queries.venue_counts(below)
    return {
        "here_found": queries.at_place(at, at=now),
        "below": [(place, counts[place.pk]) for place in below if counts[place.pk]],
        "above": above,
    }
