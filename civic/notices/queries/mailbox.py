"""A person's notices, in words."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.notices import kinds
from civic.notices.models import Mute, Notice
from civic.people.queries import Chapter

if TYPE_CHECKING:
    from civic.people.models import Person

PAGE_SIZE = 20


def unread_count(person: "Person | AnonymousUser") -> int:
    """How many notices a person has not read; 0 for a guest. Served by a partial index."""
    if not person.is_authenticated:
        return 0
    return Notice.objects.filter(person_id=person.pk, read_at=None).count()


@dataclass(frozen=True, slots=True)
class Line:
    """One notice in the reader's language."""

    notice: Notice
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Page:
    """Some notices, and where the next ones begin (None at the end)."""

    rows: list[Line]
    next_cursor: int | None


def _line(notice: Notice) -> Line:
    return Line(notice, kinds.title(notice.kind), kinds.body(notice.kind, notice.params))


def inbox(person: "Person", after: int | None = None) -> Page:
    """One page of a person's notices, newest first."""
    found = Notice.objects.filter(person_id=person.pk).order_by("-id")
    if after is not None:
        found = found.filter(pk__lt=after)
    rows = list(found[: PAGE_SIZE + 1])
    return Page(
        [_line(notice) for notice in rows[:PAGE_SIZE]],
        rows[PAGE_SIZE - 1].pk if len(rows) > PAGE_SIZE else None,
    )


def open_notice(person: "Person", notice_id: int) -> Notice | None:
    """A notice of this person; None when it is somebody else's or nobody's."""
    return Notice.objects.filter(pk=notice_id, person_id=person.pk).first()


@dataclass(frozen=True, slots=True)
class Switch:
    """One kind that may be turned off."""

    kind: str
    title: str
    is_on: bool


def switches(person: "Person", audiences: set[str]) -> list[tuple[str, list[Switch]]]:
    """The kinds a person may turn off, under the headings of the audiences she belongs to."""
    off = set(Mute.objects.filter(person_id=person.pk).order_by("id").values_list("kind", flat=True))
    return [
        (
            str(heading),
            [
                Switch(slug, str(kind.title), slug not in off)
                for slug, kind in kinds.KINDS.items()
                if kind.switchable and kind.audience == audience
            ],
        )
        for audience, heading in kinds.AUDIENCES.items()
        if audience in audiences
    ]


def audiences_of(person: "Person") -> set[str]:
    """Residents get a resident's notices; whoever got another sort before may switch that too."""
    got = (
        Notice.objects.filter(person_id=person.pk).order_by("kind").values_list("kind", flat=True).distinct()
    )
    return {kinds.RESIDENT} | {kinds.KINDS[kind].audience for kind in got if kind in kinds.KINDS}


def chapter_of(person: "Person") -> Chapter | None:
    """The latest notices as a chapter of a person's own data; None when there are none."""
    rows: list[dict[str, Any]] = [
        {
            _("时间"): f"{timezone.localtime(notice.at):%Y-%m-%d %H:%M}",
            _("消息"): f"{kinds.title(notice.kind)}：{kinds.body(notice.kind, notice.params)}",
        }
        for notice in Notice.objects.filter(person_id=person.pk).order_by("-id")[:200]
    ]
    return Chapter("notices", _("消息"), rows) if rows else None
