"""What every test of pooling may ask for: a round of 古韩镇 with villages, orders, a mobile team."""

from datetime import date, time

import pytest
from django.core.cache import cache

from civic.access.models import Setting
from civic.orders.services.numbering import forget_blocks
from civic.orders.tests.factories import ItemFactory, OrderFactory
from civic.places.tests.factories import PlaceFactory
from civic.pooling.models import Half, Stop
from civic.pooling.services import crews, driving, needs, rounds
from civic.pooling.tests.days import HAIR, MONDAY, MORNING, TUESDAY, bring, laid
from civic.volunteers.tests.factories import SkillFactory, TeamFactory
from tests.moments import NOON


@pytest.fixture(autouse=True)
def nothing_is_remembered():
    """The process keeps settings and order numbers; the next test has others."""
    cache.clear()
    forget_blocks()
    yield
    cache.clear()
    forget_blocks()


@pytest.fixture
def haircut(db):
    return SkillFactory(slug="haircut", name="理发")


@pytest.fixture
def hair(haircut):
    return ItemFactory(slug="hair", name="义剪", skill=haircut, minutes=HAIR)


@pytest.fixture
def villages(guhan):
    """Three more villages of 古韩镇."""
    return [PlaceFactory(name=name, parent=guhan) for name in ("北关村", "南街村", "东里村")]


@pytest.fixture
def van(li, guhan, haircut, appliances):
    """A mobile team that 李建国 leads: it cuts hair and repairs."""
    return TeamFactory(
        name="文明集市队", place=guhan, leader=li, is_mobile=True, skills=[haircut, appliances]
    )


@pytest.fixture
def pool(guhan, dispatcher):
    """A round of 古韩镇 that is gathering, for Tuesday."""
    made = rounds.create_pool(
        place_id=guhan.pk, title="冬月进村", on=TUESDAY, words="", by=dispatcher, at=NOON
    )
    return rounds.open_pool(pool_id=made.pk, by=dispatcher, at=NOON)


@pytest.fixture
def tour(pool, van, guhan, dispatcher):
    """The mobile team counted on for that day."""
    return crews.add_team(
        pool_id=pool.pk,
        team_id=van.pk,
        depot_id=guhan.pk,
        opens=time(8),
        closes=time(18),
        by=dispatcher,
        at=NOON,
    )


@pytest.fixture
def asked(pool, villages, hair, dispatcher):
    """A haircut asked for in each of the villages."""
    return [
        needs.add_need(
            pool_id=pool.pk,
            place_id=village.pk,
            item_id=hair.pk,
            minutes=HAIR,
            half=Half.ANY,
            people=10 + number,
            priority=0,
            words="",
            by=dispatcher,
            at=NOON,
        )
        for number, village in enumerate(villages)
    ]


@pytest.fixture
def order(fuqian, zhang, hair):
    """An order that waits to be handed out."""
    return OrderFactory(place=fuqian, resident=zhang, item=hair, state="screened")


@pytest.fixture
def pooled(pool, order, dispatcher):
    """The same, waiting in the round."""
    needs.add_orders(pool_id=pool.pk, order_ids=[order.pk], by=dispatcher, at=NOON)
    return pool.needs.get(order=order)


@pytest.fixture
def planned(pool, tour, asked, pooled, dispatcher):
    """The round with every need on the team's tour, laid by hand."""
    return laid(pool, tour, dispatcher)


@pytest.fixture
def published(planned, dispatcher):
    """The same, published."""
    return bring(planned, "published", by=dispatcher)


@pytest.fixture
def next_township_pool(wangqiao, dispatcher):
    """A round of the next township."""
    return rounds.create_pool(
        place_id=wangqiao.pk, title="王桥", on=date(2026, 11, 26), words="", by=dispatcher, at=NOON
    )


@pytest.fixture
def person(request):
    """A way to get one of the cast by name."""
    return request.getfixturevalue


@pytest.fixture
def noon(monkeypatch):
    """Pages ask the clock; it stands at noon."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


@pytest.fixture
def city_of_four_steps(db):
    """The city goes without 配单."""
    Setting.objects.create(key="orders.steps", value=4, changed_at=NOON)
    cache.clear()


@pytest.fixture
def going(published, tour, pooled, li):
    """The stop of the order, on a tour that was taken on."""
    driving.take_on(tour_id=tour.pk, by=li, at=MONDAY)
    return Stop.objects.select_related("tour__pool", "need").get(need=pooled)


@pytest.fixture
def there(going, li):
    """The same, with the team there."""
    return driving.arrive(stop_id=going.pk, by=li, at=MORNING)
