"""R22 我的: everything that belongs to the signed-in person, one line each."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from civic.access.queries import permissions_of
from civic.core.web import audience
from civic.portal.navigation import Way, desk, links
from civic.volunteers.models import Team, Volunteer

MINE = (
    Way("orders", _("我的点单"), "clipboard-pen", "orders:mine"),
    Way("notices", _("消息"), "bell", "notices:inbox"),
    Way("feedback", _("意见反馈"), "message", "orders:feedback"),
)
JOIN = (Way("join", _("成为志愿者"), "hand-heart", "volunteers:register_volunteer"),)
SERVE = (
    Way("team", _("派给我的单"), "inbox", "orders:team_home"),
    Way("tours", _("流动队的线路"), "map-pin", "pooling:my_tours"),
    Way("offers", _("接单"), "list-checks", "orders:offers"),
    Way("fairs", _("集市出摊"), "calendar", "fairs:team_fairs"),
    Way("volunteer", _("我的志愿者登记"), "hand-heart", "volunteers:register_volunteer"),
)
TEAMS = (
    Way("teams", _("附近的队伍"), "users", "volunteers:teams"),
    Way("public_fairs", _("附近的文明集市"), "map-pin", "fairs:fairs"),
)
ACCOUNT = (
    Way("profile", _("我的资料"), "user", "people:profile"),
    Way("consents", _("同意和撤回"), "shield", "people:consents"),
    Way("data", _("我的数据"), "file-text", "people:data"),
    Way("switches", _("收哪些消息"), "bell", "notices:switches"),
    Way("sign_ins", _("登录过的手机和电脑"), "lock", "people:sign_ins"),
)
ABOUT = (
    Way("help", _("帮助"), "help", "portal:help"),
    Way("phones", _("电话"), "phone", "portal:phones"),
)


@audience("member")
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Orders, messages, service, the desk for staff, one's data, and the way out."""
    groups = [group for group in _groups(request) if group]
    return render(request, "portal/mine.html", {"tab": "mine", "groups": groups})


def _groups(request: HttpRequest) -> Iterator[list[dict[str, Any]]]:
    yield list(links(MINE))
    yield _desk_of(request)
    yield list(links((SERVE if _serves(request) else JOIN) + TEAMS))
    yield list(links(ACCOUNT))
    yield list(links(ABOUT))


def work(request: HttpRequest) -> list[dict[str, Any]]:
    """Where the signed-in person works: the desk of staff, the orders of those who serve."""
    if not request.user.is_authenticated:
        return []
    return _desk_of(request) + (list(links(SERVE[:1])) if _serves(request) else [])


def _desk_of(request: HttpRequest) -> list[dict[str, Any]]:
    ways = desk(permissions_of(request.user))
    return (
        [{**ways[0]["items"][0], "key": "desk", "label": _("工作台"), "icon": "list-checks"}] if ways else []
    )


def _serves(request: HttpRequest) -> bool:
    person = request.user.pk
    return (
        Volunteer.objects.filter(person_id=person, left_at=None).exists()
        or Team.objects.filter(leader_id=person, closed_on=None).exists()
    )
