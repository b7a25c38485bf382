"""What a team or an invited volunteer types."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from civic.orders.forms.desk import ReasonForm, Reasons
from civic.orders.forms.spans import SpanForm
from civic.orders.models import Order
from civic.volunteers.models import Volunteer

HALF_BEGINS = {"morning": 9, "afternoon": 14, "evening": 17, "any": 9}

DECLINE: Reasons = (
    gettext_lazy("这几天时间排不开"),
    gettext_lazy("人手不够"),
    gettext_lazy("不会这项手艺"),
    gettext_lazy("路太远"),
)


class MembersForm(forms.Form):
    """Who goes. Nobody need be named at acceptance; the leader may do it later."""

    members = forms.TypedMultipleChoiceField(
        label=gettext_lazy("谁去"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, members: Callable[[], Sequence[Volunteer]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Asked for when the form is shown or names somebody, not when it is sent without a name.
        self.fields["members"].choices = lambda: [(one.pk, one.person.name) for one in members()]  # type: ignore[attr-defined]


class DeclineForm(ReasonForm):
    """No, with a reason for the dispatcher; a volunteer owes none."""

    def __init__(self, *args: Any, optional: bool, **kwargs: Any) -> None:
        super().__init__(*args, reasons=DECLINE, optional=optional, **kwargs)
        self.fields["reason"].help_text = gettext_lazy("只给派单员看，好另外找人。")


class ScheduleForm(SpanForm):
    """When it will be, begun from what the resident asked for."""

    def __init__(self, *args: Any, order: Order, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **({"initial": proposed(order, now)} | kwargs))
        self.fields["day"].widget.attrs["min"] = timezone.localdate(now).isoformat()


def proposed(order: Order, now: datetime) -> dict[str, Any]:
    """The time a form begins with: agreed before, the room's, or the wanted day for as long as it takes."""
    span = (order.starts_at, order.ends_at)
    if (
        span[0] is None
        and getattr(order, "provision", None) is not None
        and order.provision.booking is not None
    ):
        span = (order.provision.booking.span.lower, order.provision.booking.span.upper)
    if span[0] is None or span[1] is None:
        tomorrow = timezone.localdate(now) + timedelta(days=1)
        day = order.wanted_on if order.wanted_on and order.wanted_on >= timezone.localdate(now) else tomorrow
        begins = datetime(day.year, day.month, day.day, HALF_BEGINS[order.wanted_half], tzinfo=now.tzinfo)
        begins = begins.replace(tzinfo=timezone.get_current_timezone())
        span = (begins, begins + timedelta(minutes=order.item.minutes if order.item else 60))
    opens, closes = (timezone.localtime(moment) for moment in span)
    return {"day": opens.date(), "opens": opens.time(), "closes": closes.time()}


class FinishForm(forms.Form):
    """服务小结: two lines."""

    summary = forms.CharField(
        label=gettext_lazy("做了什么，结果怎样"),
        max_length=200,
        help_text=gettext_lazy("两句话就行，例如：换了电源线，试煮一锅饭正常。居民看得到。"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("请用两句话说说做了什么。")},
    )


class StartForm(forms.Form):
    """Nothing but the button."""
