"""Who may do what in a round. Whether it can be done now is the machines' question."""

from civic.access.queries import paths_reached, reaches
from civic.access.roles import Permission
from civic.people.models import Person
from civic.places.models import Place
from civic.pooling.models import Contribution, Pool, Stop, Tour


def may_edit(person: Person, pool: Pool) -> bool:
    """The dispatcher of the round's place gathers, plans and publishes."""
    return reaches(person, Permission.ORDERS_DISPATCH, pool.place.path)


may_open_pool = may_plan = may_publish = may_wrap_up = may_cancel = may_edit


def may_speak_for(person: Person, pool: Pool, place: Place) -> bool:
    """Who says what a place of the round needs or gives: its own clerks, and who edits the round."""
    in_area = place.path.startswith(pool.place.path)
    return may_edit(person, pool) or (in_area and reaches(person, Permission.MENU_CLAIM, place.path))


def may_take(person: Person, contribution: Contribution) -> bool:
    """What is used is the dispatcher's choice."""
    return may_edit(person, contribution.pool)


may_turn_down = may_take


def may_take_on(person: Person, tour: Tour) -> bool:
    """Only the team's leader says yes or no for the team."""
    return tour.team.leader_id == person.pk


may_hand_back = may_take_on


def may_arrive(person: Person, stop: Stop) -> bool:
    """Who leads the team on the road."""
    return may_take_on(person, stop.tour)


may_complete = may_skip = may_arrive


def works_in(person: Person, pool: Pool) -> bool:
    """Whether the person works at a site of the round's area, or above it."""
    tops = paths_reached(person, Permission.MENU_CLAIM)
    return any(top.startswith(pool.place.path) or pool.place.path.startswith(top) for top in tops)


def may_offer(person: Person, pool: Pool, place: Place | None) -> bool:
    """For a site or a team speaks who works there; for a partner, who works anywhere in the area."""
    if place is None:
        return works_in(person, pool)
    return may_edit(person, pool) or (
        works_in(person, pool) and reaches(person, Permission.MENU_CLAIM, place.path)
    )
