"""Numbers people write down: phones and identity numbers, read kindly and refused with a sentence."""

import re
import unicodedata

from django.utils.translation import gettext as _

from civic.core.errors import Refused

MOBILE_DIGITS = 11
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"


def plain_digits(text: str) -> str:
    """Digits only: full-width folded, blanks, dashes, brackets and the country code taken away."""
    folded = re.sub(r"[\s\-()（）—–·.]", "", unicodedata.normalize("NFKC", text))
    return re.sub(r"^(\+86|0086)", "", folded)


def mobile_number(text: str) -> str:
    """Eleven digits beginning with 1. Raises Refused saying what is missing."""
    digits = plain_digits(text)
    if not digits:
        raise Refused(_("请填手机号。"))
    if not digits.isascii() or not digits.isdecimal():
        raise Refused(_("手机号只有数字，请检查一下。"))
    if len(digits) < MOBILE_DIGITS:
        raise Refused(_("手机号少 %(count)s 位，请补齐 11 位。") % {"count": MOBILE_DIGITS - len(digits)})
    if len(digits) > MOBILE_DIGITS:
        raise Refused(_("手机号多 %(count)s 位，手机号是 11 位。") % {"count": len(digits) - MOBILE_DIGITS})
    if digits[0] != "1":
        raise Refused(_("手机号以 1 开头，请检查一下。"))
    return digits


def phone_number(text: str) -> str:
    """A mobile number, or a landline with its area code (0355 1234567). Raises Refused."""
    digits = plain_digits(text)
    if digits.startswith("0") and digits.isascii() and digits.isdecimal():
        if 10 <= len(digits) <= 12:
            return digits
        raise Refused(_("座机号要带区号，比如 0355 2012345。"))
    return mobile_number(text)


def id_number(text: str) -> str:
    """An 18-character citizen identity number, GB 11643 with ISO 7064 MOD 11-2. Raises Refused.

    The division code is not checked: it may be one that no longer exists.
    """
    folded = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()
    if not re.fullmatch(r"[0-9]{17}[0-9X]", folded):
        raise Refused(_("身份证号是 18 位，最后一位可以是 X。"))
    total = sum(int(digit) * weight for digit, weight in zip(folded, _WEIGHTS, strict=False))
    if _CHECK[total % 11] != folded[-1]:
        raise Refused(_("身份证号有一位不对，请对照证件再看一遍。"))
    return folded
