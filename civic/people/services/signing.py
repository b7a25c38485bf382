"""Signing in and out. A page proves the person here, then tells Django (`auth.login`)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from civic.core.errors import Denied, Refused
from civic.journal import services as journal
from civic.people.models import Person, SignIn
from civic.people.queries import by_phone
from civic.people.services import locks
from civic.people.services.codes import verify_code
from civic.people.services.consents import give_consent
from civic.people.services.persons import find_or_create_by_phone
from civic.people.signals import signed_in

PURPOSE = "sign_in"
TOUCH_SECONDS = 60
WRONG = _("手机号或密码不对。")
STOPPED = _("这个账号已停用，请联系所在的实践中心。")


def sign_in_by_code(*, phone: str, code: str, at: datetime, name: str = "") -> Person:
    """The person who proved her phone by a code; made on the first visit, with consent to the service.

    Raises Refused for a wrong code (the try is counted) and for a disabled account.
    """
    verify_code(phone=phone, purpose=PURPOSE, code=code, at=at)
    with transaction.atomic():
        person = find_or_create_by_phone(phone=phone, name=name, at=at, by=None)
        if not person.is_active:
            raise Refused(STOPPED)
        give_consent(person_id=person.pk, purpose="service", channel="web", by=person, at=at)
        return person


def sign_in_by_password(*, phone: str, password: str, address: str, at: datetime) -> Person:
    """The person who knows her password. Raises Refused, in the same words whatever was wrong.

    Five failures of one phone (twenty of one address) shut it for 15 minutes.
    """
    person, refusal = _try_password(phone, password, address, at)
    if person is None:
        raise refusal or Refused(WRONG)
    return person


@transaction.atomic
def _try_password(
    phone: str, password: str, address: str, at: datetime
) -> tuple[Person | None, Refused | None]:
    """One try under the locks; the refusal is returned, not raised, so that the count stays."""
    person = by_phone(phone)
    rows = [
        (
            locks.hold(locks.key_of("password", person.phone_hash or "" if person else phone), at),
            locks.PERSON_TRIES,
        ),
        (locks.hold(locks.key_of("address", address), at), locks.ADDRESS_TRIES),
    ]
    try:
        for lock, _tries in rows:
            locks.check(lock, at)
    except Refused as refusal:
        return None, refusal
    if person is None or not person.has_usable_password():
        make_password(password)  # the same work as for a known phone
        right = False
    else:
        right = person.check_password(password) and person.is_active
    if right:
        locks.clear(rows[0][0])
        return person, None
    for lock, tries in rows:
        locks.count(lock, at, tries=tries)
    journal.write(at=at, by=None, what="people.password_failed", about=person, address=address)
    return None, None


@transaction.atomic
def begin_sign_in(
    *,
    person: Person,
    session_key: str,
    device: str,
    address: str,
    at: datetime,
    instead_of: SignIn | None = None,
) -> SignIn:
    """List a browser as signed in. `instead_of` is the earlier sign-in of the same browser, which ends.

    Whoever knows more about the person narrows it on the signal `signed_in`.
    """
    if instead_of is not None:
        SignIn.objects.filter(pk=instead_of.pk, ended_at=None).update(ended_at=at)
    without_second_step = not settings.SECOND_FACTOR or (settings.DEMO and person.is_demo)
    sign_in = SignIn.objects.create(
        person=person,
        session_key=session_key,
        device=device[:80],
        at=at,
        seen_at=at,
        verified_at=at if without_second_step else None,
    )
    signed_in.send(sender=SignIn, person=person, sign_in=sign_in, at=at)
    sign_in.refresh_from_db()
    journal.write(at=at, by=person, what="people.sign_in", about=person, address=address)
    return sign_in


def narrow_sign_ins(*, person_id: int, idle_minutes: int) -> None:
    """Ask every standing sign-in of a person for the second step, and let it rest no longer than this."""
    SignIn.objects.filter(person_id=person_id, ended_at=None).update(
        needs_totp=True, idle_minutes=idle_minutes
    )


def touch(*, sign_in: SignIn, at: datetime) -> None:
    """Note that the browser is in use, at most once a minute."""
    if sign_in.seen_at + timedelta(seconds=TOUCH_SECONDS) <= at:
        SignIn.objects.filter(pk=sign_in.pk).update(seen_at=at)


def move_sign_in(*, sign_in: SignIn, session_key: str) -> None:
    """Follow the browser to its new session key, which is changed when it gains rights."""
    SignIn.objects.filter(pk=sign_in.pk).update(session_key=session_key)


@transaction.atomic
def sign_out(*, sign_in: SignIn, at: datetime) -> None:
    """End the sign-in of this browser."""
    if SignIn.objects.filter(pk=sign_in.pk, ended_at=None).update(ended_at=at):
        journal.write(at=at, by=sign_in.person, what="people.sign_out", about=sign_in.person)


@transaction.atomic
def end_sign_in(*, sign_in_id: int, by: Person, at: datetime) -> None:
    """End one of the person's own browsers from another one; it is out at its next request.

    Raises Denied for somebody else's.
    """
    sign_in = SignIn.objects.select_for_update(of=("self",)).get(pk=sign_in_id)
    if sign_in.person_id != by.pk:
        raise Denied
    if sign_in.ended_at is None:
        sign_in.ended_at = at
        sign_in.save(update_fields=["ended_at"])
        journal.write(at=at, by=by, what="people.end_sign_in", about=by)


@transaction.atomic
def set_password(*, person_id: int, password: str, by: Person, at: datetime, keep: SignIn | None) -> None:
    """Set a password of at least 12 characters that is not on the list of common ones.

    Every other sign-in of the person ends; `keep` stays. Raises Refused for a weak one.
    """
    person = Person.objects.select_for_update(of=("self",)).get(pk=person_id)
    try:
        validate_password(password, person)
    except ValidationError as weak:
        raise Refused(" ".join(weak.messages)) from None
    person.set_password(password)
    person.save(update_fields=["password"])
    others = SignIn.objects.filter(person=person, ended_at=None)
    if keep is not None:
        others = others.exclude(pk=keep.pk)
    others.update(ended_at=at)
    journal.write(at=at, by=by, what="people.set_password", about=person)
