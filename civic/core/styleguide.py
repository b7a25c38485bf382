"""What the style guide shows: forms and moments made up for developers. Nothing here is stored."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

GRADES = [("1", "非常不满意"), ("2", "不满意"), ("3", "基本满意"), ("4", "满意"), ("5", "非常满意")]
NOW = datetime(2026, 11, 22, 19, 40, tzinfo=timezone.get_default_timezone())


class Sample(forms.Form):
    """One field of each kind."""

    words = forms.CharField(
        label="请说说要什么",
        help_text="一两句话就行，例如：电饭锅不通电。",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    phone = forms.CharField(
        label="手机号",
        help_text="志愿者出发前会打给您。",
        max_length=20,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
        error_messages={"required": "请写手机号，11 位数字。"},
    )
    code = forms.CharField(
        label="验证码",
        max_length=6,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "w-code"}
        ),
    )
    on = forms.DateField(label="哪一天", widget=forms.DateInput(attrs={"type": "date"}))
    half = forms.ChoiceField(
        label="上午还是下午",
        choices=[("am", "上午"), ("pm", "下午"), ("any", "都行")],
        widget=forms.RadioSelect,
    )
    where = forms.ChoiceField(
        label="在哪里", choices=[("home", "到我家"), ("station", "我去实践站")], widget=forms.RadioSelect
    )
    tags = forms.MultipleChoiceField(
        label="哪里好",
        choices=[("time", "准时"), ("kind", "耐心"), ("skill", "手艺好"), ("solved", "解决了问题")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    grade = forms.ChoiceField(label="这次满意吗", choices=GRADES, widget=forms.RadioSelect)
    town = forms.ChoiceField(label="乡镇", choices=[("", "请选"), ("1", "虒亭镇"), ("2", "古韩镇")])
    photo = forms.FileField(label="照片", required=False)
    agree = forms.BooleanField(label="我看过并同意《隐私政策》")


TABS = [
    {"key": "home", "label": "首页", "icon": "house", "url": "/"},
    {"key": "order", "label": "点单", "icon": "clipboard-pen", "url": "/"},
    {"key": "activities", "label": "活动", "icon": "calendar", "url": "/"},
    {"key": "mine", "label": "我的", "icon": "user", "url": "/"},
]
NAV = [
    {
        "title": "点单",
        "items": [
            {"key": "home", "label": "派单台", "icon": "inbox", "url": "/", "count": 12},
            {"key": "in", "label": "代点单", "icon": "phone", "url": "/", "count": 0},
            {"key": "back", "label": "回访", "icon": "message", "url": "/", "count": 3},
        ],
    },
    {
        "title": "阵地",
        "items": [
            {"key": "venues", "label": "阵地档案", "icon": "building", "url": "/", "count": 0},
            {"key": "teams", "label": "队伍", "icon": "users", "url": "/", "count": 0},
        ],
    },
]


def sample() -> dict[str, Any]:
    """Context of the style guide: an open form, a wrong one, and times around a fixed moment."""
    return {
        "now": NOW,
        "soon": NOW + timedelta(hours=2, minutes=20),
        "later": NOW + timedelta(days=1, hours=4),
        "past": NOW - timedelta(hours=2),
        "fine": Sample(initial={"grade": "4", "half": "am"}, auto_id="fine_%s"),
        "wrong": Sample({"words": "电饭锅", "half": "am", "grade": "4"}),
        "tab": "home",
        "resident_tabs": TABS,
        "desk_nav": NAV,
    }
