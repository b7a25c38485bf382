"""Persons come into being and change."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from civic.core.errors import Refused
from civic.journal import services as journal
from civic.people import numbers
from civic.people.models import Person, SignIn
from civic.people.queries import id_number_mark, phone_mark
from civic.places.models import Place

MODES = ("", "std", "care")


def _figures(phone: str) -> str:
    try:
        return numbers.any_phone(phone)
    except numbers.Wrong as wrong:
        raise Refused(str(wrong)) from None


@transaction.atomic
def find_or_create_by_phone(
    *, phone: str, name: str, at: datetime, by: Person | None, home: Place | None = None
) -> Person:
    """The person with this phone, made when there is none; a known person is left as she is.

    `by` is the clerk who acts for her, or None when she signs in herself. Raises Refused for a number that
    cannot be one.
    """
    figures = _figures(phone)
    mark = phone_mark(figures)
    known = Person.objects.filter(phone_hash=mark).first()
    if known is not None:
        return known
    fresh = _fresh(name=name, home=home, at=at)
    fresh.phone, fresh.phone_hash = figures, mark
    # Two at once: the unique hash lets one row in, and the other call reads it.
    Person.objects.bulk_create([fresh], ignore_conflicts=True)
    person = Person.objects.get(phone_hash=mark)
    journal.write(
        at=at, by=by or person, what="people.join", about=person, on_behalf_of=person if by else None
    )
    return person


@transaction.atomic
def create_without_phone(*, name: str, at: datetime, by: Person, home: Place | None = None) -> Person:
    """A person whom a clerk acts for and who has no phone. Raises Refused without a name."""
    if not name.strip():
        raise Refused(_("请填写姓名。"))
    person = _fresh(name=name, home=home, at=at)
    person.save()
    journal.write(at=at, by=by, what="people.join", about=person, on_behalf_of=person)
    return person


def _fresh(*, name: str, home: Place | None, at: datetime) -> Person:
    person = Person(name=name.strip()[:40], home=home, joined_at=at, is_demo=settings.DEMO)
    person.set_unusable_password()
    return person


@transaction.atomic
def set_profile(
    *,
    person_id: int,
    by: Person,
    at: datetime,
    name: str | None = None,
    home: Place | None = None,
    address: str | None = None,
    language: str | None = None,
    mode: str | None = None,
) -> Person:
    """Change what a person says about herself; None leaves a value as it is.

    Raises Refused for an account that is closed, an empty name or a language we do not speak.
    """
    person = Person.objects.select_for_update(of=("self",)).get(pk=person_id)
    if person.left_at is not None:
        raise Refused(_("这个账号已经注销。"))
    if name is not None and not name.strip():
        raise Refused(_("请填写姓名。"))
    if language and language not in dict(settings.LANGUAGES):
        raise Refused(_("没有这种语言。"))
    wanted: dict[str, object] = {
        "name": None if name is None else name.strip()[:40],
        "home_id": None if home is None else home.pk,
        "address": None if address is None else address.strip(),
        "language": language,
        "mode": mode if mode in MODES else None,
    }
    changed = [
        field for field, value in wanted.items() if value is not None and getattr(person, field) != value
    ]
    for field in changed:
        setattr(person, field, wanted[field])
    if changed:
        person.save(update_fields=changed)
        journal.write(at=at, by=by, what="people.set_profile", about=person, fields=changed)
    return person


@transaction.atomic
def set_id_number(*, person_id: int, id_number: str, by: Person, at: datetime) -> Person:
    """Keep a citizen number, sealed. Raises Refused when it cannot be one or belongs to somebody else."""
    try:
        figures = numbers.citizen(id_number)
    except numbers.Wrong as wrong:
        raise Refused(str(wrong)) from None
    person = Person.objects.select_for_update(of=("self",)).get(pk=person_id)
    mark = id_number_mark(figures)
    if Person.objects.filter(id_number_hash=mark).exclude(pk=person.pk).exists():
        raise Refused(_("这个身份证号已经登记过了，请到所在的实践站核对。"))
    person.id_number, person.id_number_hash = figures, mark
    person.save(update_fields=["id_number", "id_number_hash"])
    journal.write(at=at, by=by, what="people.set_id_number", about=person)
    return person


@transaction.atomic
def disable(*, person_id: int, by: Person, at: datetime) -> Person:
    """Stop an account: every sign-in ends at once, nothing is deleted. Whoever calls has checked who may."""
    person = Person.objects.select_for_update(of=("self",)).get(pk=person_id)
    if person.is_active:
        person.is_active = False
        person.save(update_fields=["is_active"])
        SignIn.objects.filter(person_id=person.pk, ended_at=None).update(ended_at=at)
        journal.write(at=at, by=by, what="people.disable", about=person)
    return person


@transaction.atomic
def enable(*, person_id: int, by: Person, at: datetime) -> Person:
    """Let a disabled account in again. Raises Refused for one that was closed by its owner."""
    person = Person.objects.select_for_update(of=("self",)).get(pk=person_id)
    if person.left_at is not None:
        raise Refused(_("这个账号已由本人注销，不能再启用。"))
    if not person.is_active:
        person.is_active = True
        person.save(update_fields=["is_active"])
        journal.write(at=at, by=by, what="people.enable", about=person)
    return person
