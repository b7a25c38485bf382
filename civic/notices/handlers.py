"""News from below: a one-time code was made, somebody asks for her own data, somebody left."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from civic.notices import services
from civic.notices.queries.mailbox import chapter_of
from civic.people.models import Person
from civic.people.queries import Chapter
from civic.people.signals import code_issued, data_asked, person_left


@receiver(code_issued, dispatch_uid="notices.send_code")
def send_code(*, phone: str, code: str, purpose: str, key: str, at: datetime, **_: Any) -> None:
    """Put the code on its way, in the transaction that made it."""
    services.queue_code(phone=phone, code=code, purpose=purpose, key=key, at=at)


@receiver(data_asked, dispatch_uid="notices.own_data")
def own_data(*, person: Person, **_: Any) -> Chapter | None:
    """What the person was told."""
    return chapter_of(person)


@receiver(person_left, dispatch_uid="notices.forget")
def forget(*, person: Person, **_: Any) -> None:
    """Whoever left is told nothing more, and what was told is emptied."""
    services.forget_person(person=person)
