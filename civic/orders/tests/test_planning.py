"""The warm plan: the same as one built anew, whatever happened; and what it writes for pages."""

import math
import random
from datetime import date, timedelta

import pytest
from django.db import connection

from civic.core.errors import Refused
from civic.matching import costs
from civic.orders.matching import parts
from civic.orders.models import Dispatch, Order, Plan, Round, Ruling, Shortage, Touch
from civic.orders.services import dispatching, menu, planning, rulings, screening
from civic.orders.services.placing import withdraw
from civic.orders.targets import Target
from civic.orders.tests.factories import ItemFactory, OrderFactory
from civic.orders.tests.verbs import AN_HOUR, at_once
from civic.places.tests.factories import PlaceFactory
from civic.volunteers import services as volunteers
from civic.volunteers.models import Volunteer
from civic.volunteers.tests.factories import TeamFactory, VolunteerFactory
from tests.moments import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_process():
    """No plan in memory, as in a worker that just began."""
    planning.forget()
    yield
    planning.forget()


@pytest.fixture
def item(appliances):
    """小家电维修, which asks for the skill of 匠心家电."""
    return ItemFactory(skill=appliances, name="小家电维修")


@pytest.fixture
def waiting(fuqian, zhang, item):
    """A way to get an order that waits for somebody."""

    def make(**fields):
        return OrderFactory(
            **{"place": fuqian, "resident": zhang, "item": item, "state": "screened"} | fields
        )

    return make


@pytest.fixture
def teams(xiangyuan, appliances, team):
    """Two more teams of the county that can do it; no volunteer of 匠心家电 serves on his own."""
    Volunteer.objects.update(matching=False)
    towns = [PlaceFactory(parent=xiangyuan) for _ in range(2)]
    return [TeamFactory(name=f"修理队{n}", place=town, skills=[appliances]) for n, town in enumerate(towns)]


def total_anew():
    """What a process that just began comes to."""
    planning.forget()
    planning.catch_up(at=NOON, everything=True)
    return Round.objects.get().total


def plan_of(order):
    return Plan.objects.get(order=order)


def touch_all():
    for order in Order.objects.all():
        Touch.objects.create(thing=f"order:{order.pk}")


# --- What is written.


def test_the_plan_of_an_order_that_waits(waiting, team, teams):
    order = waiting()
    planning.catch_up(at=NOON)
    plan = plan_of(order)
    assert plan.target in {f"team:{one.pk}" for one in (team, *teams)}
    assert plan.made_at == NOON
    assert 0 < plan.chance <= 1000
    assert {row["target"] for row in plan.candidates} >= {f"team:{one.pk}" for one in (team, *teams)}


def test_parts_add_up_and_prices_are_distances_to_the_optimum(waiting, team, teams):
    orders = [waiting() for _ in range(3)]
    planning.catch_up(at=NOON)
    for plan in map(plan_of, orders):
        for row in plan.candidates:
            assert sum(row["parts"].values()) == row["total"]
            assert row["override"] >= row["reduced"] >= 0
        chosen = next(row for row in plan.candidates if row["target"] == plan.target)
        assert (chosen["reduced"], chosen["override"]) == (0, 0)
        assert sum(plan.card["parts"].values()) == plan.card["total"] == chosen["total"]
        assert plan.card["gap"] == min(row["override"] for row in plan.candidates if row != chosen)


def test_the_formulas_are_those_of_the_engine():
    for km in (0, 0.3, 1, 7.77, 19.99):
        assert parts.travel(km) == int(costs.travel(km))
    for jobs in (0, 3, 8, 11):
        assert parts.PER_ORDER * min(jobs, parts.MOST_IN_HAND) == int(costs.load(jobs))
    assert round(-400 * math.log(0.37)) == int(costs.acceptance(0.37))


def test_orders_that_nobody_can_take_make_a_shortage(waiting, item):
    waiting(wanted_on=date(2026, 11, 22), wanted_half="morning")
    waiting(wanted_on=date(2026, 11, 22), wanted_half="morning")
    planning.catch_up(at=NOON)
    lack = Shortage.objects.get()
    assert (lack.skill, lack.lacking, lack.price) == (item.skill, 2, parts.UNSERVED[0])
    assert (lack.wanted_on, lack.wanted_half) == (date(2026, 11, 22), "morning")
    assert [plan.target for plan in Plan.objects.all()] == ["", ""]


def test_where_the_engine_is_off_there_is_no_plan(waiting, team, item, admin):
    order = waiting()
    planning.catch_up(at=NOON)
    assert plan_of(order).target
    menu.set_dispatch_mode(category_id=item.category_id, mode="off", by=admin, at=NOON)
    planning.catch_up(at=NOON, everything=True)
    assert not Plan.objects.exists()


def test_nothing_new_nothing_done(waiting, team):
    waiting()
    planning.catch_up(at=NOON)
    turn = Round.objects.get().turn
    outcome = planning.catch_up(at=NOON)
    assert (outcome.touched, outcome.written, Round.objects.get().turn) == ((), 0, turn)


# --- What people rule.


def test_a_pin_a_ban_and_taking_them_back(waiting, team, teams, dispatcher):
    order = waiting()
    planning.catch_up(at=NOON)
    first, other = plan_of(order).target, f"team:{teams[1].pk}"
    price = next(row["override"] for row in plan_of(order).candidates if row["target"] == other)

    act = {"order_id": order.pk, "reason": "居民点名", "by": dispatcher, "at": NOON}
    pinned = rulings.pin(target=Target.read(other), **act)
    planning.catch_up(at=NOON)
    assert pinned.price == price
    assert plan_of(order).target == other
    rulings.lift(ruling_id=pinned.pk, by=dispatcher, at=NOON)
    rulings.forbid(target=Target.read(first), **act)
    planning.catch_up(at=NOON)
    assert first not in {row["target"] for row in plan_of(order).candidates}
    assert Ruling.objects.count() == 2


def test_the_price_of_an_override_is_the_rise_of_the_total(waiting, team, teams, dispatcher):
    orders = [waiting() for _ in range(4)]
    planning.catch_up(at=NOON)
    before = Round.objects.get().total
    row = plan_of(orders[0]).candidates[-1]
    act = {"reason": "居民点名", "by": dispatcher, "at": NOON}
    rulings.pin(order_id=orders[0].pk, target=Target.read(row["target"]), **act)
    planning.catch_up(at=NOON)
    assert Round.objects.get().total == before + row["override"]


# --- Warm and anew.


def happen(orders, teams, dispatcher, rng):
    """One event by chance, by the services; what cannot be done now is left."""
    order = Order.objects.get(pk=rng.choice(orders).pk)
    team = rng.choice(teams)
    act = {"by": dispatcher, "at": NOON}
    offer = order.current
    try:
        match rng.randrange(8):
            case 0 | 1 | 2:
                dispatching.dispatch(order_id=order.pk, target=Target("team", team.pk), **act)
            case 3 if offer:
                dispatching.decline(order_id=order.pk, reason="排不开", by=offer.team.leader, at=NOON)
            case 4 if offer:
                dispatching.accept(order_id=order.pk, by=offer.team.leader, at=NOON)
            case 5:
                withdraw(order_id=order.pk, reason="", by=order.resident, at=NOON)
            case 6:
                rulings.forbid(order_id=order.pk, target=Target("team", team.pk), reason="不合适", **act)
            case 7:
                volunteers.set_team_matching(
                    team_id=team.pk, matching=not team.matching, by=team.leader, at=NOON
                )
    except Refused:
        pass
    team.refresh_from_db()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_after_any_events_the_warm_plan_costs_what_one_built_anew_costs(
    waiting, team, teams, dispatcher, seed
):
    rng = random.Random(seed)
    days = [None, date(2026, 11, 22), date(2026, 11, 23)]
    orders = [waiting(wanted_on=rng.choice(days), is_urgent=rng.random() < 0.2) for _ in range(12)]
    planning.catch_up(at=NOON)
    for _ in range(10):
        for _ in range(rng.randrange(1, 4)):
            happen(orders, [team, *teams], dispatcher, rng)
        assert not planning.catch_up(at=NOON).is_rebuilt
        warm = Round.objects.get().total
        assert warm == planning._built(NOON, 0).network.total
    assert warm == total_anew()


def test_a_new_order_and_a_closed_team_are_repaired(waiting, team, teams, dispatcher, zhang, item):
    order = waiting(state="submitted")
    planning.catch_up(at=NOON)
    screening.screen(order_id=order.pk, item_id=item.pk, is_urgent=False, note="", by=dispatcher, at=NOON)
    planning.catch_up(at=NOON)
    first = plan_of(order).target
    volunteers.close_team(team_id=int(first[5:]), reason="并队", by=dispatcher, at=NOON)
    outcome = planning.catch_up(at=NOON)
    assert not outcome.is_rebuilt
    assert plan_of(order).target not in {"", first}
    assert outcome.total == total_anew()


def test_another_day_is_built_anew(waiting, team):
    waiting()
    planning.catch_up(at=NOON)
    assert planning.catch_up(at=NOON + timedelta(days=1), everything=True).is_rebuilt


def test_the_turn_of_another_worker_is_noticed(waiting, team):
    waiting()
    planning.catch_up(at=NOON)
    Round.objects.update(turn=77)
    assert planning.catch_up(at=NOON).is_rebuilt
    assert Round.objects.get().turn == 77  # the other one has nothing to build anew
    touch_all()
    assert not planning.catch_up(at=NOON).is_rebuilt
    assert Round.objects.get().turn == 78


def test_a_round_that_dies_leaves_its_notes(waiting, team, monkeypatch):
    waiting()
    touch_all()

    def die(*_args, **_kwargs):
        raise RuntimeError("killed")

    monkeypatch.setattr(planning, "_write", die)
    with pytest.raises(RuntimeError):
        planning.catch_up(at=NOON)
    monkeypatch.undo()
    assert Touch.objects.count() == 1
    assert planning._warm is None
    assert planning.catch_up(at=NOON).touched
    assert not Touch.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_both_write(waiting, team):
    waiting()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('orders.plan'))")
        found = []

        def other():
            found.append(planning.catch_up(at=NOON))

        assert at_once(other) == ["done"]
        cursor.execute("SELECT pg_advisory_unlock_all()")
    assert found == [None]


# --- No harm from a no (R03).


def test_a_no_or_silence_changes_no_other_order(waiting, team, teams, dispatcher):
    orders = [waiting() for _ in range(3)]
    planning.catch_up(at=NOON)
    before = {order.pk: costs_of(order) for order in orders}
    mine = plan_of(orders[0]).target
    dispatching.dispatch(order_id=orders[0].pk, target=Target.read(mine), by=dispatcher, at=NOON)
    leader = Dispatch.objects.get().team.leader
    dispatching.decline(order_id=orders[0].pk, reason="排不开", by=leader, at=NOON + AN_HOUR)
    planning.catch_up(at=NOON + AN_HOUR, everything=True)
    for order in orders[1:]:
        assert costs_of(order) == before[order.pk]
    assert mine not in costs_of(orders[0])


def costs_of(order):
    """Target → the parts of its cost that do not depend on how many orders are planned for it."""
    return {
        row["target"]: {name: cost for name, cost in row["parts"].items() if name != "load"}
        for row in plan_of(order).candidates
    }


def test_the_chance_in_a_cost_is_the_group_never_the_person(waiting, fuqian, appliances, dispatcher):
    faithful, shy = (VolunteerFactory(home=fuqian, skills=[appliances]) for _ in range(2))
    for day in range(1, 9):
        order = waiting(state="withdrawn")
        fields = {"order": order, "dispatched_by": dispatcher, "dispatched_at": NOON - timedelta(days=day)}
        answered = {"answered_at": fields["dispatched_at"], "answered_by": dispatcher}
        Dispatch.objects.create(volunteer=shy, state="declined", **fields, **answered)
        Dispatch.objects.create(volunteer=faithful, state="done", **fields, **answered)
    order = waiting()
    planning.catch_up(at=NOON)
    rows = {row["target"]: row for row in plan_of(order).candidates}
    one, other = rows[f"volunteer:{shy.pk}"], rows[f"volunteer:{faithful.pk}"]
    assert one["parts"]["acceptance"] == other["parts"]["acceptance"] > 0
    assert one["chance"] < other["chance"]


def test_a_site_that_claimed_the_item_can_do_it(waiting, station, station_clerk, item):
    order = waiting()
    planning.catch_up(at=NOON)
    menu.claim(item_id=item.pk, venue_id=station.pk, by=station_clerk, at=NOON)
    planning.catch_up(at=NOON)
    assert f"venue:{station.pk}" in {row["target"] for row in plan_of(order).candidates}


def test_a_place_newer_than_the_plan_is_found(waiting, team, guhan):
    waiting()
    planning.catch_up(at=NOON)
    order = waiting(place=PlaceFactory(parent=guhan))
    Touch.objects.create(thing=f"order:{order.pk}")
    assert not planning.catch_up(at=NOON).is_rebuilt
    assert plan_of(order).target


def test_an_order_in_hand_takes_its_half_day(waiting, team, teams, dispatcher):
    morning = {"wanted_on": date(2026, 11, 22), "wanted_half": "morning"}
    taken = waiting(**morning)
    planning.catch_up(at=NOON)
    mine = plan_of(taken).target
    dispatching.dispatch(order_id=taken.pk, target=Target.read(mine), by=dispatcher, at=NOON)
    order = waiting(**morning)
    Touch.objects.create(thing=f"order:{order.pk}")
    planning.catch_up(at=NOON)
    assert mine not in {row["target"] for row in plan_of(order).candidates}


def test_an_order_with_an_agreed_hour_takes_the_half_day_of_that_hour(waiting, team, dispatcher, order_in):
    order_in("scheduled")  # by the team, the next morning
    order = waiting(wanted_on=date(2026, 11, 21), wanted_half="morning")
    planning.catch_up(at=NOON)
    assert f"team:{team.pk}" not in {row["target"] for row in plan_of(order).candidates}
