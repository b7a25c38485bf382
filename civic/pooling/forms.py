"""What the desk, the sites and the drivers type. Whether it can be done is the services' business."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from civic.orders.models import Item, Order
from civic.places.models import Place
from civic.pooling.models import Contribution, Half, Kind, Priority, Tour
from civic.venues.models import Venue
from civic.volunteers.models import Skill, Team

PARTNER = "partner"


def _number(
    label: Any, least: int, most: int, *, required: bool = True, hint: Any = ""
) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        required=required,
        help_text=hint,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


def _clock() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class PoolForm(forms.Form):
    """A round: where, which day, what it is called."""

    place = forms.TypedChoiceField(label=gettext_lazy("范围"), coerce=int)
    title = forms.CharField(
        label=gettext_lazy("名称"), max_length=40, help_text=gettext_lazy("例如：冬月流动服务进古韩")
    )
    on = forms.DateField(
        label=gettext_lazy("哪一天"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    words = forms.CharField(
        label=gettext_lazy("给各站的话"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, places: Sequence[Place] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if places:
            self.fields["place"].choices = [(place.pk, place.full_name) for place in places]  # type: ignore[attr-defined]
        else:
            del self.fields["place"]  # an edited round stays where it is


class OrdersForm(forms.Form):
    """Orders to wait in the round."""

    orders = forms.TypedMultipleChoiceField(
        label=gettext_lazy("待派的单"), coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, orders: Sequence[Order], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["orders"].choices = [(order.pk, _order(order)) for order in orders]  # type: ignore[attr-defined]


def _order(order: Order) -> str:
    parts = [order.item.name if order.item else "", f"{order.place.parent} {order.place}", order.short_number]
    if order.is_urgent:
        parts.append(_("急单"))
    return " · ".join(parts)


class NeedForm(forms.Form):
    """What a village waits for."""

    place = forms.TypedChoiceField(label=gettext_lazy("哪个村社区"), coerce=int)
    item = forms.TypedChoiceField(label=gettext_lazy("要哪项服务"), coerce=int)
    people = _number(gettext_lazy("大约多少人要"), 1, 5000)
    minutes = _number(
        gettext_lazy("要多少分钟"), 10, 240, required=False, hint=gettext_lazy("不写就按菜单上的时长。")
    )
    half = forms.ChoiceField(
        label=gettext_lazy("什么时候来"), choices=Half, initial=Half.ANY, widget=forms.RadioSelect
    )
    priority = forms.TypedChoiceField(
        label=gettext_lazy("缓急"), choices=Priority, coerce=int, initial=0, widget=forms.RadioSelect
    )
    words = forms.CharField(label=gettext_lazy("补充说明"), max_length=100, required=False)

    def __init__(
        self, *args: Any, places: Sequence[Place], items: Sequence[Item], is_editor: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        towns = groupby(places, key=lambda place: place.parent.name if place.parent else "")
        self.fields["place"].choices = [  # type: ignore[attr-defined]
            (town, [(place.pk, place.name) for place in below]) for town, below in towns
        ]
        by_category = groupby(items, key=lambda item: item.category.name)
        self.fields["item"].choices = [  # type: ignore[attr-defined]
            (name, [(item.pk, item.name) for item in below]) for name, below in by_category
        ]
        self.minutes_of = {item.pk: max(10, min(item.minutes, 240)) for item in items}
        if not is_editor:
            del self.fields["priority"]

    def said(self) -> dict[str, Any]:
        """The fields as the service takes them."""
        kept = dict(self.cleaned_data)
        kept["place_id"], kept["item_id"] = kept.pop("place"), kept.pop("item")
        kept["minutes"] = kept["minutes"] or self.minutes_of[kept["item_id"]]
        return {"priority": 0, **kept}


class OfferForm(forms.Form):
    """拼人才、拼创意、拼物资: who puts what in."""

    kind = forms.ChoiceField(label=gettext_lazy("拼什么"), choices=Kind, widget=forms.RadioSelect)
    giver = forms.ChoiceField(label=gettext_lazy("谁出"))
    partner = forms.CharField(
        label=gettext_lazy("合作单位名称"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("上面选了「合作单位」才写。"),
    )
    words = forms.CharField(
        label=gettext_lazy("出什么"),
        max_length=100,
        help_text=gettext_lazy("例如：会量血压的护士；米面；一台反诈小品"),
    )
    amount = _number(gettext_lazy("数量"), 1, 100_000, required=False)
    unit = forms.CharField(
        label=gettext_lazy("单位"), max_length=6, required=False, help_text=gettext_lazy("人、份、台")
    )
    skill = forms.TypedChoiceField(
        label=gettext_lazy("会什么手艺"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=gettext_lazy("拼人才时选，排线路会用到。"),
    )

    def __init__(
        self,
        *args: Any,
        venues: Sequence[Venue],
        teams: Sequence[Team],
        skills: Sequence[Skill],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.known = {f"venue:{venue.pk}": venue for venue in venues} | {
            f"team:{one.pk}": one for one in teams
        }
        self.fields["giver"].choices = [  # type: ignore[attr-defined]
            *((key, one.name) for key, one in self.known.items()),
            (PARTNER, _("合作单位")),
        ]
        self.fields["skill"].choices = [("", _("不限")), *((one.pk, one.name) for one in skills)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A partner needs its name."""
        kept: dict[str, Any] = super().clean() or {}
        if kept.get("giver") == PARTNER and not kept.get("partner", "").strip():
            self.add_error("partner", _("请写合作单位的名字。"))
        return kept

    def said(self) -> dict[str, Any]:
        """The fields as the service takes them."""
        kept = self.cleaned_data
        return {
            "kind": kept["kind"],
            "giver": self.known.get(kept["giver"], kept["partner"]),
            "words": kept["words"],
            "amount": kept["amount"],
            "unit": kept["unit"],
            "skill_id": kept["skill"],
        }


class TeamForm(forms.Form):
    """A mobile team for the day."""

    team = forms.TypedChoiceField(label=gettext_lazy("流动队"), coerce=int)
    depot = forms.TypedChoiceField(label=gettext_lazy("从哪里出发"), coerce=int)
    opens = forms.TimeField(label=gettext_lazy("几点出车"), initial="08:00", widget=_clock())
    closes = forms.TimeField(label=gettext_lazy("几点前收车"), initial="18:00", widget=_clock())

    def __init__(self, *args: Any, teams: Sequence[Team], depots: Sequence[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].choices = [(one.pk, f"{one.name} · {one.place}") for one in teams]  # type: ignore[attr-defined]
        self.fields["depot"].choices = [(one.pk, one.name) for one in depots]  # type: ignore[attr-defined]


class SeatForm(forms.Form):
    """With which team a talent rides; nothing to choose for ideas and material."""

    tour = forms.TypedChoiceField(
        label=gettext_lazy("跟哪支队去"), coerce=int, required=False, empty_value=None
    )

    def __init__(self, *args: Any, given: Contribution, tours: Sequence[Tour], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if given.kind == Kind.TALENT and tours:
            chosen = [(tour.pk, tour.team.name) for tour in tours]
            self.fields["tour"].choices = [("", _("先不定")), *chosen]  # type: ignore[attr-defined]
            self.initial["tour"] = given.tour_id
        else:
            del self.fields["tour"]


class AnswerForm(forms.Form):
    """A word of thanks, or why not."""

    answer = forms.CharField(label=gettext_lazy("回一句话"), max_length=100, required=False)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=gettext_lazy("原因"), max_length=100, widget=forms.Textarea(attrs={"rows": 2})
    )


class DoneForm(forms.Form):
    """What was done at a stop, and for how many."""

    served = _number(gettext_lazy("服务了多少人"), 0, 20_000)
    summary = forms.CharField(
        label=gettext_lazy("做了什么"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3, "data-keep": True}),
    )
