"""The city in the frame of every page, as its admin set it."""

from typing import Any

from django.http import HttpRequest

from civic.access import queries


def city(request: HttpRequest) -> dict[str, Any]:
    """Overrides what `core.context` took from the settings of the installation."""
    return {"city": queries.city()}
