"""What every test of fairs may ask for."""

import pytest

from civic.fairs.tests.factories import FairFactory, SessionFactory
from tests.moments import NOON


@pytest.fixture
def fair_in(fuqian, team):
    """A way to get a fair of 府前社区 in any state, with a stall of 匠心家电 that counted twelve people."""

    def bring_it(state, **fields):
        fair = FairFactory(**{"place": fuqian, "state": state, "planned_by": team.leader} | fields)
        SessionFactory(
            fair=fair,
            stall__place=fuqian,
            stall__team=team,
            stall__title="修小家电",
            served_count=12,
            **({"left_at": NOON, "left_by": team.leader} if state == "cancelled" else {}),
        )
        return fair

    return bring_it


@pytest.fixture
def person(request):
    """A way to get one of the cast by name."""
    return request.getfixturevalue


@pytest.fixture
def noon(monkeypatch):
    """Pages ask the clock; it stands at noon."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)
