"""R22 我的: everything that belongs to the signed-in person, one line each."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from civic.access.queries import permissions_of
from civic.core.web import audience
from civic.portal.context import present
from civic.volunteers.models import Team, Volunteer

MINE = (
    ("orders", _("我的点单"), "clipboard-pen", "orders:mine"),
    ("notices", _("消息"), "bell", "notices:inbox"),
    ("feedback", _("意见反馈"), "message", "orders:feedback"),
)
SERVE = (("join", _("成为志愿者"), "hand-heart", "volunteers:join"),)
SERVING = (
    ("tasks", _("派给我的单"), "inbox", "orders:tasks"),
    ("teams", _("我的队伍"), "users", "volunteers:mine"),
)
ACCOUNT = (
    ("profile", _("我的资料"), "user", "people:me"),
    ("sign_ins", _("登录过的手机和电脑"), "lock", "people:sign_ins"),
    ("mutes", _("消息设置"), "settings", "notices:settings"),
)
ABOUT = (
    ("help", _("帮助"), "help", "portal:help"),
    ("phones", _("电话"), "phone", "portal:phones"),
    ("privacy", _("隐私政策"), "shield", "portal:privacy"),
)


@audience("member")
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Orders, messages, service, the desk for staff, one's data, and the way out."""
    groups = [list(group) for group in _groups(request)]
    context = {"tab": "mine", "groups": [group for group in groups if group]}
    return render(request, "portal/mine.html", context)


def _groups(request: HttpRequest) -> Iterator[Iterator[dict[str, Any]]]:
    yield present(MINE)
    if permissions_of(request.user):
        yield present((("desk", _("工作台"), "list-checks", "orders:desk"),))
    yield present(SERVING if _serves(request) else SERVE)
    yield present(ACCOUNT)
    yield present(ABOUT)


def _serves(request: HttpRequest) -> bool:
    person = request.user.pk
    return (
        Volunteer.objects.filter(person_id=person, left_at=None).exists()
        or Team.objects.filter(leader_id=person, closed_on=None).exists()
    )
