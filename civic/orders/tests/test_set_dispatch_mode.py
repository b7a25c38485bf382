"""How far the engine goes with a category: a setting of the city."""

import pytest

from civic.core.errors import Denied, Refused
from civic.orders.models import Touch
from civic.orders.services import menu
from civic.orders.tests.factories import CategoryFactory
from tests.moments import NOON

pytestmark = pytest.mark.django_db


def test_the_administrator_sets_it(admin):
    category = CategoryFactory()
    assert category.dispatch_mode == "propose"
    menu.set_dispatch_mode(category_id=category.pk, mode="send", by=admin, at=NOON)
    category.refresh_from_db()
    assert category.dispatch_mode == "send"
    assert Touch.objects.get().thing == f"category:{category.pk}"


@pytest.mark.parametrize("who", ["dispatcher", "head", "station_clerk", "auditor"])
def test_nobody_else(request, who):
    with pytest.raises(Denied):
        menu.set_dispatch_mode(
            category_id=CategoryFactory().pk, mode="off", by=request.getfixturevalue(who), at=NOON
        )


def test_only_one_of_the_three(admin):
    with pytest.raises(Refused):
        menu.set_dispatch_mode(category_id=CategoryFactory().pk, mode="shout", by=admin, at=NOON)
