"""The engine's view without a database: who fits, what it costs, and a plan that survives any events."""

import random
from dataclasses import replace
from datetime import date

import pytest

from civic.matching.policy import Acceptance
from civic.orders.matching.network import LISTED, PRICED, Network
from civic.orders.matching.parts import UNSERVED, Helper, Need, Slot, fits, parts

DAY = date(2026, 11, 22)
NEED = Need(
    id=1, county="1/7/", township=31, x_km=0.0, y_km=0.0, is_estimated=False, item_id=5, skill_id=3,
    category_id=2, on=None, half="any", is_pressing=False, resident_id=9,
)  # fmt: skip
HELPER = Helper(
    target="volunteer:1", name="王志强", county="1/7/", x_km=3.0, y_km=4.0, is_estimated=True,
    skill_ids=frozenset({3}), person_id=8,
)  # fmt: skip


@pytest.mark.parametrize(
    ("need", "helper", "may"),
    [
        ({}, {}, True),
        ({}, {"skill_ids": frozenset({4})}, False),
        ({}, {"skill_ids": frozenset(), "item_ids": frozenset({5})}, True),
        ({}, {"county": "1/8/"}, False),
        ({}, {"county": "1/"}, True),
        ({}, {"county": "1/8/", "is_mobile": True}, True),
        ({}, {"person_id": 9}, False),
        ({}, {"is_asked": True}, False),
        ({}, {"x_km": 21.0}, False),
        ({}, {"x_km": 21.0, "target": "team:1"}, True),
        ({"barred": frozenset({"volunteer:1"})}, {}, False),
        ({"pin": "volunteer:1"}, {}, True),
        ({"pin": "volunteer:1"}, {"x_km": 21.0}, True),
        ({"pin": "team:2"}, {}, False),
    ],
)
def test_who_may_be_thought_of(need, helper, may):
    assert fits(replace(NEED, **need), replace(HELPER, **helper)) is may


def test_the_parts():
    found = parts(NEED, replace(HELPER, in_hand=2, this_month=4), 0.5, planned=1)
    assert found == (1300, 450, 600, 277)
    crowded = parts(NEED, replace(HELPER, in_hand=20, this_month=90), 1.0)
    assert (crowded.load, crowded.fairness, crowded.acceptance) == (1200, 3000, 0)


@pytest.mark.parametrize(
    ("on", "half", "slots"),
    [
        (None, "morning", [Slot(None, "any")]),
        (DAY, "morning", [Slot(DAY, "morning")]),
        (DAY, "any", [Slot(DAY, "morning"), Slot(DAY, "afternoon")]),
    ],
)
def test_the_half_days_of_a_need(on, half, slots):
    assert list(replace(NEED, on=on, half=half).slots) == slots


def test_a_busy_half_day_is_not_given_twice():
    need = replace(NEED, on=DAY, half="morning")
    busy = replace(HELPER, busy=frozenset({Slot(DAY, "morning")}))
    assert Network.built([need], [busy], Acceptance()).planned(1) == ""
    assert Network.built([need], [HELPER], Acceptance()).planned(1) == "volunteer:1"


def test_an_order_that_nobody_can_take_costs_its_penalty():
    made = Network.built([NEED, replace(NEED, id=2, is_pressing=True)], [], Acceptance())
    assert made.total == sum(UNSERVED)
    assert made.advice(NEED).options == []


def test_one_who_is_scarce_goes_where_it_saves_most():
    far = replace(NEED, id=2, x_km=3.0, y_km=4.0)
    made = Network.built([NEED, far], [HELPER], Acceptance())
    assert (made.planned(1), made.planned(2)) == ("", "volunteer:1")
    option = made.advice(NEED).options[0]
    assert option.override == 1300 >= option.reduced >= 0


def test_for_who_is_not_in_the_plan_the_best_is_at_no_distance():
    near = replace(HELPER, target="volunteer:2", x_km=0.0, y_km=1.0)
    made = Network.built([], [HELPER, near], Acceptance())
    found = made.advice(NEED)
    assert (found.target, [one.target for one in found.options]) == ("", ["volunteer:2", "volunteer:1"])
    assert [one.reduced for one in found.options] == [0, 1040]
    assert [one.override for one in found.options] == [None, None]


def test_a_long_list_is_cut_and_its_head_is_priced():
    many = [replace(HELPER, target=f"volunteer:{n}", x_km=n / 10) for n in range(40)]
    options = Network.built([NEED], many, Acceptance()).advice(NEED).options
    assert len(options) == LISTED
    assert [one.override is not None for one in options] == [True] * PRICED + [False] * (LISTED - PRICED)


def a_need(rng, number):
    return replace(
        NEED,
        id=number,
        x_km=rng.uniform(0, 9),
        skill_id=rng.randrange(2),
        on=rng.choice([None, DAY]),
        half=rng.choice(["any", "morning"]),
        is_pressing=rng.random() < 0.2,
        barred=frozenset({f"volunteer:{rng.randrange(8)}"}),
        pin=f"team:{rng.randrange(3)}" if rng.random() < 0.1 else "",
    )


def a_helper(rng, target):
    return replace(
        HELPER,
        target=target,
        x_km=rng.uniform(0, 9),
        skill_ids=frozenset(rng.sample(range(2), rng.randint(1, 2))),
        in_hand=rng.randrange(4),
        busy=frozenset({Slot(DAY, "morning")} if rng.random() < 0.3 else ()),
        is_asked=rng.random() < 0.2,
    )


@pytest.mark.parametrize("seed", range(5))
def test_whatever_happens_the_plan_costs_what_one_built_anew_costs(seed):
    rng = random.Random(seed)
    targets = [f"volunteer:{n}" for n in range(8)] + [f"team:{n}" for n in range(3)]
    made = Network(Acceptance())
    for _ in range(150):
        number, target = rng.randrange(14), rng.choice(targets)
        match rng.randrange(5):
            case 0 | 1:
                made.put_need(a_need(rng, number))
            case 2:
                made.drop_need(number)
            case 3:
                made.put_helper(a_helper(rng, target))
            case 4:
                made.drop_helper(target)
        anew = Network.built(made.needs.values(), made.helpers.values(), made.rates)
        assert made.total == anew.total
        assert served_cost(made) == made.total


def served_cost(made):
    """The total from what is planned, without the engine's own sum; nobody is planned twice at a time."""
    total, taken = 0, []
    for need in made.needs.values():
        served = made.plan.assigned(made.row_of[need.id])
        taken += served
        if not served:
            total += need.penalty
            continue
        target, _slot, planned = made.meaning[served[0]]
        assert fits(need, made.helpers[target])
        total += sum(made.parts(need, made.helpers[target], planned))
    assert len(taken) == len(set(taken))
    return total
