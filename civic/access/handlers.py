"""News from below: somebody who works for the city signed in, or left."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from civic.access import queries, services
from civic.people.models import Person
from civic.people.signals import person_left, signed_in


@receiver(signed_in, dispatch_uid="access.narrow")
def narrow(*, person: Person, **_: Any) -> None:
    """Staff owe the second step and may not rest long."""
    if queries.holds(person):
        services.narrow(person=person)


@receiver(person_left, dispatch_uid="access.revoke_all")
def revoke_all(*, person: Person, at: datetime, **_: Any) -> None:
    """Whoever leaves keeps no role."""
    services.revoke_all(person=person, at=at)
