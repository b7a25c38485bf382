"""Who is asking, on every request: a session counts only while its sign-in stands."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils import timezone

from civic.people import queries, services


class SessionMiddleware:
    """Person and sign-in in one query, read afresh each time: what is ended is out at once, everywhere.

    Sets `request.user` and `request.sign_in`. A sign-in that was ended, rested too long, or belongs to a
    disabled account is signed out. Somebody who still owes the second step gets no page but that one and
    the public ones.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.sign_in = None  # type: ignore[attr-defined]
        if SESSION_KEY in request.session:
            self._recognise(request)
        response = self.get_response(request)
        return _leave_fragment(request, response)

    def _recognise(self, request: HttpRequest) -> None:
        at = timezone.now()
        sign_in = request.session.sign_in  # type: ignore[attr-defined]
        standing = (
            sign_in is not None
            and sign_in.ended_at is None
            and sign_in.person.is_active
            and str(sign_in.person_id) == request.session[SESSION_KEY]
            and not queries.is_idle(sign_in, at)
        )
        if sign_in is None or not standing:
            logout(request)
            return
        services.touch(sign_in=sign_in, at=at)
        request.user = sign_in.person
        request.sign_in = sign_in  # type: ignore[attr-defined]

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Send whoever owes the second step there first."""
        sign_in = request.sign_in  # type: ignore[attr-defined]
        owes = sign_in is not None and sign_in.needs_totp and sign_in.verified_at is None
        if not owes or getattr(view, "audience", "") == "public" or hasattr(view, "before_second_step"):
            return None
        query = urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
        return HttpResponseRedirect(f"{reverse('people:second_step')}?{query}")


def _leave_fragment(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """An htmx request that must sign in first leaves the page, instead of swapping the form into a corner."""
    if not request.htmx or response.status_code != 302:  # type: ignore[attr-defined]
        return response
    gates = (resolve_url("people:sign_in"), resolve_url("people:second_step"))
    if response["Location"].startswith(gates):
        away = HttpResponse(status=204)
        away["HX-Redirect"] = response["Location"]
        return away
    return response
