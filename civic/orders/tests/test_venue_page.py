"""What a venue took on to offer is told on the venue's page."""

import pytest
from django.urls import reverse

from civic.core.errors import Refused
from civic.orders.models import Claim
from civic.orders.tests.factories import ItemFactory
from civic.venues.models import Venue
from civic.venues.services import imports
from civic.venues.tests.workbooks import line, upload
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


def test_an_import_is_not_undone_once_an_order_page_leads_to_its_venue(guhan, fuqian, institute_clerk):
    batch = upload(guhan, institute_clerk, line("凉亭", "府前社区"))
    imports.apply(batch_id=batch.pk, by=institute_clerk, at=NOON)
    fresh = Venue.objects.get(name="凉亭")
    Claim.objects.create(item=ItemFactory(), venue=fresh, claimed_at=NOON, claimed_by=institute_clerk)
    with pytest.raises(Refused, match="已经在用"):
        imports.undo(batch_id=batch.pk, by=institute_clerk, at=NOON)
