"""The city's settings and what they are until somebody changes them. Hours are working hours, eight a day."""

from typing import Any

from django.conf import settings

DEFAULTS: dict[str, Any] = {
    "orders.steps": 5,  # 点单·派单·接单·配单·评单, or 4 without 配单
    "orders.screen_hours": 8,
    "orders.urgent_screen_hours": 2,
    "orders.dispatch_hours": 8,
    "orders.accept_hours": 16,
    "orders.provision_hours": 16,
    "orders.schedule_hours": 16,
    "orders.callback_hours": 16,
    "orders.review_days": 7,
    "orders.callback_percent": 8,
    "orders.open_orders_max": 5,
    "orders.escalate_after_hours": 8,
    # Auto-dispatch: how often it looks, when it is silent (hours of the day), how much it may ask of people.
    "matching.tick_minutes": 15,
    "matching.quiet_from": 22,
    "matching.quiet_to": 7,
    "matching.offers_per_week": 3,
    "matching.over_offer_max": 3,
    "matching.volunteers_may_take": 0,  # 1: volunteers take waiting orders by themselves
    # The 15-minute circle: how far a site may be, and how many it takes.
    "circle.urban_metres": 1000,
    "circle.rural_metres": 1500,
    "circle.sites_least": 1,
    # What the settings of the installation say, until the city says otherwise.
    "city.name": settings.CITY["name"],
    "city.product": settings.CITY["product"],
    "city.host_unit": settings.CITY["host_unit"],
    "city.phone": settings.CITY["phone"],
    "city.icp": settings.CITY["icp"],
    "city.police_filing": settings.CITY["police_filing"],
}

# The least and the most of every number.
LIMITS: dict[str, tuple[int, int]] = {
    "orders.steps": (4, 5),
    "orders.screen_hours": (1, 80),
    "orders.urgent_screen_hours": (1, 16),
    "orders.dispatch_hours": (1, 80),
    "orders.accept_hours": (1, 80),
    "orders.provision_hours": (1, 80),
    "orders.schedule_hours": (1, 80),
    "orders.callback_hours": (1, 80),
    "orders.review_days": (1, 60),
    "orders.callback_percent": (0, 100),
    "orders.open_orders_max": (1, 50),
    "orders.escalate_after_hours": (1, 80),
    "matching.tick_minutes": (15, 240),
    "matching.quiet_from": (0, 23),
    "matching.quiet_to": (0, 23),
    "matching.offers_per_week": (1, 14),
    "matching.over_offer_max": (1, 5),
    "matching.volunteers_may_take": (0, 1),
    "circle.urban_metres": (200, 5000),
    "circle.rural_metres": (200, 10_000),
    "circle.sites_least": (1, 5),
}
