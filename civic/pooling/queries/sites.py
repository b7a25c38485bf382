"""What the sites of a round's area read: the call, their own needs and contributions, when the team comes."""

from civic.access.queries import paths_reached
from civic.access.roles import Permission
from civic.orders.models import Item
from civic.people.models import Person
from civic.places.models import Level, Place, within
from civic.pooling import rules
from civic.pooling.models import Contribution, Need, Pool
from civic.pooling.states import PoolState
from civic.venues.models import Venue, VenueKind
from civic.volunteers.models import Skill, Team

CLAIM = Permission.MENU_CLAIM
LIST = 40


def calls(person: Person) -> list[Pool]:
    """Rounds that were opened where the person works, the latest day first."""
    tops = paths_reached(person, CLAIM)
    above = {int(part) for top in tops for part in top.split("/") if part}
    found = Pool.objects.filter(within(tops, "place__path")) | Pool.objects.filter(place__in=above)
    opened = found.exclude(state=PoolState.DRAFT).select_related("place")
    return list(opened.order_by("-on", "-id")[:LIST])


def call_for(person: Person, pool_id: int) -> Pool | None:
    """A round that was opened where the person works; None for any other."""
    pool = Pool.objects.exclude(state=PoolState.DRAFT).select_related("place").filter(pk=pool_id).first()
    return pool if pool is not None and rules.works_in(person, pool) else None


def own_needs(person: Person, pool: Pool) -> list[Need]:
    """Needs of the places where the person works, with their stops."""
    ours = within(paths_reached(person, CLAIM), "place__path")
    found = Need.objects.filter(ours, pool=pool, order=None).select_related("place", "item")
    return list(found.prefetch_related("stops__tour__team").order_by("-id")[:LIST])


def own_contributions(person: Person, pool: Pool) -> list[Contribution]:
    """What the person put in."""
    found = Contribution.objects.filter(pool=pool, offered_by=person)
    return list(found.select_related("venue", "team", "tour__team").order_by("-id")[:LIST])


def places_to_ask_for(person: Person, pool: Pool) -> list[Place]:
    """Villages of the area that the person speaks for, with their townships."""
    ground = Place.objects.valid().under(pool.place.path).filter(level=Level.VILLAGE).select_related("parent")
    if not rules.may_edit(person, pool):
        ground = ground.filter(within(paths_reached(person, CLAIM)))
    return list(ground.order_by("parent__code", "code", "sort_key", "id"))


def items_to_ask_for() -> list[Item]:
    """What can be asked for: everything on the menu."""
    found = Item.objects.filter(withdrawn_on=None).select_related("category")
    return list(found.order_by("category__position", "category_id", "id"))


def givers(person: Person, pool: Pool) -> tuple[list[Venue], list[Team]]:
    """Sites and teams of the area for which the person may put something in; stations only for their own."""
    ours = within([pool.place.path], "place__path") & within(paths_reached(person, CLAIM), "place__path")
    venues = Venue.objects.open().filter(ours).select_related("place")
    if rules.may_edit(person, pool):
        venues = venues.exclude(kind=VenueKind.STATION)
    teams = Team.objects.filter(ours, closed_on=None)
    return list(venues.order_by("place__path", "id")[:LIST]), list(teams.order_by("name", "id")[:LIST])


def skills() -> list[Skill]:
    """Every skill, by name."""
    return list(Skill.objects.order_by("name", "id"))
