"""What the editor of the menu and the compiler of the monthly list type."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from civic.orders.models import Item
from civic.orders.models.menu import ServiceMode
from civic.places.models import Place
from civic.venues.models import Venue

MONTHS = [(month, gettext_lazy("{month}月")) for month in range(1, 13)]


class ItemForm(forms.Form):
    """The words of an item. There is no price: nothing on the menu costs anything."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=30)
    description = forms.CharField(
        label=gettext_lazy("说明"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )
    minutes = forms.IntegerField(label=gettext_lazy("大约多少分钟"), min_value=5, max_value=720)
    mode = forms.ChoiceField(
        label=gettext_lazy("上门还是到站"), choices=ServiceMode.choices, widget=forms.RadioSelect
    )
    evidence = forms.CharField(label=gettext_lazy("怎么算做好"), max_length=120)
    risk = forms.CharField(
        label=gettext_lazy("有什么风险"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )
    safeguards = forms.CharField(
        label=gettext_lazy("怎么防范"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )
    materials = forms.CharField(label=gettext_lazy("要带的东西"), max_length=120, required=False)


class SwitchForm(forms.Form):
    """Where an item is not offered, or only in some months."""

    place = forms.TypedChoiceField(label=gettext_lazy("在哪里"), coerce=int)
    months = forms.TypedMultipleChoiceField(
        label=gettext_lazy("哪几个月开展"),
        help_text=gettext_lazy("一个月也不选，就是全年不开展。"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, places: Iterable[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [  # type: ignore[attr-defined]
            ("", _("请选地方")),
            *((one.pk, one.name) for one in places),
        ]
        self.fields["months"].choices = [  # type: ignore[attr-defined]
            (number, str(words).format(month=number)) for number, words in MONTHS
        ]


class SynonymForm(forms.Form):
    """An everyday word for an item."""

    words = forms.CharField(
        label=gettext_lazy("居民还怎么说"),
        max_length=40,
        help_text=gettext_lazy("例如：电饭锅不通电。居民这样说，就能找到这一项。"),
    )


class IssueForm(forms.Form):
    """一月一主题: the monthly list of a county."""

    place = forms.TypedChoiceField(label=gettext_lazy("发给哪里"), coerce=int)
    month = forms.CharField(
        label=gettext_lazy("哪个月"),
        widget=forms.TextInput(attrs={"type": "month", "placeholder": "2026-12"}),
    )
    number = forms.IntegerField(label=gettext_lazy("第几期"), min_value=1, max_value=999)
    theme = forms.CharField(label=gettext_lazy("本月主题"), max_length=40)
    demonstration = forms.TypedChoiceField(label=gettext_lazy("示范站点"), coerce=int)
    items = forms.TypedMultipleChoiceField(
        label=gettext_lazy("本月的服务"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("请至少选一项服务。")},
    )

    def __init__(
        self,
        *args: Any,
        places: Iterable[Place],
        venues: Iterable[Venue],
        items: Sequence[Item],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [(one.pk, one.name) for one in places]  # type: ignore[attr-defined]
        self.fields["demonstration"].choices = [  # type: ignore[attr-defined]
            ("", _("请选一个站点")),
            *((one.pk, one.name) for one in venues),
        ]
        self.fields["items"].choices = [(one.pk, one.name) for one in items]  # type: ignore[attr-defined]

    def clean_month(self) -> date:
        try:
            return date.fromisoformat(f"{self.cleaned_data['month']}-01")
        except ValueError:
            raise forms.ValidationError(_("请这样写月份：2026-12。")) from None
