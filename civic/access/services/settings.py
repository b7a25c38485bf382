"""The city's settings and its calendar."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from civic.access import rules
from civic.access.defaults import DEFAULTS, LIMITS
from civic.access.models import CalendarDay, Setting
from civic.access.queries import CALENDAR_KEY, SETTINGS_KEY
from civic.core.errors import Denied, Refused
from civic.journal import services as journal
from civic.people.models import Person

TEXT_MAX = 200


def _checked(key: str, value: Any) -> Any:
    """The value as it may be kept. Raises Refused."""
    if key not in DEFAULTS:
        raise Refused(_("没有这项设置。"))
    if isinstance(DEFAULTS[key], str):
        text = str(value).strip()
        if len(text) > TEXT_MAX:
            raise Refused(_("这一项太长了，请不超过 200 字。"))
        return text
    low, high = LIMITS[key]
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise Refused(_("请填 {low} 到 {high} 之间的整数。").format(low=low, high=high))
    return value


@transaction.atomic
def set_setting(*, key: str, value: Any, by: Person, at: datetime) -> None:
    """Change one setting; other processes see it within ten seconds.

    Raises Denied without the right, Refused for an unknown key or a value out of bounds.
    """
    if not rules.may_edit_settings(by):
        raise Denied
    kept = _checked(key, value)
    row = Setting.objects.select_for_update(of=("self",)).filter(key=key).first()
    before = row.value if row is not None else DEFAULTS[key]
    if row is not None and before == kept:
        return
    Setting.objects.update_or_create(key=key, defaults={"value": kept, "changed_at": at, "changed_by": by})
    transaction.on_commit(lambda: cache.delete(SETTINGS_KEY))
    journal.write(at=at, by=by, what="access.set_setting", key=key, before=before, after=kept)


@transaction.atomic
def set_calendar_day(*, on: date, is_working: bool, name: str, by: Person, at: datetime) -> None:
    """Make one day a holiday or a working day, whatever the week says. Raises Denied without the right."""
    set_calendar(days={on: (is_working, name)}, by=by, at=at)


@transaction.atomic
def set_calendar(*, days: Mapping[date, tuple[bool, str]], by: Person, at: datetime) -> int:
    """Take over the days of a yearly notice; returns how many. Raises Denied without the right."""
    if not rules.may_edit_settings(by):
        raise Denied
    rows = [
        CalendarDay(on=on, is_working=is_working, name=name.strip()[:40])
        for on, (is_working, name) in sorted(days.items())
    ]
    CalendarDay.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["on"], update_fields=["is_working", "name"]
    )
    transaction.on_commit(lambda: cache.delete(CALENDAR_KEY))
    journal.write(
        at=at,
        by=by,
        what="access.set_calendar",
        days={f"{row.on}": "working" if row.is_working else "off" for row in rows},
    )
    return len(rows)


@transaction.atomic
def drop_calendar_day(*, on: date, by: Person, at: datetime) -> None:
    """Give a day back to the national calendar. Raises Denied without the right."""
    if not rules.may_edit_settings(by):
        raise Denied
    if CalendarDay.objects.filter(on=on).delete()[0]:
        transaction.on_commit(lambda: cache.delete(CALENDAR_KEY))
        journal.write(at=at, by=by, what="access.drop_calendar_day", day=f"{on}")
