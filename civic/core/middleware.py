"""Headers that every answer carries, and the one kind of text that no page takes."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse


class HeadersMiddleware:
    """Content-Security-Policy without inline anything, no device features, no caching of private pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", settings.CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(self), microphone=()")
        response.headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)  # for old browsers
        known = hasattr(request, "user") and request.user.is_authenticated
        response.headers.setdefault("Cache-Control", "private, no-store" if known else "private, no-cache")
        return response


class PlainTextMiddleware:
    """Refuse a query with a NUL sign: no keyboard sends it, and PostgreSQL cannot keep or compare it.

    Form fields refuse it by themselves, with a sentence (Django's ProhibitNullCharactersValidator).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> None:
        """Ask before the page runs, late enough for the page of the refusal to know who is asking."""
        if "%00" in request.META.get("QUERY_STRING", "") or "\x00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("NUL in the query")
