"""Who could do an order, and why: plain values in, ranked candidates with reasons out.

Pure: no database, no clock. `queries.desk.ranked` turns rows into `Facts` and is the only caller; a cleverer
engine may stand behind the same two shapes later. A total is the sum of its parts, whole numbers all of them.

What counts: the skill, the distance in the tree of places, the work in hand. What never counts: that someone
declined before (the law on volunteering: no harm from declining), nor past grades.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import takewhile

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TEAM, VENUE, VOLUNTEER = "team", "venue", "volunteer"
KINDS = (TEAM, VENUE, VOLUNTEER)  # teams first: a task for many hands; a volunteer is only ever invited

SKILL = 40
NEAR = {4: 30, 3: 20, 2: 10}  # places shared from the root down: village, township, county
FREE = 20
EACH_IN_HAND = 4

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Want:
    """What the order asks for: where, and which skill (none while nobody has named the item)."""

    path: str
    skill_id: int | None = None
    skill: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one candidate."""

    kind: str
    id: int
    name: str
    place: str
    path: str
    skill_ids: frozenset[int] = frozenset()
    has_claimed: bool = False
    in_hand: int = 0
    is_mobile: bool = False
    has_declined: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """One row of the list. `target` is what a form sends back; `notes` are told but never counted."""

    kind: str
    id: int
    name: str
    place: str
    reasons: list[str]
    parts: dict[str, int]
    total: int
    notes: list[str] = field(default_factory=list)

    @property
    def target(self) -> str:
        """The candidate as a form names it: ``team:7``."""
        return f"{self.kind}:{self.id}"


def rank(want: Want, everyone: Iterable[Facts]) -> list[Candidate]:
    """Teams, then venues, then volunteers; within each the highest total first, equals by name and id."""
    found = [weigh(want, facts) for facts in everyone]
    return sorted(found, key=lambda one: (KINDS.index(one.kind), -one.total, one.name, one.id))


def weigh(want: Want, facts: Facts) -> Candidate:
    """One candidate with its parts, their sum, and a sentence for each part that counts."""
    counted = {
        "skill": _skill(want, facts),
        "near": _near(want, facts),
        "free": _free(facts),
    }
    parts = {name: points for name, (points, _words) in counted.items()}
    return Candidate(
        kind=facts.kind,
        id=facts.id,
        name=facts.name,
        place=facts.place,
        reasons=[str(words) for _points, words in counted.values() if words],
        parts=parts,
        total=sum(parts.values()),
        notes=[str(_("这一单问过，当时没接成"))] if facts.has_declined else [],
    )


def shared(one: str, other: str) -> int:
    """How many places two paths share from the root: 4 the same village, 1 only the city."""
    pairs = zip(one.split("/"), other.split("/"), strict=False)
    return sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1] != "", pairs))


def _skill(want: Want, facts: Facts) -> tuple[int, Words]:
    if facts.has_claimed:
        return SKILL, _("领了这一项")
    if want.skill_id is not None and want.skill_id in facts.skill_ids:
        return SKILL, _("会{skill}").format(skill=want.skill)
    return 0, ""


def _near(want: Want, facts: Facts) -> tuple[int, Words]:
    depth = min(shared(want.path, facts.path), 4)
    words: dict[int, Words] = {4: _("就在本村社区"), 3: _("在同一乡镇街道"), 2: _("在同一县区")}
    if facts.is_mobile and depth <= 2:
        return NEAR.get(depth, 0), _("在同一县区，可流动上门") if depth == 2 else _("在外县区，可流动上门")
    return NEAR.get(depth, 0), words.get(depth, "")


def _free(facts: Facts) -> tuple[int, Words]:
    if not facts.in_hand:
        return FREE, _("手上没有别的单")
    points = max(0, FREE - EACH_IN_HAND * facts.in_hand)
    return points, _("手上还有 {n} 单").format(n=facts.in_hand)
