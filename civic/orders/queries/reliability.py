"""How true the predictions were: the reliability diagram, and what people decided against the proposals.

The diagram after DeGroot and Fienberg, "The comparison and evaluation of forecasters" (1983, The
Statistician); the expected calibration error after Naeini, Cooper and Hauskrecht (AAAI 2015), ten equal bins.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import isqrt

from django.db.models import Avg, Count, F, IntegerField, Q
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Least, TruncWeek

from civic.access.queries import paths_reached
from civic.access.roles import Permission
from civic.orders.models import Dispatch, Event
from civic.orders.states import DispatchState
from civic.people.models import Person
from civic.places.models import within

BINS = 10
DAYS = 180
WEEKS = 8
AGAINST = ("override", "pin", "forbid")
# Taken back after a yes (`answered_at`) it was a yes; taken back before, nobody knows.
YES = Q(state__in=(DispatchState.ACCEPTED, DispatchState.DONE)) | Q(
    state=DispatchState.RECALLED, answered_at__isnull=False
)
NO = Q(state__in=(DispatchState.DECLINED, DispatchState.LAPSED))


@dataclass(frozen=True, slots=True)
class Bin:
    """Offers whose predicted chance lay between two tenths: how many, predicted and happened in percent."""

    lowest: int
    count: int
    predicted: float
    happened: float

    @property
    def x(self) -> int:
        """Across the diagram, 0 to 300."""
        return round(3 * self.predicted)

    @property
    def y(self) -> int:
        """Down the diagram, 300 to 0."""
        return 300 - round(3 * self.happened)

    @property
    def radius(self) -> int:
        """The more offers, the larger the dot."""
        return min(14, 4 + isqrt(self.count) // 2)


@dataclass(frozen=True, slots=True)
class Diagram:
    """All bins that hold an offer; the expected calibration error in percent points (None without offers)."""

    bins: list[Bin]
    count: int
    error: float | None


@dataclass(frozen=True, slots=True)
class Week:
    """A week, by its Monday, and how often each reason was given in it."""

    monday: date
    reasons: list[tuple[str, str, int]]  # verb, reason, times


def diagram(person: Person, now: datetime) -> Diagram:
    """Predicted against happened, over the answered offers of half a year within reach."""
    offers = (
        Dispatch.objects.filter(
            YES | NO, card__has_key="chance", dispatched_at__gt=now - timedelta(days=DAYS)
        )
        .filter(within(paths_reached(person, Permission.FIGURES_SEE), "order__place__path"))
        .annotate(chance=Cast(KT("card__chance"), IntegerField()))
        .annotate(tenth=Least(F("chance") / 100, BINS - 1))
    )
    rows = (
        offers.order_by()
        .values("tenth")
        .annotate(n=Count("pk"), mean=Avg("chance"), yes=Count("pk", filter=YES))
        .order_by("tenth")
    )
    bins = [
        Bin(10 * row["tenth"], row["n"], round(row["mean"] / 10, 1), round(100 * row["yes"] / row["n"], 1))
        for row in rows
    ]
    return Diagram(bins, sum(one.count for one in bins), _error(bins))


def _error(bins: list[Bin]) -> float | None:
    """How far, on average over the offers, the prediction lay from what happened; percent points."""
    count = sum(one.count for one in bins)
    if not count:
        return None
    return round(sum(one.count * abs(one.predicted - one.happened) for one in bins) / count, 1)


def overrides(person: Person, now: datetime) -> list[Week]:
    """What people decided against the proposals in the last weeks, by reason; the latest week first."""
    events = (
        Event.objects.filter(what__in=AGAINST, at__gt=now - timedelta(weeks=WEEKS))
        .filter(within(paths_reached(person, Permission.FIGURES_SEE), "order__place__path"))
        .annotate(week=TruncWeek("at"))
        .order_by()
        .values("week", "what", "note")
        .annotate(n=Count("pk"))
        .order_by("-week", "-n", "what", "note")
    )
    weeks: dict[date, Week] = {}
    for row in events:
        monday = row["week"].date()
        week = weeks.setdefault(monday, Week(monday, []))
        week.reasons.append((row["what"], row["note"], row["n"]))
    return list(weeks.values())
