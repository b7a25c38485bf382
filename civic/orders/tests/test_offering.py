"""What the engine sends by itself: whom, how many, when; and what becomes of it."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection

from civic.core.errors import Refused
from civic.notices.models import Notice
from civic.orders import tasks
from civic.orders.models import Category, Dispatch, Order, Plan
from civic.orders.services import dispatching, offering, planning
from civic.orders.services.touches import touch
from civic.orders.targets import Target
from civic.orders.tests.factories import ItemFactory, OrderFactory
from civic.orders.tests.verbs import AN_HOUR, at_once, fresh, last_line, last_step, told
from civic.volunteers.models import Volunteer
from civic.volunteers.tests.factories import TeamFactory, VolunteerFactory
from tests.moments import NOON, SHANGHAI

pytestmark = pytest.mark.django_db
NIGHT = datetime(2026, 11, 20, 23, 0, tzinfo=SHANGHAI)
TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def fresh_process():
    """No plan in memory, as in a worker that just began."""
    planning.forget()
    yield
    planning.forget()


@pytest.fixture
def item(appliances):
    """小家电维修 in a category whose offers go out by themselves."""
    made = ItemFactory(skill=appliances)
    Category.objects.filter(pk=made.category_id).update(dispatch_mode="send")
    return made


@pytest.fixture
def waiting(fuqian, zhang, item):
    """A way to get an order that waits for somebody."""

    def make(**fields):
        return OrderFactory(
            **{"place": fuqian, "resident": zhang, "item": item, "state": "screened"} | fields
        )

    return make


@pytest.fixture
def helpers(fuqian, appliances, team):
    """Four volunteers of the neighbourhood; the team and its members are not asked."""
    Volunteer.objects.update(matching=False)
    type(team).objects.update(matching=False)
    return [VolunteerFactory(home=fuqian, skills=[appliances]) for _ in range(4)]


def offers(order):
    return list(Dispatch.objects.filter(order=order, state="offered").order_by("pk"))


# --- Sending.


def test_the_tick_asks_by_the_plan(waiting, helpers, zhang):
    order = waiting()
    assert offering.tick(at=NOON) == {"silent": 0, "offered": 1}
    order, offer = fresh(order), Dispatch.objects.get()
    assert (order.state, order.current) == ("dispatched", offer)
    assert (offer.is_auto, offer.dispatched_by, offer.state) == (True, None, "offered")
    assert NOON < offer.answer_by <= NOON + timedelta(hours=3)
    assert sum(offer.card["parts"].values()) == offer.card["total"]
    assert 0 < offer.card["chance"] < 1000
    assert last_step(order) == ("dispatch", "dispatched", None)
    assert last_line(order) == ("orders.dispatch", None, None)
    assert told(order) == {(offer.volunteer.person, "invitation"), (zhang, "dispatched")}


def test_a_second_tick_asks_nobody_more(waiting, helpers):
    waiting()
    offering.tick(at=NOON)
    planning.forget()
    assert offering.tick(at=NOON)["offered"] == 0
    assert Dispatch.objects.count() == 1


@pytest.mark.parametrize("mode", ["off", "propose"])
def test_only_where_the_city_says_send(waiting, helpers, item, mode):
    Category.objects.update(dispatch_mode=mode)
    waiting()
    assert offering.tick(at=NOON)["offered"] == 0


def test_at_night_nobody_is_asked_and_in_the_morning_they_are(waiting, helpers):
    waiting(is_urgent=True)
    assert offering.tick(at=NIGHT)["offered"] == 0
    assert not Notice.objects.exists()
    assert offering.tick(at=NIGHT + timedelta(hours=9))["offered"] >= 1


def test_when_time_is_short_several_are_asked(waiting, helpers):
    order = waiting(wanted_on=TODAY, wanted_half="afternoon", placed_at=NOON)
    offering.tick(at=NOON + timedelta(minutes=30))
    several = offers(order)
    assert 2 <= len(several) <= 3
    assert fresh(order).current == several[-1]


def test_when_it_is_too_late_nobody_is_asked(waiting, helpers):
    waiting(wanted_on=TODAY, wanted_half="morning")
    assert offering.tick(at=NOON)["offered"] == 0


def test_who_was_asked_by_hand_is_waited_for(waiting, helpers, dispatcher):
    order = waiting(wanted_on=TODAY, wanted_half="afternoon")
    target = Target("volunteer", helpers[0].pk)
    dispatching.dispatch(order_id=order.pk, target=target, by=dispatcher, at=NOON)
    assert offering.tick(at=NOON)["offered"] == 0


def test_a_pressing_order_is_sent_as_soon_as_it_is_known(waiting, helpers, dispatcher):
    calm, pressing = waiting(), waiting(is_urgent=True)
    planning.catch_up(at=NOON)
    for order in (calm, pressing):
        touch(f"order:{order.pk}")
    assert offering.on_change(at=NOON) == {"offered": len(offers(pressing))}
    assert (len(offers(calm)), len(offers(pressing)) > 0) == (0, True)


def test_nothing_touched_nothing_sent(waiting, helpers):
    waiting()
    planning.catch_up(at=NOON)
    assert offering.on_change(at=NOON) == {"offered": 0}


# --- Answers.


def test_a_no_is_replaced_at_once_by_another(waiting, helpers):
    order = waiting()
    offering.tick(at=NOON)
    first = Dispatch.objects.get()
    dispatching.decline(order_id=order.pk, reason="", by=first.volunteer.person, at=NOON + AN_HOUR)
    assert offering.on_change(at=NOON + AN_HOUR) == {"offered": 1}
    assert offers(order)[0].volunteer != first.volunteer
    assert fresh(order).state == "dispatched"


def test_silence_ends_as_a_no_without_words_and_is_replaced(waiting, helpers):
    order = waiting()
    offering.tick(at=NOON)
    first = Dispatch.objects.get()
    assert offering.tick(at=first.answer_by)["silent"] == 1
    first.refresh_from_db()
    assert first.state == "lapsed"
    assert offers(order)[0].volunteer != first.volunteer


def test_nobody_is_asked_twice_for_an_order(waiting, helpers):
    order, at = waiting(), NOON
    for _ in range(6):
        offering.tick(at=at)
        for offer in offers(order):
            dispatching.decline(order_id=order.pk, reason="", by=offer.volunteer.person, at=at)
    asked = list(Dispatch.objects.values_list("volunteer", flat=True))
    assert len(asked) == len(set(asked)) == len(helpers)
    assert fresh(order).state == "screened"


def test_one_yes_takes_the_others_back_with_thanks(waiting, helpers, zhang):
    order = waiting(wanted_on=TODAY, wanted_half="afternoon")
    offering.tick(at=NOON + timedelta(minutes=30))
    first, *others = offers(order)
    dispatching.accept(order_id=order.pk, by=first.volunteer.person, at=NOON + AN_HOUR)
    order = fresh(order)
    assert (order.state, order.current, order.current.state) == ("accepted", first, "accepted")
    assert {(one.person, "thanked") for one in map(person_of, others)} <= told(order)
    assert Dispatch.objects.filter(state="recalled").count() == len(others) > 0
    with pytest.raises(Refused, match="已经有别人接了"):
        dispatching.accept(order_id=order.pk, by=others[0].volunteer.person, at=NOON + AN_HOUR)


def person_of(offer):
    return offer.volunteer


def test_while_others_are_asked_a_no_leaves_the_order_with_them(waiting, helpers):
    order = waiting(wanted_on=TODAY, wanted_half="afternoon")
    offering.tick(at=NOON + timedelta(minutes=30))
    *others, last = offers(order)
    dispatching.decline(order_id=order.pk, reason="", by=last.volunteer.person, at=NOON + AN_HOUR)
    order = fresh(order)
    assert (order.state, order.current) == ("dispatched", others[-1])
    assert last_step(order)[0] == "decline"


# --- What is asked of one person.


def test_a_volunteer_has_one_open_invitation_and_three_a_week(waiting, helpers):
    Volunteer.objects.exclude(pk=helpers[0].pk).update(matching=False)
    for number in range(4):
        order = waiting()
        at = NOON + timedelta(hours=number)
        assert offering.tick(at=at)["offered"] == (1 if number < 3 else 0)
        assert offering.tick(at=at)["offered"] == 0
        if offers(order):
            dispatching.decline(order_id=order.pk, reason="", by=helpers[0].person, at=at)
    assert offering.tick(at=NOON + timedelta(days=8))["offered"] == 1


def test_by_hand_too_nobody_has_two_open_invitations(waiting, helpers, dispatcher):
    one, other = waiting(), waiting()
    act = {"target": Target("volunteer", helpers[0].pk), "by": dispatcher, "at": NOON}
    dispatching.dispatch(order_id=one.pk, **act)
    with pytest.raises(Refused, match="还有一个邀请没答复"):
        dispatching.dispatch(order_id=other.pk, **act)


@pytest.fixture
def only_one(helpers):
    """The same volunteer stands in both plans."""
    Volunteer.objects.exclude(pk=helpers[0].pk).update(matching=False)


@pytest.mark.django_db(transaction=True)
def test_two_orders_ask_the_same_volunteer_at_once(waiting, helpers, only_one):
    one, other = waiting(), waiting()
    planning.catch_up(at=NOON)
    for order in (one, other):
        assert Plan.objects.get(order=order).candidates
    at_once(lambda: send_one(one), lambda: send_one(other))
    assert Dispatch.objects.filter(state="offered").count() == 1


def send_one(order):
    try:
        offering.offer(order_id=order.pk, at=NOON)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_two_say_yes_at_once_and_one_has_it(waiting, helpers):
    order = waiting(wanted_on=TODAY, wanted_half="afternoon")
    offering.tick(at=NOON + timedelta(minutes=30))
    first, second, *_rest = [offer.volunteer.person for offer in offers(order)]

    def accept(who):
        return lambda: dispatching.accept(order_id=order.pk, by=who, at=NOON + AN_HOUR)

    assert at_once(accept(first), accept(second)) == ["done", "refused"]
    assert Dispatch.objects.filter(state="accepted").count() == 1


def test_teams_are_asked_too(waiting, team):
    order = waiting()
    TeamFactory(name="别县队", place=team.place.parent.parent)
    offering.tick(at=NOON)
    assert {str(target_of(offer)) for offer in offers(order)} <= {
        str(Target("team", team.pk)),
        *(str(Target("volunteer", one.pk)) for one in Volunteer.objects.all()),
    }
    assert Order.objects.get().current is not None


def target_of(offer):
    if offer.team_id:
        return Target("team", offer.team_id)
    return Target("volunteer", offer.volunteer_id)


# --- The worker's jobs.


@pytest.mark.usefixtures("noon")
def test_the_jobs_do_the_rounds(waiting, helpers):
    order = waiting(is_urgent=True)
    touch(f"order:{order.pk}")
    assert tasks.plan_changed.func()["offered"] == len(offers(order)) > 0
    assert tasks.plan_sweep.func() == {"offered": 0}
    assert tasks.plan_tick.func(timestamp=int(NOON.timestamp()))["silent"] == 0


@pytest.mark.usefixtures("noon")
def test_the_city_may_look_less_often(waiting, helpers, city_sets):
    waiting()
    city_sets("matching.tick_minutes", 60)
    quarter = int(NOON.timestamp()) + 900
    assert tasks.plan_tick.func(timestamp=quarter) == {}
    assert tasks.plan_tick.func(timestamp=quarter - 900)["offered"] == 1


def test_an_offer_answered_meanwhile_does_not_lapse(waiting, helpers, monkeypatch):
    order = waiting()
    offering.tick(at=NOON)
    offer = Dispatch.objects.get()
    late = offer.answer_by + timedelta(minutes=1)
    real = dispatching.lapse_offer

    def answered_first(**kwargs):
        dispatching.accept(order_id=order.pk, by=offer.volunteer.person, at=late)
        return real(**kwargs)

    monkeypatch.setattr(dispatching, "lapse_offer", answered_first)
    assert offering.lapse_silent(at=late) == 0
    assert fresh(order).state == "accepted"
