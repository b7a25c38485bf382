"""Masked data is opened for one person, for a reason, with a line in the journal."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from civic.access import rules
from civic.core.errors import Denied, Refused
from civic.journal import services as journal
from civic.people.models import Person

REASON_MIN = 2


@dataclass(frozen=True, slots=True)
class Opened:
    """What was under the mask."""

    name: str
    phone: str
    address: str


@transaction.atomic
def unmask(*, person_id: int, place_path: str, reason: str, by: Person, at: datetime) -> Opened:
    """Name, phone and address of a person, for whoever serves the place at `place_path`.

    `place_path` is the place by which the caller reached the person (the order, the home): never what the
    browser says. Raises Denied without the right there, Refused without a reason.
    """
    if not place_path or not rules.may_unmask(by, place_path):
        raise Denied
    if len(reason.strip()) < REASON_MIN:
        raise Refused(_("请写明查看的原因，会记入审计。"))
    person = Person.objects.get(pk=person_id)
    journal.write(
        at=at, by=by, what="people.unmask", about=person, place_path=place_path, reason=reason.strip()[:100]
    )
    return Opened(name=person.name, phone=person.phone, address=person.address)
