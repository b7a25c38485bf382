"""Grants for tests."""

import factory
from factory.django import DjangoModelFactory

from civic.access.models import Grant
from civic.access.roles import Role
from civic.people.tests.factories import PersonFactory
from civic.places.tests.factories import PlaceFactory
from tests.moments import LONG_AGO


class GrantFactory(DjangoModelFactory):
    """A role over a place, given long ago."""

    class Meta:
        model = Grant

    person = factory.SubFactory(PersonFactory)
    role = Role.INSTITUTE_CLERK
    place = factory.SubFactory(PlaceFactory)
    granted_at = LONG_AGO


def staff(name, role, place, **person):
    """A person called `name` who holds `role` over `place`."""
    return GrantFactory(person__name=name, role=role, place=place, **person).person
