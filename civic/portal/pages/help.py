"""R25: help, phone numbers, privacy and accessibility in plain words."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from civic.core.web import audience


@audience("public")
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """How ordering works, in questions and answers."""
    return render(request, "portal/help.html")


@audience("public")
@require_safe
def phones(request: HttpRequest) -> HttpResponse:
    """Whom to call for what."""
    return render(request, "portal/phones.html")


@audience("public")
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """The privacy notice."""
    return render(request, "portal/privacy.html")


@audience("public")
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    return render(request, "portal/accessibility.html")
