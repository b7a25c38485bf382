"""固定活动日: every Friday, every 20th."""

from datetime import datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from civic.core.errors import Denied, Refused
from civic.fairs import rules
from civic.fairs.models import RecurringDay, Rhythm
from civic.fairs.services._guards import in_words
from civic.journal import services as journal
from civic.people.models import Person
from civic.places.models import Place


@transaction.atomic
def set_fixed_day(
    *,
    place_id: int,
    name: str,
    rhythm: str,
    number: int,
    opens: time,
    closes: time,
    by: Person,
    at: datetime,
) -> RecurringDay:
    """Name a weekday (`number` 0 is Monday) or a day of the month (1 to 28) as the place's fixed day.

    Raises Denied out of reach; Refused for hours that end before they begin, for a day that some month does
    not have, and for a name the place has already.
    """
    place = Place.objects.get(pk=place_id)
    if not rules.may_plan(by, place):
        raise Denied
    if closes <= opens:
        raise Refused(_("结束要晚于开始。"))
    weekly = rhythm == Rhythm.WEEKLY
    if not (0 <= number <= 6 if weekly else 1 <= number <= 28):
        raise Refused(_("每月的日子只能选 1 到 28 日，个个月都有。"))
    with in_words():
        made = RecurringDay.objects.create(
            place=place,
            name=name,
            rhythm=rhythm,
            weekday=number if weekly else None,
            day_of_month=None if weekly else number,
            opens=opens,
            closes=closes,
            set_at=at,
            set_by=by,
        )
    journal.write(at=at, by=by, what="fairs.set_fixed_day", about=made, place_path=place.path, name=name)
    return made


@transaction.atomic
def drop_fixed_day(*, fixed_day_id: int, by: Person, at: datetime) -> RecurringDay:
    """End a fixed day; fairs planned for it stay. Raises Denied; Refused when it has ended already."""
    found = RecurringDay.objects.select_for_update(of=("self",)).select_related("place").get(pk=fixed_day_id)
    if not rules.may_plan(by, found.place):
        raise Denied
    if found.dropped_at is not None:
        raise Refused(_("这个固定活动日已经停了。"))
    found.dropped_at, found.dropped_by = at, by
    found.save(update_fields=["dropped_at", "dropped_by"])
    journal.write(at=at, by=by, what="fairs.drop_fixed_day", about=found, place_path=found.place.path)
    return found
