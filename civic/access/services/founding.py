"""The very first grant of an empty house, from the command line of the machine."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from civic.access.models import Grant
from civic.access.roles import Role
from civic.core.errors import Refused
from civic.journal import services as journal
from civic.people import services as people
from civic.people.models import Person
from civic.places.models import Level, Place


@transaction.atomic
def found(*, phone: str, name: str, at: datetime) -> Person:
    """Make the first security admin, who gives every other role on the pages.

    Whoever can run commands on the machine may; once there is one, nobody may. Raises Refused.
    """
    city = Place.objects.select_for_update(of=("self",)).get(level=Level.CITY)
    if Grant.objects.standing().filter(role=Role.SECURITY_ADMIN).exists():
        raise Refused(_("已经有安全管理员，请他在「账号与角色」里授予。"))
    person = people.find_or_create_by_phone(phone=phone, name=name, at=at, by=None, home=city)
    made = Grant.objects.create(
        person=person, role=Role.SECURITY_ADMIN, place=city, granted_at=at, granted_by=None
    )
    journal.write(at=at, by=None, what="access.found", about=made, place_path=city.path, person=person.pk)
    return person
