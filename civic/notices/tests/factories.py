"""Notices and deliveries for tests."""

import factory
from factory.django import DjangoModelFactory

from civic.notices.models import Delivery, Notice
from civic.people.tests.factories import PersonFactory
from tests.moments import NOON


class NoticeFactory(DjangoModelFactory):
    class Meta:
        model = Notice

    person = factory.SubFactory(PersonFactory)
    kind = "orders.screened"
    params = factory.LazyFunction(lambda: {"number": "1120-0037"})
    url = "/my/"
    at = NOON


class DeliveryFactory(DjangoModelFactory):
    class Meta:
        model = Delivery

    key = factory.Sequence(lambda n: f"notice:{n}:test")
    notice = factory.SubFactory(NoticeFactory)
    channel = "file"
    to = "13800001234"
    text = "有人接单了"
    queued_at = NOON
    next_try_at = NOON
