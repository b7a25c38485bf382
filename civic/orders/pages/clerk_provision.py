"""S4 配单: room, goods and helpers for an order, with what is free on the day."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from civic.access.roles import Permission
from civic.core.acting import sent
from civic.core.web import audience
from civic.orders.forms.spans import ProvisionForm, room_words
from civic.orders.forms.team import proposed
from civic.orders.models import Order
from civic.orders.models.order import Where
from civic.orders.pages.desk_order import order_here
from civic.orders.pages.moving import moved
from civic.orders.queries import clerk as queries
from civic.orders.services import serving
from civic.venues.models import Room


@require_http_methods(["GET", "POST"])
@audience("desk", permission=Permission.ORDERS_PROVISION)
def provision(request: HttpRequest, order_id: int) -> HttpResponse:
    """Make ready: take a room when one is needed, name goods, helpers and what to mind."""
    order = order_here(request, order_id)
    rooms = queries.rooms_for(order)
    form = ProvisionForm(sent(request), rooms=rooms, initial=(initial := _begun(order)))

    def act(at: Any) -> None:
        said = form.cleaned_data
        serving.provision(
            order_id=order.pk,
            room_id=said["room"],
            starts_at=form.moment("opens"),
            ends_at=form.moment("closes"),
            materials=said["materials"],
            helpers=said["helpers"],
            safety=said["safety"],
            by=request.user,
            at=at,
        )

    day = (form.is_valid() and form.cleaned_data.get("day")) or initial["day"]
    return moved(
        request,
        order,
        form,
        act,
        page="orders/desk/provision.html",
        fragment="orders/desk/_provision.html",
        done=_("已配单。"),
        to=reverse("orders:at_desk", args=[order.pk]),
        tab="desk",
        title=_("配单"),
        has_rooms=bool(rooms),
        day=day,
        taken=_taken(rooms, day),
    )


@require_GET
@audience("desk", permission=Permission.ORDERS_PROVISION)
def rooms_taken(request: HttpRequest, order_id: int) -> HttpResponse:
    """Which rooms are free or taken on the day that was chosen; a part of `provision`."""
    order = order_here(request, order_id)
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        day = timezone.localdate(timezone.now())
    context = {"order": order, "day": day, "taken": _taken(queries.rooms_for(order), day)}
    return render(request, "orders/desk/_rooms.html", context)


def _taken(rooms: list[Room], day: date) -> list[dict[str, Any]]:
    by_room = queries.taken(rooms, day)
    return [{"words": room_words(room), "bookings": by_room.get(room.pk, [])} for room in rooms]


def _begun(order: Order) -> dict[str, Any]:
    """What the form begins with: what was made ready before, else what the menu says of the item."""
    initial = proposed(order, timezone.now())
    ready = getattr(order, "provision", None)
    if ready is not None:
        initial |= {"materials": ready.materials, "helpers": ready.helpers, "safety": ready.safety}
        return initial | {"room": ready.booking.room_id if ready.booking else None}
    if order.item is not None:
        initial |= {"materials": order.item.materials, "safety": order.item.safeguards}
    if order.where == Where.HOME:
        initial["room"] = None
    return initial
