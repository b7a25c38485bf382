"""Where the reader is: what she chose in this browser, else her home."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from civic.orders.queries import resident as queries
from civic.places.models import Place


def place_of(request: HttpRequest) -> Place | None:
    """The place the pages are about; None until the reader chose one."""
    return queries.place_of(request.user, request.session.get("place_id"))


def choose_url(back: str) -> str:
    """The page where a place is chosen, which then leads on to `back`."""
    return f"{reverse('places:choose')}?{urlencode({'next': back})}"
