"""Sentences about tours that more than one room says."""

from django.utils.translation import gettext as _

from civic.matching.tours_model import Reason, Undrivable
from civic.pooling.models import Need, Tour


def undrivable(found: Undrivable, tour: Tour, need: Need) -> str:
    """Why a team cannot drive its tour like that."""
    words = {"team": tour.team.name, "place": need.place.name, "n": found.minutes}
    if found.reason == Reason.SKILL:
        return _("「{team}」里没有会{skill}的，{place}这一站办不了。").format(
            skill=need.item.skill.name, **words
        )
    if found.reason == Reason.LATE:
        return _("「{team}」到{place}要晚 {n} 分钟，赶不上约好的时段。").format(**words)
    if found.reason == Reason.HOME:
        return _("「{team}」这样要晚 {n} 分钟收车。").format(**words)
    return _("{place}已经在这条线路上了。").format(**words)


def price(minutes: int) -> str:
    """What a change costs, in minutes of driving and of needs left out."""
    if minutes > 0:
        return _("多花 {n} 分钟").format(n=minutes)
    if minutes < 0:
        return _("省 {n} 分钟").format(n=-minutes)
    return _("不多花时间")
