"""A10 健康: whether everything works, and messages that could not be sent."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from civic.access.roles import Permission
from civic.core.errors import Refused
from civic.core.web import audience
from civic.notices import queries, services
from civic.notices.models import Delivery


@audience("admin", permission=Permission.HEALTH_SEE)
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Every line with its state, and the failed messages."""
    return render(
        request, "notices/health.html", {"tab": "health", "health": queries.health(at=timezone.now())}
    )


@audience("admin", permission=Permission.HEALTH_SEE)
@require_POST
def retry(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """Send a failed message again."""
    get_object_or_404(Delivery, pk=delivery_id)
    try:
        services.retry(delivery_id=delivery_id, at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已重新排队。"))
    return HttpResponseRedirect(reverse("notices:health"))
