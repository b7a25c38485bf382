"""The ways around: the bottom bar of residents and the left menu of the back office, as data."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from civic.access.roles import Permission

Words = str | Promise
SEEN_BY_ALL = ""


@dataclass(frozen=True, slots=True)
class Way:
    """One link: the key that pages give as `tab`, words, icon, name of the page, and who sees it."""

    key: str
    label: Words
    icon: str
    page: str
    permission: str = SEEN_BY_ALL


# The bottom bar. A way whose page does not exist is left out.
TABS = (
    Way("home", _("首页"), "house", "portal:home"),
    Way("order", _("点单"), "clipboard-pen", "orders:menu"),
    Way("venues", _("阵地"), "map-pin", "venues:find"),
    Way("mine", _("我的"), "user", "portal:mine"),
)
P = Permission
DESK: tuple[tuple[Words, tuple[Way, ...]], ...] = (
    (
        _("点单"),
        (
            Way("today", _("今日"), "calendar", "orders:today", P.ORDERS_SEE),
            Way("desk", _("派单台"), "inbox", "orders:desk", P.ORDERS_SCREEN),
            Way("place_for", _("代点单"), "phone", "orders:place_for", P.ORDERS_PLACE),
            Way("ledger", _("点单台账"), "file-text", "orders:ledger", P.ORDERS_SEE),
            Way("calls", _("回访"), "message", "orders:calls", P.ORDERS_CLOSE),
            Way("pools", _("流动拼单"), "list-checks", "pooling:pools", P.ORDERS_DISPATCH),
            Way("feedback", _("意见"), "message", "orders:feedback_list", P.FEEDBACK_ANSWER),
        ),
    ),
    (
        _("菜单"),
        (
            Way("menu", _("服务菜单"), "list-checks", "orders:menu_desk", P.MENU_EDIT),
            Way("issues", _("月度清单"), "send", "orders:issues", P.MENU_EDIT),
            Way("claims", _("领单"), "hand-heart", "orders:claims", P.MENU_CLAIM),
            Way("pool_calls", _("拼单征集"), "hand-heart", "pooling:calls", P.MENU_CLAIM),
        ),
    ),
    (
        _("阵地和队伍"),
        (
            Way("files", _("阵地档案"), "building", "venues:files", P.VENUES_EDIT),
            Way("rooms", _("功能室"), "calendar", "venues:rooms", P.VENUES_BOOK),
            Way("teams", _("队伍"), "users", "volunteers:desk_teams", P.TEAMS_EDIT),
            Way("imports", _("导入导出"), "upload", "venues:imports", P.VENUES_IMPORT),
            Way("shortages", _("缺人地图"), "map-pin", "orders:shortages", P.TEAMS_EDIT),
            Way("tree", _("区划"), "map-pin", "venues:tree", P.PLACES_EDIT),
        ),
    ),
    (
        _("统计"),
        (
            Way("matching", _("派单成效"), "list-checks", "orders:matching", P.FIGURES_SEE),
            Way("circle", _("15 分钟服务圈"), "circle-dot", "venues:circle", P.FIGURES_SEE),
        ),
    ),
    (
        _("文明集市"),
        (
            Way("fairs", _("集市排期"), "calendar", "fairs:calendar", P.FAIRS_SEE),
            Way("stalls", _("集市摊位"), "hand-heart", "fairs:stalls", P.FAIRS_SEE),
            Way("sitings", _("在哪儿办集市"), "map-pin", "fairs:sitings", P.FAIRS_SEE),
        ),
    ),
    (
        _("管理"),
        (
            Way("accounts", _("账号和角色"), "users", "access:accounts", P.GRANTS_EDIT),
            Way("settings", _("设置"), "settings", "access:settings", P.SETTINGS_EDIT),
            Way("dispatch_modes", _("智能派单"), "send", "orders:dispatch_modes", P.SETTINGS_EDIT),
            Way("calendar", _("放假安排"), "calendar", "access:calendar", P.SETTINGS_EDIT),
            Way("journal", _("审计记录"), "list-checks", "access:journal", P.JOURNAL_SEE),
            Way("health", _("运行状况"), "info", "notices:health", P.HEALTH_SEE),
        ),
    ),
)


def links(ways: tuple[Way, ...]) -> Iterator[dict[str, Any]]:
    """The ways as templates read them; one whose page does not exist is left out."""
    for way in ways:
        try:
            url = reverse(way.page)
        except NoReverseMatch:
            continue
        yield {"key": way.key, "label": way.label, "icon": way.icon, "url": url, "count": 0}


def desk(permissions: set[str]) -> list[dict[str, Any]]:
    """The left menu for somebody with these permissions; empty groups are left out."""
    groups = []
    for title, ways in DESK:
        seen = tuple(way for way in ways if not way.permission or way.permission in permissions)
        if items := list(links(seen)):
            groups.append({"title": title, "items": items})
    return groups
