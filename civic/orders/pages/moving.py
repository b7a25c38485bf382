"""What every page of a move shares: the form, the one service call, the answer."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from civic.core.errors import Refused
from civic.core.web import answer
from civic.orders.models import Event, Order
from civic.orders.states import LIFE


def moved(
    request: HttpRequest,
    order: Order,
    form: Form,
    act: Callable[[datetime], Any],
    *,
    page: str,
    fragment: str,
    done: str,
    to: str,
    **context: Any,
) -> HttpResponse:
    """Make the move when the form is right, and go on to `to` with the words `done`.

    Of two people who press at once the loser gets the refusal, and beside it the order as it is now with
    the last thing that happened to it.
    """
    refused = False
    if form.is_bound and form.is_valid():
        try:
            act(timezone.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
            refused = True
        else:
            messages.success(request, done)
            return redirect(to)
    context |= {"order": order, "form": form, "up": to, "now": timezone.now()}
    context |= _standing(request, order, refused=refused)
    return answer(request, page=page, fragment=fragment, context=context, status=422 if form.errors else 200)


def _standing(request: HttpRequest, order: Order, *, refused: bool) -> dict[str, Any]:
    """After a refusal: the order as it is now, the last event, and whether the move is still open at all."""
    if not refused:
        return {"refused": False, "is_over": False, "latest": None}
    order.refresh_from_db(fields=["state", "due_at"])
    name = request.resolver_match.url_name or ""  # type: ignore[union-attr]
    return {
        "refused": True,
        "is_over": name in LIFE.moves and not LIFE.is_open_to(name, order.state),
        "latest": Event.objects.filter(order=order).select_related("by").order_by("-pk").first(),
    }
