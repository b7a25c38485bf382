"""What the editor of the menu reads: items with their switches, monthly lists, and what sites took on."""

from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet

from civic.access.queries import holds, paths_reached
from civic.access.roles import Permission
from civic.orders.models import Category, Claim, Issue, Item, Switch
from civic.people.models import Person
from civic.places.models import Level, Place, PlaceQuerySet, within
from civic.venues.models import Venue

P = Permission


def menu_by_category() -> QuerySet[Category]:
    """The categories with their standing items, each with how many switches and everyday words it has."""
    items = (
        Item.objects.filter(withdrawn_on=None)
        .annotate(
            switch_count=Count("switches", distinct=True), synonym_count=Count("synonyms", distinct=True)
        )
        .order_by("id")
    )
    return Category.objects.order_by("position").prefetch_related(Prefetch("items", queryset=items))


def item_at_desk() -> QuerySet[Item]:
    """An item with everything its page shows."""
    return Item.objects.select_related("category", "skill").prefetch_related(
        Prefetch("synonyms"),
        Prefetch("switches", queryset=Switch.objects.select_related("place").order_by("id")),
    )


def edits_whole_menu(person: Person) -> bool:
    """Whether the person may change the words of items, which hold for the whole city."""
    root = Place.objects.filter(level=Level.CITY).first()
    return root is not None and root.path in paths_reached(person, P.MENU_EDIT)


def places_to_switch(person: Person) -> PlaceQuerySet:
    """Counties and townships where the person may take items off the menu."""
    levels = (Level.COUNTY, Level.TOWNSHIP)
    return (
        Place.objects.valid().filter(within(paths_reached(person, P.MENU_EDIT)), level__in=levels).in_order()
    )


def places_to_issue_for(person: Person) -> PlaceQuerySet:
    """Counties whose monthly list the person compiles."""
    paths = paths_reached(person, P.MENU_EDIT)
    return Place.objects.valid().filter(within(paths), level=Level.COUNTY).in_order()


def venues_of(places: PlaceQuerySet, limit: int = 400) -> QuerySet[Venue]:
    """Standing sites below any of the places, for the choice of the demonstration site."""
    paths = list(places.values_list("path", flat=True))
    found = Venue.objects.open().filter(within(paths, "place__path"))
    return found.order_by("place__level_order", "sort_key", "id")[:limit]


def issues_seen(person: Person) -> QuerySet[Issue]:
    """Monthly lists of the person's counties, drafts among them for who may edit; the latest first."""
    mine = within(paths_reached(person, P.MENU_EDIT), "place__path")
    tops = {part for path in paths_reached(person, P.MENU_CLAIM) for part in path.split("/") if part}
    above = Q(place__in=[int(part) for part in tops], published_at__isnull=False)
    return (
        Issue.objects.filter(mine | above)
        .select_related("place", "demonstration", "published_by")
        .annotate(item_count=Count("items", distinct=True), claim_count=Count("claims", distinct=True))
        .order_by("-month", "-id")
    )


def current_issue_of(venue: Venue, today: date) -> Issue | None:
    """This month's published list for a site."""
    found = Issue.objects.filter(
        place__in=venue.place.ancestor_ids, month=today.replace(day=1), published_at__isnull=False
    )
    return found.prefetch_related("items").order_by("-place__level_order", "-id").first()


def claims_of(venue: Venue) -> QuerySet[Claim]:
    """What a site offers now."""
    found = Claim.objects.filter(venue=venue, dropped_at=None)
    return found.select_related("item__category", "issue").order_by("item__category__position", "item_id")


def may_compile(person: Person) -> bool:
    """Whether the person edits menus at all."""
    return holds(person, P.MENU_EDIT)


def venue_to_claim_for(person: Person, venue_id: int) -> Venue | None:
    """The standing site, if the person may take items on for it."""
    paths = paths_reached(person, P.MENU_CLAIM)
    found = Venue.objects.open().filter(within(paths, "place__path"), pk=venue_id)
    return found.select_related("place").first()


def venues_to_claim_for(person: Person) -> list[Venue]:
    """Sites for which the person may take items on: her own first, at most a hundred."""
    paths = paths_reached(person, P.MENU_CLAIM)
    found = Venue.objects.open().filter(within(paths, "place__path")).select_related("place")
    return list(found.order_by("place__level_order", "sort_key", "pk")[:100])
