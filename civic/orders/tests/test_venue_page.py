"""What a venue took on to offer is told on the venue's page."""

from django.urls import reverse

from civic.orders.models import Claim
from civic.orders.tests.factories import ItemFactory
from tests.html import parse
from tests.moments import NOON


def test_claimed_items_are_shown_and_dropped_ones_are_not(client, station, station_clerk):
    kept, dropped = ItemFactory(name="理发"), ItemFactory(name="量血压")
    Claim.objects.create(item=kept, venue=station, claimed_at=NOON, claimed_by=station_clerk)
    Claim.objects.create(
        item=dropped,
        venue=station,
        claimed_at=NOON,
        claimed_by=station_clerk,
        dropped_at=NOON,
        dropped_by=station_clerk,
    )
    page = parse(client.get(reverse("venues:detail", args=[station.pk])))
    shown = [tag.get_text() for tag in page.select("main .cells b")]
    assert "理发" in shown
    assert "量血压" not in shown
    assert page.select_one(f'a[href="{reverse("orders:item", args=[kept.slug])}"]')
