"""Venues, rooms and bookings for tests."""

from datetime import timedelta

import factory
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from factory.django import DjangoModelFactory

from civic.people.tests.factories import PersonFactory
from civic.places.tests.factories import PlaceFactory
from civic.venues.models import Booking, Room, Venue, VenueKind
from tests.moments import LONG_AGO, NOON


class VenueFactory(DjangoModelFactory):
    """A station of a community."""

    class Meta:
        model = Venue

    place = factory.SubFactory(PlaceFactory)
    kind = VenueKind.STATION
    name = factory.LazyAttribute(lambda venue: f"{venue.place.name}新时代文明实践站")
    sort_key = factory.Sequence(lambda n: f"{n:08}")


class RoomFactory(DjangoModelFactory):
    class Meta:
        model = Room

    venue = factory.SubFactory(VenueFactory)
    name = factory.Sequence(lambda n: f"活动室{n}")
    seat_count = 30


class BookingFactory(DjangoModelFactory):
    """A room taken for two hours from noon."""

    class Meta:
        model = Booking

    room = factory.SubFactory(RoomFactory)
    title = "太极拳"
    span = DateTimeTZRange(NOON, NOON + timedelta(hours=2))
    booked_at = LONG_AGO
    booked_by = factory.SubFactory(PersonFactory)
