"""News from below: a person leaves, or asks what is known of her."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _

from civic.people.models import Person
from civic.people.queries.data import Chapter
from civic.people.signals import data_asked, described, person_left
from civic.venues.models import Venue
from civic.venues.signals import Line, Section, sections_asked
from civic.volunteers import queries, services


@receiver(person_left, dispatch_uid="volunteers.forget")
def forget(*, person: Person, at: datetime, **_rest: Any) -> None:
    """Whoever leaves is no volunteer and in no team."""
    services.forget(person=person, at=at)


@receiver(described, dispatch_uid="volunteers.describe")
def describe(*, person: Person, **_rest: Any) -> str | None:
    """The team somebody leads, or that she is a volunteer."""
    led = queries.teams_led(person)
    if led:
        return _("{team}队长").format(team=led[0].name)
    return _("志愿者") if queries.volunteer_of(person) else None


@receiver(data_asked, dispatch_uid="volunteers.tell")
def tell(*, person: Person, **_rest: Any) -> Chapter | None:
    """What is kept about her as a volunteer."""
    rows = queries.own_data(person)
    return Chapter("volunteer", _("志愿服务"), rows) if rows else None


@receiver(sections_asked, dispatch_uid="volunteers.serve")
def serve(*, venue: Venue, **_rest: Any) -> Section | None:
    """The teams that serve a venue's place, for the venue's page."""
    shown = queries.teams_at(venue.place, limit=6)
    lines = [
        Line(one.team.name, one.team.get_kind_display(), reverse("volunteers:team", args=[one.team.pk]))
        for one in shown
    ]
    return Section(_("服务队伍"), lines) if lines else None
