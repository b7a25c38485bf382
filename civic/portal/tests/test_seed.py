"""The demo city of `civic seed --demo`: the real network, invented people, every state of an order."""

import io

import pytest
from django.core.management import CommandError, call_command

from civic.journal.models import Entry
from civic.orders.models import Dispatch, Event, Item, Order, Plan, Ruling, Shortage
from civic.orders.states import OrderState
from civic.people.models import Person
from civic.people.tests.factories import PersonFactory
from civic.places.models import Place
from civic.pooling.models import Contribution, Need, Pool
from civic.portal.demo import cast
from civic.venues.models import Venue


def seed(**options):
    out = io.StringIO()
    call_command("seed", stdout=out, **options)
    return out.getvalue()


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.django_db
def test_the_demo_city_has_the_real_network_and_an_order_in_every_state(settings):
    settings.DEMO = True
    seed(demo=True)

    assert {kind: Venue.objects.filter(kind=kind).count() for kind in ("center", "institute", "station")} == {
        "center": 12,
        "institute": 128,
        "station": 2606,
    }
    assert Place.objects.count() == 2790
    assert Item.objects.count() == 142
    assert set(Order.objects.values_list("state", flat=True)) == set(OrderState.values)
    assert {person.phone[:7] for person in Person.objects.exclude(phone="")} == {"1000000"}
    assert not Person.objects.exclude(id_number="").exists()
    assert not Person.objects.filter(is_demo=False).exists()
    assert Dispatch.objects.filter(is_auto=True, state="lapsed").exists()
    assert Dispatch.objects.filter(is_auto=True, state="done").exists()
    assert Event.objects.filter(what="override").exists()
    assert Ruling.objects.exists()
    assert Shortage.objects.exists()
    assert Plan.objects.exclude(target="").exists()
    assert {"done", "planned"} <= set(Pool.objects.values_list("state", flat=True))
    assert set(Contribution.objects.values_list("kind", flat=True)) == {"talent", "idea", "material"}
    assert {"tour", "single"} <= set(Need.objects.values_list("how", flat=True))
    told = Entry.objects.order_by("id").values_list("at", flat=True)
    orders = list(told.filter(what__startswith="orders."))
    assert orders == sorted(orders)

    before = Order.objects.count()
    seed(demo=True)
    assert Order.objects.count() == before


@pytest.mark.django_db
def test_demo_people_live_only_where_the_demo_is_on(settings):
    settings.DEMO = False
    with pytest.raises(CommandError):
        seed(demo=True)
    assert not Person.objects.exists()


def test_the_cast_has_numbers_that_no_operator_gives_out():
    phones = [part.phone for part in cast.PARTS]
    assert len(set(phones)) == len(phones)
    assert all(len(phone) == 11 and phone.startswith("1000000") for phone in phones)


@pytest.mark.slow
@pytest.mark.django_db
def test_a_demo_that_was_cut_short_is_not_taken_for_whole(settings):
    settings.DEMO = True
    PersonFactory(is_demo=True)
    with pytest.raises(CommandError, match="cut short"):
        seed(demo=True)
