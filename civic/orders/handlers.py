"""News and questions from below."""

from typing import Any

from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _

from civic.orders.models import Claim
from civic.orders.queries.own import chapter_of
from civic.orders.services import leaving, touches
from civic.people.models import Person
from civic.people.queries import Chapter
from civic.people.signals import data_asked, person_left
from civic.venues.models import Venue
from civic.venues.signals import Line, Section, sections_asked
from civic.volunteers.models import Team, Volunteer
from civic.volunteers.signals import supply_changed

MOST_LINES = 12


@receiver(sections_asked, dispatch_uid="orders.offer")
def offer(*, venue: Venue, **_rest: Any) -> Section | None:
    """What a venue took on to offer, for the venue's page."""
    claims = (
        Claim.objects.filter(venue=venue, dropped_at=None, item__withdrawn_on=None)
        .select_related("item__category")
        .order_by("-claimed_at", "-id")[:MOST_LINES]
    )
    lines = [
        Line(claim.item.name, claim.item.category.name, reverse("orders:item", args=[claim.item.slug]))
        for claim in claims
    ]
    return Section(_("在这里能办的"), lines) if lines else None


@receiver(person_left, dispatch_uid="orders.forget")
def forget(*, person: Person, **_rest: Any) -> None:
    """Whoever leaves takes her words along; not while an order is open."""
    leaving.forget_resident(person=person)


@receiver(data_asked, dispatch_uid="orders.own_data")
def own_data(*, person: Person, **_rest: Any) -> Chapter | None:
    """What the person ordered and said, for her own data."""
    return chapter_of(person)


@receiver(supply_changed, dispatch_uid="orders.look_again")
def look_again(*, changed: Team | Volunteer, **_rest: Any) -> None:
    """Note for the engine that a team or a volunteer is not what it was."""
    touches.touch(f"{changed._meta.model_name}:{changed.pk}")
