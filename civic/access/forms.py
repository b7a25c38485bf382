"""Forms of the back office: accounts, settings, calendar."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from civic.access import holidays
from civic.access.defaults import DEFAULTS, LIMITS
from civic.access.roles import SHEETS, Role
from civic.people import numbers
from civic.places.queries import search

HITS = 8


class PlaceWordsForm(forms.Form):
    """A place typed in words; when several fit, they are offered as choices."""

    def clean(self) -> dict[str, Any]:
        """`place` holds the id of the one place meant."""
        data: dict[str, Any] = super().clean() or {}
        if not data.get("where"):
            return data
        spots = search(data["where"], limit=HITS)
        if data.get("place") in {str(spot.place.pk) for spot in spots}:
            return data
        data["place"] = ""
        if not spots:
            self.add_error("where", _("没有找到这个地方，请换个写法，例如「襄垣县 古韩镇」。"))
        elif len(spots) == 1:
            data["place"] = str(spots[0].place.pk)
        else:
            self.offer([(str(spot.place.pk), f"{spot.trail} {spot.place.name}".strip()) for spot in spots])
            self.add_error("place", _("有好几个，请选一个。"))
        return data

    def offer(self, choices: list[tuple[str, str]]) -> None:
        """Put the found places before the reader."""
        field = self.fields["place"]
        field.widget = forms.RadioSelect(choices=choices)


class GrantForm(PlaceWordsForm):
    """A role over a place."""

    role = forms.ChoiceField(label=_("角色"), widget=forms.RadioSelect)
    where = forms.CharField(
        label=_("管哪里"), max_length=60, help_text=_("写县区、乡镇或村社区的名字，下面的都归此人管。")
    )
    place = forms.CharField(label=_("选一个地方"), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (role.value, f"{role.label}：{SHEETS[role].sentence}") for role in Role
        ]

    def clean_place(self) -> str:
        """Digits, or nothing."""
        text = str(self.cleaned_data["place"])
        return text if text.isascii() and text.isdigit() and len(text) < 18 else ""


class InviteForm(GrantForm):
    """A person, known or not, and a role."""

    phone = forms.CharField(
        label=_("手机号"), max_length=24, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"})
    )
    name = forms.CharField(
        label=_("姓名"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    field_order = ("phone", "name", "role", "where", "place")

    def clean_phone(self) -> str:
        """A mobile phone: somebody who works for the city receives codes."""
        try:
            return numbers.mobile(self.cleaned_data["phone"])
        except numbers.Wrong as wrong:
            raise ValidationError(str(wrong)) from None


LABELS = {
    "orders.steps": (_("点单流程"), _("四单没有「配单」。改了只换说法，办到一半的单不受影响。")),
    "orders.screen_hours": (_("受理期限"), _("工作小时，一天 8 小时。")),
    "orders.urgent_screen_hours": (_("急事受理期限"), _("工作小时。")),
    "orders.dispatch_hours": (_("派单期限"), _("工作小时，从受理算起。")),
    "orders.accept_hours": (_("接单期限"), _("工作小时，从派单算起。")),
    "orders.provision_hours": (_("配单期限"), _("工作小时，从接单算起。")),
    "orders.schedule_hours": (_("约定时间的期限"), _("工作小时。")),
    "orders.callback_hours": (_("回访期限"), _("工作小时。")),
    "orders.escalate_after_hours": (_("超时多久报给负责人"), _("工作小时。")),
    "orders.review_days": (_("评单期限"), _("天，过了按无评价办结。")),
    "orders.callback_percent": (_("抽查回访比例"), _("百分之几，低分和电话点单另外全部回访。")),
    "orders.open_orders_max": (_("一人同时能有几张没办完的单"), ""),
    "matching.tick_minutes": (_("智能派单多久看一轮"), _("分钟。急单不等，随时发。")),
    "matching.quiet_from": (_("夜里几点起不打扰"), _("整点，0 到 23。这段时间里不自动发邀请。")),
    "matching.quiet_to": (_("早上几点起可以发"), _("整点，0 到 23。")),
    "matching.offers_per_week": (_("一名志愿者一周最多收几次邀请"), _("次，只算自动发的。")),
    "matching.over_offer_max": (_("时间紧时一单最多同时问几家"), _("家，先接先得，其余致谢收回。")),
    "matching.volunteers_may_take": (_("志愿者能不能自己接单"), _("1 能，0 不能。")),
    "circle.urban_metres": (_("社区多近算在圈内"), _("米，直线距离。")),
    "circle.rural_metres": (_("村多近算在圈内"), _("米，直线距离。")),
    "circle.sites_least": (_("圈内至少有几处阵地"), _("处。")),
    "city.name": (_("城市名称"), ""),
    "city.product": (_("平台名称"), ""),
    "city.host_unit": (_("主办单位"), _("显示在页脚。")),
    "city.phone": (_("服务电话"), _("显示在页脚和「打电话点单」按钮上。")),
    "city.icp": (_("ICP 备案号"), ""),
    "city.police_filing": (_("公安备案号"), ""),
}
GROUPS = (
    (_("流程"), ("orders.steps", "orders.open_orders_max")),
    (
        _("期限"),
        (
            "orders.screen_hours",
            "orders.urgent_screen_hours",
            "orders.dispatch_hours",
            "orders.accept_hours",
            "orders.provision_hours",
            "orders.schedule_hours",
            "orders.callback_hours",
            "orders.escalate_after_hours",
        ),
    ),
    (_("评价和回访"), ("orders.review_days", "orders.callback_percent")),
    (
        _("智能派单"),
        (
            "matching.tick_minutes",
            "matching.quiet_from",
            "matching.quiet_to",
            "matching.offers_per_week",
            "matching.over_offer_max",
            "matching.volunteers_may_take",
        ),
    ),
    (_("15 分钟服务圈"), ("circle.urban_metres", "circle.rural_metres", "circle.sites_least")),
    (
        _("页面上的名称"),
        ("city.name", "city.product", "city.host_unit", "city.phone", "city.icp", "city.police_filing"),
    ),
)


class SettingsForm(forms.Form):
    """Every setting of the city on one page; names of fields carry a dash for the dot of the key."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for key, (label, hint) in LABELS.items():
            self.fields[field_name(key)] = _field(key, label, hint)

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """Fields under their headings."""
        return [(title, [self[field_name(key)] for key in keys]) for title, keys in GROUPS]

    def values(self) -> dict[str, Any]:
        """Clean values by key."""
        return {key: self.cleaned_data[field_name(key)] for key in LABELS}


def field_name(key: str) -> str:
    """The name of a setting's field."""
    return key.replace(".", "-")


def _field(key: str, label: Any, hint: Any) -> forms.Field:
    if key == "orders.steps":
        steps = [(5, _("五单：点单、派单、接单、配单、评单")), (4, _("四单：点单、派单、接单、评单"))]
        return forms.TypedChoiceField(
            label=label, help_text=hint, choices=steps, coerce=int, widget=forms.RadioSelect
        )
    if isinstance(DEFAULTS[key], int):
        low, high = LIMITS[key]
        return forms.IntegerField(label=label, help_text=hint, min_value=low, max_value=high)
    required = key in {"city.name", "city.product"}
    return forms.CharField(label=label, help_text=hint, max_length=80, required=required)


class DayForm(forms.Form):
    """One day of the calendar."""

    on = forms.DateField(label=_("哪一天"), widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(
        label=_("这一天"), choices=[("off", _("放假")), ("working", _("上班"))], widget=forms.RadioSelect
    )
    name = forms.CharField(label=_("名称"), max_length=40, required=False)


class NoticeForm(forms.Form):
    """The yearly notice as pasted."""

    text = forms.CharField(
        label=_("放假通知"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("把国务院办公厅的年度通知整篇贴进来。"),
    )

    def clean(self) -> dict[str, Any]:
        """`days` holds what was read."""
        data = super().clean() or {}
        text = data.get("text", "")
        year = holidays.year_of(text)
        if text and year is None:
            self.add_error("text", _("没有找到年份，请连标题「关于某某年部分节假日安排的通知」一起贴。"))
        elif text and year is not None:
            data["days"] = holidays.read(text, year)
            if not data["days"]:
                self.add_error("text", _("没有读出日期，请贴「一、元旦：……」开始的条目。"))
        return data


class ReasonForm(forms.Form):
    """Why masked data is opened."""

    reason = forms.CharField(label=_("查看的原因"), min_length=2, max_length=100)
