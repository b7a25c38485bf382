"""C2: one order at the desk, with everything known and every move left."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from civic.access.queries import reaches, setting
from civic.access.roles import Permission
from civic.core.web import answer, audience
from civic.journal import services as journal
from civic.orders import rules
from civic.orders.models import Order
from civic.orders.pages.desk_plan import planned
from civic.orders.queries import desk as queries
from civic.orders.queries import team
from civic.orders.states import LIFE, OrderState

S = OrderState
# A move as a button: its words, the key that presses it, and how loud it is.
BUTTONS = {
    "screen": (gettext_lazy("受理"), "s", "btn"),
    "send_back": (gettext_lazy("退回补充"), "b", "btn-2"),
    "dispatch": (gettext_lazy("派单"), "d", "btn"),
    "transfer": (gettext_lazy("转派"), "t", "btn-2"),
    "accept": (gettext_lazy("接单"), "a", "btn"),
    "decline": (gettext_lazy("接不了"), "", "btn-2"),
    "provision": (gettext_lazy("配单"), "p", "btn"),
    "schedule": (gettext_lazy("约时间"), "w", "btn"),
    "start": (gettext_lazy("开始服务"), "", "btn"),
    "finish": (gettext_lazy("服务完成"), "", "btn"),
    "rework": (gettext_lazy("安排补做"), "r", "btn"),
    "close": (gettext_lazy("办结"), "c", "btn"),
    "merge": (gettext_lazy("并入重复单"), "m", "btn-2"),
    "refer": (gettext_lazy("转给别的部门"), "f", "btn-2"),
    "reject": (gettext_lazy("无法服务"), "x", "btn-2"),
    "cancel": (gettext_lazy("取消这一单"), "", "btn-danger"),
}
# Moves of the resident that staff make for one who has no phone of her own.
FOR_RESIDENT = {
    "repair": ("orders:repair_for", gettext_lazy("代补充")),
    "change_time": ("orders:change_time_for", gettext_lazy("代改时间")),
    "withdraw": ("orders:withdraw_for", gettext_lazy("代撤单")),
    "review": ("orders:review_by_phone", gettext_lazy("电话问评价")),
    "dispute": ("orders:dispute_by_phone", gettext_lazy("居民说没做完")),
}
# What an event is called at the desk.
HAPPENED = {
    "place": gettext_lazy("提交点单"),
    "repair": gettext_lazy("补充说明"),
    "change_time": gettext_lazy("改希望的时间"),
    "withdraw": gettext_lazy("撤单"),
    "screen": gettext_lazy("受理"),
    "send_back": gettext_lazy("退回补充"),
    "reject": gettext_lazy("答复办不了"),
    "refer": gettext_lazy("转给别的部门"),
    "merge": gettext_lazy("并入别的单"),
    "absorb": gettext_lazy("并进来一单"),
    "cancel": gettext_lazy("取消"),
    "dispatch": gettext_lazy("派单"),
    "transfer": gettext_lazy("转派"),
    "accept": gettext_lazy("接单"),
    "take": gettext_lazy("自己接单"),
    "decline": gettext_lazy("未接单"),
    "lapse_offer": gettext_lazy("到时间没有回复"),
    "pin": gettext_lazy("就派给"),
    "forbid": gettext_lazy("不派给"),
    "lift": gettext_lazy("撤销指定或不派"),
    "offer": gettext_lazy("又请了一家"),
    "override": gettext_lazy("没有照建议派"),
    "assign": gettext_lazy("安排队员"),
    "provision": gettext_lazy("配单"),
    "schedule": gettext_lazy("约时间"),
    "start": gettext_lazy("开始服务"),
    "finish": gettext_lazy("服务完成"),
    "review": gettext_lazy("评单"),
    "dispute": gettext_lazy("说没做完"),
    "rework": gettext_lazy("安排补做"),
    "close": gettext_lazy("办结"),
    "lapse": gettext_lazy("到期没有评价，自动办结"),
    "call": gettext_lazy("回访"),
    "urge": gettext_lazy("系统催办"),
    "escalate": gettext_lazy("报给上级"),
    "unmask": gettext_lazy("看了联系方式"),
}
WAITS_FOR_SOMEBODY = (S.SCREENED, S.DISPATCHED)
NO_PLAN: dict[str, Any] = {"advice": None, "rulings": [], "is_past": False}
BEFORE_SERVICE = (S.SUBMITTED, S.RETURNED, S.SCREENED, S.DISPATCHED, S.ACCEPTED, S.PROVISIONED, S.SCHEDULED)


def order_here(request: HttpRequest, order_id: int) -> Order:
    """The order; one out of reach reads as absent, since a 403 would tell that it exists.

    Reach is that of the page's own permission: who dispatches elsewhere does not dispatch here.
    """
    asked = request.resolver_match.func.permission  # type: ignore[union-attr]
    return get_object_or_404(queries.order_at_desk(request.user, asked), pk=order_id)


@require_GET
@audience("desk", permission=Permission.ORDERS_SEE)
def at_desk(request: HttpRequest, order_id: int) -> HttpResponse:
    """Everything known of one order, and what can be done with it now."""
    order = order_here(request, order_id)
    context = shown(request, order)
    response = answer(
        request, page="orders/desk/order.html", fragment="orders/desk/_order.html", context=context
    )
    # A move made inside the page is answered with the whole order, wherever its form stood.
    response["HX-Retarget"] = "#order"
    response["HX-Reswap"] = "outerHTML show:window:top"
    return response


@require_POST
@audience("desk", permission=Permission.PEOPLE_UNMASK)
def unmask(request: HttpRequest, order_id: int) -> HttpResponse:
    """Show name, phone and door; who looked is written down. Answered in place: nothing of it is kept."""
    order = order_here(request, order_id)
    journal.write(
        at=timezone.now(), by=request.user, what="orders.unmask", about=order, place_path=order.place.path
    )
    context = shown(request, order) | {"contact": True, "may_unmask": False}
    return answer(
        request, page="orders/desk/order.html", fragment="orders/desk/_contact.html", context=context
    )


@require_GET
@audience("desk", permission=Permission.ORDERS_SEE)
def picture_at_desk(request: HttpRequest, order_id: int, key: UUID) -> FileResponse:
    """A picture the resident added, as a file that no script can run in."""
    found = get_object_or_404(order_here(request, order_id).attachments, key=key)
    return FileResponse(found.file.open(), content_type="image/jpeg")


def contact(request: HttpRequest, order: Order) -> dict[str, bool]:
    """Whether name, phone and door are open here, or may be opened: to whoever serves they are open."""
    serves = team.shows_contact(order) and rules.serves(request.user, order.current)
    may = reaches(request.user, Permission.PEOPLE_UNMASK, order.place.path)
    return {
        "contact": serves,
        "may_unmask": may and not serves and bool(order.contact_phone or order.address),
    }


def shown(request: HttpRequest, order: Order) -> dict[str, Any]:
    """The context of the order's page."""
    moves = moves_left(request, order)
    may_dispatch = rules.may_dispatch(request.user, order)
    plan = planned(order) if may_dispatch and order.state in WAITS_FOR_SOMEBODY else {}
    return (
        contact(request, order)
        | NO_PLAN
        | plan
        | {
            "tab": "desk",
            "order": order,
            "moves": moves,
            "for_resident": for_resident(request, order),
            "events": [(HAPPENED.get(event.what, event.what), event) for event in queries.events_of(order)],
            "dispatches": queries.dispatches_of(order),
            "similar": queries.similar(order, request.user) if order.state in BEFORE_SERVICE else [],
            "may_dispatch": may_dispatch,
            "candidates": queries.ranked(order) if order.state == S.SCREENED and may_dispatch else [],
            "calls": list(order.callbacks.order_by("pk")),
            "may_call": rules.may_close(request.user, order),
            "pictures": list(order.attachments.order_by("pk")),
            "visits": list(order.visits.order_by("pk")),
            "is_fragment": bool(request.htmx) and not request.htmx.boosted,  # type: ignore[attr-defined]
            "now": timezone.now(),
        }
    )


def moves_left(request: HttpRequest, order: Order) -> list[dict[str, Any]]:
    """The moves open to the order that this person may make, as buttons; the first is the loud one."""
    names = [name for name in BUTTONS if LIFE.is_open_to(name, order.state)]
    if order.state == S.ACCEPTED and setting("orders.steps") == 5:
        names.remove("schedule")  # first the room and the goods, then the time
    if order.state == S.PROVISIONED:
        names.remove("provision")
        names.append("provision")
    found, has_main = [], False
    for name in rules.moves_for(request.user, order, names):
        words, key, look = BUTTONS[name]
        if look == "btn" and has_main:
            look = "btn-2"
        has_main = has_main or look == "btn"
        found.append({"name": name, "words": words, "key": key, "look": look, "url": f"orders:{name}"})
    return found


def for_resident(request: HttpRequest, order: Order) -> list[dict[str, Any]]:
    """What staff may do in the resident's place."""
    if not rules.may_place_for(request.user, order.place.path):
        return []
    names = [
        name for name in ("repair", "withdraw", "review", "dispute") if LIFE.is_open_to(name, order.state)
    ]
    if order.state in BEFORE_SERVICE:
        names.append("change_time")
    allowed = rules.moves_for(request.user, order, names)
    return [{"url": FOR_RESIDENT[name][0], "words": FOR_RESIDENT[name][1]} for name in allowed]
