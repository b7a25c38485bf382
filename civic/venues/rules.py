"""Who may do what to places, venues and rooms; every question is one of reach."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser

from civic.access.queries import holds, reaches
from civic.access.roles import Permission
from civic.places.models import Place
from civic.venues.models import Batch, Booking, Room, Venue

if TYPE_CHECKING:
    from civic.people.models import Person


def may_edit_place(person: "Person | AnonymousUser", place: Place) -> bool:
    """Change the tree at and below this place."""
    return reaches(person, Permission.PLACES_EDIT, place.path)


def may_edit(person: "Person | AnonymousUser", venue: Venue) -> bool:
    """Change the profile, hours, photos and rooms of a venue."""
    return reaches(person, Permission.VENUES_EDIT, venue.place.path)


def may_open(person: "Person | AnonymousUser", place: Place) -> bool:
    """Open a venue at a place."""
    return reaches(person, Permission.VENUES_EDIT, place.path)


def may_book(person: "Person | AnonymousUser", room: Room) -> bool:
    """Take a room for a span of time."""
    return reaches(person, Permission.VENUES_BOOK, room.venue.place.path)


def may_cancel_booking(person: "Person | AnonymousUser", booking: Booking) -> bool:
    """Free a room again: whoever may book it."""
    return may_book(person, booking.room)


def may_count_circle(person: "Person | AnonymousUser") -> bool:
    """Have the 15-minute circle counted anew, and take it along: who sees figures anywhere."""
    return holds(person, Permission.FIGURES_SEE)


def may_apply(person: "Person | AnonymousUser", batch: Batch) -> bool:
    """Take in, drop or undo a workbook: who imports over the place it was uploaded for."""
    return reaches(person, Permission.VENUES_IMPORT, batch.place.path)


may_drop = may_apply
may_undo = may_apply
