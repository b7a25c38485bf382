"""Shape: the menu (`menu`), the order (`order`), what is done for it (`work`)."""

from civic.orders.models.menu import Category, Claim, Issue, Item, Referral, Switch, Synonym
from civic.orders.models.order import Attachment, DayCounter, Event, Order, OrderQuerySet
from civic.orders.models.work import CallBack, Dispatch, Feedback, Provision, Review, Visit

__all__ = [
    "Attachment",
    "CallBack",
    "Category",
    "Claim",
    "DayCounter",
    "Dispatch",
    "Event",
    "Feedback",
    "Issue",
    "Item",
    "Order",
    "OrderQuerySet",
    "Provision",
    "Referral",
    "Review",
    "Switch",
    "Synonym",
    "Visit",
]
