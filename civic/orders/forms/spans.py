"""Days and hours, and what is made ready for them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from civic.venues.models import Room


def day_field(label: Any, **options: Any) -> forms.DateField:
    """A day by the phone's own picker."""
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "invalid": gettext_lazy("请这样写日子：2026-11-27。"),
            "required": gettext_lazy("请选日子。"),
        },
        **options,
    )


def time_field(label: Any, **options: Any) -> forms.TimeField:
    """A time of day by the phone's own picker."""
    return forms.TimeField(
        label=label,
        widget=forms.TimeInput(attrs={"type": "time", "step": 300}, format="%H:%M"),
        error_messages={
            "invalid": gettext_lazy("请这样写时间：14:30。"),
            "required": gettext_lazy("请写时间。"),
        },
        **options,
    )


class SpanForm(forms.Form):
    """A day, from when to when, in the city's time."""

    day = day_field(gettext_lazy("哪一天"))
    opens = time_field(gettext_lazy("从几点"))
    closes = time_field(gettext_lazy("到几点"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("opens") and cleaned.get("closes") and cleaned["closes"] <= cleaned["opens"]:
            self.add_error("closes", _("结束要晚于开始。"))
        return cleaned

    def moment(self, name: str) -> datetime | None:
        """The instant of `opens` or `closes` on the day; None unless both are given."""
        day, clock = self.cleaned_data.get("day"), self.cleaned_data.get(name)
        if day is None or clock is None:
            return None
        return datetime.combine(day, clock, timezone.get_current_timezone())


class ProvisionForm(SpanForm):
    """配单: room, goods, helpers, safety."""

    room = forms.TypedChoiceField(label=gettext_lazy("房间"), required=False, coerce=int, empty_value=None)
    day = day_field(gettext_lazy("哪一天用"), required=False)
    opens = time_field(gettext_lazy("从几点"), required=False)
    closes = time_field(gettext_lazy("到几点"), required=False)
    materials = forms.CharField(
        label=gettext_lazy("带什么东西"),
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    helpers = forms.CharField(
        label=gettext_lazy("谁搭把手"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("例如：网格员小王开门，另请一位会说方言的志愿者。"),
    )
    safety = forms.CharField(
        label=gettext_lazy("安全提醒"),
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    field_order = ["room", "day", "opens", "closes", "materials", "helpers", "safety"]

    def __init__(self, *args: Any, rooms: Sequence[Room], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["room"].choices = [  # type: ignore[attr-defined]
            ("", _("不用房间")),
            *((room.pk, room_words(room)) for room in rooms),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("room"):
            for name in ("day", "opens", "closes"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("约房间要写明哪天、从几点到几点。"))
        return cleaned


def room_words(room: Room) -> str:
    """A room with its site and its seats."""
    seats = _("，{n} 座").format(n=room.seat_count) if room.seat_count else ""
    return f"{room.venue.name} · {room.name}{seats}"
