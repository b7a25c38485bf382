"""What people type about themselves as volunteers, and about teams."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from civic.people.queries import by_phone
from civic.places import queries as places
from civic.places.models import Place
from civic.volunteers.models import Skill, Team, TeamKind, TeamTier, Volunteer

CANDIDATES = 10


class SkillsField(forms.ModelMultipleChoiceField):
    """Skills as big cells to tick."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=Skill.objects.order_by("id"), required=False, **options)

    def label_from_instance(self, obj: Any) -> str:
        """The name as residents read it."""
        return str(obj.name)


class SkillsForm(forms.Form):
    """What somebody can do."""

    skills = SkillsField(label=gettext_lazy("会做什么"))

    def skill_ids(self) -> list[int]:
        """The ids of the ticked ones."""
        return [skill.pk for skill in self.cleaned_data["skills"]]


class VolunteerForm(SkillsForm):
    """Become a volunteer, or change what one said."""

    matching = forms.BooleanField(
        label=gettext_lazy("有合适的单时，系统可以推荐我"), required=False, initial=True
    )
    pledge = forms.BooleanField(label=gettext_lazy("我自愿参加志愿服务，尊重服务对象，保守他们的隐私"))

    def __init__(self, *args: Any, volunteer: Volunteer | None = None, **kwargs: Any) -> None:
        if volunteer is not None:
            told = {"skills": [skill.pk for skill in volunteer.skills.all()], "matching": volunteer.matching}
            kwargs.setdefault("initial", told)
        super().__init__(*args, **kwargs)
        if volunteer is not None:
            del self.fields["pledge"]


class ReasonForm(forms.Form):
    """Why; she reads it."""

    reason = forms.CharField(
        label=gettext_lazy("理由"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )


class TurnDownForm(forms.Form):
    """Why not; may stay empty."""

    reason = forms.CharField(
        label=gettext_lazy("理由"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("申请人会看到。"),
    )


class DescribeForm(SkillsForm):
    """The words and skills of a team."""

    intro = forms.CharField(
        label=gettext_lazy("队伍简介"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    field_order: Iterable[str] | None = ("intro", "skills")


class TeamForm(forms.Form):
    """What a team is and who leads it; the leader is known by her phone."""

    name = forms.CharField(label=gettext_lazy("队伍名称"), max_length=60)
    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=TeamKind.choices)
    tier = forms.ChoiceField(label=gettext_lazy("层级"), choices=TeamTier.choices, initial=TeamTier.SQUAD)
    is_mobile = forms.BooleanField(label=gettext_lazy("流动队伍，可以到各村去"), required=False)
    leader_phone = forms.CharField(
        label=gettext_lazy("队长的手机号"),
        max_length=20,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
        help_text=gettext_lazy("队长要先自己注册成志愿者。"),
    )

    def clean_leader_phone(self) -> str:
        """Somebody with this phone exists; whether she is a volunteer is the service's question."""
        phone: str = self.cleaned_data["leader_phone"]
        if not phone:
            return phone  # only where it may be left out: the leader stays
        person = by_phone(phone)
        if person is None:
            raise forms.ValidationError(_("没有用这个号码注册的志愿者，请核对号码，或请他先注册。"))
        self.leader_id = person.pk
        return phone

    def told(self) -> dict[str, Any]:
        """What the service takes."""
        said = {name: self.cleaned_data[name] for name in ("name", "kind", "tier", "is_mobile")}
        return {**said, "leader_id": self.leader_id}

    @classmethod
    def of(cls, team: Team, said: Any = None) -> "TeamForm":
        """The form filled with what stands, but for the leader's phone, which nobody need see for it."""
        form = cls(
            said, initial={name: getattr(team, name) for name in ("name", "kind", "tier", "is_mobile")}
        )
        form.leader_id = team.leader_id
        field = form.fields["leader_phone"]
        field.required, field.label = False, _("新队长的手机号")
        field.help_text = _("现在的队长是{name}，不换就空着。").format(name=team.leader.name)
        return form


class CreateTeamForm(TeamForm, DescribeForm):
    """A new team at a place."""

    place = forms.CharField(
        label=gettext_lazy("所在地"),
        max_length=60,
        help_text=gettext_lazy("服务这个地方和下面的所有村社区，例如：古韩镇；重名的写全：襄垣县 古韩镇。"),
    )
    field_order: Iterable[str] | None = (
        "name",
        "place",
        "kind",
        "tier",
        "leader_phone",
        "is_mobile",
        "intro",
        "skills",
    )

    def __init__(self, *args: Any, reached: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reached = tuple(reached)

    def clean_place(self) -> Place:
        """One place within reach, by its name or its whole path."""
        asked: str = self.cleaned_data["place"]
        found = [
            spot
            for spot in places.search(asked, limit=CANDIDATES)
            if spot.place.path.startswith(self.reached)
        ]
        exact = [spot for spot in found if asked.replace(" ", "").endswith(spot.place.name)]
        chosen = exact if exact else found
        if not chosen:
            raise forms.ValidationError(_("您的辖区里没有这个地方。"))
        if len(chosen) > 1:
            names = "；".join(f"{spot.trail} {spot.place.name}" for spot in chosen[:3])
            raise forms.ValidationError(_("有几个同名的地方，请写全：{names}").format(names=names))
        return chosen[0].place
