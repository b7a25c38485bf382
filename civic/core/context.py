"""What every page knows: the city, the mode, where it is, and the ways out of it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

MODE_COOKIE = "civic_mode"
CARE = "care"
STANDARD = "std"


def mode(request: HttpRequest) -> str:
    """What this browser has chosen; before that, what the person has set in 我的."""
    chosen = request.COOKIES.get(MODE_COOKIE) or getattr(getattr(request, "user", None), "mode", "")
    return CARE if chosen == CARE else STANDARD


def page(request: HttpRequest) -> dict[str, Any]:
    """Context of every page; pages set `tab`, the portal fills `resident_tabs` and `desk_nav`."""
    return {
        "city": settings.CITY,
        "demo": settings.DEMO,
        "mode": mode(request),
        "here": request.get_full_path(),
        "tab": "",
        "resident_tabs": [],
        "desk_nav": [],
        "languages": settings.LANGUAGES,
    }
