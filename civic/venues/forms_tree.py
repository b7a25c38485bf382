"""What people type about places."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from civic.places.models import Kind, Level, Place, PlaceQuerySet
from civic.venues.forms import ReasonForm

KINDS_BELOW = {
    Level.CITY: (Kind.DISTRICT, Kind.COUNTY, Kind.COUNTY_CITY),
    Level.COUNTY: (Kind.SUBDISTRICT, Kind.TOWN, Kind.RURAL_TOWNSHIP, Kind.QUASI_TOWNSHIP),
    Level.TOWNSHIP: (
        Kind.RESIDENTS_COMMITTEE,
        Kind.VILLAGERS_COMMITTEE,
        Kind.QUASI_RESIDENTS,
        Kind.QUASI_VILLAGERS,
    ),
}


class RenameForm(ReasonForm):
    """A name and why."""

    name = forms.CharField(label=_("名称"), max_length=60)
    field_order = ("name", "kind", "code", "reason")


class AddForm(RenameForm):
    """A new place below `parent`."""

    kind = forms.ChoiceField(label=_("类型"), widget=forms.RadioSelect)
    code = forms.CharField(
        label=_("区划代码"),
        required=False,
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text=_("12 位数字，没有就不填。"),
    )

    def __init__(self, *args: Any, parent: Place, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = KINDS_BELOW.get(Level(parent.level), ())
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]


class MergeForm(ReasonForm):
    """Into which place, and why."""

    into = forms.ModelChoiceField(label=_("并入哪里"), queryset=Place.objects.none(), empty_label=_("请选择"))
    field_order = ("into", "reason")

    def __init__(self, *args: Any, others: PlaceQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = others  # type: ignore[attr-defined]


class AliasForm(forms.Form):
    """Another name."""

    name = forms.CharField(label=_("别名"), max_length=60, help_text=_("大家平时的叫法，例如：延南街道"))
