"""Reading persons, sign-ins and consents."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import OuterRef, Subquery

from civic.core.crypto import keyed_hash
from civic.core.rows import Reading
from civic.people import numbers
from civic.people.models import Consent, Person, Purpose, SignIn

_session = Session.objects.filter(session_key=OuterRef("session_key"))
_sign_in = Reading(
    lambda: (
        SignIn.objects.filter(session_key="")
        .select_related("person")
        .annotate(
            held=Subquery(_session.values("session_data")), until=Subquery(_session.values("expire_date"))
        )
    )
)


def phone_mark(phone: str) -> str:
    """The keyed hash by which a phone (figures only) is found."""
    return keyed_hash(phone, context="phone")


def id_number_mark(id_number: str) -> str:
    """The keyed hash by which a citizen number is found."""
    return keyed_hash(id_number, context="id_number")


def by_phone(phone: str) -> Person | None:
    """The person with this phone, spelt in any way; None when nobody has it or it cannot be one."""
    try:
        figures = numbers.any_phone(phone)
    except numbers.Wrong:
        return None
    return Person.objects.filter(phone_hash=phone_mark(figures)).first()


def by_id(person_id: int) -> Person | None:
    """The person with this id."""
    return Person.objects.filter(pk=person_id).first()


def by_id_number(id_number: str) -> Person | None:
    """The person with this citizen number; None when nobody has it."""
    try:
        figures = numbers.citizen(id_number)
    except numbers.Wrong:
        return None
    return Person.objects.filter(id_number_hash=id_number_mark(figures)).first()


def cast() -> list[Person]:
    """The people of the demo city; nobody unless demo mode is on."""
    if not settings.DEMO:
        return []
    return list(Person.objects.filter(is_demo=True, is_active=True).exclude(phone="").order_by("id")[:15])


def standing_sign_ins(person: Person, at: datetime) -> list[SignIn]:
    """Where a person is signed in at `at`, the latest first."""
    found = SignIn.objects.filter(person_id=person.pk, ended_at=None).order_by("-seen_at", "-id")
    return [sign_in for sign_in in found if not is_idle(sign_in, at)]


def is_idle(sign_in: SignIn, at: datetime) -> bool:
    """Whether the browser rested longer than it may."""
    return sign_in.seen_at + timedelta(minutes=sign_in.idle_minutes) <= at


def sign_in_of(session_key: str | None) -> SignIn | None:
    """The sign-in behind a session with its person, and what the session `held` and `until` when, at once."""
    return _sign_in.first(session_key) if session_key else None


@dataclass(frozen=True, slots=True)
class Agreement:
    """One purpose, and whether the person agrees to it."""

    purpose: str
    label: str
    consent: Consent | None


def agreements(person: Person) -> list[Agreement]:
    """Every purpose in order, with the standing consent or None."""
    standing = {
        consent.purpose: consent
        for consent in Consent.objects.filter(person_id=person.pk, withdrawn_at=None).order_by("id")
    }
    return [Agreement(value, str(label), standing.get(value)) for value, label in Purpose.choices]


def agrees(person: Person, purpose: str) -> bool:
    """Whether a consent to `purpose` stands."""
    return Consent.objects.filter(person_id=person.pk, purpose=purpose, withdrawn_at=None).exists()
