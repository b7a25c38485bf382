"""Days and times in words for sentences that services say."""

from datetime import date

from django.utils.translation import gettext as _


def day_words(day: date) -> str:
    """11月27日 周五"""
    names = [_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")]
    return _("{month}月{day}日 {weekday}").format(month=day.month, day=day.day, weekday=names[day.weekday()])
