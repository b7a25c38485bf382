"""Every page says who it is for; here it is asked."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from civic.access import queries
from civic.core.errors import Denied

STAFF = {"desk", "city", "admin"}


class AudienceMiddleware:
    """Lets a request through to its page, or answers 403; guests were sent to sign in before.

    Without the second step a sign-in carries no grant at all: staff pages stay shut, and on resident pages
    she is a resident. A page that does not name its audience is a bug, and is absent in production.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Ask before the page runs."""
        audience = getattr(view, "audience", "")
        if not audience:
            _unmarked(view)
            return None
        sign_in = request.sign_in  # type: ignore[attr-defined]
        verified = sign_in is not None and sign_in.verified_at is not None
        if audience in STAFF and sign_in is not None and not verified and queries.holds(request.user):
            # A grant given after the sign-in: the second step is owed from now on.
            return HttpResponseRedirect(reverse("people:second_step"))
        if sign_in is not None and not verified:
            request.user._grants = []  # type: ignore[union-attr]
        if audience in STAFF and not queries.holds(request.user, getattr(view, "permission", "")):
            raise Denied(_("这一页是给工作人员看的。"))
        return None


def _unmarked(view: Callable[..., HttpResponse]) -> None:
    if view.__module__.startswith("django."):
        return  # Django's own, such as static files during development
    if settings.PRODUCTION:
        raise Http404
    raise ImproperlyConfigured(f"{view.__module__}.{view.__qualname__} does not name its audience")
