"""One-time codes by text message. The answer never tells whether a phone is known."""

import hmac
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from civic.core.crypto import keyed_hash
from civic.core.errors import Refused
from civic.people import numbers
from civic.people.models import Code
from civic.people.queries import phone_mark
from civic.people.services import locks
from civic.people.signals import code_issued

VALID_MINUTES = 5
RESEND_SECONDS = 60
PER_DAY = 10
TRIES = 5
DEMO_CODE = "000000"

WRONG = _("验证码不对，请再看一眼短信。")
SPENT = _("验证码已失效，请重新获取。")


def _code_hash(phone_hash: str, purpose: str, code: str) -> str:
    return keyed_hash(f"{phone_hash}\x1f{purpose}\x1f{code}", context="code")


@transaction.atomic
def request_code(*, phone: str, purpose: str, address: str, at: datetime) -> str:
    """Make a code of six figures for a mobile phone, valid five minutes, and announce it.

    Returns the phone as figures. Raises Refused for a number that cannot be one, within 60 seconds of the
    last code, and after ten codes a day for the phone or for the address.
    """
    try:
        figures = numbers.mobile(phone)
    except numbers.Wrong as wrong:
        raise Refused(str(wrong)) from None
    phone_hash = phone_mark(figures)
    address_hash = keyed_hash(address, context="address")
    locks.hold(locks.key_of("code", figures), at)  # two requests at once count one after the other
    _check_rate(phone_hash, address_hash, at)
    code = DEMO_CODE if settings.DEMO else f"{secrets.randbelow(10**6):06}"
    row = Code.objects.create(
        phone_hash=phone_hash,
        purpose=purpose,
        code_hash=_code_hash(phone_hash, purpose, code),
        address_hash=address_hash,
        sent_at=at,
        expires_at=at + timedelta(minutes=VALID_MINUTES),
    )
    code_issued.send(sender=Code, phone=figures, code=code, purpose=purpose, key=str(row.pk), at=at)
    return figures


def _check_rate(phone_hash: str, address_hash: str, at: datetime) -> None:
    if settings.DEMO:
        return  # the code is on the page, nothing is worth guarding
    day = Code.objects.filter(sent_at__gt=at - timedelta(days=1))
    mine = day.filter(phone_hash=phone_hash)
    if mine.filter(sent_at__gt=at - timedelta(seconds=RESEND_SECONDS)).exists():
        raise Refused(_("刚发过一条，请等 60 秒再获取。"))
    if mine.count() >= PER_DAY:
        raise Refused(_("这个手机号今天获取的次数已用完，请明天再试，或打电话点单。"))
    if day.filter(address_hash=address_hash).count() >= settings.CODES_PER_ADDRESS:
        raise Refused(_("这个网络今天获取的次数已用完，请换手机流量再试，或打电话点单。"))


def verify_code(*, phone: str, purpose: str, code: str, at: datetime) -> None:
    """Use up the newest code of a phone. Raises Refused when it is wrong, spent or too old.

    A wrong try is counted even though the call is refused; after five the code is dead.
    """
    refusal = _try_code(phone_mark(phone), purpose, numbers.bare(code), at)
    if refusal is not None:
        raise refusal


@transaction.atomic
def _try_code(phone_hash: str, purpose: str, code: str, at: datetime) -> Refused | None:
    """One try under the lock of the code; the refusal is returned, not raised, so that the count stays."""
    row = (
        Code.objects.select_for_update(of=("self",))
        .filter(phone_hash=phone_hash, purpose=purpose)
        .order_by("-sent_at", "-id")
        .first()
    )
    if row is None or row.used_at is not None or row.expires_at <= at or row.try_count >= TRIES:
        return Refused(SPENT)
    row.try_count += 1
    right = hmac.compare_digest(row.code_hash, _code_hash(phone_hash, purpose, code))
    if right:
        row.used_at = at
    row.save(update_fields=["try_count", "used_at"])
    if right:
        return None
    return Refused(WRONG if row.try_count < TRIES else SPENT)


@transaction.atomic
def forget_codes(*, at: datetime) -> int:
    """Drop codes older than two days; returns how many."""
    return Code.objects.filter(sent_at__lt=at - timedelta(days=2)).delete()[0]
