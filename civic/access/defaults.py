"""The city's settings and what they are until somebody changes them. Hours are working hours, eight a day."""

from typing import Any

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
    "people.notice_version": "2026-11",
    "city.name": "长治市",
    "city.product": "实践云",
    "city.host_unit": "",
    "city.phone": "",
    "city.icp": "",
    "city.police_filing": "",
}
