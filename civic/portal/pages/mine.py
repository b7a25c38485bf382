"""R22 我的: everything that belongs to the signed-in person, one link each."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from civic.core.web import audience


@audience("member")
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The person's own orders, messages, data and ways out."""
    return render(request, "portal/mine.html", {"tab": "mine"})
