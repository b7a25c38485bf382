"""Booking rooms: once, or weekly with the dates shown before they are taken."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from civic.access.roles import Permission
from civic.core.acting import done, pressed
from civic.core.errors import Refused
from civic.core.web import audience
from civic.venues import queries
from civic.venues.forms import BookForm, DatesForm
from civic.venues.models import Booking, Room, Series
from civic.venues.services import booking as services

BOOK = Permission.VENUES_BOOK


@audience("desk", permission=BOOK)
@require_GET
def rooms(request: HttpRequest) -> HttpResponse:
    """The rooms this person may book, with what comes next in each."""
    found = list(queries.bookable_rooms(request.user)[:200])
    ahead = queries.next_bookings(found, at=timezone.now())
    context = {"tab": "rooms", "rooms": [(room, ahead.get(room.pk)) for room in found]}
    return render(request, "venues/desk/rooms.html", context)


@audience("desk", permission=BOOK)
@require_GET
def room_bookings(request: HttpRequest, room_id: int) -> HttpResponse:
    """What is booked ahead in a room, to be cancelled one by one or as a series."""
    room = _bookable(request, room_id)
    context = {"tab": "rooms", "room": room, "bookings": queries.ahead(room, at=timezone.now())}
    return render(request, "venues/desk/room_bookings.html", context)


@audience("desk", permission=BOOK)
@require_http_methods(["GET", "POST"])
def book(request: HttpRequest, room_id: int) -> HttpResponse:
    """Take a room once; with a last day given, go on to the dates of a weekly booking."""
    room = _bookable(request, room_id)
    form = BookForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and form.cleaned_data["until"]:
        return _weekly(request, room, form)

    def act(at: Any) -> Booking:
        starts_at, ends_at = form.span()
        title = form.cleaned_data["title"]
        return services.book(
            room_id=room.pk, title=title, starts_at=starts_at, ends_at=ends_at, by=request.user, at=at
        )

    return done(
        request,
        form,
        act,
        page="venues/desk/book.html",
        words=_("已约好「{room}」。").format(room=room.name),
        to=reverse("venues:room_bookings", args=[room.pk]),
        tab="rooms",
        room=room,
    )


def _weekly(request: HttpRequest, room: Room, form: BookForm) -> HttpResponse:
    """Show the dates with what stands in their way; take the chosen ones when they were sent along."""
    said = form.cleaned_data
    plan = queries.weekly_plan(
        room,
        weekday=said["day"].weekday(),
        opens=said["opens"],
        closes=said["closes"],
        first_on=said["day"],
        last_on=said["until"],
    )[: services.MOST_DATES]
    free = [planned.day for planned in plan if planned.is_free]
    chosen = DatesForm(request.POST if "confirm" in request.POST else None, days=free)
    if chosen.is_bound and chosen.is_valid():
        try:
            series = services.book_weekly(
                room_id=room.pk,
                title=said["title"],
                dates=chosen.cleaned_data["dates"],
                opens=said["opens"],
                closes=said["closes"],
                by=request.user,
                at=timezone.now(),
            )
        except Refused as refusal:
            chosen.add_error(None, str(refusal))
        else:
            count = len(chosen.cleaned_data["dates"])
            messages.success(request, _("已约好「{title}」{n} 次。").format(title=series.title, n=count))
            return redirect("venues:room_bookings", room.pk)
    context = {"tab": "rooms", "room": room, "asked": form, "plan": plan, "form": chosen}
    return render(request, "venues/desk/book_weekly.html", context, status=422 if chosen.errors else 200)


@audience("desk", permission=BOOK)
@require_POST
def cancel_booking(request: HttpRequest, booking_id: int) -> HttpResponse:
    """Free the room on one date."""
    booking = get_object_or_404(Booking, pk=booking_id)
    room = _bookable(request, booking.room_id)
    return pressed(
        request,
        lambda at: services.cancel_booking(booking_id=booking_id, by=request.user, at=at),
        words=_("已取消这次预约。"),
        to=reverse("venues:room_bookings", args=[room.pk]),
    )


@audience("desk", permission=BOOK)
@require_POST
def cancel_series(request: HttpRequest, series_id: int) -> HttpResponse:
    """Free the room on all dates of a weekly booking that are still ahead."""
    series = get_object_or_404(Series, pk=series_id)
    room = _bookable(request, series.room_id)
    return pressed(
        request,
        lambda at: services.cancel_series(series_id=series_id, by=request.user, at=at),
        words=_("已取消后面的全部预约。"),
        to=reverse("venues:room_bookings", args=[room.pk]),
    )


def _bookable(request: HttpRequest, room_id: int) -> Room:
    """A room in use within reach; anything else reads as absent."""
    room = queries.bookable_rooms(request.user).filter(pk=room_id).first()
    if room is None:
        raise Http404
    return room
