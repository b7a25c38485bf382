"""Rounds with what hangs on them, for tests."""

from datetime import date, time

import factory
from factory.django import DjangoModelFactory

from civic.orders.tests.factories import ItemFactory
from civic.people.tests.factories import PersonFactory
from civic.places.tests.factories import PlaceFactory
from civic.pooling.models import Contribution, Need, Pool, Stop, Tour
from civic.volunteers.tests.factories import TeamFactory
from tests.moments import NOON


class PoolFactory(DjangoModelFactory):
    class Meta:
        model = Pool

    place = factory.SubFactory(PlaceFactory)
    title = factory.Sequence(lambda n: f"流动服务{n}")
    on = date(2026, 11, 24)
    created_at = NOON
    created_by = factory.SubFactory(PersonFactory)


class NeedFactory(DjangoModelFactory):
    class Meta:
        model = Need

    pool = factory.SubFactory(PoolFactory)
    place = factory.SubFactory(PlaceFactory)
    item = factory.SubFactory(ItemFactory)
    minutes = 40
    asked_at = NOON
    asked_by = factory.SelfAttribute("pool.created_by")


class TourFactory(DjangoModelFactory):
    class Meta:
        model = Tour

    pool = factory.SubFactory(PoolFactory)
    team = factory.SubFactory(TeamFactory, is_mobile=True)
    on = factory.SelfAttribute("pool.on")
    depot = factory.SelfAttribute("pool.place")
    opens = time(8)
    closes = time(18)
    departs = time(8)
    returns = time(10)
    added_at = NOON
    added_by = factory.SelfAttribute("pool.created_by")


class StopFactory(DjangoModelFactory):
    class Meta:
        model = Stop

    tour = factory.SubFactory(TourFactory)
    need = factory.SubFactory(NeedFactory)
    position = 1
    arrives = time(8, 20)
    starts = time(8, 20)
    leaves = time(9)
    drive_minutes = 20


class ContributionFactory(DjangoModelFactory):
    class Meta:
        model = Contribution

    pool = factory.SubFactory(PoolFactory)
    kind = "talent"
    words = "会量血压的护士"
    offered_at = NOON
    offered_by = factory.SelfAttribute("pool.created_by")
