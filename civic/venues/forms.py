"""What people type about venues and rooms. Whether it can be done is the service's business."""

import re
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from civic.places.models import Place
from civic.venues import phrases, weeks
from civic.venues.models import Platform, Venue, VenueKind
from civic.venues.phones import clean_phone
from civic.venues.services.profile import Profile, Span

ONE_SPAN = re.compile(r"^(\d{1,2})(?:[:：](\d{2}))?\s*[-–—~至到]\s*(\d{1,2})(?:[:：](\d{2}))?$")


class PointForm(forms.Form):
    """Where somebody stands, from the browser; rounded there to a hundred metres and not kept."""

    lon = forms.FloatField(min_value=-180, max_value=180, widget=forms.HiddenInput)
    lat = forms.FloatField(min_value=-90, max_value=90, widget=forms.HiddenInput)


class ProfileForm(forms.Form):
    """The profile of a venue."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label=gettext_lazy("名称"), max_length=80)
    brand = forms.CharField(
        label=gettext_lazy("品牌名"), max_length=60, required=False, help_text=gettext_lazy("例如：邻里驿家")
    )
    intro = forms.CharField(
        label=gettext_lazy("简介"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    head_name = forms.CharField(
        label=gettext_lazy("负责人"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("写在牌子上的名字，大家都看得到。"),
    )
    phone = forms.CharField(
        label=gettext_lazy("电话"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel"}),
        help_text=gettext_lazy("公布给居民的电话，居民打这个电话点单。"),
    )
    street = forms.CharField(label=gettext_lazy("地址"), max_length=120, required=False)
    area_m2 = forms.DecimalField(
        label=gettext_lazy("面积（平方米）"), min_value=1, max_digits=9, decimal_places=2, required=False
    )
    household_count = forms.IntegerField(
        label=gettext_lazy("服务户数"), min_value=0, max_value=9_999_999, required=False
    )
    person_count = forms.IntegerField(
        label=gettext_lazy("服务人数"), min_value=0, max_value=9_999_999, required=False
    )
    platforms = forms.MultipleChoiceField(
        label=gettext_lazy("五大平台"),
        choices=Platform.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    lon = forms.DecimalField(
        label=gettext_lazy("经度"),
        min_value=70,
        max_value=140,
        max_digits=8,
        decimal_places=5,
        required=False,
    )
    lat = forms.DecimalField(
        label=gettext_lazy("纬度"), min_value=15, max_value=55, max_digits=8, decimal_places=5, required=False
    )

    def clean_phone(self) -> str:
        """Figures and dashes."""
        return clean_phone(self.cleaned_data["phone"])

    def clean(self) -> dict[str, Any]:
        """A point has two numbers or none."""
        said = super().clean() or {}
        if "lon" in said and "lat" in said and (said["lon"] is None) != (said["lat"] is None):
            self.add_error("lat", _("经度和纬度要一起填，或都不填。"))
        return said

    def profile(self) -> Profile:
        """What was written, as the service takes it."""
        return Profile(**{name: value for name, value in self.cleaned_data.items() if name != "version"})

    @classmethod
    def of(cls, venue: Venue) -> "ProfileForm":
        """The form filled with what stands; a rough point is not offered as if somebody had written it."""
        told = {name: getattr(venue, name) for name in cls.base_fields}
        if venue.position_is_rough:
            told["lon"] = told["lat"] = None
        return cls(initial=told)


class OpenVenueForm(ProfileForm):
    """A new venue: its kind and its profile."""

    kind = forms.ChoiceField(
        label=gettext_lazy("类型"),
        choices=[(kind.value, kind.label) for kind in VenueKind],
        widget=forms.RadioSelect,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    field_order = ("kind", "name")

    def profile(self) -> Profile:
        """Without the kind, which the service takes by itself."""
        said = {name: value for name, value in self.cleaned_data.items() if name not in {"version", "kind"}}
        return Profile(**said)


class HoursForm(forms.Form):
    """A week: one line for each day, several spans in a line."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day in range(7):
            self.fields[f"day_{day}"] = forms.CharField(
                label=phrases.weekday_words(day),
                max_length=60,
                required=False,
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )

    def clean(self) -> dict[str, Any]:
        """Turn the lines into spans."""
        said = super().clean() or {}
        spans: list[Span] = []
        for day in range(7):
            try:
                spans += spans_of(day, said.get(f"day_{day}", ""))
            except ValueError:
                self.add_error(f"day_{day}", _("请写成 9:00-12:00，几段之间用逗号隔开。"))
        return {"spans": spans}

    @classmethod
    def of(cls, venue: Venue) -> "HoursForm":
        """The form filled with the standing hours."""
        lines: dict[str, list[str]] = {}
        for span in venue.hours.all():
            text = f"{span.opens:%H:%M}-{span.closes:%H:%M}"
            lines.setdefault(f"day_{span.weekday}", []).append(text)
        return cls(initial={name: "，".join(texts) for name, texts in lines.items()})


def spans_of(day: int, text: str) -> list[Span]:
    """「9:00-12:00，14-17:30」 as spans of a day. Raises ValueError for anything that cannot be read."""
    spans = []
    for piece in filter(None, (part.strip() for part in re.split(r"[,，、;；]", text))):
        found = ONE_SPAN.match(piece)
        if found is None:
            raise ValueError(piece)
        begin_hour, begin_minute, end_hour, end_minute = (int(part or 0) for part in found.groups())
        spans.append(Span(day, time(begin_hour, begin_minute), time(end_hour, end_minute)))
    return spans


class PhotoForm(forms.Form):
    """A picture and what it shows."""

    file = forms.FileField(
        label=gettext_lazy("照片"),
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=gettext_lazy(
            "JPG、PNG 或 WebP，最大 10 MB。会去掉拍摄地点等信息。有人正脸的，先征得同意。"
        ),
    )
    caption = forms.CharField(label=gettext_lazy("说明"), max_length=60, required=False)


class RoomForm(forms.Form):
    """A room with its many uses."""

    name = forms.CharField(label=gettext_lazy("房间名"), max_length=40)
    seat_count = forms.IntegerField(label=gettext_lazy("座位数"), min_value=1, max_value=9999, required=False)
    uses = forms.CharField(
        label=gettext_lazy("用途"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("一室多用：例如 宣讲、合唱、放映"),
    )


class ReasonForm(forms.Form):
    """Why. Kept in the journal."""

    reason = forms.CharField(
        label=gettext_lazy("理由"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )


class BookForm(forms.Form):
    """A room on one day, or every week until a day."""

    title = forms.CharField(
        label=gettext_lazy("做什么用"),
        max_length=60,
        help_text=gettext_lazy("例如：太极班。不要写居民姓名。"),
    )
    day = forms.DateField(label=gettext_lazy("哪天"), widget=forms.DateInput(attrs={"type": "date"}))
    opens = forms.TimeField(label=gettext_lazy("从几点"), widget=forms.TimeInput(attrs={"type": "time"}))
    closes = forms.TimeField(label=gettext_lazy("到几点"), widget=forms.TimeInput(attrs={"type": "time"}))
    until = forms.DateField(
        label=gettext_lazy("每周一次，到哪天为止"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("只约一次就不填。"),
    )

    def clean(self) -> dict[str, Any]:
        """The end comes after the beginning."""
        said = super().clean() or {}
        if said.get("opens") and said.get("closes") and said["closes"] <= said["opens"]:
            self.add_error("closes", _("结束时间要晚于开始时间。"))
        if said.get("day") and said.get("until") and said["until"] < said["day"]:
            self.add_error("until", _("要晚于第一天。"))
        return said

    def span(self) -> tuple[datetime, datetime]:
        """Begin and end of the single booking."""
        said = self.cleaned_data
        return weeks.span_on(said["day"], said["opens"], said["closes"])


class DatesForm(forms.Form):
    """Which dates of a weekly booking to take."""

    dates = forms.TypedMultipleChoiceField(
        label=gettext_lazy("日期"), coerce=date.fromisoformat, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, days: list[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dates"].choices = [(day.isoformat(), phrases.day_words(day)) for day in days]  # type: ignore[attr-defined]


class UploadForm(forms.Form):
    """A workbook, and the area it is for."""

    place = forms.ModelChoiceField(
        label=gettext_lazy("导入到哪里"), queryset=Place.objects.none(), empty_label=None
    )
    file = forms.FileField(
        label=gettext_lazy("工作簿"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        help_text=gettext_lazy(".xlsx，最大 10 MB，最多 10000 行。"),
    )

    def __init__(self, *args: Any, tops: QuerySet[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = tops  # type: ignore[attr-defined]
