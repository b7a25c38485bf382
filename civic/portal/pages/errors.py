"""What is shown when a page cannot be: not allowed, not there, broken."""

import logging
from secrets import token_hex

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from civic.access.models import Grant
from civic.access.queries import holds
from civic.access.roles import Permission, roles_with
from civic.core.web import audience

log = logging.getLogger(__name__)


@audience("public")
def spoilt(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request cannot be read. Asks nothing of the request, which may be spoilt in any way."""
    return render(None, "errors/400.html", {"city": settings.CITY}, status=400)


@audience("public")
def denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: the person may not do this; the text of the refusal when it has one."""
    context = {"reason": str(exception or ""), "grantors": _grantors(request)}
    return render(request, "errors/403.html", context, status=403)


def _grantors(request: HttpRequest) -> list[str]:
    """Who could give the permission; told to staff only."""
    if not holds(request.user):
        return []
    givers = Grant.objects.standing().filter(role__in=roles_with(Permission.GRANTS_EDIT))
    return [
        f"{grant.person.name}（{grant.get_role_display()}）"
        for grant in givers.select_related("person").order_by("id")[:3]
    ]


@audience("public")
def absent(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: not there, or out of reach, which reads the same."""
    return render(request, "errors/404.html", status=404)


@audience("public")
def broken(request: HttpRequest) -> HttpResponse:
    """500 with a number for the phone, also found in the log. Asks nothing of the database."""
    number = token_hex(4)
    log.error("page broken, number %s", number)
    return render(None, "errors/500.html", {"number": number, "city": settings.CITY}, status=500)
