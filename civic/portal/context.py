"""What the frame of every page shows beside the page itself. Read from the database only when shown."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from civic.access.queries import permissions_of
from civic.notices.models import Notice
from civic.portal import navigation


def counts(request: HttpRequest) -> dict[str, Any]:
    """Context of every page on top of `core.context.page`: unread notices, tabs, the desk's menu."""
    return {
        "unread": SimpleLazyObject(lambda: unread(request)),
        "resident_tabs": SimpleLazyObject(lambda: list(navigation.links(navigation.TABS))),
        "desk_nav": SimpleLazyObject(lambda: navigation.desk(permissions_of(request.user))),
    }


def unread(request: HttpRequest) -> int:
    """Notices that the person has not read; none for a guest."""
    if not request.user.is_authenticated:
        return 0
    return Notice.objects.filter(person_id=request.user.pk, read_at=None).count()
