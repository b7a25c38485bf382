"""Persons for tests: signed in by phone, with a known password."""

import factory
from factory.django import DjangoModelFactory

from civic.core.crypto import keyed_hash
from civic.people.models import Consent, Person, Purpose
from tests.moments import LONG_AGO

PASSWORD = "shi-jian-yun-2026"


class PersonFactory(DjangoModelFactory):
    """Someone of the city who joined long ago. `phone=""` makes a person without a phone."""

    class Meta:
        model = Person
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"王{n}")
    phone = factory.Sequence(lambda n: f"139{n:08}")
    phone_hash = factory.LazyAttribute(
        lambda person: keyed_hash(person.phone, context="phone") if person.phone else None
    )
    password = factory.django.Password(PASSWORD)
    joined_at = LONG_AGO


class ConsentFactory(DjangoModelFactory):
    class Meta:
        model = Consent

    person = factory.SubFactory(PersonFactory)
    purpose = Purpose.SERVICE
    notice_version = "2026-01"
    channel = "web"
    given_at = LONG_AGO
    given_by = factory.SelfAttribute("person")
