"""Shape: the menu (`menu`), the order (`order`), its work (`work`), its plan (`matching`)."""

from civic.orders.models.matching import Plan, Round, Ruling, Shortage, Touch
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
    "Plan",
    "Provision",
    "Referral",
    "Review",
    "Round",
    "Ruling",
    "Shortage",
    "Switch",
    "Synonym",
    "Touch",
    "Visit",
]
