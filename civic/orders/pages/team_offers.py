"""V2 接单: what a volunteer is asked, and what she may take by herself near where she lives."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from civic.core.errors import Refused
from civic.core.web import answer, audience
from civic.orders.queries import open_orders as queries
from civic.orders.services import dispatching
from civic.volunteers.models import Volunteer
from civic.volunteers.queries import volunteer_of


@require_GET
@audience("team")
def offers(request: HttpRequest) -> HttpResponse:
    """Invitations with until when, then open orders by distance; for who is no volunteer, the way in."""
    volunteer, now = volunteer_of(request.user), timezone.now()
    may_take = queries.may_be_taken()
    context = {
        "tab": "mine",
        "volunteer": volunteer,
        "invitations": queries.invitations(volunteer, now) if volunteer else [],
        "near": queries.near(volunteer) if volunteer and may_take else [],
        "skills": [skill.name for skill in volunteer.skills.all()] if volunteer else [],
        "may_take": may_take,
        "now": now,
    }
    return answer(
        request, page="orders/team/offers.html", fragment="orders/team/_offers.html", context=context
    )


@require_http_methods(["GET", "POST"])
@audience("team")
def take(request: HttpRequest, order_id: int) -> HttpResponse:
    """Take one by oneself: asked once more, then it is hers. What she cannot take reads as absent."""
    volunteer = _volunteer(request)
    order = get_object_or_404(
        queries.takeable(volunteer).select_related("place__parent", "item"), pk=order_id
    )
    if request.method == "GET":
        return render(request, "orders/team/take.html", {"tab": "mine", "order": order})
    try:
        dispatching.take(order_id=order.pk, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("orders:offers")
    messages.success(request, _("已接单。现在能看到居民的电话和门牌，请先打电话约时间。"))
    return redirect("orders:team_order", order.pk)


def _volunteer(request: HttpRequest) -> Volunteer:
    volunteer = volunteer_of(request.user)
    if volunteer is None or not queries.may_be_taken():
        raise Http404
    return volunteer
