"""R24 意见反馈: say something about the service, follow the answer."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from civic.core.web import audience
from civic.orders.forms.resident import FeedbackForm
from civic.orders.models import Order
from civic.orders.pages.resident_draft import WRITE
from civic.orders.pages.resident_place import choose_url, place_of
from civic.orders.queries import resident as queries
from civic.orders.services.feedback import send_feedback


@audience("member")
@require_safe
def feedback(request: HttpRequest) -> HttpResponse:
    """What I said, and what was answered."""
    said = queries.feedback_of(request.user)[:50]
    return render(request, "orders/resident/feedback.html", {"tab": "mine", "said": said})


@audience("member")
@WRITE
def send(request: HttpRequest) -> HttpResponse:
    """Say something, about an order or in general."""
    order = _order(request)
    place = order.place if order else place_of(request)
    if place is None:
        messages.info(request, _("先选您在哪个村、哪个社区，才知道请谁答复。"))
        return redirect(choose_url(reverse("orders:send_feedback")))
    form = FeedbackForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        send_feedback(**form.cleaned_data, place=place, by=request.user, at=timezone.now(), order=order)
        messages.success(request, _("收到了，答复会出现在这里和您的消息里。"))
        return redirect("orders:feedback")
    context = {"tab": "mine", "form": form, "order": order, "place": place}
    return render(request, "orders/resident/send_feedback.html", context, status=422 if form.errors else 200)


def _order(request: HttpRequest) -> Order | None:
    """The reader's own order that the address names, if any."""
    named = request.GET.get("order", "")
    if not named:
        return None
    order = queries.order_of(request.user, int(named)) if named.isdecimal() and len(named) < 12 else None
    if order is None:
        raise Http404
    return order
