"""S6 阵地档案: profile, hours, photos and rooms of the venues in reach."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from civic.access.queries import places_reached
from civic.access.roles import Permission
from civic.core.acting import done, pressed
from civic.core.web import answer, audience
from civic.venues import queries
from civic.venues.forms import HoursForm, OpenVenueForm, PhotoForm, ProfileForm, ReasonForm, RoomForm
from civic.venues.models import Photo, Room, Venue, VenueKind
from civic.venues.services import booking, profile

EDIT = Permission.VENUES_EDIT


@audience("public")
@require_GET
def photo(request: HttpRequest, photo_id: int) -> FileResponse:
    """A picture of a venue, drawn anew when it came in."""
    shown = get_object_or_404(Photo, pk=photo_id)
    response = FileResponse(shown.file.open(), content_type="image/jpeg")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


@audience("desk", permission=EDIT)
@require_GET
def files(request: HttpRequest) -> HttpResponse:
    """The venues whose files this person keeps, and what is missing in them."""
    kind, asked = request.GET.get("kind", ""), request.GET.get("q", "").strip()[:60]
    page = queries.files(request.user, kind=kind, text=asked, after=request.GET.get("after", ""))
    context = {"tab": "files", "page": page, "q": asked, "kind": kind, "kinds": VenueKind.choices}
    return answer(request, page="venues/desk/files.html", fragment="venues/desk/_files.html", context=context)


@audience("desk", permission=EDIT)
@require_GET
def file(request: HttpRequest, venue_id: int) -> HttpResponse:
    """One file: what is told and what is missing."""
    venue = queries.venue_file(_mine(request, venue_id).pk)
    return render(request, "venues/desk/file.html", {"tab": "files", "venue": venue})


@audience("desk", permission=EDIT)
@require_http_methods(["GET", "POST"])
def open_venue(request: HttpRequest, place_id: int) -> HttpResponse:
    """A new venue at a place."""
    place = get_object_or_404(places_reached(request.user, EDIT).valid(), pk=place_id)
    form = OpenVenueForm(request.POST if request.method == "POST" else None)
    return done(
        request,
        form,
        lambda at: profile.open_venue(
            place_id=place.pk, kind=form.cleaned_data["kind"], profile=form.profile(), by=request.user, at=at
        ),
        page="venues/desk/open_venue.html",
        words=_("已新建阵地。"),
        to=reverse("venues:files"),
        tab="files",
        place=place,
    )


@audience("desk", permission=EDIT)
@require_http_methods(["GET", "POST"])
def edit_venue(request: HttpRequest, venue_id: int) -> HttpResponse:
    """The profile of a venue."""
    venue = _mine(request, venue_id)
    form = ProfileForm(request.POST) if request.method == "POST" else ProfileForm.of(venue)
    return done(
        request,
        form,
        lambda at: profile.edit_venue(
            venue_id=venue.pk,
            profile=form.profile(),
            version=form.cleaned_data["version"],
            by=request.user,
            at=at,
        ),
        page="venues/desk/edit_venue.html",
        words=_("已保存档案。"),
        to=reverse("venues:file", args=[venue.pk]),
        tab="files",
        venue=venue,
    )


@audience("desk", permission=EDIT)
@require_http_methods(["GET", "POST"])
def set_hours(request: HttpRequest, venue_id: int) -> HttpResponse:
    """The opening hours of a week."""
    venue = _mine(request, venue_id)
    form = HoursForm(request.POST) if request.method == "POST" else HoursForm.of(venue)
    return done(
        request,
        form,
        lambda at: profile.set_hours(
            venue_id=venue.pk, spans=form.cleaned_data["spans"], by=request.user, at=at
        ),
        page="venues/desk/set_hours.html",
        words=_("已保存开放时间。"),
        to=reverse("venues:file", args=[venue.pk]),
        tab="files",
        venue=venue,
    )


@audience("desk", permission=EDIT)
@require_http_methods(["GET", "POST"])
def add_photo(request: HttpRequest, venue_id: int) -> HttpResponse:
    """The pictures of a venue, and one more."""
    venue = _mine(request, venue_id)
    form = PhotoForm(request.POST, request.FILES) if request.method == "POST" else PhotoForm()

    def act(at: Any) -> Photo:
        upload: UploadedFile[Any] = form.cleaned_data["file"]
        caption = form.cleaned_data["caption"]
        return profile.add_photo(venue_id=venue.pk, upload=upload, caption=caption, by=request.user, at=at)

    return done(
        request,
        form,
        act,
        page="venues/desk/photos.html",
        words=_("已加上照片。"),
        to=reverse("venues:add_photo", args=[venue.pk]),
        tab="files",
        venue=venue,
        photos=list(venue.photos.order_by("id")),
    )


@audience("desk", permission=EDIT)
@require_POST
def remove_photo(request: HttpRequest, photo_id: int) -> HttpResponse:
    """Take a picture away."""
    shown = get_object_or_404(Photo, pk=photo_id)
    venue = _mine(request, shown.venue_id)
    return pressed(
        request,
        lambda at: profile.remove_photo(photo_id=photo_id, by=request.user, at=at),
        words=_("已删掉照片。"),
        to=reverse("venues:add_photo", args=[venue.pk]),
    )


@audience("desk", permission=EDIT)
@require_http_methods(["GET", "POST"])
def close_venue(request: HttpRequest, venue_id: int) -> HttpResponse:
    """Close a venue for good; asks why."""
    venue = _mine(request, venue_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    return done(
        request,
        form,
        lambda at: profile.close_venue(
            venue_id=venue.pk, reason=form.cleaned_data["reason"], by=request.user, at=at
        ),
        page="venues/desk/close_venue.html",
        words=_("已关闭「{venue}」。").format(venue=venue.name),
        to=reverse("venues:files"),
        tab="files",
        venue=venue,
    )


@audience("desk", permission=EDIT)
@require_http_methods(["GET", "POST"])
def add_room(request: HttpRequest, venue_id: int) -> HttpResponse:
    """The rooms of a venue, and one more."""
    venue = _mine(request, venue_id)
    form = RoomForm(request.POST if request.method == "POST" else None)
    return done(
        request,
        form,
        lambda at: booking.add_room(venue_id=venue.pk, **form.cleaned_data, by=request.user, at=at),
        page="venues/desk/rooms_of.html",
        words=_("已加上房间。"),
        to=reverse("venues:add_room", args=[venue.pk]),
        tab="files",
        venue=venue,
        rooms=list(venue.rooms.filter(closed_on=None).order_by("id")),
    )


@audience("desk", permission=EDIT)
@require_http_methods(["GET", "POST"])
def edit_room(request: HttpRequest, room_id: int) -> HttpResponse:
    """One room."""
    room = get_object_or_404(Room.objects.filter(closed_on=None), pk=room_id)
    venue = _mine(request, room.venue_id)
    said = {"name": room.name, "seat_count": room.seat_count, "uses": room.uses}
    form = RoomForm(request.POST) if request.method == "POST" else RoomForm(initial=said)
    return done(
        request,
        form,
        lambda at: booking.edit_room(room_id=room.pk, **form.cleaned_data, by=request.user, at=at),
        page="venues/desk/edit_room.html",
        words=_("已保存房间。"),
        to=reverse("venues:add_room", args=[venue.pk]),
        tab="files",
        venue=venue,
        room=room,
    )


@audience("desk", permission=EDIT)
@require_POST
def close_room(request: HttpRequest, room_id: int) -> HttpResponse:
    """Take a room out of use."""
    room = get_object_or_404(Room.objects.filter(closed_on=None), pk=room_id)
    venue = _mine(request, room.venue_id)
    return pressed(
        request,
        lambda at: booking.close_room(room_id=room_id, by=request.user, at=at),
        words=_("「{room}」已停用。").format(room=room.name),
        to=reverse("venues:add_room", args=[venue.pk]),
    )


def _mine(request: HttpRequest, venue_id: int) -> Venue:
    """An open venue within reach; anything else reads as absent."""
    venue = queries.editable(request.user).filter(pk=venue_id).first()
    if venue is None:
        raise Http404
    return venue
