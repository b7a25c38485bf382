"""The rules of offering: time, numbers, who may be asked, and the chance of filling."""

from datetime import datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from civic.matching import policy

HERE = ZoneInfo("Asia/Shanghai")


def at(hour, minute=0, day=2):
    return datetime(2026, 3, day, hour, minute, tzinfo=HERE)


@pytest.mark.parametrize(("left", "hours"), [(100, 3), (6, 3), (5, 2.5), (1, 0.5), (0, 0), (-4, 0)])
def test_an_answer_has_at_most_three_hours_and_half_the_time_left(left, hours):
    assert policy.tau(0.0, left) == hours
    assert policy.tau(at(0), at(0) + timedelta(hours=left)) == hours


@pytest.mark.parametrize(("left", "rounds"), [(31, 10), (7, 2), (4, 1), (2, 1), (0.5, 1), (-1, 1)])
def test_rounds_end_an_hour_before_the_start(left, rounds):
    assert policy.rounds_left(0.0, left) == rounds


def test_a_longer_patience_leaves_fewer_rounds():
    assert policy.rounds_left(0.0, 31.0, answer=10) == 3
    assert policy.rounds_left(0.0, 31.0, answer=0) == 1


def test_urgent_is_near_or_of_highest_priority():
    assert policy.is_urgent(at(8), at(13))
    assert not policy.is_urgent(at(8), at(14))
    assert policy.is_urgent(at(8), at(20), priority=2)


@pytest.mark.parametrize(
    ("hour", "quiet"), [(21.9, False), (22, True), (23.5, True), (0, True), (6.9, True), (7, False)]
)
def test_quiet_hours_pass_midnight(hour, quiet):
    assert policy.is_quiet(hour) is quiet


def test_quiet_hours_may_lie_inside_a_day_or_be_none():
    assert policy.is_quiet(13, 12, 14)
    assert not policy.is_quiet(15, 12, 14)
    assert not any(policy.is_quiet(hour, 7, 7) for hour in range(24))
    assert policy.hours_to_answer(21, 40, 7, 7) == 3


def test_offers_wait_for_the_morning():
    assert policy.next_send_time(at(21, 59)) == at(21, 59)
    assert policy.next_send_time(at(23)) == at(7, day=3)
    assert policy.next_send_time(at(6, 30)) == at(7)


@pytest.mark.parametrize(
    ("hour", "left", "hours"),
    [
        (10, 40, 3),  # by day
        (21, 40, 12),  # one hour tonight, two tomorrow
        (23, 40, 11),  # all three tomorrow
        (1, 40, 9),
        (21, 8, 4),  # but never beyond half the time left
        (10, 0, 0),
    ],
)
def test_silence_is_not_counted_at_night(hour, left, hours):
    assert policy.hours_to_answer(hour, left) == pytest.approx(hours)
    now = at(hour)
    assert policy.answer_by(now, now + timedelta(hours=left)) == now + timedelta(hours=hours)


def test_few_are_asked_while_there_is_time_and_three_when_there_is_none():
    assert policy.offers_wanted(1, 0.4, 1) == 3
    assert policy.offers_wanted(1, 0.4, 40) == 1
    assert policy.offers_wanted(2, 0.5, 1) == 4
    assert policy.offers_wanted(2, 0.0, 5) == 6
    assert policy.offers_wanted(0, 0.5, 1) == 0
    assert policy.offers_wanted(7, 1.0, 1) == 7


def test_offers_wanted_grow_with_need_and_fall_with_time_and_luck():
    for heads, rounds, p in product((1, 2, 5, 10), (1, 2, 5, 20), (0.0, 0.1, 0.5, 0.9, 1.0)):
        wanted = policy.offers_wanted(heads, p, rounds)
        assert heads <= wanted <= 3 * heads
        assert wanted <= policy.offers_wanted(heads + 1, p, rounds)
        assert wanted >= policy.offers_wanted(heads, p, rounds + 1)
        assert wanted >= policy.offers_wanted(heads, min(1.0, p + 0.05), rounds)


@pytest.mark.parametrize(("heads", "p", "rounds"), [(-1, 0.5, 1), (1, 1.5, 1), (1, -0.1, 1), (1, 0.5, 0)])
def test_nonsense_is_refused(heads, p, rounds):
    with pytest.raises(ValueError, match="offers wanted"):
        policy.offers_wanted(heads, p, rounds)


def test_a_silent_offer_loses_its_worth():
    worth = [policy.still_coming(hours) for hours in (0, 0.5, 1, 2, 3, 12)]
    assert worth[0] == 1
    assert worth == sorted(worth, reverse=True)
    assert worth[-1] < 0.02


def test_long_silence_is_doubled_before_it_lapses():
    assert policy.offers_to_send(1, 0.5, 40, []) == 1
    assert policy.offers_to_send(1, 0.5, 40, [0.5]) == 0
    assert policy.offers_to_send(1, 0.5, 40, [2.9]) == 1
    assert policy.offers_to_send(0, 0.5, 1, []) == 0
    assert policy.offers_to_send(1, 0.5, 40, [0.1, 0.1, 0.1]) == 0


def test_a_person_is_asked_once_at_a_time_thrice_a_week_and_never_again_for_the_same():
    asked = {"open_offers": 0, "offers_in_7_days": 2, "asked_before": False}
    assert policy.may_be_offered(**asked)
    assert not policy.may_be_offered(**asked | {"open_offers": 1})
    assert not policy.may_be_offered(**asked | {"offers_in_7_days": 3})
    assert policy.may_be_offered(**asked | {"offers_in_7_days": 3}, per_week=4)
    assert not policy.may_be_offered(**asked | {"asked_before": True})


def test_chance_of_fill_is_what_enumeration_says():
    rng = np.random.default_rng(1)
    for _ in range(400):
        chances = rng.random(rng.integers(0, 8)).tolist()
        heads, rounds, width = (int(n) for n in rng.integers(0, 5, 3))
        reached = chances[: rounds * width]
        wanted = 0.0
        for answers in product((0, 1), repeat=len(reached)):
            if sum(answers) >= heads:
                wanted += np.prod([p if yes else 1 - p for p, yes in zip(reached, answers, strict=True)])
        assert policy.chance_of_fill(heads, chances, rounds, width) == pytest.approx(wanted)


def test_a_clerk_is_told_below_one_half():
    assert policy.needs_a_clerk(policy.chance_of_fill(2, [0.5, 0.5], 1, 2))
    assert not policy.needs_a_clerk(policy.chance_of_fill(1, [0.5], 1, 1))
    with pytest.raises(ValueError, match="chance"):
        policy.chance_of_fill(1, [1.5], 1, 1)


def test_one_spare_where_people_are_many_but_unsure():
    assert policy.offers_to_send(1, 0.5, 40, [], people=6) == 2
    assert policy.offers_to_send(4, 0.5, 40, [], people=20) == 5
    assert policy.offers_to_send(1, 0.5, 40, [], people=4) == 1
    assert policy.offers_to_send(1, 0.6, 40, [], people=60) == 1
    assert policy.offers_to_send(1, 0.5, 1, [], people=60) == 2  # the deadline asks for as many already


@pytest.mark.parametrize(
    ("hour", "span", "by_day"),
    [(10, 5, 5), (21, 3, 1), (23, 9, 1), (2, 5, 0), (7, 24, 15), (22, 24, 15), (12, 72, 45)],
)
def test_the_night_does_not_count(hour, span, by_day):
    assert policy.daytime_hours(hour, span) == pytest.approx(by_day)


def test_days_without_quiet_hours_count_whole():
    assert policy.daytime_hours(23, 30, 7, 7) == 30
