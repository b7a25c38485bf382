"""Everything kept about one person, for herself: as a page and as a file (PIPL, articles 44 and 45)."""

from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from civic.people.models import Consent, Person, SignIn
from civic.people.signals import data_asked


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter: rows of words and values, as the reader would call them."""

    slug: str
    title: str | Promise
    rows: list[dict[str, str]] = field(default_factory=list)


def chapters(person: Person) -> list[Chapter]:
    """The chapters of this app, then those of the apps above, in their order."""
    answers: list[tuple[Any, Any]] = data_asked.send(sender=Person, person=person)
    above: list[Chapter] = [chapter for _receiver, chapter in answers if chapter is not None]
    return [_self(person), _sign_ins(person), _consents(person), *above]


def _moment(value: Any) -> str:
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}" if value else ""


def _self(person: Person) -> Chapter:
    row = {
        str(_("姓名")): person.name,
        str(_("手机号")): person.phone,
        str(_("身份证号")): person.id_number,
        str(_("住处")): person.home.full_name if person.home else "",
        str(_("门牌地址")): person.address,
        str(_("加入时间")): _moment(person.joined_at),
    }
    return Chapter("person", _("基本资料"), [{name: value for name, value in row.items() if value}])


def _sign_ins(person: Person) -> Chapter:
    rows = [
        {
            str(_("设备")): row.device,
            str(_("登录时间")): _moment(row.at),
            str(_("最近使用")): _moment(row.seen_at),
            str(_("退出时间")): _moment(row.ended_at),
        }
        for row in SignIn.objects.filter(person=person).order_by("-id")[:100]
    ]
    return Chapter("sign_ins", _("登录记录"), rows)


def _consents(person: Person) -> Chapter:
    rows = [
        {
            str(_("用途")): row.get_purpose_display(),
            str(_("告知版本")): row.notice_version,
            str(_("同意时间")): _moment(row.given_at),
            str(_("撤回时间")): _moment(row.withdrawn_at),
        }
        for row in Consent.objects.filter(person=person).order_by("-id")
    ]
    return Chapter("consents", _("同意记录"), rows)
