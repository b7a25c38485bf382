"""What the desk types about the engine's plan: who instead, and why; which mode; which shortages."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from civic.orders.forms.desk import ReasonForm, Reasons, target_of
from civic.orders.models.menu import DispatchMode
from civic.orders.targets import Target
from civic.places.models import Place
from civic.volunteers.models import Skill

OVERRIDE: Reasons = (
    gettext_lazy("居民点名要找他们"),
    gettext_lazy("他们熟悉这家的情况"),
    gettext_lazy("建议的人刚说去不了"),
    gettext_lazy("路不通，或者位置标得不准"),
)
FORBID: Reasons = (
    gettext_lazy("居民不愿意让他们去"),
    gettext_lazy("他们最近去不了"),
    gettext_lazy("这件事他们做不来"),
)


class RulingForm(ReasonForm):
    """Pin an order to somebody, or keep it from somebody, and say why."""

    target = forms.CharField(
        label=gettext_lazy("谁"),
        max_length=30,
        widget=forms.HiddenInput,
        error_messages={"required": gettext_lazy("请从名单里选一个。")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = gettext_lazy("记下来，派单员和督导看得到，居民看不到。")

    def clean_target(self) -> Target:
        return target_of(self.cleaned_data["target"])


class DispatchForm(RulingForm):
    """To whom, and a word for them. Somebody else than the proposed one is chosen with a reason."""

    note = forms.CharField(
        label=gettext_lazy("给对方的话"),
        required=False,
        max_length=150,
        help_text=gettext_lazy("例如：大娘耳背，请多按几下门铃。居民也看得到。"),
    )
    field_order = ["target", "reason", "words", "note"]

    def __init__(self, *args: Any, is_override: bool, **kwargs: Any) -> None:
        super().__init__(*args, reasons=OVERRIDE, optional=not is_override, **kwargs)
        if not is_override:
            del self.fields["reason"], self.fields["words"]


class ModeForm(forms.Form):
    """How far the engine goes with one category."""

    mode = forms.ChoiceField(label=gettext_lazy("智能派单"), choices=DispatchMode.choices)


class ShortageForm(forms.Form):
    """The filters of the recruitment map; nothing is required and nothing can be wrong."""

    place = forms.TypedChoiceField(label=gettext_lazy("地方"), required=False, coerce=int, empty_value=None)
    skill = forms.TypedChoiceField(label=gettext_lazy("手艺"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, places: Sequence[Place], skills: Sequence[Skill], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.paths = {place.pk: place.path for place in places}
        self.fields["place"].choices = [  # type: ignore[attr-defined]
            ("", _("全部地方")),
            *((place.pk, place.name) for place in places),
        ]
        self.fields["skill"].choices = [  # type: ignore[attr-defined]
            ("", _("全部手艺")),
            *((skill.pk, skill.name) for skill in skills),
        ]

    def sieve(self) -> dict[str, Any]:
        """The filters as the queries take them; what cannot be read is left out."""
        self.is_valid()
        kept = self.cleaned_data
        return {"place_path": self.paths.get(kept.get("place") or 0, ""), "skill_id": kept.get("skill")}
