"""The time of volunteers: nobody serves two orders at once."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from civic.core.errors import Refused
from civic.orders.models import Order
from civic.orders.services import _life
from civic.orders.states import OrderState
from civic.volunteers.models import Volunteer

S = OrderState


def check_free(volunteer_ids: Iterable[int], order: Order, starts_at: datetime, ends_at: datetime) -> None:
    """Refuse when one of the volunteers already serves another order at that time.

    Their rows stay locked until the caller commits, so two orders cannot both find the same hour free.
    """
    going = list(
        Volunteer.objects.select_for_update(of=("self",))
        .filter(pk__in=volunteer_ids)
        .order_by("id")
        .values_list("id", flat=True)
    )
    clash = (
        Order.objects.filter(
            Q(current__volunteer__in=going) | Q(current__members__in=going),
            state__in=(S.SCHEDULED, S.IN_SERVICE),
            starts_at__lt=ends_at,
            ends_at__gt=starts_at,
        )
        .exclude(pk=order.pk)
        .order_by("starts_at", "id")
        .first()
    )
    if clash is not None:
        raise Refused(
            _("这个时间已经有一单：%(number)s，%(when)s 开始，请换个时间或换个人。")
            % {"number": clash.short_number, "when": _life.spoken(clash.starts_at)}
        )
