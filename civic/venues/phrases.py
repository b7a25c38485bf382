"""Days and times in words."""

from datetime import date

from django.utils.translation import gettext as _


def weekday_words(number: int) -> str:
    """0 → 周一"""
    return [_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")][number]


def day_words(day: date) -> str:
    """11月27日 周五"""
    pattern = _("{month}月{day}日 {weekday}")
    return pattern.format(month=day.month, day=day.day, weekday=weekday_words(day.weekday()))
