"""One order by its key, as every move reads it: a prepared statement; what hangs on it when asked for."""

from civic.access.queries import reaches
from civic.core.rows import Reading
from civic.orders import rules
from civic.orders.models import Order
from civic.people.models import Person

ORDER = Reading(
    lambda: Order.objects.filter(pk=0).select_related("place", "item", "resident", "current__team")
)


def order_in_reach(person: Person, order_id: int, permission: str) -> Order | None:
    """The order, if it stands at a place where the person holds `permission`."""
    order = ORDER.first(order_id)
    return order if order is not None and reaches(person, permission, order.place.path) else None


def order_in_hand(person: Person, order_id: int) -> Order | None:
    """The order, if it was handed to the person: as leader of the team, named member, or volunteer.

    While several are asked, her own offer stands as the present dispatch.
    """
    order = ORDER.first(order_id)
    if order is None or order.current is None:
        return None
    offer = rules.offer_to(person, order)
    if offer is None:
        return order if order.current.venue_id is None and rules.serves(person, order.current) else None
    order.current = offer
    return order if offer.venue_id is None else None
