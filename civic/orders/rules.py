"""Who may make which move on an order. Whether it can be made now is `states.LIFE`'s question."""

from collections.abc import Callable

from django.db.models import Q

from civic.access.queries import reaches
from civic.access.roles import Permission
from civic.orders.models import Dispatch, Order
from civic.orders.states import DispatchState, OrderState
from civic.people.models import Person
from civic.volunteers.models import Volunteer


def is_own(person: Person, order: Order) -> bool:
    """Whether the order was placed for this person's account."""
    return person.pk == order.resident_id


def may_see_at_desk(person: Person, order: Order) -> bool:
    """Staff of the subtree."""
    return reaches(person, Permission.ORDERS_SEE, order.place.path)


def may_place_for(person: Person, path: str) -> bool:
    """Staff who may enter an order for somebody at the place."""
    return reaches(person, Permission.ORDERS_PLACE, path)


def acts_for(person: Person, order: Order) -> bool:
    """The resident herself, or staff acting for her; both identities are stored."""
    return is_own(person, order) or may_place_for(person, order.place.path)


may_repair = may_change_time = may_withdraw = acts_for


def may_screen(person: Person, order: Order) -> bool:
    """Township and county staff take orders in."""
    return reaches(person, Permission.ORDERS_SCREEN, order.place.path)


may_send_back = may_reject = may_refer = may_merge = may_screen


def may_dispatch(person: Person, order: Order) -> bool:
    """The county center hands orders out."""
    return reaches(person, Permission.ORDERS_DISPATCH, order.place.path)


may_transfer = may_rework = may_rule = may_dispatch


def may_cancel(person: Person, order: Order) -> bool:
    """The county center ends an order that cannot go on."""
    return reaches(person, Permission.ORDERS_CANCEL, order.place.path)


def leads(person: Person, dispatch: Dispatch | None) -> bool:
    """Whether the dispatch was made to this person: as team leader, as the volunteer, as the site's clerk."""
    if dispatch is None:
        return False
    if dispatch.team is not None:
        return dispatch.team.leader_id == person.pk
    if dispatch.volunteer is not None:
        return dispatch.volunteer.person_id == person.pk
    return dispatch.venue is not None and reaches(person, Permission.ORDERS_ACCEPT, dispatch.venue.place.path)


def serves(person: Person, dispatch: Dispatch | None) -> bool:
    """Whether the person does the work: who leads the dispatch, or a member assigned to it."""
    if leads(person, dispatch):
        return True
    return dispatch is not None and dispatch.members.filter(person_id=person.pk).exists()


def offer_to(person: Person, order: Order) -> Dispatch | None:
    """What was handed to this person: the current dispatch, or another offer that waits for an answer."""
    if leads(person, order.current):
        return order.current
    if order.state != OrderState.DISPATCHED:
        return None
    others = Dispatch.objects.filter(order=order, state=DispatchState.OFFERED)
    found = others.select_related("team", "venue__place", "volunteer").order_by("-pk")
    return next((offer for offer in found if leads(person, offer)), None)


def was_asked(person: Person, order: Order) -> bool:
    """Whether an offer to this person was taken back or ran out."""
    over = Dispatch.objects.filter(order=order, state__in=(DispatchState.RECALLED, DispatchState.LAPSED))
    found = over.select_related("team", "venue__place", "volunteer").order_by("-pk")
    return any(leads(person, offer) for offer in found)


def may_accept(person: Person, order: Order) -> bool:
    """Only whom the order was handed to: nobody accepts for another."""
    return offer_to(person, order) is not None


may_decline = may_accept


def may_take(person: Person, order: Order) -> bool:
    """A volunteer who knows the trade, of the same county, takes what waits; never her own order."""
    if order.item is None or is_own(person, order):
        return False
    county = order.place.path.split("/")[:2]
    mine = Volunteer.objects.filter(person=person.pk, left_at=None, skills=order.item.skill_id)
    return any(home.split("/")[:2] == county for home in mine.values_list("home__path", flat=True))


def may_assign(person: Person, order: Order) -> bool:
    """Who leads the team that has the order."""
    return leads(person, order.current)


def may_provision(person: Person, order: Order) -> bool:
    """Station and institute make ready; so may who holds the order."""
    return reaches(person, Permission.ORDERS_PROVISION, order.place.path) or leads(person, order.current)


def may_start(person: Person, order: Order) -> bool:
    """Who serves, or the site's clerk for a team without a phone."""
    return serves(person, order.current) or reaches(person, Permission.ORDERS_PROVISION, order.place.path)


may_schedule = may_finish = may_start


def has_served(person: Person, order: Order) -> bool:
    """Whether the person did the work. For a site: who took it on, began it or ended it there.

    Reach over the site is not enough: the center reaches every site and still asks residents for grades.
    """
    dispatch = order.current
    if dispatch is None or dispatch.venue is None:
        return serves(person, dispatch)
    visits = order.visits.filter(dispatch=dispatch)
    return (
        dispatch.answered_by_id == person.pk
        or visits.filter(Q(started_by=person) | Q(finished_by=person)).exists()
    )


def may_review(person: Person, order: Order) -> bool:
    """The resident, never whoever served; by telephone the center, if it did not serve either."""
    if has_served(person, order):
        return False
    return is_own(person, order) or reaches(person, Permission.ORDERS_CLOSE, order.place.path)


may_dispute = may_review


def may_close(person: Person, order: Order) -> bool:
    """The center, after the call-back."""
    return reaches(person, Permission.ORDERS_CLOSE, order.place.path)


def may_lapse(_person: Person, _order: Order) -> bool:
    """Nobody: a review or an answer that never came is ended by the clock alone."""
    return False


may_lapse_offer = may_lapse


def moves_for(person: Person, order: Order, open_moves: list[str]) -> list[str]:
    """Of the moves open to the order, those this person may make; for buttons."""
    rules: dict[str, Callable[[Person, Order], bool]] = {
        name.removeprefix("may_"): rule for name, rule in globals().items() if name.startswith("may_")
    }
    return [move for move in open_moves if rules[move](person, order)]
