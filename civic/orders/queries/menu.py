"""The menu as residents read it: what a place offers this month, and who near it can help."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from civic.orders.models import Category, Claim, Issue, Item, Switch
from civic.places.models import Place, within
from civic.venues.models import Venue
from civic.volunteers.models import Team

# What the first page offers: the item, the one character that stands for it, and what people call it.
FAVOURITES: tuple[tuple[str, str, str | Promise], ...] = (
    ("haircut", "理", gettext_lazy("理发")),
    ("blood-pressure", "诊", gettext_lazy("量血压")),
    ("appliance", "修", gettext_lazy("修家电")),
    ("legal-advice", "法", gettext_lazy("法律咨询")),
)


@dataclass(frozen=True, slots=True)
class Favourite:
    """One of the four tiles of the first page."""

    slug: str
    name: str
    sign: str


@dataclass(frozen=True, slots=True)
class Helpers:
    """Who near a place can do an item: sites that claimed it, teams with the skill."""

    venues: list[Venue]
    teams: list[Team]


def not_offered(place: Place, on: date) -> set[int]:
    """Ids of items that the place, or a place above it, does not offer in the month of `on`.

    A switch names the months in which the item is offered there; one without months takes it off all year.
    """
    rows = Switch.objects.filter(place_id__in=place.ancestor_ids).values_list("item_id", "months")
    return {item_id for item_id, months in rows if str(on.month) not in months.split(",")}


def offered_at(place: Place | None, on: date) -> QuerySet[Item]:
    """The items a resident of `place` can order on that day, in menu order; all without a place."""
    in_season = Q(months="") | Q(months__regex=rf"(^|,){on.month}(,|$)")
    found = Item.objects.filter(in_season, withdrawn_on=None)
    if place is not None:
        found = found.exclude(pk__in=not_offered(place, on))
    return found.select_related("category").order_by("category__position", "id")


def item_named(slug: str) -> Item | None:
    """The item by the name in its address, in season or not; None when the menu has it no longer."""
    return Item.objects.filter(slug=slug, withdrawn_on=None).select_related("category", "skill").first()


def categories() -> QuerySet[Category]:
    """The categories in the order of the menu."""
    return Category.objects.order_by("position")


def favourites(place: Place | None, on: date) -> list[Favourite]:
    """The four tiles of the first page; those the place does not offer are left out."""
    slugs = [slug for slug, _sign, _name in FAVOURITES]
    offered = set(offered_at(place, on).filter(slug__in=slugs).values_list("slug", flat=True))
    return [Favourite(slug, str(name), sign) for slug, sign, name in FAVOURITES if slug in offered]


def current_issue(place: Place, on: date) -> Issue | None:
    """This month's published list of the place or the nearest above it; None before it is out."""
    return (
        Issue.objects.filter(
            place_id__in=place.ancestor_ids, month=on.replace(day=1), published_at__isnull=False
        )
        .select_related("place", "demonstration")
        .order_by("-place__level_order")
        .first()
    )


def claims_near(place: Place, limit: int = 6) -> list[Claim]:
    """What sites of the township and the centers above it took on to offer; newest first."""
    return list(
        Claim.objects.filter(_around(place, "venue__place"), dropped_at=None, item__withdrawn_on=None)
        .filter(venue__closed_on=None)
        .select_related("item__category", "venue")
        .order_by("-claimed_at", "-id")[:limit]
    )


def helpers_near(item: Item, place: Place) -> Helpers:
    """Sites around the place that claimed the item, and teams around it with its skill."""
    venues = Venue.objects.open().filter(
        _around(place, "place"), pk__in=Claim.objects.filter(item=item, dropped_at=None).values("venue_id")
    )
    teams = Team.objects.filter(_around(place, "place"), closed_on=None, skills=item.skill_id)
    return Helpers(list(venues.order_by("sort_key")[:5]), list(teams.order_by("name", "id")[:5]))


def venues_serving(place: Place) -> list[Venue]:
    """The open sites of the place and of the places above it, the nearest level first."""
    return list(
        Venue.objects.open()
        .filter(place_id__in=place.ancestor_ids)
        .select_related("place")
        .order_by("-place__level_order", "sort_key", "id")[:8]
    )


def phone_for(venues: Sequence[Venue]) -> Venue | None:
    """The first of them that has a phone."""
    return next((venue for venue in venues if venue.phone), None)


def _around(place: Place, to: str) -> Q:
    """Rows whose place (at `to`) is above `place` or in the same township (the county, above that)."""
    parts = place.path.split("/")[:3]
    township = f"{'/'.join(part for part in parts if part)}/"
    return within([township], f"{to}__path") | Q(**{f"{to}_id__in": place.ancestor_ids})
