"""Where a request comes from: the browser's address, its device, and the way back after signing in."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

DEVICES = (
    ("MicroMessenger", "微信"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def address_of(request: HttpRequest) -> str:
    """The address of the browser; what proxies say counts only when the proxy is in the settings."""
    address = request.META.get("REMOTE_ADDR", "")
    said = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    while address in settings.TRUSTED_PROXIES and said:
        address = said.pop()
    return str(address)[:45]


def device_of(request: HttpRequest) -> str:
    """A word or two by which a person knows her own device; no fingerprint."""
    agent = request.META.get("HTTP_USER_AGENT", "")
    words = [word for mark, word in DEVICES if mark in agent]
    return " · ".join(words[:2]) or _("未知设备")


def way_back(request: HttpRequest, wanted: str) -> str:
    """`wanted` when it is a page of this site, else the front page."""
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if wanted and safe else reverse(settings.LOGIN_REDIRECT_URL)
