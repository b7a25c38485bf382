"""The first page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from civic.core.web import audience


@audience("public")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """R1: start an order, see one's own, see what is offered near."""
    return render(request, "portal/home.html", {"tab": "home"})
