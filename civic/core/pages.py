"""Switches found on every page (elder mode, language), and pages for moments when all is not well.

The switches work without script.
"""

import logging

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from civic.core.context import CARE, MODE_COOKIE, STANDARD
from civic.core.styleguide import sample
from civic.core.web import audience

logger = logging.getLogger(__name__)
YEAR = 60 * 60 * 24 * 365


@audience("public")
@require_POST
def mode(request: HttpRequest) -> HttpResponse:
    """Remember the chosen mode for a year and go back to the page."""
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    response = HttpResponseRedirect(back if safe else "/")
    chosen = CARE if request.POST.get("mode") == CARE else STANDARD
    response.set_cookie(
        MODE_COOKIE,
        chosen,
        max_age=YEAR,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


@audience("public")
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the chosen language and go back to the page."""
    return set_language(request)


@audience("public")
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """The page that the worker keeps in the browser for the moment without a network."""
    return render(request, "errors/offline.html")


@audience("public")
@require_safe
def maintenance(request: HttpRequest) -> HttpResponse:
    """The page a proxy shows while the system is being renewed; fetch it once before stopping."""
    return render(request, "errors/maintenance.html")


@audience("public")
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, at the root because it may only speak for what lies below its own address."""
    addresses = [reverse("core:offline"), static("civic/civic.css")]
    return render(request, "core/worker.js.txt", {"addresses": addresses}, content_type="text/javascript")


def stale(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose security token has run out: say so, and how to go on. Named by CSRF_FAILURE_VIEW."""
    logger.info("CSRF: %s", reason)
    return render(request, "errors/csrf.html", status=403)


@audience("public")
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component on one page, for developers; only there in DEBUG."""
    names = {"desk": "styleguide_desk.html", "print": "styleguide_print.html"}
    name = next((names[key] for key in request.GET if key in names), "styleguide.html")
    return render(request, name, sample())
