"""News from below: somebody who works for the city signed in, or left."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from civic.access import queries, services
from civic.people.models import Person
from civic.people.queries import Chapter
from civic.people.signals import data_asked, described, person_left, signed_in


@receiver(signed_in, dispatch_uid="access.narrow")
def narrow(*, person: Person, **_: Any) -> None:
    """Staff owe the second step and may not rest long."""
    if queries.holds(person):
        services.narrow(person=person)


@receiver(person_left, dispatch_uid="access.revoke_all")
def revoke_all(*, person: Person, at: datetime, **_: Any) -> None:
    """Whoever leaves keeps no role."""
    services.revoke_all(person=person, at=at)


@receiver(described, dispatch_uid="access.describe")
def describe(*, person: Person, **_: Any) -> str | None:
    """Her roles and where she holds them, for the list of the demo cast."""
    return (
        "；".join(f"{grant.get_role_display()} · {grant.place.name}" for grant in queries.grants_of(person))
        or None
    )


@receiver(data_asked, dispatch_uid="access.own_data")
def own_data(*, person: Person, **_: Any) -> Chapter | None:
    """The roles a person has or had, for her own data."""
    return queries.chapter_of(person)
