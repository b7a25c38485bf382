"""Weekdays and distances in words."""

from datetime import date

from django import template
from django.utils.translation import gettext as _

from civic.venues.phrases import day_words, weekday_words

register = template.Library()


@register.filter
def weekday_name(number: int) -> str:
    """0 → 周一"""
    return weekday_words(number)


@register.filter
def short_day(day: date) -> str:
    """11月27日 周五"""
    return day_words(day)


@register.filter
def distance(km: float) -> str:
    """850 米 below a kilometre, 2.4 公里 above; rounded, because the points are."""
    if km < 1:
        return _("{m} 米").format(m=max(100, round(km * 10) * 100))
    return _("{km} 公里").format(km=f"{km:.1f}")
