"""Who may: every rule, for the whole cast, on one page."""

import inspect

import pytest

from civic.orders import rules
from civic.orders.models import Dispatch
from civic.orders.states import LIFE
from civic.orders.tests.verbs import fresh

RULES = {
    name.removeprefix("may_"): rule
    for name, rule in vars(rules).items()
    if name.startswith("may_") and list(inspect.signature(rule).parameters)[-1].endswith("order")
}

HERS = "repair change_time withdraw"
WORK = "schedule start finish"
SCREENS = "screen send_back reject refer merge"
HANDS_OUT = "dispatch transfer rework rule"
CENTER = f"see_at_desk {HERS} {SCREENS} {HANDS_OUT} cancel provision {WORK} review dispute close"

# Of an order of 张桂兰 in 府前社区 that 匠心家电 accepted; 王师傅 is named for it.
WITH_THE_TEAM = {
    "zhang": f"{HERS} review dispute",
    "neighbour": "",
    "li": f"accept decline assign provision {WORK}",
    "wang": WORK,
    "station_clerk": f"see_at_desk {HERS} provision {WORK}",
    "institute_clerk": f"see_at_desk {HERS} {SCREENS} provision {WORK}",
    "dispatcher": CENTER,
    "head": CENTER,
    "supervisor": "see_at_desk",
    "auditor": "",
    "security_admin": "",
    "admin": "",
    "stranger": "",
    "other_dispatcher": "",
}

# Of the same order while nobody holds it.
WITH_NOBODY = {
    "zhang": f"{HERS} review dispute",
    "neighbour": "",
    "li": "",
    "wang": "",
    "station_clerk": f"see_at_desk {HERS} provision {WORK}",
    "dispatcher": CENTER,
    "stranger": "",
    "other_dispatcher": "",
}

# Of the same order in the hands of the station; whoever reaches the site accepts for it.
WITH_THE_STATION = {
    "zhang": f"{HERS} review dispute",
    "li": "",
    "wang": "",
    "station_clerk": f"see_at_desk {HERS} accept decline assign provision {WORK}",
    "institute_clerk": f"see_at_desk {HERS} {SCREENS} accept decline assign provision {WORK}",
    "dispatcher": f"{CENTER} accept decline assign",
    "supervisor": "see_at_desk",
    "stranger": "",
    "other_dispatcher": "",
}

# Of the same order accepted by 王师傅 on his own.
WITH_WANG = {
    "zhang": f"{HERS} review dispute",
    "li": "",
    "wang": f"accept decline assign provision {WORK}",
    "station_clerk": f"see_at_desk {HERS} provision {WORK}",
    "dispatcher": CENTER,
    "stranger": "",
}


@pytest.fixture
def order(order_in, wang):
    order = order_in("accepted")
    order.current.members.add(wang.volunteer)
    return order


def allowed(person, order):
    return {name for name, rule in RULES.items() if rule(person, order)}


def hand(order, **to):
    order.current.members.clear()
    Dispatch.objects.filter(pk=order.current_id).update(team=None, **to)
    return fresh(order)


@pytest.mark.parametrize("who", WITH_THE_TEAM)
def test_with_the_team(order, person, who):
    assert allowed(person(who), order) == set(WITH_THE_TEAM[who].split())


@pytest.mark.parametrize("who", WITH_NOBODY)
def test_with_nobody(order_in, person, who):
    assert allowed(person(who), order_in("screened")) == set(WITH_NOBODY[who].split())


@pytest.mark.parametrize("who", WITH_THE_STATION)
def test_with_the_station(order, station, li, person, who):
    order = hand(order, venue=station, answered_by=li)
    assert allowed(person(who), order) == set(WITH_THE_STATION[who].split())


@pytest.mark.parametrize("who", WITH_WANG)
def test_with_a_volunteer(order, wang, person, who):
    order = hand(order, volunteer=wang.volunteer)
    assert allowed(person(who), order) == set(WITH_WANG[who].split())


def test_there_is_a_rule_for_every_move():
    assert set(LIFE.moves) <= set(RULES)


def test_the_clock_alone_lapses(order):
    assert "lapse" not in CENTER.split()
    assert not rules.may_lapse(order.resident, order)


# --- A person and the order in two parts.


def test_a_clerk_who_is_the_resident_still_acts_for_herself(order_in, station_clerk):
    order = order_in("accepted", resident=station_clerk)
    assert {"withdraw", "review", "provision"} <= allowed(station_clerk, order)


@pytest.mark.parametrize(
    ("who", "may"),
    [("station_clerk", True), ("dispatcher", True), ("stranger", False), ("supervisor", False)],
)
def test_who_may_enter_an_order_for_somebody_there(person, fuqian, who, may):
    assert rules.may_place_for(person(who), fuqian.path) is may


def test_buttons_are_moves_that_are_open_and_allowed(order, li, zhang, neighbour):
    moves = LIFE.open_to(order.state)
    assert rules.moves_for(li, order, moves) == ["provision", "schedule"]
    assert rules.moves_for(neighbour, order, moves) == []
    assert rules.moves_for(zhang, order, LIFE.open_to("served")) == ["review", "dispute"]
