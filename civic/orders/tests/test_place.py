"""Place: a resident, or a clerk for her, asks for help at a place."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest

from civic.core.errors import Denied, Refused
from civic.orders.draft import Draft
from civic.orders.models import Attachment, Order, Switch
from civic.orders.services import placing
from civic.orders.states import OPEN, OrderState
from civic.orders.tests.factories import ItemFactory
from civic.orders.tests.verbs import HOURS_LATER_2, HOURS_LATER_8, at_once, last_line, last_step, told
from civic.people.queries import phone_mark
from civic.people.tests.factories import PersonFactory
from civic.venues.tests.factories import VenueFactory
from tests.moments import LONG_AGO, NOON

WORDS = "电饭锅不通电，想请人看看"


@pytest.fixture
def item(db):
    return ItemFactory(name="小家电维修")


@pytest.fixture
def draft(fuqian, item):
    return Draft(
        place_id=fuqian.pk,
        item_id=item.pk,
        words=WORDS,
        contact_name="张桂兰",
        contact_phone="139 0000 1111",
        address="3号楼2单元",
    )


def place(draft, by, **changes):
    resident = changes.pop("resident", None)
    return placing.place(draft=replace(draft, **changes), by=by, at=NOON, resident=resident)


def test_the_order_waits_to_be_taken_in(draft, fuqian, item, zhang):
    placed = place(draft, zhang, wanted_on=NOON.date(), wanted_half="morning")

    order = Order.objects.get(pk=placed.pk)
    assert (order.state, order.due_at) == ("submitted", HOURS_LATER_8)
    assert (order.place, order.item, order.words, order.channel) == (fuqian, item, WORDS, "web")
    assert (order.resident, order.placed_by, order.placed_at) == (zhang, zhang, NOON)
    assert (order.contact_name, order.contact_phone) == ("张桂兰", "13900001111")
    assert order.contact_phone_hash == phone_mark("13900001111")
    assert (order.where, order.address, order.venue) == ("home", "3号楼2单元", None)
    assert (order.wanted_on, order.wanted_half) == (NOON.date(), "morning")
    assert last_step(order) == ("place", "submitted", zhang)
    assert last_line(order) == ("orders.place", zhang, None)
    assert told(order) == {(zhang, "placed")}


def test_its_number_says_the_day(draft, zhang):
    order = place(draft, zhang)
    assert order.number == "20261120-0001"
    assert order.short_number == "1120-0001"


def test_an_urgent_one_is_due_in_two_hours(draft, zhang):
    assert place(draft, zhang, is_urgent=True).due_at == HOURS_LATER_2


def test_an_order_carries_no_price():
    names = {field.name for field in Order._meta.get_fields()}
    assert not names & {"price", "fee", "amount", "cost", "points"}


# --- A clerk acts for a resident.


def test_a_clerk_enters_it_and_both_are_kept(draft, station_clerk, zhang):
    order = place(draft, station_clerk, resident=zhang, channel="phone")
    assert (order.resident, order.placed_by, order.channel) == (zhang, station_clerk, "phone")
    assert last_line(order) == ("orders.place", station_clerk, zhang)
    assert order.events.get().on_behalf_of == zhang
    assert told(order) == {(zhang, "placed")}


def test_a_resident_without_a_phone_can_be_helped(draft, station_clerk):
    resident = PersonFactory(phone="")
    order = place(draft, station_clerk, resident=resident, contact_phone="", channel="walk_in")
    assert (order.contact_phone, order.contact_phone_hash) == ("", "")


@pytest.mark.parametrize("who", ["neighbour", "li", "stranger", "other_dispatcher", "supervisor", "admin"])
def test_nobody_else_enters_it_for_her(draft, person, zhang, who):
    with pytest.raises(Denied):
        place(draft, person(who), resident=zhang)
    assert not Order.objects.exists()


# --- Where.


def test_a_place_is_chosen(draft, zhang, city):
    for place_id in (0, city.pk):
        with pytest.raises(Refused):
            place(draft, zhang, place_id=place_id)


def test_a_place_that_is_no_more_is_refused(draft, zhang, fuqian):
    fuqian.valid_to = NOON.date()
    fuqian.save()
    with pytest.raises(Refused):
        place(draft, zhang)


def test_at_a_site_her_door_is_not_kept(draft, zhang, station):
    order = place(draft, zhang, where="site", venue_id=station.pk)
    assert (order.where, order.venue, order.address) == ("site", station, "")


def test_any_site_will_do(draft, zhang):
    assert place(draft, zhang, where="site", venue_id=None).venue is None


def test_a_closed_site_is_refused(draft, zhang, fuqian):
    closed = VenueFactory(place=fuqian, closed_on=NOON.date())
    with pytest.raises(Refused):
        place(draft, zhang, where="site", venue_id=closed.pk)


@pytest.mark.parametrize(("mode", "where"), [("site", "home"), ("home", "site")])
def test_an_item_is_served_where_it_can_be(draft, zhang, mode, where):
    with pytest.raises(Refused):
        place(draft, zhang, where=where, item_id=ItemFactory(mode=mode).pk)


@pytest.mark.parametrize("where", ["home", "site"])
def test_an_item_for_either(draft, zhang, where):
    assert place(draft, zhang, where=where).where == where


# --- What.


def test_words_alone_will_do(draft, zhang):
    assert place(draft, zhang, item_id=None).item is None


def test_without_words_the_item_speaks(draft, zhang):
    assert place(draft, zhang, words=" ").words == "小家电维修"


def test_an_item_that_was_withdrawn_is_refused(draft, zhang):
    with pytest.raises(Refused):
        place(draft, zhang, item_id=ItemFactory(withdrawn_on=NOON.date()).pk)


@pytest.mark.parametrize(("months", "offered"), [("", True), ("10,11,12", True), ("1,12", False)])
def test_an_item_has_its_months(draft, zhang, months, offered):
    taken_or_refused(draft, zhang, ItemFactory(months=months), offered)


@pytest.mark.parametrize(("months", "offered"), [("", False), ("11", True), ("1", False)])
@pytest.mark.parametrize("level", ["city", "xiangyuan", "guhan", "fuqian"])
def test_a_switch_holds_for_everything_below_its_place(
    draft, zhang, item, person, head, level, months, offered
):
    Switch.objects.create(item=item, place=person(level), months=months, at=LONG_AGO, by=head)
    taken_or_refused(draft, zhang, item, offered)


def test_a_switch_elsewhere_does_not_matter(draft, zhang, item, wangqiao, head):
    Switch.objects.create(item=item, place=wangqiao, months="", at=LONG_AGO, by=head)
    assert place(draft, zhang).item == item


def taken_or_refused(draft, by, item, offered):
    if offered:
        assert place(draft, by, item_id=item.pk).item == item
    else:
        with pytest.raises(Refused):
            place(draft, by, item_id=item.pk)


@pytest.mark.parametrize(
    "missing",
    [
        {"words": "", "item_id": None},
        {"contact_name": " "},
        {"contact_phone": ""},
        {"contact_phone": "1390000"},
        {"contact_phone": "一三九"},
        {"where": "moon"},
        {"address": " "},
        {"wanted_on": NOON.date() - timedelta(days=1)},
        {"wanted_on": NOON.date() + timedelta(days=61)},
    ],
    ids=lambda missing: ",".join(missing),
)
def test_what_is_missing_is_named(draft, zhang, missing):
    with pytest.raises(Refused):
        place(draft, zhang, **missing)
    assert not Order.objects.exists()


# --- How many.


def test_five_open_orders_are_enough(draft, order_in, zhang, station_clerk):
    for state in OPEN[:5]:
        order_in(state)
    with pytest.raises(Refused):
        place(draft, zhang)
    assert place(draft, station_clerk, resident=zhang).state == "submitted", "a clerk may help all the same"


def test_orders_that_ended_do_not_count(draft, order_in, zhang, city_sets):
    city_sets("orders.open_orders_max", 1)
    for state in OrderState:
        if state not in OPEN:
            order_in(state)
    assert place(draft, zhang).state == "submitted"


# --- Pictures, and twice.


def test_pictures_of_the_draft_become_the_orders(draft, zhang):
    kept = [Attachment.objects.create(key=uuid.uuid4(), at=NOON) for _ in range(2)]
    order = place(draft, zhang, attachment_keys=(str(kept[0].key),))
    assert list(order.attachments.all()) == kept[:1]


def test_a_picture_of_another_order_stays_there(draft, zhang, order_in):
    theirs = Attachment.objects.create(key=uuid.uuid4(), at=NOON, order=order_in("submitted"))
    order = place(draft, zhang, attachment_keys=(str(theirs.key),))
    assert not order.attachments.exists()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_a_number_each(draft, station_clerk, zhang):
    acts = [lambda: place(draft, station_clerk, resident=zhang)] * 4
    assert at_once(*acts) == ["done"] * 4
    assert Order.objects.values("number").distinct().count() == 4
