"""What people type about fairs. Whether it can be done is the service's business."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from civic.fairs import days
from civic.fairs.models import Rhythm, Stall, StallKind
from civic.fairs.services.moving import Outcome, Plan
from civic.fairs.services.stalls import Sheet
from civic.places.queries import Spot
from civic.volunteers.models import Team, Volunteer

Find = Callable[[str], Sequence[Spot]]
WEEKDAYS = (
    gettext_lazy("周一"),
    gettext_lazy("周二"),
    gettext_lazy("周三"),
    gettext_lazy("周四"),
    gettext_lazy("周五"),
    gettext_lazy("周六"),
    gettext_lazy("周日"),
)
DIGITS = {"inputmode": "numeric", "autocomplete": "off"}


def day_field(label: Any, **options: Any) -> forms.DateField:
    """A day by the phone's own picker."""
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("请这样写日子：2026-11-27。")},
        **options,
    )


def time_field(label: Any, **options: Any) -> forms.TimeField:
    """A time of day by the phone's own picker."""
    return forms.TimeField(
        label=label,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": gettext_lazy("请这样写时间：14:30。")},
        **options,
    )


def number_field(label: Any, least: int, most: int, **options: Any) -> forms.IntegerField:
    """A whole number, written with the phone's figures."""
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        widget=forms.TextInput(attrs=DIGITS),
        error_messages={"invalid": gettext_lazy("请写整数。")},
        **options,
    )


class PlaceForm(forms.Form):
    """A place typed in words among those that `find` offers; when several fit, they become choices."""

    where = forms.CharField(
        label=gettext_lazy("哪个村、社区或乡镇"),
        max_length=40,
        help_text=gettext_lazy("打名字或拼音首字母，例如：府前、fq。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    place = forms.CharField(label=gettext_lazy("选一个地方"), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, find: Find, **options: Any) -> None:
        super().__init__(*args, **options)
        self.find = find

    def clean(self) -> dict[str, Any]:
        """`place` becomes the id of the one place meant, or None with a sentence about it."""
        data: dict[str, Any] = super().clean() or {}
        typed, words = data.get("place", ""), data.get("where", "")
        data["place"] = None
        if not words:
            return data
        spots = list(self.find(words))
        same = [spot for spot in spots if str(spot.place.pk) == typed]
        if same or len(spots) == 1:
            data["place"] = (same or spots)[0].place.pk
        elif not spots:
            self.add_error("where", _("在您管的地方没有找到，请换个写法，例如「古韩镇 府前」。"))
        else:
            found = [(spot.place.pk, f"{spot.trail} {spot.place.name}".strip()) for spot in spots]
            self.fields["place"].widget = forms.RadioSelect(choices=found)
            self.add_error("place", _("有好几个，请选一个。"))
        return data


class HoursForm(forms.Form):
    """A day, from when to when, in the city's time."""

    day = day_field(gettext_lazy("哪一天"))
    opens = time_field(gettext_lazy("几点开始"))
    closes = time_field(gettext_lazy("几点收摊"))

    def clean(self) -> dict[str, Any]:
        """An end after its beginning."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("opens") and data.get("closes") and data["closes"] <= data["opens"]:
            self.add_error("closes", _("收摊要晚于开始。"))
        return data

    def span(self) -> tuple[datetime, datetime]:
        """The two instants, once the form is valid."""
        said = self.cleaned_data
        return days.span_on(said["day"], said["opens"], said["closes"])


class PlanForm(PlaceForm, HoursForm):
    """A fair: what, where, when."""

    title = forms.CharField(label=gettext_lazy("叫什么"), max_length=60)
    spot = forms.CharField(
        label=gettext_lazy("具体在哪里"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("居民一看就找得到，例如：文化广场、村委会门口。"),
    )
    at_site = forms.BooleanField(label=gettext_lazy("在实践站里或门口"), required=False)
    field_order = ["title", "where", "place", "spot", "at_site", "day", "opens", "closes"]

    def plan(self, fixed_day_id: int | None = None) -> Plan:
        """What the service takes, once the form is valid."""
        said = self.cleaned_data
        starts_at, ends_at = self.span()
        return Plan(
            place_id=said["place"],
            title=said["title"],
            starts_at=starts_at,
            ends_at=ends_at,
            spot=said["spot"],
            at_site=said["at_site"],
            fixed_day_id=fixed_day_id,
        )


class PressForm(forms.Form):
    """A move that needs no words."""


class CancelForm(forms.Form):
    """Why a fair is called off."""

    reason = forms.CharField(
        label=gettext_lazy("为什么取消"),
        max_length=120,
        help_text=gettext_lazy("居民和队伍会看到，例如：有大风，改到下周五。"),
    )


class CloseForm(forms.Form):
    """What came of a fair, beside the people counted."""

    leaflet_count = number_field(gettext_lazy("发了多少份宣传册"), 0, 100_000, initial=0)
    quiz_count = number_field(gettext_lazy("有奖问答有多少人参加"), 0, 100_000, initial=0)
    note = forms.CharField(
        label=gettext_lazy("还有什么要记的"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def outcome(self) -> Outcome:
        """What the service takes, once the form is valid."""
        return Outcome(**self.cleaned_data)


class JoinForm(forms.Form):
    """A stall for a fair."""

    stall = forms.TypedChoiceField(label=gettext_lazy("哪个摊位"), coerce=int, empty_value=None)

    def __init__(self, *args: Any, stalls: Sequence[Stall], **options: Any) -> None:
        super().__init__(*args, **options)
        found = [(stall.pk, f"{stall.title}（{host_words(stall)}）") for stall in stalls]
        self.fields["stall"].choices = [("", _("请选摊位")), *found]  # type: ignore[attr-defined]


def host_words(stall: Stall) -> str:
    """Who offers a stall."""
    return stall.team.name if stall.team is not None else stall.partner


class StallForm(PlaceForm):
    """A stall: kind, what it offers, who offers it, where it belongs."""

    title = forms.CharField(
        label=gettext_lazy("摊位叫什么"), max_length=40, help_text=gettext_lazy("例如：义务理发、磨刀。")
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("哪一种"),
        choices=[
            (StallKind.FIXED, gettext_lazy("固定摊位：总在同一个地方")),
            (StallKind.MOBILE, gettext_lazy("流动摊位：辖区里哪里办集市到哪里")),
        ],
        initial=StallKind.MOBILE,
        widget=forms.RadioSelect,
    )
    offer = forms.CharField(
        label=gettext_lazy("能办什么"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    team = forms.TypedChoiceField(
        label=gettext_lazy("哪支队伍出摊"), required=False, coerce=int, empty_value=None
    )
    partner = forms.CharField(
        label=gettext_lazy("或者哪个单位出摊"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("没有队伍的写单位，例如：县电力公司。"),
    )
    field_order = ["title", "kind", "offer", "where", "place", "team", "partner"]

    def __init__(self, *args: Any, teams: Sequence[Team], **options: Any) -> None:
        super().__init__(*args, **options)
        found = [(team.pk, f"{team.name}（{team.place.name}）") for team in teams]
        self.fields["team"].choices = [("", _("不是队伍")), *found]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Exactly one host."""
        data = super().clean()
        if (
            bool(data.get("team")) == bool(data.get("partner"))
            and not {"team", "partner"} & self.errors.keys()
        ):
            self.add_error("team", _("请选一支队伍，或者写一个单位，只要其中一个。"))
        return data

    def sheet(self) -> Sheet:
        """What the service takes, once the form is valid."""
        said = self.cleaned_data
        return Sheet(said["kind"], said["title"], said["offer"], said["team"], said["partner"])


class FixedDayForm(PlaceForm):
    """A weekday or a day of the month, with its usual hours."""

    name = forms.CharField(label=gettext_lazy("叫什么"), max_length=40, initial=gettext_lazy("周五有约"))
    rhythm = forms.ChoiceField(
        label=gettext_lazy("多久一次"),
        choices=Rhythm.choices,
        initial=Rhythm.WEEKLY,
        widget=forms.RadioSelect,
    )
    weekday = forms.TypedChoiceField(
        label=gettext_lazy("每周的星期几"),
        choices=[("", gettext_lazy("不是每周")), *enumerate(WEEKDAYS)],
        coerce=int,
        empty_value=None,
        required=False,
    )
    day_of_month = number_field(gettext_lazy("每月的几号"), 1, 28, required=False)
    opens = time_field(gettext_lazy("几点开始"))
    closes = time_field(gettext_lazy("几点结束"))
    field_order = ["name", "where", "place", "rhythm", "weekday", "day_of_month", "opens", "closes"]

    def clean(self) -> dict[str, Any]:
        """The number that the rhythm needs."""
        data = super().clean()
        needed = "weekday" if data.get("rhythm") == Rhythm.WEEKLY else "day_of_month"
        if data.get("rhythm") and data.get(needed) is None and needed not in self.errors:
            words = _("请选星期几。") if needed == "weekday" else _("请写几号，1 到 28。")
            self.add_error(needed, words)
        data["number"] = data.get(needed)
        if data.get("opens") and data.get("closes") and data["closes"] <= data["opens"]:
            self.add_error("closes", _("结束要晚于开始。"))
        return data


class AskForm(PlaceForm):
    """Where to hold so many fairs so that most people have one within so far."""

    fair_count = number_field(gettext_lazy("办几场"), 1, 60, initial=6)
    radius = forms.TypedChoiceField(
        label=gettext_lazy("多远以内算到得了"),
        coerce=int,
        choices=[
            (1000, gettext_lazy("1 公里，走路一刻钟")),
            (1500, gettext_lazy("1.5 公里")),
            (3000, gettext_lazy("3 公里，骑车一刻钟")),
            (5000, gettext_lazy("5 公里")),
        ],
        initial=3000,
        widget=forms.RadioSelect,
    )
    field_order = ["where", "place", "fair_count", "radius"]


class AdoptForm(HoursForm):
    """When the fairs of a proposal are to be held, all at the same hours."""

    title = forms.CharField(label=gettext_lazy("叫什么"), max_length=60)
    field_order = ["title", "day", "opens", "closes"]


class MembersForm(forms.Form):
    """Who of the team stands at the stall."""

    members = forms.TypedMultipleChoiceField(
        label=gettext_lazy("谁去"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, members: Sequence[Volunteer], **options: Any) -> None:
        super().__init__(*args, **options)
        found = [(one.pk, one.person.name) for one in members]
        self.fields["members"].choices = found  # type: ignore[attr-defined]
