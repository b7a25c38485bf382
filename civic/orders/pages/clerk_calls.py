"""C8 回访, and the answers to what people said about the service."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from civic.access.roles import Permission
from civic.core.acting import sent
from civic.core.errors import Refused
from civic.core.web import answer, audience
from civic.orders.forms.desk import AnswerForm, CallForm
from civic.orders.pages.desk import tabs
from civic.orders.pages.desk_order import HAPPENED, contact
from civic.orders.pages.moving import moved
from civic.orders.queries import clerk as queries
from civic.orders.queries.desk import events_of
from civic.orders.services import feedback as opinions
from civic.orders.services import reviewing
from civic.orders.states import OrderState


@require_GET
@audience("desk", permission=Permission.ORDERS_CLOSE)
def calls(request: HttpRequest) -> HttpResponse:
    """Calls owed: low grades, things not done, the sample, and phone orders; the most pressing first."""
    context = {
        "tab": "calls",
        "tabs": tabs(request, "calls"),
        "page": queries.calls(request.user, request.GET.get("after", "")),
        "now": timezone.now(),
    }
    return answer(request, page="orders/desk/calls.html", fragment="orders/desk/_calls.html", context=context)


@require_http_methods(["GET", "POST"])
@audience("desk", permission=Permission.ORDERS_CLOSE)
def call(request: HttpRequest, callback_id: int) -> HttpResponse:
    """One call: what is known, and what the resident says now."""
    found = get_object_or_404(queries.call_of(request.user), pk=callback_id)
    order = found.order
    form = CallForm(sent(request))

    def act(at: Any) -> None:
        said = form.cleaned_data
        reviewing.call(
            callback_id=found.pk,
            outcome=said["outcome"],
            is_content=said["is_content"],
            by=request.user,
            at=at,
        )

    return moved(
        request,
        order,
        form,
        act,
        page="orders/desk/call.html",
        fragment="orders/desk/_call.html",
        done=_("回访记下了。"),
        to=reverse("orders:at_desk", args=[order.pk]),
        tab="calls",
        call=found,
        **contact(request, order),
        events=[(HAPPENED.get(event.what, event.what), event) for event in events_of(order)],
        asks_review=order.state == OrderState.SERVED,
    )


@require_GET
@audience("desk", permission=Permission.FEEDBACK_ANSWER)
def feedback_list(request: HttpRequest) -> HttpResponse:
    """What people said: what waits for an answer, or what has one."""
    answered = request.GET.get("answered") == "1"
    context = {
        "tab": "feedback",
        "answered": answered,
        "page": queries.feedback(request.user, answered=answered, after=request.GET.get("after", "")),
        "now": timezone.now(),
    }
    return answer(
        request, page="orders/desk/feedback.html", fragment="orders/desk/_feedback.html", context=context
    )


@require_http_methods(["GET", "POST"])
@audience("desk", permission=Permission.FEEDBACK_ANSWER)
def answer_feedback(request: HttpRequest, feedback_id: int) -> HttpResponse:
    """Answer one opinion; the sender is told."""
    found = get_object_or_404(queries.feedback_reached(request.user), pk=feedback_id)
    form = AnswerForm(sent(request))
    if form.is_bound and form.is_valid():
        try:
            opinions.answer_feedback(
                feedback_id=found.pk, answer=form.cleaned_data["answer"], by=request.user, at=timezone.now()
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已答复，对方会收到通知。"))
            return redirect("orders:feedback_list")
    context = {"tab": "feedback", "form": form, "said": found}
    return answer(
        request,
        page="orders/desk/answer_feedback.html",
        fragment="orders/desk/_answer_feedback.html",
        context=context,
        status=422 if form.errors else 200,
    )
