"""How a form finds the place that somebody typed."""

from collections.abc import Callable
from functools import partial

from django.http import HttpRequest

from civic.fairs.queries.desk import places_named
from civic.places.queries import Spot


def finder(request: HttpRequest) -> Callable[[str], list[Spot]]:
    """Places that words may mean, where this person arranges fairs."""
    return partial(places_named, request.user)
