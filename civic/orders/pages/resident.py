"""R8–R11: the resident's own orders, and the moves that are hers. Anybody else's order reads as absent."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from civic.core.errors import Refused
from civic.core.web import audience
from civic.orders import rules
from civic.orders.forms.resident import TAG_WORDS, ReviewForm, TellForm, TimeForm, WithdrawForm, WordsForm
from civic.orders.models import Order
from civic.orders.pages.resident_draft import DRAFT, WRITE, keep
from civic.orders.queries import resident as queries
from civic.orders.services import placing, reviewing
from civic.orders.states import LIFE

# The moves of the table that are the resident's.
OWN_MOVES = ("repair", "withdraw", "review", "dispute")


def own(request: HttpRequest, order_id: int) -> Order:
    """The reader's order; 404 for everybody else's."""
    order = queries.order_of(request.user, order_id)
    if order is None:
        raise Http404
    return order


@audience("member")
@require_safe
def orders(request: HttpRequest) -> HttpResponse:
    """R9: open orders, then those that ended, twenty a page."""
    which = "closed" if request.GET.get("which") == "closed" else "open"
    found = queries.my_orders(request.user, is_open=which == "open")
    page = Paginator(found, 20).get_page(request.GET.get("page"))
    return render(request, "orders/resident/mine.html", {"tab": "mine", "which": which, "page": page})


@audience("member")
@require_safe
def detail(request: HttpRequest, order_id: int) -> HttpResponse:
    """R10: the line of steps, whom to call, and what can still be done."""
    return render(request, "orders/resident/detail.html", _shown(request, own(request, order_id)))


def _shown(request: HttpRequest, order: Order) -> dict[str, Any]:
    open_moves = [move for move in OWN_MOVES if LIFE.is_open_to(move, order.state)]
    moves = rules.moves_for(request.user, order, open_moves)
    review = getattr(order, "review", None)
    return {
        "tab": "mine",
        "order": order,
        "steps": queries.timeline(order),
        "call": queries.phone_of(order),
        "moves": moves,
        "may_change_time": order.state in queries.TIME_OPEN,
        "may_repeat": queries.is_repeatable(order),
        "picture": order.attachments.first(),
        "review": review,
        "tags": [TAG_WORDS.get(tag, tag) for tag in review.tags] if review else [],
    }


@audience("member")
@require_safe
def placed(request: HttpRequest, order_id: int) -> HttpResponse:
    """R8: the number, what happens next and by when, and a phone."""
    return render(request, "orders/resident/placed.html", _shown(request, own(request, order_id)))


@audience("member")
@require_safe
def picture(request: HttpRequest, key: UUID) -> FileResponse:
    """The picture of one's own order, as a file that no script can run in."""
    found = queries.picture_of(request.user, key)
    if found is None:
        raise Http404
    return FileResponse(found.file.open(), content_type="image/jpeg")


@audience("member")
@require_POST
def again(request: HttpRequest, order_id: int) -> HttpResponse:
    """Begin a new draft from an order that ended."""
    order = own(request, order_id)
    if not queries.is_repeatable(order):
        raise Http404
    request.session.pop(DRAFT, None)
    keep(
        request,
        place_id=order.place_id,
        item_id=order.item_id,
        words=order.words,
        where=order.where,
        address=order.address,
        venue_id=order.venue_id,
        contact_name=order.contact_name,
        contact_phone=order.contact_phone,
    )
    return redirect("orders:when")


# --- Moves


def _carried_out(form: Any, move: Callable[[], Any]) -> bool:
    """Whether the form is right and the move was made; a refusal becomes a line of the form."""
    if not form.is_valid():
        return False
    try:
        move()
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _move_page(request: HttpRequest, name: str, order: Order, form: Any, **context: Any) -> HttpResponse:
    context |= {"tab": "mine", "order": order, "form": form, "up": reverse("orders:detail", args=[order.pk])}
    status = 422 if form.errors else 200
    return render(request, f"orders/resident/{name}.html", context, status=status)


def _data(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


@audience("member")
@WRITE
def withdraw(request: HttpRequest, order_id: int) -> HttpResponse:
    """The resident no longer needs it."""
    order = own(request, order_id)
    form = WithdrawForm(_data(request))

    def move() -> None:
        reason = form.cleaned_data["reason"]
        placing.withdraw(order_id=order.pk, reason=reason, by=request.user, at=timezone.now())

    if _carried_out(form, move):
        messages.success(request, _("已撤单，单号 {number}。").format(number=order.short_number))
        return redirect("orders:detail", order.pk)
    return _move_page(request, "withdraw", order, form)


@audience("member")
@WRITE
def change_time(request: HttpRequest, order_id: int) -> HttpResponse:
    """Ask for another day; whoever holds the order is told."""
    order = own(request, order_id)
    initial = {"wanted_half": order.wanted_half}
    form = TimeForm(_data(request), today=timezone.localdate(), wanted_on=order.wanted_on, initial=initial)

    def move() -> None:
        placing.change_time(order_id=order.pk, **form.chosen(), by=request.user, at=timezone.now())

    if _carried_out(form, move):
        messages.success(request, _("希望的时间已改，会告诉接单的人。"))
        return redirect("orders:detail", order.pk)
    return _move_page(request, "change_time", order, form)


@audience("member")
@WRITE
def repair(request: HttpRequest, order_id: int) -> HttpResponse:
    """Say more after the order was returned."""
    order = own(request, order_id)
    form = TellForm(_data(request), initial={"words": order.words}, item=order.item)
    del form.fields["photo"]

    def move() -> None:
        words = form.cleaned_data["words"]
        placing.repair(
            order_id=order.pk, words=words, item_id=order.item_id, by=request.user, at=timezone.now()
        )

    if _carried_out(form, move):
        messages.success(request, _("已补充，会重新受理。"))
        return redirect("orders:detail", order.pk)
    return _move_page(request, "repair", order, form)


@audience("member")
@WRITE
def review(request: HttpRequest, order_id: int) -> HttpResponse:
    """R11: five grades with words, tags, and 没做完 as the other way out."""
    order = own(request, order_id)
    form = ReviewForm(_data(request))

    def move() -> None:
        said = form.cleaned_data
        reviewing.review(
            order_id=order.pk,
            grade=said["grade"],
            tags=[*said["good"], *said["poor"]],
            words=said["words"],
            is_anonymous=said["is_anonymous"],
            by=request.user,
            at=timezone.now(),
        )

    if _carried_out(form, move):
        messages.success(request, _("评单收到了，谢谢您。"))
        return redirect("orders:detail", order.pk)
    return _move_page(request, "review", order, form)


@audience("member")
@WRITE
def dispute(request: HttpRequest, order_id: int) -> HttpResponse:
    """「没做完」: say what is missing; the center calls."""
    order = own(request, order_id)
    form = WordsForm(
        _data(request),
        label=_("还差什么没做完"),
        hint=_("中心会打电话给您，问清楚再安排。"),
        missing=_("请说说还差什么没做完。"),
    )

    def move() -> None:
        words = form.cleaned_data["words"]
        reviewing.dispute(order_id=order.pk, words=words, by=request.user, at=timezone.now())

    if _carried_out(form, move):
        messages.success(request, _("记下了，中心会打电话给您。"))
        return redirect("orders:detail", order.pk)
    return _move_page(request, "dispute", order, form)
