"""Whom to ask, how many at once, and when: the rules of offering. Pure arithmetic, standard library only.

An order starts at `start`; people may refuse or stay silent. With τ the time given for an answer, R rounds
left,

    τ = min(3 h, half the time left)               R = max(1, ⌊(start − 1 h − now) / τ⌋)
    m = ⌈h · min(3, 1 / (1 − (1 − p)^R)) − 0.1⌉     offers kept open for h missing heads at mean chance p

so few are asked at once while there is time, and up to three per head when there is none; one spare while
people are many, and again when an offer stays silent (`offers_to_send`). A refusal or a
lapsed offer is replaced at once. Offers go out by day only; one person has at most one open offer, at most
three in seven days, and is never asked twice for the same order. There is no broadcasting.

Instants may be `datetime`s or plain numbers of hours; spans are hours. The simulator and the live loop call
the same functions. Sources: phased alerting with replacement of each who rejects (van den Berg et al., PLOS
One 2026); asking tires, so ask few (Manshadi & Rodilitz, Management Science 2022); the formulas are ours.
"""

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar

Moment = TypeVar("Moment", datetime, float)  # one and the same kind within a call

ANSWER_HOURS = 3.0  # the longest an offer stands by day
CLOSING_HOURS = 1.0  # nobody is asked later than this before the start
URGENT_HOURS = 6.0
URGENT_PRIORITY = 2  # of 0, 1, 2
ALERT_BELOW = 0.5  # a clerk is told when the chance of filling in time is smaller
OFFERS_PER_WEEK = 3
OVER_OFFER_MOST = 3.0
WORTH_NOBODY = 0.1  # a tenth of an offer is not worth anybody's evening: rounded off before rounding up
NEVER_ANSWER, ANSWER_MEDIAN_HOURS, ANSWER_SIGMA = 0.15, 0.67, 1.0  # law of replies; refit on a pilot's log
SURE, MANY = 0.52, 2.5  # no spare above this chance, or below so many expected yeses per head
QUIET_FROM, QUIET_TO = 22.0, 7.0
BANDS_KM = (2.0, 5.0, 10.0, 20.0)


# --- time


def hours_between(now: Moment, start: Moment) -> float:
    """Hours from `now` to `start`; negative when it is over."""
    gap: Any = start - now
    return gap.total_seconds() / 3600 if isinstance(gap, timedelta) else float(gap)


def tau(now: Moment, start: Moment, longest: float = ANSWER_HOURS) -> float:
    """Hours an offer sent now may stay unanswered: at most `longest`, at most half the time left."""
    return max(0.0, min(longest, hours_between(now, start) / 2))


def rounds_left(now: Moment, start: Moment, answer: float | None = None) -> int:
    """How many offers can follow one another until an hour before the start, at least 1; `answer`: τ."""
    answer = tau(now, start) if answer is None else answer
    usable = hours_between(now, start) - CLOSING_HOURS
    if usable <= 0 or answer <= 0:
        return 1
    return max(1, math.floor(usable / answer + 1e-9))


def is_urgent(now: Moment, start: Moment, priority: int = 0) -> bool:
    """Offered at once instead of at the next tick: less than six hours left, or the highest priority."""
    return priority >= URGENT_PRIORITY or hours_between(now, start) < URGENT_HOURS


def is_quiet(hour: float, quiet_from: float = QUIET_FROM, quiet_to: float = QUIET_TO) -> bool:
    """Whether local `hour` in [0, 24) lies in [from, to), which may pass midnight; equal means never."""
    if quiet_from <= quiet_to:
        return quiet_from <= hour < quiet_to
    return hour >= quiet_from or hour < quiet_to


def hours_until_day(hour: float, quiet_from: float = QUIET_FROM, quiet_to: float = QUIET_TO) -> float:
    """Hours from local `hour` until offers may go out: 0 by day."""
    return (quiet_to - hour) % 24 if is_quiet(hour, quiet_from, quiet_to) else 0.0


def daytime_hours(
    hour: float, span: float, quiet_from: float = QUIET_FROM, quiet_to: float = QUIET_TO
) -> float:
    """How many of the `span` hours from local `hour` on lie outside the quiet hours."""
    night = (quiet_to - quiet_from) % 24
    begin = (hour - quiet_from) % 24
    end = begin + span
    return span - (end // 24 * night + min(end % 24, night) - min(begin, night))


def hours_to_answer(
    hour: float, left: float, quiet_from: float = QUIET_FROM, quiet_to: float = QUIET_TO
) -> float:
    """Hours until silence counts as a no, for an offer sent at local `hour` with `left` hours to the start.

    The clock stands still in the quiet hours, yet never runs past half the time left.
    """
    span = tau(0.0, left)
    if is_quiet(hour, quiet_from, quiet_to):
        span += hours_until_day(hour, quiet_from, quiet_to)
    elif (quiet_from - hour) % 24 < span:
        span += (quiet_to - quiet_from) % 24
    return max(0.0, min(span, left / 2))


def next_send_time(now: datetime, quiet_from: float = QUIET_FROM, quiet_to: float = QUIET_TO) -> datetime:
    """The first moment from `now` (local time) at which an offer may go out."""
    return now + timedelta(hours=hours_until_day(_hour(now), quiet_from, quiet_to))


def answer_by(
    now: datetime, start: datetime, quiet_from: float = QUIET_FROM, quiet_to: float = QUIET_TO
) -> datetime:
    """When an offer sent at `now` (local time) lapses."""
    return now + timedelta(hours=hours_to_answer(_hour(now), hours_between(now, start), quiet_from, quiet_to))


def _hour(moment: datetime) -> float:
    return moment.hour + moment.minute / 60 + moment.second / 3600 + moment.microsecond / 3.6e9


# --- how many, and who may be asked


def offers_wanted(heads: int, p_mean: float, rounds: int, most: float = OVER_OFFER_MOST) -> int:
    """Offers to keep open for `heads` missing people, each answered yes with chance `p_mean` in [0, 1]."""
    if heads < 0 or rounds < 1 or not 0 <= p_mean <= 1:
        raise ValueError("offers wanted: heads ≥ 0, rounds ≥ 1 and a chance in [0, 1]")
    reached = 1 - (1 - p_mean) ** rounds
    factor = min(most, 1 / reached) if reached > 0 else most
    return math.ceil(heads * max(1.0, factor) - WORTH_NOBODY)


def still_coming(hours: float) -> float:
    """What an offer silent for so many daytime hours is still worth, 1 when fresh.

    15 % never answer, the others after a lognormal delay (median 40 minutes, σ = 1): long silence is mostly
    a no.
    """
    if hours <= 0:
        return 1.0
    late = 0.5 * math.erfc(math.log(hours / ANSWER_MEDIAN_HOURS) / ANSWER_SIGMA / math.sqrt(2))
    return late / ((1 - NEVER_ANSWER) * late + NEVER_ANSWER)


def offers_to_send(
    heads: int, p_mean: float, rounds: int, silent_hours: Iterable[float], people: int = 0
) -> int:
    """How many more offers to send now; the standing ones are silent for `silent_hours` of daytime.

    Standing offers count for what they are still worth, so a long silence is doubled before it lapses. Where
    `people` who may still be asked are many (2.5 expected yeses per head) but each is unsure (below 0.52),
    one spare is asked: it halves the wait, and the calm is not disturbed where people are few or nearly
    sure.
    """
    if not heads:
        return 0
    wanted = offers_wanted(heads, p_mean, rounds)
    if p_mean < SURE and people * p_mean >= MANY * heads:
        wanted = max(wanted, heads + 1)
    standing = sum(still_coming(hours) for hours in silent_hours)
    return max(0, math.floor(wanted - standing + 0.5))


def may_be_offered(
    *, open_offers: int, offers_in_7_days: int, asked_before: bool, per_week: int = OFFERS_PER_WEEK
) -> bool:
    """Whether one more offer may go to a person: none open, few lately, not yet asked for this order."""
    return open_offers == 0 and offers_in_7_days < per_week and not asked_before


def chance_of_fill(heads: int, chances: Sequence[float], rounds: int, at_a_time: int) -> float:
    """Probability that at least `heads` say yes among those who can still be asked, independent answers.

    `chances` in the order of asking; `rounds` · `at_a_time` of them are reached in time. Tail of the
    Poisson-binomial law by the usual recursion, exact; O(people · heads).
    """
    if heads <= 0:
        return 1.0
    reached = chances[: max(0, rounds * at_a_time)]
    if len(reached) < heads:
        return 0.0
    missing = [0.0] * heads + [1.0]  # missing[k] = chance that k people are still missing
    missing[0] = 0.0
    for p in reached:
        if not 0 <= p <= 1:
            raise ValueError("a chance lies in [0, 1]")
        missing[0] += p * missing[1]
        for k in range(1, heads):
            missing[k] += p * (missing[k + 1] - missing[k])
        missing[heads] *= 1 - p
    return min(1.0, missing[0])


def needs_a_clerk(chance: float) -> bool:
    """Whether a person should look at the order: it will rather not be filled in time."""
    return chance < ALERT_BELOW


# --- the chance of a yes


class Group(NamedTuple):
    """What chances are compared within: kind of service, how far, which part of the day."""

    category: Hashable
    band: int
    part: int


def group_of(category: Hashable, km: float, hour: float) -> Group:
    """The group of an offer: bands end at 2, 5, 10, 20 km; parts of the day end at 12, 18 and 24."""
    band = sum(km > edge for edge in BANDS_KM)
    return Group(category, band, 0 if hour < 12 else 1 if hour < 18 else 2)


@dataclass(frozen=True, slots=True)
class Answer:
    """One closed offer; silence is a no."""

    target: Hashable
    group: Hashable
    yes: bool


class Acceptance:
    """Beta-binomial chances of a yes by target, shrunk to the mean of the group.

        m_g = (yes_g + 20·m) / (n_g + 20)                      the group, shrunk to the mean m of everybody
        p_jg = m_g · (yes_j + s·m_g) / (expected_j + s·m_g)    expected_j = Σ m over the groups j was asked in

    When all offers of j fall into one group, p_jg is (yes_j + s·m_g) / (n_j + s): the posterior mean under
    a Beta prior with mean m_g and strength s. `fit` finds s by the method of moments from the correlation ρ
    = 1/(s+1) of answers of one person (Kleinman, JASA 1973, weights n(n−1)); before enough people were
    asked twice it is 8. Nothing else about a person is used: only offers and answers.

    `group_mean` feeds costs: one's own refusals never lower one's rank, beyond their share in the group.
    `probability` only decides how many are asked at once and the chance of filling in time.
    """

    STRENGTH = 8.0
    STRENGTH_RANGE = (2.0, 60.0)
    GROUP_STRENGTH = 20.0
    ENOUGH_PAIRS = 50.0  # Σ n(n−1)·m(1−m) over people, below which the correlation is not estimated

    def __init__(self, *, mean: float = 0.5, mean_strength: float = 10.0, strength: float = STRENGTH) -> None:
        if not 0 < mean < 1 or strength <= 0 or mean_strength <= 0:
            raise ValueError("acceptance: a mean inside (0, 1) and strengths above 0")
        self.strength = strength
        self._all = [mean * mean_strength, mean_strength]  # yeses, offers; starts as the prior
        self._group: dict[Hashable, list[float]] = defaultdict(lambda: [0.0, 0.0])
        self._target: dict[Hashable, list[float]] = defaultdict(lambda: [0.0, 0.0])  # yeses, expected

    @classmethod
    def fit(cls, answers: Iterable[Answer]) -> "Acceptance":
        """Everything from a log: group means first, then people against them, then the strength."""
        log = list(answers)
        found = cls()
        for one in log:
            found._count(one)
        means = {group: found.group_mean(group) for group in found._group}
        for one in log:
            record = found._target[one.target]
            record[0] += one.yes
            record[1] += means[one.group]
        found.strength = _strength(log, means, cls)
        return found

    def learn(self, answer: Answer) -> None:
        """Take in one more answer; expected at today's group mean."""
        expected = self.group_mean(answer.group)
        self._count(answer)
        record = self._target[answer.target]
        record[0] += answer.yes
        record[1] += expected

    def group_mean(self, group: Hashable) -> float:
        """m_g in (0, 1); the mean of everybody for a group never seen."""
        mean = self._all[0] / self._all[1]
        yes, asked = self._group.get(group, (0.0, 0.0))
        return (yes + self.GROUP_STRENGTH * mean) / (asked + self.GROUP_STRENGTH)

    def probability(self, target: Hashable, group: Hashable) -> float:
        """p̂_jg in (0, 1): the group mean for somebody never asked."""
        mean = self.group_mean(group)
        yes, expected = self._target.get(target, (0.0, 0.0))
        prior = self.strength * mean
        return min(0.98, max(0.01, mean * (yes + prior) / (expected + prior)))

    def _count(self, answer: Answer) -> None:
        for record in (self._all, self._group[answer.group]):
            record[0] += answer.yes
            record[1] += 1


def _strength(log: Sequence[Answer], means: dict[Hashable, float], law: type[Acceptance]) -> float:
    """s = 1/ρ − 1, ρ = Σ_j [(yes − expected)² − v] / Σ_j [(Σ sd)² − v], v = Σ m(1−m) over the offers of j."""
    surplus: dict[Hashable, float] = defaultdict(float)
    variance: dict[Hashable, float] = defaultdict(float)
    deviation: dict[Hashable, float] = defaultdict(float)
    for one in log:
        m = means[one.group]
        surplus[one.target] += one.yes - m
        variance[one.target] += m * (1 - m)
        deviation[one.target] += math.sqrt(m * (1 - m))
    pairs = sum(deviation[j] ** 2 - variance[j] for j in variance)
    if pairs < law.ENOUGH_PAIRS:
        return law.STRENGTH
    shared = sum(surplus[j] ** 2 - variance[j] for j in variance)
    low, high = law.STRENGTH_RANGE
    return high if shared <= 0 else min(high, max(low, pairs / shared - 1))
