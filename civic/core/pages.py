"""Switches found on every page: standard or elder mode, and the language. Both work without script."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST
from django.views.i18n import set_language

from civic.core.context import CARE, MODE_COOKIE, STANDARD
from civic.core.styleguide import sample
from civic.core.web import audience

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
@require_GET
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component on one page, for developers; only there in DEBUG."""
    name = "styleguide_desk.html" if "desk" in request.GET else "styleguide.html"
    return render(request, name, sample(request))
