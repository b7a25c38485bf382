"""What every page knows: the city, the mode, where it is, and the ways out of it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

MODE_COOKIE = "civic_mode"
CARE = "care"
STANDARD = "std"

# The four tabs of the bottom bar: key, words, icon, name of the page. One whose page is missing is left out.
TABS = (
    ("home", _("首页"), "house", "portal:home"),
    ("order", _("点单"), "clipboard-pen", "orders:menu"),
    ("activities", _("活动"), "calendar", "activities:index"),
    ("mine", _("我的"), "user", "portal:mine"),
)


def tabs() -> list[dict[str, Any]]:
    """The bottom bar, as far as its pages exist."""
    found = []
    for key, label, icon, name in TABS:
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        found.append({"key": key, "label": label, "icon": icon, "url": url})
    return found


def page(request: HttpRequest) -> dict[str, Any]:
    """Context of every page; a page or a later processor may set `tab`, `resident_tabs` and `desk_nav`."""
    return {
        "city": settings.CITY,
        "demo": settings.DEMO,
        "mode": CARE if request.COOKIES.get(MODE_COOKIE) == CARE else STANDARD,
        "here": request.get_full_path(),
        "tab": "",
        "resident_tabs": tabs(),
        "desk_nav": [],
        "languages": settings.LANGUAGES,
    }
