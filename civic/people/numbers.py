"""Phone numbers and citizen numbers: what is right, and one clear sentence for what is wrong. Pure.

People type spaces, dashes, full-width figures and a country code; all of that is accepted. The address part
of a citizen number may be a code that no longer exists: never a reason to refuse.
"""

import re
import unicodedata
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MOBILE_FIGURES = 11
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
FILLING = re.compile(r"[\s\-()._·—–]+")


class Wrong(ValueError):
    """The number cannot be right. The text is one sentence that says what to do."""

    def __init__(self, message: "str | Promise | Counted") -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


def bare(text: str) -> str:
    """The text with full-width figures made plain, and without spaces, dashes and brackets."""
    return FILLING.sub("", unicodedata.normalize("NFKC", text))


def mobile(text: str) -> str:
    """A mobile phone as eleven figures. Raises Wrong."""
    figures = _domestic(bare(text))
    if not figures:
        raise Wrong(_("请填写手机号。"))
    if not (figures.isascii() and figures.isdigit()):
        raise Wrong(_("手机号只能有数字，请检查有没有多打别的字。"))
    if figures[0] == "0":
        raise Wrong(_("这里要填手机号，座机收不到验证码。"))
    _length(figures)
    if figures[0] != "1":
        raise Wrong(_("手机号以 1 开头，请检查。"))
    return figures


def _domestic(figures: str) -> str:
    """Without +86, 0086, or a bare 86 before eleven figures."""
    for prefix in ("+86", "0086"):
        if figures.startswith(prefix):
            return figures[len(prefix) :]
    if figures.startswith("86") and len(figures) == MOBILE_FIGURES + 2:
        return figures[2:]
    return figures


def _length(figures: str) -> None:
    missing = MOBILE_FIGURES - len(figures)
    if missing == 1:
        raise Wrong(_("手机号少一位，请补齐 11 位。"))
    if missing == -1:
        raise Wrong(_("手机号多一位，请检查，应是 11 位。"))
    if missing:
        raise Wrong(Counted(_("手机号应是 11 位，现在是 {count} 位。"), len(figures)))


class Counted:
    """A sentence with a number in it, put together when it is shown."""

    def __init__(self, sentence: str | Promise, count: int) -> None:
        self.sentence = sentence
        self.count = count

    def __str__(self) -> str:
        return str(self.sentence).format(count=self.count)


def any_phone(text: str) -> str:
    """A mobile phone, or a landline with or without its area code, as figures. Raises Wrong."""
    figures = _domestic(bare(text))
    if figures.startswith("1"):
        return mobile(figures)
    if not figures:
        raise Wrong(_("请填写电话。"))
    if not (figures.isascii() and figures.isdigit()):
        raise Wrong(_("电话只能有数字，请检查有没有多打别的字。"))
    if figures.startswith("0"):
        if not 10 <= len(figures) <= 12:
            raise Wrong(_("座机要写区号加号码，例如 0355-2012345。"))
    elif not 7 <= len(figures) <= 8:
        raise Wrong(_("座机是 7 位或 8 位，外地的请加区号。"))
    return figures


def citizen(text: str) -> str:
    """A citizen number (GB 11643-1999) as eighteen signs. Raises Wrong."""
    number = bare(text).upper()
    if not number:
        raise Wrong(_("请填写身份证号。"))
    if len(number) == 15 and number.isdigit():
        raise Wrong(_("这是旧的 15 位号码，请填 18 位的。"))
    if len(number) != 18:
        raise Wrong(Counted(_("身份证号应是 18 位，现在是 {count} 位。"), len(number)))
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        raise Wrong(_("身份证号前 17 位是数字，最后一位是数字或 X。"))
    if _born(number) is None:
        raise Wrong(_("身份证号里的出生日期不对，请对照证件检查。"))
    if check_figure(number[:17]) != number[17]:
        raise Wrong(_("身份证号有一位不对，请对照证件检查。"))
    return number


def check_figure(first: str) -> str:
    """The last sign that belongs to the first seventeen (ISO 7064 MOD 11-2)."""
    return CHECKS[sum(int(figure) * weight for figure, weight in zip(first, WEIGHTS, strict=True)) % 11]


def _born(number: str) -> date | None:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def birthday(number: str) -> date:
    """The day of birth in a citizen number that `citizen` accepted."""
    found = _born(number)
    assert found is not None
    return found
