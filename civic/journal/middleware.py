"""The same form sent twice is answered as the first time, before anything else is checked."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from civic.core.rows import together
from civic.journal import services

REDIRECTS = {301, 302, 303}


class OnceMiddleware:
    """Wrap a POST that carries a form token: one transaction, one answer, however often it is sent.

    The key row is inserted first; a second request with the same key waits for the first one to commit
    (the primary key makes it), then gets the stored address. An answer that is not a redirect (a form
    with errors) drops the key again, so the corrected form may be sent with it; what services counted on
    the way, such as a wrong sign-in code, stays.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Run the page itself when it is a POST with a key; otherwise leave it to Django."""
        token = request.POST.get("form_token", "") if request.method == "POST" else ""
        if not token:
            return None
        # The key is bound to who sent it and where: a guessed token shows nothing of another person.
        key = services.submission_key(token=token[:64], owner=_owner(request), path=request.path)
        with transaction.atomic():
            earlier = services.begin_submission(key=key, path=request.path, at=timezone.now())
            if earlier is not None:
                return HttpResponseRedirect(earlier.location or request.path)
            response = view(request, *args, **kwargs)
            if response.status_code in REDIRECTS:
                with together():
                    services.end_submission(key=key, location=response["Location"])
                    _keep_session(request)
            else:
                services.drop_submission(key=key)
        return response


def _keep_session(request: HttpRequest) -> None:
    """What the page left in the session stands or falls with what it did."""
    session = request.session
    if session.modified and session.session_key == request.COOKIES.get(settings.SESSION_COOKIE_NAME):
        session.save()


def _owner(request: HttpRequest) -> str:
    if request.user.is_authenticated:
        return f"person {request.user.pk}"
    return f"browser {request.META.get('CSRF_COOKIE', '')}"
