"""Chances of a yes: shrunk to the group, refitted from the log, and nobody's own refusals in a cost."""

import numpy as np
import pytest

from civic.matching import policy
from civic.matching.policy import Acceptance, Answer, group_of


def log(seed, people=400, strength=6.0, far_share=0.5):
    """Answers of people whose own chance follows a Beta law with mean 0.4, half of it far; and the truth."""
    rng = np.random.default_rng(seed)
    answers, truth = [], {}
    for who in range(people):
        mean = 0.4
        own = rng.beta(mean * strength, (1 - mean) * strength)
        truth[who] = own
        for _ in range(rng.integers(0, 16)):
            far = rng.random() < far_share
            answers.append(
                Answer(who, "far" if far else "near", bool(rng.random() < own * (0.5 if far else 1)))
            )
    return answers, truth


def test_groups_are_kind_distance_and_part_of_the_day():
    assert group_of("haircut", 0.5, 9) == ("haircut", 0, 0)
    assert group_of("haircut", 2.0, 12) == ("haircut", 0, 1)
    assert group_of("haircut", 2.1, 18.5) == ("haircut", 1, 2)
    assert group_of("haircut", 50, 9).band == 4


def test_nobody_asked_yet_means_the_prior():
    assert Acceptance(mean=0.3).probability("anyone", "anything") == pytest.approx(0.3)


def test_in_one_group_it_is_the_posterior_mean_of_the_beta_law():
    seen = Acceptance.fit([Answer("li", "g", True)] * 3 + [Answer("wang", "g", False)] * 2)
    mean, s = seen.group_mean("g"), seen.strength
    assert seen.probability("li", "g") == pytest.approx((3 + s * mean) / (3 + s))
    assert seen.probability("wang", "g") == pytest.approx(s * mean / (2 + s))
    assert seen.probability("new", "g") == pytest.approx(mean)


def test_group_means_are_found_and_small_groups_lean_on_everybody():
    answers, _ = log(1)
    seen = Acceptance.fit([*answers, Answer("x", "rare", True)])
    assert seen.group_mean("near") == pytest.approx(0.4, abs=0.04)
    assert seen.group_mean("far") == pytest.approx(0.2, abs=0.04)
    assert seen.group_mean("rare") < 0.4


@pytest.mark.slow  # thousands of people
@pytest.mark.parametrize("strength", [3.0, 6.0, 20.0])
def test_the_strength_is_found_again(strength):
    answers, _ = log(2, people=3000, strength=strength, far_share=0)
    assert Acceptance.fit(answers).strength == pytest.approx(strength, rel=0.35)


def test_equal_people_are_shrunk_hard_and_a_short_log_gets_the_default():
    rng = np.random.default_rng(3)
    alike = [Answer(who, "g", bool(rng.random() < 0.4)) for who in range(500) for _ in range(6)]
    assert Acceptance.fit(alike).strength > 25
    assert Acceptance.fit(alike[:12]).strength == Acceptance.STRENGTH


def test_shrunk_chances_beat_raw_shares_and_group_means():
    answers, truth = log(4)
    seen = Acceptance.fit(answers)
    error = {"shrunk": 0.0, "raw": 0.0, "group": 0.0}
    for who, own in truth.items():
        mine = [one.yes for one in answers if one.target == who]
        raw = np.mean(mine) if mine else 0.5
        error["shrunk"] += (seen.probability(who, "near") - own) ** 2
        error["raw"] += (raw - own) ** 2
        error["group"] += (seen.group_mean("near") - own) ** 2
    assert error["shrunk"] < 0.9 * error["group"]
    assert error["shrunk"] < 0.7 * error["raw"]


def test_own_refusals_lower_the_chance_but_hardly_the_group():
    answers, _ = log(5)
    before = Acceptance.fit(answers)
    after = Acceptance.fit([*answers, *[Answer("tired", "near", False)] * 6])
    assert after.probability("tired", "near") < 0.7 * before.probability("tired", "near")
    assert after.group_mean("near") == pytest.approx(before.group_mean("near"), abs=0.005)


def test_learning_one_by_one_ends_near_the_fit():
    answers, truth = log(6)
    slow, fast = Acceptance(), Acceptance.fit(answers)
    slow.strength = fast.strength
    for one in answers:
        slow.learn(one)
    assert slow.group_mean("near") == pytest.approx(fast.group_mean("near"))
    assert max(abs(slow.probability(w, "near") - fast.probability(w, "near")) for w in truth) < 0.15


def test_silence_and_order_of_the_log_do_not_matter_to_a_fit():
    answers, _ = log(7, people=60)
    one, other = Acceptance.fit(answers), Acceptance.fit(answers[::-1])
    assert one.probability(3, "near") == pytest.approx(other.probability(3, "near"))


def test_impossible_priors_are_refused():
    for wrong in ({"mean": 0}, {"mean": 1}, {"strength": 0}, {"mean_strength": 0}):
        with pytest.raises(ValueError, match="acceptance"):
            Acceptance(**wrong)


def test_policy_needs_nothing_heavy():
    assert not {"numpy", "scipy", "numba"} & set(vars(policy))
