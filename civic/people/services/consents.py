"""Consent per purpose and version of the notice."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from civic.core.errors import Refused
from civic.journal import services as journal
from civic.people.models import Consent, Person, Purpose


@transaction.atomic
def give_consent(*, person_id: int, purpose: str, channel: str, by: Person, at: datetime) -> Consent:
    """Agree to one purpose under today's notice; a standing consent to an older notice is replaced.

    `channel` is how it was given: web, phone or paper. Raises Refused for an unknown purpose or a closed
    account.
    """
    if purpose not in Purpose.values:
        raise Refused(_("没有这一项同意。"))
    person = Person.objects.select_for_update(of=("self",)).get(pk=person_id)
    if person.left_at is not None:
        raise Refused(_("这个账号已经注销。"))
    version = settings.PRIVACY_NOTICE_VERSION
    standing = Consent.objects.filter(person=person, purpose=purpose, withdrawn_at=None).first()
    if standing is not None:
        if standing.notice_version == version:
            return standing
        _end(standing, by, at)
    consent = Consent.objects.create(
        person=person, purpose=purpose, notice_version=version, channel=channel, given_at=at, given_by=by
    )
    journal.write(
        at=at,
        by=by,
        what="people.give_consent",
        about=person,
        purpose=purpose,
        version=version,
        channel=channel,
    )
    return consent


@transaction.atomic
def withdraw_consent(*, person_id: int, purpose: str, by: Person, at: datetime) -> None:
    """Take a consent back; nothing happens when none stands. What was done under it stays lawful."""
    person = Person.objects.select_for_update(of=("self",)).get(pk=person_id)
    standing = Consent.objects.filter(person=person, purpose=purpose, withdrawn_at=None).first()
    if standing is not None:
        _end(standing, by, at)
        journal.write(at=at, by=by, what="people.withdraw_consent", about=person, purpose=purpose)


def _end(consent: Consent, by: Person, at: datetime) -> None:
    consent.withdrawn_at = at
    consent.withdrawn_by = by
    consent.save(update_fields=["withdrawn_at", "withdrawn_by"])
