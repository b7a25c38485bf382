"""What a resident types: one small form per question. Whether it can be done is the service's business."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from civic.orders.models.menu import Item, ServiceMode
from civic.orders.models.order import HalfDay, Where
from civic.orders.models.work import FeedbackKind, Grade
from civic.orders.services.reviewing import GOOD_TAGS, POOR_TAGS
from civic.people.numbers import Wrong, any_phone
from civic.venues.models import Venue

ANY_DAY, OTHER_DAY = "any", "other"
DAYS_OFFERED = 6
TAG_WORDS = {
    "准时": gettext_lazy("准时"),
    "耐心": gettext_lazy("耐心"),
    "手艺好": gettext_lazy("手艺好"),
    "解决了问题": gettext_lazy("解决了问题"),
    "迟到": gettext_lazy("迟到"),
    "没解决": gettext_lazy("没解决"),
    "态度": gettext_lazy("态度不好"),
    "联系不上": gettext_lazy("联系不上"),
}


class TellForm(forms.Form):
    """R4: what it is about, and a picture if that helps."""

    words = forms.CharField(
        label=gettext_lazy("请说说要办什么"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("请说一说要办什么事，一句话就行。")},
    )
    photo = forms.FileField(
        label=gettext_lazy("拍一张照片"),
        help_text=gettext_lazy("能看清坏在哪里就行，别拍到身份证、银行卡。"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    drop_photo = forms.BooleanField(label=gettext_lazy("不要这张照片了"), required=False)

    def __init__(self, *args: Any, item: Item | None = None, has_photo: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if item is not None:
            self.fields["words"].help_text = _(
                "说说具体情况，例如几个人、什么样的、坏在哪里。没有就写“照常”。"
            )
        else:
            self.fields["words"].help_text = _("一两句话就行，例如：电饭锅不通电。")
        if not has_photo:
            del self.fields["drop_photo"]


class WhereForm(forms.Form):
    """R5: at home, or at one of the sites that serve the place."""

    use_required_attribute = False  # the address is only asked for at home
    where = forms.ChoiceField(
        label=gettext_lazy("在哪里办"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选到家里来，还是您到站里去。")},
    )
    address = forms.CharField(
        label=gettext_lazy("门牌"),
        help_text=gettext_lazy(
            "到家里来才要写，例如：3号楼2单元501，或村东头老槐树旁。接单以后志愿者才看得到。"
        ),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
        error_messages={"required": gettext_lazy("请写一下门牌，志愿者好找到您家。")},
    )

    def __init__(self, *args: Any, item: Item | None, venues: Sequence[Venue], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mode = item.mode if item is not None else ServiceMode.EITHER
        choices: list[tuple[str, Any]] = []
        if mode != ServiceMode.SITE:
            choices.append((Where.HOME, Where.HOME.label))
        if mode != ServiceMode.HOME:
            choices += [(f"site:{venue.pk}", _("我去{site}").format(site=venue.name)) for venue in venues]
            if not venues:
                choices.append(("site:0", _("我到站里去，去哪个站请告诉我")))
        self.fields["where"].choices = choices  # type: ignore[attr-defined]
        if mode == ServiceMode.HOME:
            self.fields["where"].initial = Where.HOME
        if mode == ServiceMode.SITE:
            del self.fields["address"]
        elif self.is_bound:
            self.fields["address"].required = self.data.get("where") == Where.HOME

    def chosen(self) -> dict[str, Any]:
        """The answers as the draft keeps them."""
        where, _colon, venue_id = self.cleaned_data["where"].partition(":")
        at_home = where == Where.HOME
        return {
            "where": where,
            "venue_id": None if at_home else int(venue_id) or None,
            "address": self.cleaned_data.get("address", "").strip() if at_home else "",
        }


class TimeForm(forms.Form):
    """R5: a day and a half-day; also for asking for another time."""

    day = forms.ChoiceField(label=gettext_lazy("哪一天方便"), widget=forms.RadioSelect)
    other = forms.DateField(
        label=gettext_lazy("别的日子是哪天"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("请这样写日子：2026-11-27。")},
    )
    wanted_half = forms.ChoiceField(
        label=gettext_lazy("什么时候方便"),
        choices=HalfDay.choices,
        initial=HalfDay.ANY,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, today: date, wanted_on: date | None = None, **kwargs: Any) -> None:
        self.today = today
        super().__init__(*args, **kwargs)
        days = [today + timedelta(days=n) for n in range(1, DAYS_OFFERED + 1)]
        choices = [(day.isoformat(), day_words(day, today)) for day in days]
        self.fields["day"].choices = [  # type: ignore[attr-defined]
            (ANY_DAY, _("哪天都行")),
            *choices,
            (OTHER_DAY, _("别的日子")),
        ]
        self.fields["other"].widget.attrs |= {"min": today.isoformat()}
        known = wanted_on is not None and wanted_on in days
        self.initial["day"] = str(wanted_on) if known else OTHER_DAY if wanted_on else ANY_DAY
        self.initial["other"] = wanted_on if wanted_on and not known else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("day") == OTHER_DAY and "other" not in self.errors:
            if not cleaned.get("other"):
                self.add_error("other", _("请选别的日子是哪天。"))
            elif cleaned["other"] < self.today:
                self.add_error("other", _("这一天已经过了，请选今天或以后的日子。"))
        return cleaned

    def chosen(self) -> dict[str, Any]:
        """The answers as the draft and the service take them."""
        day = self.cleaned_data["day"]
        wanted_on = None if day == ANY_DAY else self.cleaned_data["other"]
        if day not in {ANY_DAY, OTHER_DAY}:
            wanted_on = date.fromisoformat(day)
        return {"wanted_on": wanted_on, "wanted_half": self.cleaned_data["wanted_half"]}


class WhenForm(TimeForm):
    """R5 of a new order: also how pressing it is."""

    is_urgent = forms.BooleanField(label=gettext_lazy("这件事急，请先看我的单"), required=False)

    def chosen(self) -> dict[str, Any]:
        return super().chosen() | {"is_urgent": self.cleaned_data["is_urgent"]}


class ContactForm(forms.Form):
    """R6: whom the volunteer calls."""

    for_self = forms.ChoiceField(
        label=gettext_lazy("给谁点"),
        choices=[("yes", gettext_lazy("给我自己")), ("no", gettext_lazy("替父母或别人"))],
        widget=forms.RadioSelect,
        initial="yes",
    )
    contact_name = forms.CharField(
        label=gettext_lazy("怎么称呼"),
        help_text=gettext_lazy("写家里要办事的人，例如：张桂兰。"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": gettext_lazy("请写怎么称呼，例如：张桂兰。")},
    )
    contact_phone = forms.CharField(
        label=gettext_lazy("电话"),
        help_text=gettext_lazy("志愿者出发前会打这个电话。接单以前别人看不到。手机、座机都行。"),
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
        error_messages={"required": gettext_lazy("请留一个电话，志愿者好跟您约时间。")},
    )

    def clean_contact_phone(self) -> str:
        try:
            return any_phone(self.cleaned_data["contact_phone"])
        except Wrong as wrong:
            raise forms.ValidationError(str(wrong)) from wrong

    def chosen(self) -> dict[str, Any]:
        """The answers as the draft keeps them."""
        return {
            "for_self": self.cleaned_data["for_self"] == "yes",
            "contact_name": self.cleaned_data["contact_name"].strip(),
            "contact_phone": self.cleaned_data["contact_phone"],
        }


class ReviewForm(forms.Form):
    """R11: five grades, tags, words."""

    grade = forms.TypedChoiceField(
        label=gettext_lazy("这次满意吗"),
        choices=Grade.choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选一个满意程度。")},
    )
    good = forms.MultipleChoiceField(
        label=gettext_lazy("满意在哪里"),
        choices=[(tag, TAG_WORDS[tag]) for tag in GOOD_TAGS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    poor = forms.MultipleChoiceField(
        label=gettext_lazy("不满意在哪里"),
        choices=[(tag, TAG_WORDS[tag]) for tag in POOR_TAGS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    words = forms.CharField(
        label=gettext_lazy("想说的话"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    is_anonymous = forms.BooleanField(label=gettext_lazy("不让队伍知道是谁评的"), required=False)


class WordsForm(forms.Form):
    """One box for words: what is still missing, what is not done."""

    words = forms.CharField(label="", max_length=300, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, label: str, hint: str = "", missing: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["words"]
        field.label, field.help_text = label, hint
        field.error_messages["required"] = missing


class WithdrawForm(forms.Form):
    """Why the order is no longer needed; nobody has to say."""

    reason = forms.ChoiceField(
        label=gettext_lazy("为什么撤单"),
        choices=[
            ("", gettext_lazy("不说")),
            ("已经办好了", gettext_lazy("已经办好了")),
            ("不需要了", gettext_lazy("不需要了")),
            ("时间不合适", gettext_lazy("时间不合适")),
            ("点错了", gettext_lazy("点错了")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )


class FeedbackForm(forms.Form):
    """R24: suggestion, complaint, praise or appeal."""

    kind = forms.ChoiceField(
        label=gettext_lazy("您要说的是"), choices=FeedbackKind.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=gettext_lazy("请写下来"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": gettext_lazy("请写下您的意见。")},
    )


def day_words(day: date, today: date) -> str:
    """明天 24日, 周四 26日; with the month when it is another one."""
    near = {1: _("明天"), 2: _("后天")}.get((day - today).days, "")
    weekday = [_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")][day.weekday()]
    pattern = _("{day}日") if day.month == today.month else _("{month}月{day}日")
    return f"{near or weekday} {pattern.format(month=day.month, day=day.day)}"
