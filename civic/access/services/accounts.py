"""Accounts of people who work for the city: invited, stopped, let in again."""

from datetime import datetime

from django.db import transaction

from civic.access import rules
from civic.access.models import Grant
from civic.access.services.grants import grant
from civic.core.errors import Denied
from civic.people import services as people
from civic.people.models import Person


@transaction.atomic
def invite(*, phone: str, name: str, role: str, place_id: int, by: Person, at: datetime) -> Grant:
    """Give a role to the person with this phone, who is made when unknown.

    Raises what `grant` raises, and Refused for a number that cannot be one.
    """
    if not rules.may_manage_accounts(by):
        raise Denied
    person = people.find_or_create_by_phone(phone=phone, name=name, at=at, by=by)
    if not person.name.strip():
        person = people.set_profile(person_id=person.pk, name=name, by=by, at=at)
    return grant(person_id=person.pk, role=role, place_id=place_id, by=by, at=at)


def _within_reach(person_id: int, by: Person) -> None:
    """Raises Denied unless `by` may grant wherever the person has a role, and it is not himself."""
    paths = Grant.objects.standing().filter(person_id=person_id).values_list("place__path", flat=True)
    found = list(paths.order_by("id"))
    if person_id == by.pk or not rules.may_manage_accounts(by):
        raise Denied
    if not all(rules.may_grant(by, path) for path in found):
        raise Denied


@transaction.atomic
def disable(*, person_id: int, by: Person, at: datetime) -> Person:
    """Stop an account at once, everywhere. Raises Denied for oneself and out of reach."""
    _within_reach(person_id, by)
    return people.disable(person_id=person_id, by=by, at=at)


@transaction.atomic
def enable(*, person_id: int, by: Person, at: datetime) -> Person:
    """Let a stopped account in again. Raises Denied out of reach, Refused when its owner closed it."""
    _within_reach(person_id, by)
    return people.enable(person_id=person_id, by=by, at=at)


@transaction.atomic
def reset_second_step(*, person_id: int, by: Person, at: datetime) -> None:
    """Unbind the app of somebody who lost the phone. Raises Denied for oneself and out of reach."""
    _within_reach(person_id, by)
    people.clear_totp(person_id=person_id, by=by, at=at)
