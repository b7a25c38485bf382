"""What a team's leader reads on the road: her tours, one tour with its stops, whom to call."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from civic.orders.queries.team import shows_contact
from civic.people.models import Person
from civic.pooling.models import Contribution, Stop, Tour
from civic.pooling.states import ContributionState, PoolState, StopState
from civic.venues.models import Venue

SEEN = (PoolState.PUBLISHED, PoolState.DONE)


@dataclass(frozen=True, slots=True)
class Halt:
    """One stop for the driver: the resident's contact, or the site's number where no resident asked."""

    stop: Stop
    name: str
    phone: str
    address: str
    has_moved_on: bool


def tours_of(person: Person) -> list[Tour]:
    """Published tours of the teams that the person leads, the latest day first."""
    found = Tour.objects.filter(team__leader=person, pool__state__in=SEEN).select_related("team", "pool")
    return list(found.annotate(stop_count=Count("stops")).order_by("-on", "-id")[:30])


def tour_of(person: Person, tour_id: int) -> Tour | None:
    """A published tour of a team that the person leads; None for any other."""
    found = Tour.objects.filter(pk=tour_id, team__leader=person, pool__state__in=SEEN)
    return found.select_related("team__leader", "pool__place", "depot").first()


def stop_of(person: Person, stop_id: int) -> Stop | None:
    """A stop of such a tour."""
    found = Stop.objects.filter(pk=stop_id, tour__team__leader=person, tour__pool__state__in=SEEN)
    return found.select_related(
        "tour__team", "tour__pool", "need__item", "need__place", "need__order"
    ).first()


def halts(tour: Tour, *, with_contact: bool) -> list[Halt]:
    """The stops in order; two queries. Contacts only for whom the orders were handed to."""
    found = Stop.objects.filter(tour=tour).select_related(
        "need__item", "need__place__parent", "need__order__current"
    )
    stops = list(found.order_by("position"))
    phones = _site_phones(stop.need.place_id for stop in stops)
    return [_halt(stop, tour, phones, with_contact=with_contact) for stop in stops]


def _halt(stop: Stop, tour: Tour, phones: dict[int, tuple[str, str]], *, with_contact: bool) -> Halt:
    order = stop.need.order
    if order is None:
        name, phone = phones.get(stop.need.place_id, ("", ""))
        return Halt(stop, name, phone, "", has_moved_on=False)
    held = order.current is not None and order.current.team_id == tour.team_id
    if with_contact and held and shows_contact(order):
        return Halt(stop, order.contact_name, order.contact_phone, order.address, has_moved_on=False)
    return Halt(stop, "", "", "", has_moved_on=not held and stop.state == StopState.AHEAD)


def _site_phones(place_ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Name and published number of the site at each place."""
    found = Venue.objects.open().filter(place_id__in=set(place_ids)).exclude(phone="").order_by("-id")
    return {venue.place_id: (venue.name, venue.phone) for venue in found}


def carried(tour: Tour) -> list[Contribution]:
    """What goes along: who rides with the team, and the round's material and ideas."""
    found = Contribution.objects.filter(pool=tour.pool_id, state=ContributionState.TAKEN)
    rows = found.select_related("venue", "team").order_by("kind", "id")
    return [given for given in rows if given.tour_id in {None, tour.pk}]
