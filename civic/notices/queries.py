"""Reading inbox and outbox."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser

from civic.notices.models import Mute, Notice

if TYPE_CHECKING:
    from civic.people.models import Person

PAGE_SIZE = 20


def unread_count(person: "Person | AnonymousUser") -> int:
    """How many notices a person has not read; 0 for a guest. Served by a partial index."""
    if not person.is_authenticated:
        return 0
    return Notice.objects.filter(person_id=person.pk, read_at=None).count()


def inbox(person: "Person", after: int | None = None) -> list[Notice]:
    """One page of a person's notices, newest first, one more than a page when there is another."""
    found = Notice.objects.filter(person_id=person.pk).order_by("-id")
    if after is not None:
        found = found.filter(pk__lt=after)
    return list(found[: PAGE_SIZE + 1])


def muted(person: "Person") -> set[str]:
    """The kinds a person switched off."""
    return set(Mute.objects.filter(person_id=person.pk).values_list("kind", flat=True))
