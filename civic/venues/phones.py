"""The published number of a site: mobile or landline, with an extension at most."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

PHONE = re.compile(r"^[0-9][0-9\-]{2,18}[0-9]$")


def clean_phone(text: str) -> str:
    """Figures and dashes. Raises ValidationError with a sentence that says what to do."""
    plain = unicodedata.normalize("NFKC", text).replace("—", "-").replace("–", "-")
    phone = re.sub(r"[\s()]", "", plain)
    if not phone:
        return ""
    if not PHONE.match(phone):
        raise ValidationError(_("电话只写数字和短横线，例如 0355-7221234"))
    if phone.isdigit() and phone.startswith("1") and len(phone) > 6 and len(phone) != 11:
        missing = 11 - len(phone)
        pattern = _("手机号少 {n} 位，应是 11 位") if missing > 0 else _("手机号多 {n} 位，应是 11 位")
        raise ValidationError(pattern.format(n=abs(missing)))
    return phone
