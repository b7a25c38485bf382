"""Menu items and orders for tests. `walk` takes an order to a state by the services themselves."""

from datetime import timedelta

import factory
from factory.django import DjangoModelFactory

from civic.orders.models import Category, Item, Order
from civic.orders.models.order import Channel, Where
from civic.orders.services import dispatching, reviewing, screening, serving
from civic.orders.states import OrderState
from civic.orders.targets import Target
from civic.people.tests.factories import PersonFactory
from civic.places.tests.factories import PlaceFactory
from civic.volunteers.tests.factories import SkillFactory
from tests.moments import NOON


class CategoryFactory(DjangoModelFactory):
    class Meta:
        model = Category

    slug = factory.Sequence(lambda n: f"category-{n}")
    name = factory.Sequence(lambda n: f"类别{n}")
    icon = "修"
    position = 1


class ItemFactory(DjangoModelFactory):
    """An item that can be ordered at home or on site all year round."""

    class Meta:
        model = Item

    slug = factory.Sequence(lambda n: f"item-{n}")
    category = factory.SubFactory(CategoryFactory)
    name = factory.Sequence(lambda n: f"服务{n}")
    description = "修一修小家电。"
    skill = factory.SubFactory(SkillFactory)
    minutes = 60
    mode = "either"
    evidence = "居民确认"
    risk = "用电要当心。"
    safeguards = "先断电，再动手。"
    platform = "science"


class OrderFactory(DjangoModelFactory):
    """An order just placed over the web, at home."""

    class Meta:
        model = Order

    number = factory.Sequence(lambda n: f"20261120-{n + 1000:04}")
    place = factory.SubFactory(PlaceFactory)
    item = factory.SubFactory(ItemFactory)
    words = "电饭锅不通电，想请人看看"
    channel = Channel.WEB
    resident = factory.SubFactory(PersonFactory)
    placed_by = factory.SelfAttribute("resident")
    placed_at = NOON
    changed_at = NOON
    contact_name = factory.SelfAttribute("resident.name")
    contact_phone = factory.SelfAttribute("resident.phone")
    where = Where.HOME
    address = "3号楼2单元"
    due_at = NOON + timedelta(hours=6)


PATH = ("screen", "dispatch", "accept", "provision", "schedule", "start", "finish", "review")
REACHED = {
    OrderState.SUBMITTED: 0,
    OrderState.SCREENED: 1,
    OrderState.DISPATCHED: 2,
    OrderState.ACCEPTED: 3,
    OrderState.PROVISIONED: 4,
    OrderState.SCHEDULED: 5,
    OrderState.IN_SERVICE: 6,
    OrderState.SERVED: 7,
    OrderState.REVIEWED: 8,
}


def walk(order, state, *, dispatcher, team, at=NOON, grade=5):
    """Take a submitted order to `state` as the center, the team and the resident would; returns it fresh."""
    leader, start = team.leader, at + timedelta(days=1)
    steps = {
        "screen": lambda: screening.screen(
            order_id=order.pk, item_id=order.item_id, is_urgent=False, note="", by=dispatcher, at=at
        ),
        "dispatch": lambda: dispatching.dispatch(
            order_id=order.pk, target=Target("team", team.pk), by=dispatcher, at=at
        ),
        "accept": lambda: dispatching.accept(order_id=order.pk, by=leader, at=at),
        "provision": lambda: serving.provision(order_id=order.pk, materials="工具箱", by=dispatcher, at=at),
        "schedule": lambda: serving.schedule(
            order_id=order.pk, starts_at=start, ends_at=start + timedelta(hours=1), by=leader, at=at
        ),
        "start": lambda: serving.start(order_id=order.pk, by=leader, at=start),
        "finish": lambda: serving.finish(
            order_id=order.pk, summary="换了保险丝，试过能用。", by=leader, at=start + timedelta(minutes=50)
        ),
        "review": lambda: reviewing.review(
            order_id=order.pk,
            grade=grade,
            tags=[],
            words="",
            is_anonymous=False,
            by=order.resident,
            at=start + timedelta(hours=3),
        ),
    }
    for name in PATH[: REACHED[OrderState(state)]]:
        steps[name]()
    return Order.objects.select_related("place", "current", "item", "resident").get(pk=order.pk)
