"""What the desk types. Whether it can be done is the service's business."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from civic.orders.candidates import Candidate
from civic.orders.models import Category, Item, Order
from civic.orders.models.work import Grade
from civic.orders.queries import menu
from civic.orders.targets import Target
from civic.places.models import Place

OWN_WORDS = "own"
Reasons = Sequence[str | Promise]

SEND_BACK: Reasons = (
    gettext_lazy("请说清楚具体要办什么事"),
    gettext_lazy("请补上门牌或地点"),
    gettext_lazy("请补上能打通的电话"),
    gettext_lazy("请说一下哪天方便"),
)
REJECT: Reasons = (
    gettext_lazy("不属于志愿服务能办的事"),
    gettext_lazy("需要专业资质，志愿者不能做"),
    gettext_lazy("涉及买卖或收费"),
    gettext_lazy("本地暂时没有这项服务"),
    gettext_lazy("多次打电话联系不上您"),
)
REFER: Reasons = (
    gettext_lazy("这件事归别的部门管"),
    gettext_lazy("情况紧急，请马上打电话"),
)
MERGE: Reasons = (
    gettext_lazy("和您已经点的一单是同一件事"),
    gettext_lazy("同一个地方已经有人点了，一起办"),
)
CANCEL: Reasons = (
    gettext_lazy("天气原因，这次去不了"),
    gettext_lazy("暂时没有合适的人能去"),
    gettext_lazy("多次打电话联系不上您"),
    gettext_lazy("您说事情已经办好了"),
)
TRANSFER: Reasons = (
    gettext_lazy("原来的队伍时间排不开"),
    gettext_lazy("这件事需要别的手艺"),
    gettext_lazy("换一支离得近的队伍"),
    gettext_lazy("原来的队伍没有按时答复"),
)


class SieveForm(forms.Form):
    """The filters above a list; nothing is required and nothing can be wrong."""

    q = forms.CharField(
        label=gettext_lazy("找单"),
        required=False,
        max_length=40,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": gettext_lazy("单号、电话或服务"), "data-key": "/"}
        ),
    )
    place = forms.TypedChoiceField(label=gettext_lazy("地方"), required=False, coerce=int, empty_value=None)
    category = forms.TypedChoiceField(
        label=gettext_lazy("类别"), required=False, coerce=int, empty_value=None
    )
    urgent = forms.BooleanField(label=gettext_lazy("只看急单"), required=False)

    def __init__(
        self, *args: Any, places: Sequence[Place], categories: Sequence[Category], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.paths = {place.pk: place.path for place in places}
        self.fields["place"].choices = [  # type: ignore[attr-defined]
            ("", _("全部地方")),
            *((place.pk, place.name) for place in places),
        ]
        self.fields["category"].choices = [  # type: ignore[attr-defined]
            ("", _("全部类别")),
            *((one.pk, one.name) for one in categories),
        ]

    def sieve(self) -> dict[str, Any]:
        """The filters as the queries take them; what cannot be read is left out."""
        self.is_valid()
        kept = self.cleaned_data
        return {
            "place_path": self.paths.get(kept.get("place") or 0, ""),
            "category_id": kept.get("category"),
            "urgent": bool(kept.get("urgent")),
            "words": kept.get("q", ""),
        }


class ReasonForm(forms.Form):
    """A reason of the fixed list, words of one's own, or both; the resident reads them as written."""

    reason = forms.ChoiceField(
        label=gettext_lazy("原因"),
        widget=forms.RadioSelect,
        help_text=gettext_lazy("居民会看到您选的和写的。"),
        error_messages={"required": gettext_lazy("请选一个原因，或者在下面写一句。")},
    )
    words = forms.CharField(
        label=gettext_lazy("补充说明"),
        required=False,
        max_length=150,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, reasons: Reasons, optional: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = self.data.get(self.add_prefix("words"), "").strip() if self.is_bound else ""
        self.fields["reason"].required = not optional and not said
        self.fields["reason"].choices = [  # type: ignore[attr-defined]
            *((str(one), one) for one in reasons),
            (OWN_WORDS, _("别的原因，写在下面")),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen, words = cleaned.get("reason", ""), cleaned.get("words", "").strip()
        if chosen == OWN_WORDS and not words:
            self.add_error("words", _("请把原因写在这里。"))
        return cleaned

    @property
    def said(self) -> str:
        """Both parts as one sentence."""
        chosen = self.cleaned_data.get("reason", "")
        parts = ["" if chosen == OWN_WORDS else chosen, self.cleaned_data.get("words", "").strip()]
        return "；".join(part for part in parts if part)


class ScreenForm(forms.Form):
    """Take an order in: which item it is, and whether it is pressing."""

    item = forms.ModelChoiceField(
        label=gettext_lazy("归到哪一项服务"),
        queryset=Item.objects.none(),
        empty_label=gettext_lazy("请选一项"),
        error_messages={"required": gettext_lazy("请选一项菜单上的服务。")},
    )
    is_urgent = forms.BooleanField(label=gettext_lazy("急单，排在前面"), required=False)
    note = forms.CharField(
        label=gettext_lazy("给居民的话"),
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, order: Order, now: datetime, **kwargs: Any) -> None:
        kwargs["initial"] = {"item": order.item_id, "is_urgent": order.is_urgent}
        super().__init__(*args, **kwargs)
        offered = menu.offered_at(order.place, timezone.localdate(now))
        field = self.fields["item"]
        field.queryset = offered  # type: ignore[attr-defined]
        field.choices = by_category(offered)  # type: ignore[attr-defined]


def by_category(items: Any, empty: str = "") -> list[Any]:
    """Items as the groups of a select."""
    groups: dict[str, list[tuple[int, str]]] = {}
    for item in items:
        groups.setdefault(item.category.name, []).append((item.pk, item.name))
    return [("", empty or _("请选一项")), *groups.items()]


class ReferForm(ReasonForm):
    """Hand the matter to another desk."""

    target = forms.ChoiceField(
        label=gettext_lazy("转到哪里"),
        choices=[
            ("12345", gettext_lazy("12345 政务服务热线")),
            ("110", gettext_lazy("110 报警")),
            ("119", gettext_lazy("119 火警")),
            ("120", gettext_lazy("120 急救")),
            ("other", gettext_lazy("别的部门，写在下面")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选转到哪里。")},
    )
    field_order = ["target", "reason", "words"]


class MergeForm(ReasonForm):
    """Fold an order into one that is the same matter."""

    into = forms.TypedChoiceField(
        label=gettext_lazy("并入哪一单"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选要并入的那一单。")},
    )
    field_order = ["into", "reason", "words"]

    def __init__(self, *args: Any, similar: Sequence[Order], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].choices = [  # type: ignore[attr-defined]
            (
                one.pk,
                " · ".join(
                    map(
                        str,
                        (one.short_number, one.item or one.words[:20], one.place, one.get_state_display()),
                    )
                ),
            )
            for one in similar
        ]


def target_of(text: str) -> Target:
    """The target a button sends. Raises ValidationError for what no button sends."""
    try:
        return Target.read(text)
    except ValueError as wrong:
        raise forms.ValidationError(_("请从名单里选一个。")) from wrong


class TransferForm(ReasonForm):
    """To whom instead, and why."""

    target = forms.ChoiceField(
        label=gettext_lazy("改派给谁"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请从名单里选一个。")},
    )
    field_order = ["target", "reason", "words"]

    def __init__(self, *args: Any, candidates: Sequence[Candidate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"].choices = [  # type: ignore[attr-defined]
            (one.target, f"{one.name} · {_('、').join([*one.reasons, *one.notes])}") for one in candidates
        ]

    def clean_target(self) -> Target:
        return target_of(self.cleaned_data["target"])


class NoteForm(forms.Form):
    """One sentence, or none."""

    note = forms.CharField(
        label=gettext_lazy("给居民的话"),
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class CallForm(forms.Form):
    """C8: what the resident said on the phone."""

    outcome = forms.CharField(
        label=gettext_lazy("电话里怎么说"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("请写一句电话里怎么说，例如：已经补好，满意。")},
    )
    is_content = forms.TypedChoiceField(
        label=gettext_lazy("现在满意吗"),
        choices=[("yes", gettext_lazy("满意了")), ("no", gettext_lazy("还不满意"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选居民现在满意没有。")},
    )


class PhoneReviewForm(forms.Form):
    """评单 asked by telephone: the resident's own grade, never the clerk's guess."""

    grade = forms.TypedChoiceField(
        label=gettext_lazy("居民说满意不满意"),
        choices=list(reversed(Grade.choices)),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请按居民的原话选一个。没问到就不要选，改天再打。")},
    )
    words = forms.CharField(
        label=gettext_lazy("居民的原话"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class AnswerForm(forms.Form):
    """The answer to an opinion."""

    answer = forms.CharField(
        label=gettext_lazy("答复"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": gettext_lazy("请写答复。")},
    )


def month_of(text: str, today: date) -> date:
    """The first day of the month that `2026-11` names; this month for anything else."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
