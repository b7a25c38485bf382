"""Leaving: the person becomes a number, the record of the service stays (GB/T 40143: ten years)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from civic.core.errors import Refused
from civic.journal import services as journal
from civic.people.models import Code, Consent, Person, SignIn
from civic.people.signals import person_left

NAME_OF_THE_GONE = "已注销"


@transaction.atomic
def close_account(*, person_id: int, by: Person, at: datetime) -> Person:
    """Empty everything that tells who a person is, end her sign-ins and consents, tell the apps above.

    Cannot be undone; the same phone may join again as somebody new. Raises Refused when already closed.
    """
    person = Person.objects.select_for_update(of=("self",)).get(pk=person_id)
    if person.left_at is not None:
        raise Refused(_("这个账号已经注销。"))
    if person.phone_hash:
        Code.objects.filter(phone_hash=person.phone_hash).delete()
    Consent.objects.filter(person=person, withdrawn_at=None).update(withdrawn_at=at, withdrawn_by=by)
    SignIn.objects.filter(person=person).update(device="")
    SignIn.objects.filter(person=person, ended_at=None).update(ended_at=at)
    person_left.send(sender=Person, person=person, at=at)
    _empty(person, at)
    journal.write(at=at, by=by, what="people.close_account", about=person)
    return person


def _empty(person: Person, at: datetime) -> None:
    person.name = NAME_OF_THE_GONE
    person.phone = person.id_number = person.address = person.totp_secret = ""
    person.phone_hash = person.id_number_hash = None
    person.home = None
    person.language = person.mode = ""
    person.is_active = False
    person.left_at = at
    person.set_unusable_password()
    person.save()
