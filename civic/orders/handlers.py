"""News and questions from below."""

from typing import Any

from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _

from civic.orders.models import Claim
from civic.venues.models import Venue
from civic.venues.signals import Line, Section, sections_asked

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
