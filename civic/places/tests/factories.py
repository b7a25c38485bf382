"""Places for tests. A path is made from the parent's, as the product does it."""

import factory
from django.db import connection
from factory.django import DjangoModelFactory

from civic.places.models import Kind, Level, Place

KINDS = {
    Level.CITY: Kind.PREFECTURE_CITY,
    Level.COUNTY: Kind.COUNTY,
    Level.TOWNSHIP: Kind.TOWN,
    Level.VILLAGE: Kind.RESIDENTS_COMMITTEE,
}
ORDER = {level: number for number, level in enumerate(Level)}


def next_id():
    """The id the database would give to the next place; the path needs it before the row exists."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('places_place', 'id'))")
        return cursor.fetchone()[0]


class PlaceFactory(DjangoModelFactory):
    """A village below a township, a county and a city, unless told otherwise."""

    class Meta:
        model = Place

    id = factory.LazyFunction(next_id)
    level = Level.VILLAGE
    level_order = factory.LazyAttribute(lambda place: ORDER[place.level])
    kind = factory.LazyAttribute(lambda place: KINDS[place.level])
    name = factory.Sequence(lambda n: f"第{n}社区")
    full_name = factory.SelfAttribute("name")
    sort_key = factory.LazyAttribute(lambda place: f"{place.id:08}")
    initials = ""
    path = factory.LazyAttribute(lambda place: f"{place.parent.path if place.parent else ''}{place.id}/")

    @factory.lazy_attribute
    def parent(self):
        """One of the level above; the city has none."""
        if self.level == Level.CITY:
            return None
        return PlaceFactory(level=list(Level)[ORDER[self.level] - 1])
