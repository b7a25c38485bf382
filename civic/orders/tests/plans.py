"""Rows as the engine writes them, for tests of what pages make of them."""

from civic.orders.models import Plan
from tests.moments import NOON


def candidate(target, name, *, travel, load=0, fairness=0, acceptance=140, price=0, exact=True, **more):
    """One candidate; its total is the sum of its parts, as it must be."""
    parts = {"travel": travel, "load": load, "fairness": fairness, "acceptance": acceptance}
    return {
        "target": target,
        "name": name,
        "parts": parts,
        "total": sum(parts.values()),
        "km": round(travel / 260, 1),
        "estimated": True,
        "reduced": price,
        "override": price if exact else None,
        "chance": 900,
    } | more


def plan_for(order, *candidates, target="", chance=820, made_at=NOON):
    """The plan of an order."""
    return Plan.objects.create(
        order=order,
        made_at=made_at,
        target=target,
        chance=chance,
        price=min((one["total"] for one in candidates), default=0),
        candidates=list(candidates),
    )
