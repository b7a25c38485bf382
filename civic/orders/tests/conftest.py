"""What every test of orders may ask for."""

import pytest
from django.core.cache import cache

from civic.access.models import CalendarDay, Setting
from civic.orders.services.numbering import forget_blocks
from civic.orders.tests.verbs import bring
from civic.volunteers.tests.factories import TeamFactory
from tests.moments import NOON


@pytest.fixture(autouse=True)
def nothing_is_remembered():
    """The process keeps settings, calendar and order numbers; the next test has others."""
    cache.clear()
    forget_blocks()
    yield
    cache.clear()
    forget_blocks()


@pytest.fixture
def order_in(fuqian, zhang, team):
    """A way to get an order of 张桂兰 in any state, held by 匠心家电 where somebody holds it."""

    def bring_it(state, **fields):
        return bring(state, **{"place": fuqian, "resident": zhang, "team": team} | fields)

    return bring_it


@pytest.fixture
def other_team(guhan):
    """Another team of the same county: 古韩文艺队."""
    return TeamFactory(name="古韩文艺队", place=guhan)


@pytest.fixture
def person(request):
    """A way to get one of the cast by name."""
    return request.getfixturevalue


@pytest.fixture
def city_sets(db):
    """A way to change a setting of the city."""

    def change(key, value):
        Setting.objects.update_or_create(key=key, defaults={"value": value, "changed_at": NOON})
        cache.clear()

    return change


@pytest.fixture
def city_works(db):
    """A way to make a day a working day or a day off."""

    def change(day, is_working):
        CalendarDay.objects.create(on=day, is_working=is_working, name="调休")
        cache.clear()

    return change


@pytest.fixture
def noon(monkeypatch):
    """Pages ask the clock; it stands at noon."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)
