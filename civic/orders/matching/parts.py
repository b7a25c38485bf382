"""What it costs that a helper does an order, in whole centi-minutes: parts that people can read and add up.

    cost = travel + load + fairness + acceptance                       every part ≥ 0

    travel      100 · 60 / 30 km/h · 1.3 · km       1.3 turns a straight line into a road
    load        150 · min(orders in hand, 8)        1.5 minutes for each
    fairness    150 · min(orders this month, 20)    the next one goes to who had fewer
    acceptance  −400 · ln p                         p = the mean of a group of offers, never of one person

The group is the kind of helper, the category of the item, the band of distance and the part of the day:
whoever says no is not ranked lower for it (R03). Grades of persons do not count. The formulas are those of
`civic.matching.costs`, in plain Python so that pages may import them; a test holds the two together.
"""

from dataclasses import dataclass
from datetime import date
from math import hypot, log
from typing import NamedTuple

from civic.matching.policy import Group, group_of

TRAVEL_PER_KM = 260  # centi-minutes for a straight kilometre
PER_ORDER = 150
MOST_IN_HAND, MOST_THIS_MONTH = 8, 20
MOST_KM = 20.0  # for volunteers and sites; a team serves its county
UNSERVED = (24_000, 48_000)  # what it costs to leave an order, and a pressing one
HALVES = ("morning", "afternoon", "evening")
HOURS = {"morning": 9, "afternoon": 14, "evening": 18, "any": 14}  # when a half-day begins, on the clock
TEAM, VENUE, VOLUNTEER = "team", "venue", "volunteer"


class Slot(NamedTuple):
    """A half-day; without a day: some time this week."""

    on: date | None
    half: str


ANY_TIME = Slot(None, "any")


@dataclass(frozen=True, slots=True)
class Need:
    """An order as the engine sees it. `county` is a path two places deep, `township` the id of a place."""

    id: int
    county: str
    township: int
    x_km: float
    y_km: float
    is_estimated: bool
    item_id: int
    skill_id: int
    category_id: int
    on: date | None
    half: str
    is_pressing: bool
    resident_id: int
    barred: frozenset[str] = frozenset()  # forbidden by a ruling, or asked before in vain
    pin: str = ""

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The half-days at which it may be done."""
        if self.on is None:
            return (ANY_TIME,)
        return tuple(Slot(self.on, half) for half in (HALVES[:2] if self.half == "any" else (self.half,)))

    @property
    def penalty(self) -> int:
        """What it costs to leave it."""
        return UNSERVED[self.is_pressing]


@dataclass(frozen=True, slots=True)
class Helper:
    """A team, a site or a volunteer. `busy` are half-days already given away."""

    target: str
    name: str
    county: str
    x_km: float
    y_km: float
    is_estimated: bool
    skill_ids: frozenset[int] = frozenset()
    item_ids: frozenset[int] = frozenset()
    is_mobile: bool = False
    in_hand: int = 0
    this_month: int = 0
    busy: frozenset[Slot] = frozenset()
    person_id: int | None = None
    is_asked: bool = False  # an invitation waits for the volunteer's answer

    @property
    def kind(self) -> str:
        """team, venue or volunteer."""
        return self.target.partition(":")[0]

    def copies(self, slot: Slot) -> int:
        """How many orders can be planned for it at that time."""
        if slot.on is not None:
            return 0 if slot in self.busy else 1
        return 1 if self.kind == VOLUNTEER else 4


class Parts(NamedTuple):
    """The parts of a cost; `sum` of it is the cost."""

    travel: int
    load: int
    fairness: int
    acceptance: int


def km_between(need: Need, helper: Helper) -> float:
    """Straight kilometres."""
    return hypot(need.x_km - helper.x_km, need.y_km - helper.y_km)


def fits(need: Need, helper: Helper) -> bool:
    """Whether the engine may think of the helper at all."""
    if helper.is_asked or helper.target in need.barred or (need.pin and need.pin != helper.target):
        return False
    if need.skill_id not in helper.skill_ids and need.item_id not in helper.item_ids:
        return False
    if not (helper.is_mobile or same_county(need.county, helper.county)):
        return False
    if helper.person_id is not None and helper.person_id == need.resident_id:
        return False
    return helper.kind == TEAM or need.pin == helper.target or km_between(need, helper) <= MOST_KM


def same_county(one: str, other: str) -> bool:
    """Whether two paths, two places deep at most, are one county, or one of them is the city itself."""
    return one == other or one.count("/") == 1 or other.count("/") == 1


def group(asked: tuple[str, int], km: float, half: str) -> Group:
    """The group whose mean answer counts: (kind of helper, category), how far, which part of the day."""
    return group_of(asked, km, HOURS[half])


def group_of_pair(need: Need, helper: Helper) -> Group:
    """The group of a pair."""
    return group((helper.kind, need.category_id), km_between(need, helper), need.half)


def travel(km: float) -> int:
    """Centi-minutes on the road for straight `km`."""
    return round(TRAVEL_PER_KM * km)


def parts(need: Need, helper: Helper, chance: float, planned: int = 0) -> Parts:
    """The parts for the pair, when `planned` orders are planned for the helper already at that time.

    `chance` in (0, 1] is the mean of the pair's `group`.
    """
    return Parts(
        travel=travel(km_between(need, helper)),
        load=PER_ORDER * min(helper.in_hand + planned, MOST_IN_HAND),
        fairness=PER_ORDER * min(helper.this_month, MOST_THIS_MONTH),
        acceptance=round(-400 * log(chance)),
    )
