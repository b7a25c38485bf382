"""T1 and T2: what was handed to a team or a volunteer, on the phone."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from civic.access.queries import setting
from civic.core.web import answer, audience
from civic.orders import rules
from civic.orders.models import Order
from civic.orders.queries import team as queries
from civic.orders.queries.keyset import Page
from civic.orders.states import LIFE, OrderState

S = OrderState
MOVES = ("accept", "decline", "schedule", "start", "finish")
WORDS = {
    "accept": gettext_lazy("接单"),
    "decline": gettext_lazy("接不了"),
    "schedule": gettext_lazy("约时间"),
    "start": gettext_lazy("到了，开始服务"),
    "finish": gettext_lazy("做完了，写小结"),
}
INVITED = {"accept": gettext_lazy("我来帮"), "decline": gettext_lazy("谢绝")}
AGAIN = {"schedule": gettext_lazy("改时间")}
ASSIGNABLE = (S.ACCEPTED, S.PROVISIONED, S.SCHEDULED, S.IN_SERVICE)


def order_here(request: HttpRequest, order_id: int) -> Order:
    """The order, if it was handed to this person; anybody else's reads as absent."""
    held = queries.held_by(request.user)
    found = get_object_or_404(queries.order_of_team(request.user, held), pk=order_id)
    return queries.as_asked([found], held)[0]


@require_GET
@audience("team")
def team_home(request: HttpRequest) -> HttpResponse:
    """What needs me today: answer, arrange, go; then what is coming."""
    now = timezone.now()
    context = {
        "tab": "mine",
        "work": queries.work(request.user, now),
        "teams": queries.teams_led(request.user),
        "now": now,
    }
    return answer(request, page="orders/team/home.html", fragment="orders/team/_home.html", context=context)


@require_GET
@audience("team")
def team_done(request: HttpRequest) -> HttpResponse:
    """What has been served, with what residents said."""
    page: Page = queries.done(request.user, request.GET.get("after", ""))
    context = {"tab": "mine", "page": page}
    return answer(request, page="orders/team/done.html", fragment="orders/team/_done.html", context=context)


@require_GET
@audience("team")
def team_order(request: HttpRequest, order_id: int) -> HttpResponse:
    """One order: what to do, where, what to bring, whom to call; and the moves left."""
    order = order_here(request, order_id)
    return answer(
        request,
        page="orders/team/order.html",
        fragment="orders/team/_order.html",
        context=shown(request, order),
    )


@require_GET
@audience("team")
def team_picture(request: HttpRequest, order_id: int, key: UUID) -> FileResponse:
    """A picture the resident added, for whoever accepted the order."""
    order = order_here(request, order_id)
    if not queries.shows_contact(order):
        raise Http404
    found = get_object_or_404(order.attachments, key=key)
    return FileResponse(found.file.open(), content_type="image/jpeg")


def shown(request: HttpRequest, order: Order) -> dict[str, Any]:
    """The context of the order's page. Name, phone and door are in it only once the order is accepted."""
    dispatch = order.current
    shows_contact = queries.shows_contact(order)
    return {
        "tab": "mine",
        "order": order,
        "dispatch": dispatch,
        "is_invitation": dispatch.volunteer_id is not None,
        "members": [one.person.name for one in dispatch.members.select_related("person").order_by("pk")],
        "moves": moves_left(request, order),
        "km": (dispatch.card or {}).get("km"),
        "is_estimated": (dispatch.card or {}).get("estimated"),
        "also_asked": order.state == S.DISPATCHED and queries.is_asked_beside(order, dispatch),
        "may_assign": order.state in ASSIGNABLE
        and dispatch.team_id is not None
        and rules.may_assign(request.user, order),
        "shows_contact": shows_contact,
        "pictures": list(order.attachments.order_by("pk")) if shows_contact else [],
        "visits": list(order.visits.order_by("pk")),
        "waits_for_provision": order.state == S.ACCEPTED and setting("orders.steps") == 5,
        "now": timezone.now(),
    }


def moves_left(request: HttpRequest, order: Order) -> list[dict[str, Any]]:
    """The moves open now to this person; the first is the loud one."""
    names = [name for name in MOVES if LIFE.is_open_to(name, order.state)]
    if order.state == S.ACCEPTED and setting("orders.steps") == 5:
        names.remove("schedule")  # the station makes ready first
    if order.state == S.SCHEDULED:
        names.sort(key=["start", "schedule"].index)
    words = WORDS | (INVITED if order.current.volunteer_id else {})
    if order.state == S.SCHEDULED:
        words |= AGAIN
    return [
        {"name": name, "url": f"orders:{name}", "words": words[name]}
        for name in rules.moves_for(request.user, order, names)
    ]
