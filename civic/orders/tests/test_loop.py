"""The main job: from placed to reviewed, and what it leaves behind."""

import pytest

from civic.journal.models import Entry
from civic.notices.models import Notice
from civic.orders.models import Event
from civic.orders.tests.factories import OrderFactory, walk


@pytest.mark.django_db
@pytest.mark.slow
def test_an_order_goes_from_placed_to_reviewed(fuqian, zhang, dispatcher, team):
    order = walk(OrderFactory(place=fuqian, resident=zhang), "reviewed", dispatcher=dispatcher, team=team)

    assert order.review.grade == 5
    assert list(Event.objects.filter(order=order).order_by("id").values_list("what", flat=True)) == [
        "screen", "dispatch", "accept", "provision", "schedule", "start", "finish", "review",
    ]  # fmt: skip
    assert Entry.objects.filter(about_type="orders.order", about_id=order.pk).count() == 8
    assert set(Notice.objects.filter(person=zhang).values_list("kind", flat=True)) == {
        "orders.screened", "orders.dispatched", "orders.accepted", "orders.scheduled", "orders.served",
    }  # fmt: skip
    assert set(Notice.objects.filter(person=team.leader).values_list("kind", flat=True)) == {
        "orders.task", "orders.provisioned", "orders.reviewed",
    }  # fmt: skip
