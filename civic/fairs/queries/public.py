"""What residents read: the next fairs, how far they are, and one fair with its stalls."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from civic.fairs import days
from civic.fairs.models import Fair, RecurringDay
from civic.fairs.queries.desk import by_hand, counted, falling
from civic.fairs.states import TOLD, FairState
from civic.places import positions
from civic.places.models import Level, Place, within

MOST = 40
WEEKS_AHEAD = 4


@dataclass(frozen=True, slots=True)
class Near:
    """A fair to come, how far it is from the chosen place in kilometres, and whether that is estimated."""

    fair: Fair
    km: float | None = None
    is_estimated: bool = False
    is_here: bool = False


@dataclass(frozen=True, slots=True)
class Falling:
    """A fixed day on a certain date, with what the calendar says of it."""

    on: date
    mark: days.Mark
    fixed: RecurringDay


def next_fairs(place: Place | None, *, at: datetime) -> list[Near]:
    """Fairs to come and those going on, the soonest first: of the county of `place`, or of the whole city.

    At equal times the nearer one comes first.
    """
    found = Fair.objects.filter(state__in=(FairState.PUBLISHED, FairState.OPEN), span__endswith__gt=at)
    if place is not None:
        found = found.filter(within([county_path(place)], "place__path"))
    rows = list(counted(found).select_related("place__parent", "venue").order_by("span", "id")[:MOST])
    if place is None or not rows:
        return [Near(fair) for fair in rows]
    points = positions.positions({place.pk, *(fair.place_id for fair in rows)})
    near = [_near(fair, place, points) for fair in rows]
    return sorted(near, key=lambda one: (one.fair.span.lower, one.km or 0.0, one.fair.pk))


def county_path(place: Place) -> str:
    """The path of the county above a place; its own when it is a county or the city."""
    depth = 1 if place.level == Level.CITY else 2
    return "/".join(place.path.split("/")[:depth]) + "/"


def _near(fair: Fair, place: Place, points: dict[int, positions.Point]) -> Near:
    here, there = points[place.pk], points[fair.place_id]
    same = fair.place_id == place.pk
    return Near(fair, here.km_to(there), not same and (here.is_estimated or there.is_estimated), same)


def fixed_days_ahead(place: Place | None, *, today: date) -> list[Falling]:
    """The fixed days of a place and of those above it in the next four weeks."""
    if place is None:
        return []
    found = RecurringDay.objects.filter(place__in=place.ancestor_ids, dropped_at=None)
    fixed = list(found.select_related("place").order_by("place__level_order", "id"))
    if not fixed:
        return []
    ahead = [today + timedelta(days=number) for number in range(7 * WEEKS_AHEAD)]
    set_days = by_hand(ahead[0], ahead[-1])
    return [Falling(day, days.mark_of(day, set_days), one) for day in ahead for one in falling(fixed, day)]


def fair_told(fair_id: int) -> Fair | None:
    """A fair that residents know of: published, going on, held, or called off after it was published."""
    told = Q(state__in=TOLD) | Q(state=FairState.CANCELLED, published_at__isnull=False)
    found = Fair.objects.filter(told, pk=fair_id)
    return counted(found).select_related("place__parent", "venue").first()


def fairs_at(place_ids: list[int], *, at: datetime, limit: int = 3) -> list[Fair]:
    """The next fairs at these places."""
    found = Fair.objects.filter(
        place__in=place_ids, state__in=(FairState.PUBLISHED, FairState.OPEN), span__endswith__gt=at
    )
    return list(found.order_by("span", "id")[:limit])
