"""The second step of everyone who works for the city: a code of an authenticator app (TOTP, RFC 6238)."""

import hmac
from datetime import datetime

import pyotp
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from civic.core.errors import Refused
from civic.journal import services as journal
from civic.people import numbers
from civic.people.models import Person, SignIn
from civic.people.services import locks

STEP_SECONDS = 30
DRIFT = 1  # steps that a phone's clock may be off

WRONG = _("动态码不对，请看一眼手机上的新码再填。")


def new_secret() -> str:
    """A fresh secret for an authenticator app, in base32."""
    return pyotp.random_base32()


def _matching_step(secret: str, code: str, at: datetime, after: int) -> int | None:
    """The time step whose code this is, later than `after`; every candidate is compared."""
    now = int(at.timestamp()) // STEP_SECONDS
    found = None
    for step in range(now - DRIFT, now + DRIFT + 1):
        right = hmac.compare_digest(pyotp.TOTP(secret).generate_otp(step).encode(), code.encode())
        if right and step > after:
            found = step
    return found


def verify_totp(*, sign_in_id: int, code: str, at: datetime) -> SignIn:
    """Pass the second step of a sign-in. A code works once, also in another browser.

    Raises Refused for a wrong or used code (five tries, then a pause) and when no app is enrolled.
    """
    sign_in, refusal = _try_totp(sign_in_id, numbers.bare(code), at)
    if refusal is not None:
        raise refusal
    return sign_in


@transaction.atomic
def _try_totp(sign_in_id: int, code: str, at: datetime) -> tuple[SignIn, Refused | None]:
    """One try under the locks; the refusal is returned, not raised, so that the count stays."""
    sign_in = SignIn.objects.get(pk=sign_in_id)
    lock = locks.hold(locks.key_of("totp", str(sign_in.person_id)), at)
    person = Person.objects.select_for_update(of=("self",)).get(pk=sign_in.person_id)
    try:
        locks.check(lock, at)
    except Refused as refusal:
        return sign_in, refusal
    if not person.totp_secret:
        return sign_in, Refused(_("还没有绑定动态码，请先绑定。"))
    step = _matching_step(person.totp_secret, code, at, person.totp_last_step)
    if step is None:
        locks.count(lock, at, tries=locks.PERSON_TRIES)
        journal.write(at=at, by=person, what="people.verify_totp_failed", about=person)
        return sign_in, Refused(WRONG)
    locks.clear(lock)
    _pass(person, sign_in, step, at)
    journal.write(at=at, by=person, what="people.verify_totp", about=person)
    return sign_in, None


def _pass(person: Person, sign_in: SignIn, step: int, at: datetime) -> None:
    person.totp_last_step = step
    person.save(update_fields=["totp_last_step"])
    sign_in.verified_at = at
    sign_in.save(update_fields=["verified_at"])


@transaction.atomic
def enrol_totp(*, sign_in_id: int, secret: str, code: str, at: datetime) -> SignIn:
    """Bind an authenticator app by its first code, which also passes the second step.

    Raises Refused for a wrong code and when an app is bound already (the security admin unbinds it).
    """
    sign_in = SignIn.objects.get(pk=sign_in_id)
    person = Person.objects.select_for_update(of=("self",)).get(pk=sign_in.person_id)
    if person.totp_secret:
        raise Refused(_("已经绑定过动态码。换手机请找安全管理员解绑。"))
    step = _matching_step(secret, numbers.bare(code), at, person.totp_last_step)
    if step is None:
        raise Refused(WRONG)
    person.totp_secret = secret
    person.save(update_fields=["totp_secret"])
    _pass(person, sign_in, step, at)
    journal.write(at=at, by=person, what="people.enrol_totp", about=person)
    return sign_in


@transaction.atomic
def clear_totp(*, person_id: int, by: Person, at: datetime) -> None:
    """Unbind a lost phone; every sign-in of the person ends. Whoever calls has checked who may."""
    person = Person.objects.select_for_update(of=("self",)).get(pk=person_id)
    person.totp_secret = ""
    person.save(update_fields=["totp_secret"])
    SignIn.objects.filter(person=person, ended_at=None).update(ended_at=at)
    journal.write(at=at, by=by, what="people.clear_totp", about=person)
