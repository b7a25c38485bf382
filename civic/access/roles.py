"""Every role, in a sentence a resident could read, and what it may do. One page answers an auditor.

Three built-in roles never meet in one person (三员分立): system admin, security admin, auditor.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Permission(models.TextChoices):
    ORDERS_SEE = "orders.see", _("看辖区的点单")
    ORDERS_PLACE = "orders.place", _("替居民点单")
    ORDERS_SCREEN = "orders.screen", _("受理点单")
    ORDERS_DISPATCH = "orders.dispatch", _("派单")
    ORDERS_ACCEPT = "orders.accept", _("代站点接单")
    ORDERS_PROVISION = "orders.provision", _("配单")
    ORDERS_CANCEL = "orders.cancel", _("取消点单")
    ORDERS_CLOSE = "orders.close", _("回访办结")
    MENU_EDIT = "menu.edit", _("编辑菜单和月度清单")
    MENU_CLAIM = "menu.claim", _("领单")
    VENUES_EDIT = "venues.edit", _("编辑阵地档案")
    VENUES_BOOK = "venues.book", _("预约功能室")
    VENUES_IMPORT = "venues.import", _("导入导出")
    PLACES_EDIT = "places.edit", _("编辑区划")
    TEAMS_EDIT = "teams.edit", _("管理队伍")
    FAIRS_SEE = "fairs.see", _("看辖区的集市")
    FAIRS_EDIT = "fairs.edit", _("安排集市和摊位")
    PEOPLE_UNMASK = "people.unmask", _("查看未遮盖的个人信息")
    FEEDBACK_ANSWER = "feedback.answer", _("答复意见")
    FIGURES_SEE = "figures.see", _("看统计")
    JOURNAL_SEE = "journal.see", _("看审计记录")
    GRANTS_EDIT = "grants.edit", _("授予和收回角色")
    SETTINGS_EDIT = "settings.edit", _("修改系统设置")
    HEALTH_SEE = "health.see", _("看运行状况")


P = Permission


class Role(models.TextChoices):
    STATION_CLERK = "station_clerk", _("站专干")
    INSTITUTE_CLERK = "institute_clerk", _("所专干")
    CENTER_DISPATCHER = "center_dispatcher", _("中心派单员")
    CENTER_HEAD = "center_head", _("中心负责人")
    CITY_SUPERVISOR = "city_supervisor", _("市级督导")
    AUDITOR = "auditor", _("审计员")
    SECURITY_ADMIN = "security_admin", _("安全管理员")
    SYSTEM_ADMIN = "system_admin", _("系统管理员")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a role is for, and what it may do on its subtree."""

    sentence: str | Promise
    permissions: frozenset[str]
    alone: bool = False  # 三员分立: never together with another role that is `alone`


_STATION = frozenset(
    {
        P.ORDERS_SEE,
        P.ORDERS_PLACE,
        P.ORDERS_ACCEPT,
        P.ORDERS_PROVISION,
        P.MENU_CLAIM,
        P.VENUES_EDIT,
        P.VENUES_BOOK,
        P.FAIRS_SEE,
    }
)
_INSTITUTE = _STATION | {
    P.ORDERS_SCREEN,
    P.VENUES_IMPORT,
    P.TEAMS_EDIT,
    P.PEOPLE_UNMASK,
    P.FEEDBACK_ANSWER,
    P.FAIRS_EDIT,
}
_DISPATCHER = _INSTITUTE | {P.ORDERS_DISPATCH, P.ORDERS_CANCEL, P.ORDERS_CLOSE, P.MENU_EDIT}
_HEAD = _DISPATCHER | {P.FIGURES_SEE, P.PLACES_EDIT}

SHEETS: dict[str, Sheet] = {
    Role.STATION_CLERK: Sheet(_("在村社区实践站替居民点单、接单、配单，管本站的档案和房间。"), _STATION),
    Role.INSTITUTE_CLERK: Sheet(
        _("在乡镇街道实践所受理点单、配单，管所和站的档案、队伍和导入。"), _INSTITUTE
    ),
    Role.CENTER_DISPATCHER: Sheet(_("在县区实践中心派单、转派、取消、回访，编排菜单。"), _DISPATCHER),
    Role.CENTER_HEAD: Sheet(_("负责一个县区中心：派单员能做的都能做，另看统计、编辑区划。"), _HEAD),
    Role.CITY_SUPERVISOR: Sheet(
        _("看全市的点单和统计，不替下级办单。"),
        frozenset({P.ORDERS_SEE, P.FIGURES_SEE, P.FEEDBACK_ANSWER, P.FAIRS_SEE}),
    ),
    Role.AUDITOR: Sheet(
        _("只看审计记录：谁在什么时候看了、改了什么。"), frozenset({P.JOURNAL_SEE}), alone=True
    ),
    Role.SECURITY_ADMIN: Sheet(_("授予和收回角色，不改系统设置。"), frozenset({P.GRANTS_EDIT}), alone=True),
    Role.SYSTEM_ADMIN: Sheet(
        _("维护区划、菜单、设置和运行，不授予角色。"),
        frozenset(
            {P.PLACES_EDIT, P.MENU_EDIT, P.VENUES_EDIT, P.VENUES_IMPORT, P.SETTINGS_EDIT, P.HEALTH_SEE}
        ),
        alone=True,
    ),
}

# Roles that a person has by what she is, not by a grant; listed so that one page shows them all.
BORN: dict[str, str | Promise] = {
    "resident": _("居民：点单，看自己的单，改时间，撤单，评单。"),
    "volunteer": _("志愿者：接受或谢绝邀请，服务，写小结。"),
    "team_leader": _("队长：替队伍接单或谢绝，安排队员，管队员。"),
}


def roles_with(permission: str) -> list[str]:
    """The roles whose sheet holds `permission`."""
    return [role for role, sheet in SHEETS.items() if permission in sheet.permissions]
