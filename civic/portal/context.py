"""What the frame of every page counts: unread notices, the tabs, the desk's menu. Read only when shown."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from civic.notices.models import Notice

# The bottom bar: key, words, icon, page.
TABS = (
    ("home", _("首页"), "house", "portal:home"),
    ("order", _("点单"), "clipboard-pen", "orders:menu"),
    ("venues", _("阵地"), "map-pin", "venues:find"),
    ("mine", _("我的"), "user", "portal:mine"),
)


def counts(request: HttpRequest) -> dict[str, Any]:
    """Context of every page on top of `core.context.page`."""
    return {
        "unread": SimpleLazyObject(lambda: unread(request)),
        "resident_tabs": list(present(TABS)),
    }


def present(rows: tuple[tuple[str, Any, str, str], ...]) -> Iterator[dict[str, Any]]:
    """The rows whose page exists."""
    for key, label, icon, name in rows:
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        yield {"key": key, "label": label, "icon": icon, "url": url}


def unread(request: HttpRequest) -> int:
    """Notices that the person has not read; none for a guest."""
    if not request.user.is_authenticated:
        return 0
    return Notice.objects.filter(person_id=request.user.pk, read_at=None).count()
