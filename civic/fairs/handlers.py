"""Questions from below: what goes on at a site, and a person's own data."""

from typing import Any

from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.fairs.queries.public import fairs_at
from civic.fairs.queries.team import chapter_of
from civic.people.models import Person
from civic.people.queries import Chapter
from civic.people.signals import data_asked
from civic.venues.models import Venue
from civic.venues.signals import Line, Section, sections_asked


@receiver(sections_asked, dispatch_uid="fairs.next")
def next_fairs(*, venue: Venue, at: Any, **_rest: Any) -> Section | None:
    """The next fairs at the site's place, for the site's page."""
    lines = [
        Line(
            fair.title,
            f"{timezone.localtime(fair.span.lower):%m-%d %H:%M}",
            reverse("fairs:told_fair", args=[fair.pk]),
        )
        for fair in fairs_at([venue.place_id], at=at)
    ]
    return Section(_("文明集市"), lines) if lines else None


@receiver(data_asked, dispatch_uid="fairs.own_data")
def own_data(*, person: Person, **_rest: Any) -> Chapter | None:
    """The fairs that the person was named for, for her own data."""
    return chapter_of(person)
