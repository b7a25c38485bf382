"""Every kind of notice: who gets it and in which words. One page to read what the city says to people.

A text is made of sentences with blanks: `number` (of the order), `item` (what was asked for), `who` (a team,
a venue, an office), `when`, `reason`. A sentence one of whose blanks is empty is left out. No personal data:
the text may travel through a gateway of somebody else.
"""

import re
import string
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

Words = str | Promise

RESIDENT = "resident"
VOLUNTEER = "volunteer"
TEAM = "team"
STAFF = "staff"
DAY = re.compile(r"(\d{1,2})月(\d{1,2})日")

AUDIENCES: dict[str, Words] = {
    RESIDENT: _("我的点单"),
    VOLUNTEER: _("志愿服务"),
    TEAM: _("队伍和站点"),
    STAFF: _("工作台"),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of notice. `sms` ones also leave the house; the reader may turn `switchable` ones off."""

    audience: str
    title: Words
    body: tuple[Words, ...]
    sms: bool = False
    switchable: bool = True


def _kind(audience: str, title: Words, *body: Words, sms: bool = False, switchable: bool = True) -> Kind:
    return Kind(audience, title, body, sms, switchable)


REASON = _("原因：{reason}。")

KINDS: dict[str, Kind] = {
    # --- To the resident.
    "orders.placed": _kind(
        RESIDENT,
        _("点单已提交"),
        _("您点的「{item}」已收到，单号 {number}。"),
        _("{when}前给您答复。"),
        switchable=False,
    ),
    "orders.screened": _kind(
        RESIDENT, _("点单已受理"), _("单号 {number} 已受理，正在找合适的人。"), _("{when}前派出。")
    ),
    "orders.returned": _kind(
        RESIDENT,
        _("点单需要补充"),
        _("单号 {number} 还缺一点信息，请补充后再提交。"),
        REASON,
        sms=True,
        switchable=False,
    ),
    "orders.rejected": _kind(
        RESIDENT, _("点单未能受理"), _("单号 {number} 这次办不了。"), REASON, sms=True, switchable=False
    ),
    "orders.referred": _kind(
        RESIDENT,
        _("点单已转给别的部门"),
        _("单号 {number} 已转给{who}，由他们答复您。"),
        REASON,
        sms=True,
        switchable=False,
    ),
    "orders.merged": _kind(
        RESIDENT, _("点单已合并"), _("单号 {number} 和另一张单是同一件事，已并在一起办。"), REASON
    ),
    "orders.dispatched": _kind(
        RESIDENT, _("点单已派出"), _("单号 {number} 已派给{who}。"), _("{when}前给您回音。"), REASON
    ),
    "orders.accepted": _kind(
        RESIDENT, _("有人接单了"), _("{who}接了您的单，单号 {number}。"), _("时间：{when}。"), sms=True
    ),
    "orders.provisioned": _kind(
        RESIDENT, _("已备好场地和物资"), _("单号 {number} 的人手和东西已备好。"), _("时间：{when}。")
    ),
    "orders.scheduled": _kind(
        RESIDENT,
        _("上门时间定了"),
        _("单号 {number}，「{item}」。"),
        _("时间：{when}。"),
        _("{who}会来。"),
        sms=True,
    ),
    "orders.started": _kind(RESIDENT, _("服务开始了"), _("单号 {number}，{who}已到。")),
    "orders.served": _kind(
        RESIDENT,
        _("服务做完了，请您评单"),
        _("单号 {number}，「{item}」做得怎么样，请说一句。没做完也可以说。"),
        sms=True,
    ),
    "orders.rework": _kind(
        RESIDENT, _("会再来补做"), _("单号 {number} 没做完的部分，已安排补做。"), _("时间：{when}。"), REASON
    ),
    "orders.closed": _kind(RESIDENT, _("点单已办结"), _("单号 {number} 已办结。"), REASON),
    "orders.cancelled": _kind(
        RESIDENT, _("点单已取消"), _("单号 {number} 已取消。"), REASON, sms=True, switchable=False
    ),
    "feedback.answered": _kind(
        RESIDENT, _("您的意见有答复了"), _("{who}答复了您的意见，请点开看。"), switchable=False
    ),
    # --- To volunteers.
    "orders.invitation": _kind(
        VOLUNTEER,
        _("邀请您帮个忙"),
        _("「{item}」，单号 {number}。"),
        _("时间：{when}。"),
        _("方便就接，不方便可以谢绝。"),
        sms=True,
    ),
    "orders.thanked": _kind(
        VOLUNTEER,
        _("已经有人接了，谢谢您"),
        _("「{item}」，单号 {number}，已有人先接，您不用去了。"),
        _("谢谢您愿意帮忙，有合适的再请您。"),
    ),
    "volunteers.approved": _kind(VOLUNTEER, _("您已入队"), _("{who}通过了您的入队申请。"), switchable=False),
    "volunteers.turned_down": _kind(
        VOLUNTEER, _("入队申请没有通过"), _("{who}这次没有通过您的申请。"), REASON, switchable=False
    ),
    # --- To team leaders and venue clerks.
    "orders.task": _kind(
        TEAM,
        _("派来一张单"),
        _("「{item}」，单号 {number}。"),
        _("请在{when}前接单或说明不能接的原因。"),
        sms=True,
        switchable=False,
    ),
    "orders.assigned": _kind(
        TEAM, _("队长安排您去"), _("「{item}」，单号 {number}。"), _("时间：{when}。"), sms=True
    ),
    "orders.time_asked": _kind(
        TEAM, _("居民想改时间"), _("单号 {number}，居民想改到{when}，请重新约。"), sms=True, switchable=False
    ),
    "orders.recalled": _kind(
        TEAM, _("单子已收回"), _("单号 {number} 已收回，不用去了。"), REASON, sms=True, switchable=False
    ),
    "orders.withdrawn": _kind(
        TEAM, _("居民撤单了"), _("单号 {number} 已撤，不用去了。"), REASON, sms=True, switchable=False
    ),
    "orders.reviewed": _kind(TEAM, _("居民评单了"), _("单号 {number} 有了评价，请点开看。")),
    "volunteers.asked": _kind(TEAM, _("有人想入队"), _("{who}想加入队伍，请看一看、答复他。")),
    "menu.issued": _kind(
        TEAM, _("本月清单已发布"), _("{number}，主题「{item}」，请领单。"), _("{when}前领单。")
    ),
    "pooling.call": _kind(
        TEAM, _("流动拼单开始征集"), _("「{item}」，{when}流动队出车。"), _("请报村里的需求，也请拼一份。")
    ),
    "pooling.taken": _kind(TEAM, _("您拼的用上了"), _("「{item}」用上了：{who}。")),
    "pooling.turned_down": _kind(
        TEAM, _("您拼的这次用不上"), _("「{item}」这次用不上：{who}。谢谢您。"), _("{reason}")
    ),
    "pooling.coming": _kind(TEAM, _("流动队要来了"), _("「{item}」，{who}{when}左右到。")),
    "pooling.cancelled": _kind(
        TEAM, _("这一轮拼单取消了"), _("「{item}」取消了。"), REASON, switchable=False
    ),
    "pooling.tour": _kind(
        TEAM,
        _("流动队的线路排好了"),
        _("「{item}」，{when}出车。"),
        _("请打开线路，接下或者说明去不了的原因。"),
        sms=True,
        switchable=False,
    ),
    "fairs.published": _kind(
        TEAM,
        _("请去集市出摊"),
        _("「{item}」，地方：{who}。"),
        _("时间：{when}。"),
        sms=True,
        switchable=False,
    ),
    "fairs.moved": _kind(
        TEAM,
        _("集市改了时间或地方"),
        _("「{item}」，现在在{who}。"),
        _("时间：{when}。"),
        sms=True,
        switchable=False,
    ),
    "fairs.cancelled": _kind(
        TEAM,
        _("集市不用去了"),
        _("「{item}」，{who}，原定{when}。"),
        REASON,
        sms=True,
        switchable=False,
    ),
    "fairs.assigned": _kind(
        TEAM, _("请您去集市出摊"), _("「{item}」，地方：{who}。"), _("时间：{when}。"), sms=True
    ),
    # --- To the desk.
    "pooling.handed_back": _kind(
        STAFF, _("流动队去不了"), _("「{item}」，{who}去不了，请另外安排。"), REASON, switchable=False
    ),
    "pooling.skipped": _kind(
        STAFF, _("线路上有一站没办成"), _("「{item}」，{who}，{number}没办成。"), REASON, switchable=False
    ),
    "orders.declined": _kind(
        STAFF, _("派出的单被谢绝"), _("{who}不能接单号 {number}，请另派。"), REASON, switchable=False
    ),
    "orders.disputed": _kind(
        STAFF, _("居民说没做完"), _("单号 {number}，请看居民写的话，安排补做。"), switchable=False
    ),
    "orders.urged": _kind(
        STAFF, _("有单快到期"), _("单号 {number}，「{item}」，期限 {when}。"), switchable=False
    ),
    "orders.escalated": _kind(
        STAFF, _("有单超时未办"), _("单号 {number}，「{item}」，{who}超时未办。"), switchable=False
    ),
    "orders.callback": _kind(STAFF, _("需要回访"), _("单号 {number}，请打电话回访。"), REASON),
}


def _blanks(sentence: str) -> list[str]:
    return [name for _text, name, _spec, _conversion in string.Formatter().parse(sentence) if name]


def _day(found: "re.Match[str]") -> str:
    """The day of a moment, which is kept as 11月20日 18:00, in the language in force."""
    return str(_("{month}月{day}日")).format(month=int(found[1]), day=int(found[2]))


def title(kind: str) -> str:
    """The heading of a notice in the language in force; the slug itself for a kind that is gone."""
    return str(KINDS[kind].title) if kind in KINDS else kind


def body(kind: str, params: dict[str, Any]) -> str:
    """The words of a notice in the language in force; sentences with an empty blank are left out."""
    sentences = [str(sentence) for sentence in KINDS[kind].body] if kind in KINDS else []
    params = {**params, "when": DAY.sub(_day, str(params.get("when") or ""))}
    gap = " " if (get_language() or "").startswith("en") else ""
    return gap.join(
        sentence.format_map(params)
        for sentence in sentences
        if all(params.get(name) not in (None, "") for name in _blanks(sentence))
    )
