"""S2 代点单: one page that a clerk fills in while the resident talks."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from civic.orders.draft import Draft
from civic.orders.forms.spans import day_field
from civic.orders.models import Item
from civic.orders.models.order import Channel, HalfDay, Where
from civic.people.numbers import Wrong, any_phone
from civic.places.models import Place

CHANNELS = [(one.value, one.label) for one in Channel if one != Channel.WEB]
NO_ITEM: str | Promise = gettext_lazy("都不像，受理时再归类")


class PlaceForForm(forms.Form):
    """Who, where, what, when; `place` and `item` are chosen among what was found for the words typed."""

    channel = forms.ChoiceField(
        label=gettext_lazy("怎么来的"), choices=CHANNELS, initial=Channel.PHONE, widget=forms.RadioSelect
    )
    contact_phone = forms.CharField(
        label=gettext_lazy("居民电话"),
        required=False,
        max_length=30,
        help_text=gettext_lazy("没有电话的老人可以空着，由您代看进展。"),
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )
    contact_name = forms.CharField(
        label=gettext_lazy("怎么称呼"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("请写怎么称呼，例如：张桂兰。")},
    )
    place_words = forms.CharField(
        label=gettext_lazy("哪个村或社区"),
        max_length=40,
        help_text=gettext_lazy("打名字或拼音首字母，例如：府前、fq。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    place = forms.TypedChoiceField(
        label=gettext_lazy("选一个地方"),
        required=False,
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=gettext_lazy("居民要办什么"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("请写居民要办什么，照原话写就行。")},
    )
    item = forms.TypedChoiceField(
        label=gettext_lazy("像是哪一项"),
        required=False,
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
    )
    where = forms.ChoiceField(
        label=gettext_lazy("在哪里办"),
        choices=[(Where.HOME, gettext_lazy("到居民家")), (Where.SITE, gettext_lazy("居民到站里"))],
        initial=Where.HOME,
        widget=forms.RadioSelect,
    )
    address = forms.CharField(
        label=gettext_lazy("门牌"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("到家里去才要写。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    wanted_on = day_field(gettext_lazy("哪天方便"), required=False)
    wanted_half = forms.ChoiceField(
        label=gettext_lazy("什么时候"), choices=HalfDay.choices, initial=HalfDay.ANY, widget=forms.RadioSelect
    )
    is_urgent = forms.BooleanField(label=gettext_lazy("急单"), required=False)

    def __init__(
        self,
        *args: Any,
        places: Sequence[Place],
        items: Sequence[Item],
        today: date,
        searched: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.found = list(places)
        self.is_few = bool(places) and not searched
        self.is_one = self.is_few and len(self.found) == 1
        self.fields["place_words"].required = not self.found
        self.fields["place"].required = self.is_few and not self.is_one
        # One of the two is always needed, whichever it is.
        for name in ("place_words", "place"):
            self.fields[name].is_needed = True  # type: ignore[attr-defined]
        self.fields["place"].choices = [(one.pk, place_words(one)) for one in places]  # type: ignore[attr-defined]
        self.fields["item"].choices = [  # type: ignore[attr-defined]
            *((one.pk, one.name) for one in items),
            ("", NO_ITEM),
        ]
        self.fields["wanted_on"].widget.attrs["min"] = today.isoformat()
        if len(self.found) == 1:
            self.fields["place"].initial = self.found[0].pk

    def clean_contact_phone(self) -> str:
        text = self.cleaned_data["contact_phone"]
        try:
            return any_phone(text) if text.strip() else ""
        except Wrong as wrong:
            raise forms.ValidationError(str(wrong)) from wrong

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("place") and not {"place", "place_words"} & self.errors.keys():
            if len(self.found) == 1:
                cleaned["place"] = self.found[0].pk
            else:
                self.add_error("place_words", self._which_place())
        if cleaned.get("where") == Where.HOME and not cleaned.get("address", "").strip():
            self.add_error("address", _("请写一下门牌，志愿者好找到居民家。"))
        return cleaned

    def _which_place(self) -> str:
        if self.found:
            return _("有几个地方像，请在下面选一个。")
        return _("没有找到这个村或社区。请换个说法，或者只打两个字。")

    def draft(self) -> Draft:
        """The order as the service takes it."""
        said = self.cleaned_data
        return Draft(
            place_id=said["place"],
            item_id=said.get("item"),
            words=said["words"],
            channel=said["channel"],
            contact_name=said["contact_name"],
            contact_phone=said["contact_phone"],
            where=said["where"],
            address=said.get("address", ""),
            wanted_on=said["wanted_on"],
            wanted_half=said["wanted_half"],
            is_urgent=said["is_urgent"],
            for_self=False,
        )


def place_words(place: Place) -> str:
    """A village with its township: 府前社区（古韩镇）."""
    return f"{place.name}（{place.parent.name}）" if place.parent else place.name


class RepairForm(forms.Form):
    """What the resident said, written down anew."""

    words = forms.CharField(
        label=gettext_lazy("居民要办什么"), max_length=300, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, label: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].label = label or self.fields["words"].label


class ChangeTimeForm(forms.Form):
    """Another day."""

    wanted_on = day_field(
        gettext_lazy("改到哪天"), required=False, help_text=gettext_lazy("哪天都行就空着。")
    )
    wanted_half = forms.ChoiceField(
        label=gettext_lazy("什么时候"), choices=HalfDay.choices, initial=HalfDay.ANY, widget=forms.RadioSelect
    )


class WithdrawForm(forms.Form):
    """Why it is no longer needed, if the resident says so."""

    reason = forms.CharField(label=gettext_lazy("居民为什么不要了"), required=False, max_length=150)
