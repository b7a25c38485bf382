"""The moves of the desk, a page each. The order's page swaps them in; without script they are pages."""

from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from civic.access.roles import Permission
from civic.core.acting import sent
from civic.core.web import audience
from civic.orders.forms import desk as forms
from civic.orders.models import Order
from civic.orders.pages.moving import moved
from civic.orders.queries import desk as queries
from civic.orders.queries.order import order_in_reach
from civic.orders.services import dispatching, reviewing, screening

READ_AND_SEND = ["GET", "POST"]


def order_here(request: HttpRequest, order_id: int) -> Order:
    """The order; one out of reach of the page's own permission reads as absent."""
    asked = request.resolver_match.func.permission  # type: ignore[union-attr]
    order = order_in_reach(request.user, order_id, asked)
    if order is None:
        raise Http404
    return order


def moved_at_desk(request: HttpRequest, order: Order, form: Form, act: Any, **words: Any) -> HttpResponse:
    """`moved` in the desk's frame: `title`, `button`, `lead` and `done` are the move's words."""
    words = {"lead": "", "danger": False, "confirm": "", "tab": "desk"} | words
    return moved(
        request,
        order,
        form,
        act,
        page=words.pop("page", "orders/desk/move.html"),
        fragment=words.pop("fragment", "orders/desk/_move.html"),
        to=reverse("orders:at_desk", args=[order.pk]),
        **words,
    )


@require_http_methods(READ_AND_SEND)
@audience("desk", permission=Permission.ORDERS_SCREEN)
def screen(request: HttpRequest, order_id: int) -> HttpResponse:
    """Take an order in under an item of the menu."""
    order = order_here(request, order_id)
    form = forms.ScreenForm(sent(request), order=order, now=timezone.now())

    def act(at: Any) -> None:
        said = form.cleaned_data
        screening.screen(
            order_id=order.pk,
            item_id=said["item"].pk,
            is_urgent=said["is_urgent"],
            note=said["note"],
            by=request.user,
            at=at,
        )

    return moved_at_desk(
        request, order, form, act, title=_("受理"), button=_("受理这一单"), done=_("已受理，等着派单。")
    )


@require_http_methods(READ_AND_SEND)
@audience("desk", permission=Permission.ORDERS_SCREEN)
def send_back(request: HttpRequest, order_id: int) -> HttpResponse:
    """Ask the resident to say more."""
    order = order_here(request, order_id)
    form = forms.ReasonForm(sent(request), reasons=forms.SEND_BACK)
    return moved_at_desk(
        request,
        order,
        form,
        lambda at: screening.send_back(order_id=order.pk, reason=form.said, by=request.user, at=at),
        title=_("退回补充"),
        button=_("退回给居民"),
        lead=_("居民补充以后，这一单会回到待审。"),
        done=_("已退回，等居民补充。"),
    )


@require_http_methods(READ_AND_SEND)
@audience("desk", permission=Permission.ORDERS_SCREEN)
def reject(request: HttpRequest, order_id: int) -> HttpResponse:
    """Say that it cannot be served, and why."""
    order = order_here(request, order_id)
    form = forms.ReasonForm(sent(request), reasons=forms.REJECT)
    return moved_at_desk(
        request,
        order,
        form,
        lambda at: screening.reject(order_id=order.pk, reason=form.said, by=request.user, at=at),
        title=_("无法服务"),
        button=_("答复居民：办不了"),
        lead=_("答复以后这一单就结束了，居民会看到原因。"),
        danger=True,
        done=_("已答复居民。"),
    )


@require_http_methods(READ_AND_SEND)
@audience("desk", permission=Permission.ORDERS_SCREEN)
def refer(request: HttpRequest, order_id: int) -> HttpResponse:
    """Hand the matter to another desk and tell the resident where."""
    order = order_here(request, order_id)
    form = forms.ReferForm(sent(request), reasons=forms.REFER)

    def act(at: Any) -> None:
        target = form.cleaned_data["target"]
        screening.refer(order_id=order.pk, target=target, reason=form.said, by=request.user, at=at)

    return moved_at_desk(
        request,
        order,
        form,
        act,
        title=_("转给别的部门"),
        button=_("转过去"),
        lead=_("这一单会结束，居民会看到该打哪个电话。情况紧急时，请您先替居民打。"),
        done=_("已转，居民会看到该打哪个电话。"),
    )


@require_http_methods(READ_AND_SEND)
@audience("desk", permission=Permission.ORDERS_SCREEN)
def merge(request: HttpRequest, order_id: int) -> HttpResponse:
    """Fold a duplicate into another open order."""
    order = order_here(request, order_id)
    similar = queries.similar(order, request.user)
    form = forms.MergeForm(sent(request), reasons=forms.MERGE, similar=similar)

    def act(at: Any) -> None:
        into = form.cleaned_data["into"]
        screening.merge(order_id=order.pk, into_id=into, reason=form.said, by=request.user, at=at)

    return moved_at_desk(
        request,
        order,
        form,
        act,
        title=_("并入重复单"),
        button=_("并过去"),
        lead=_("居民会跟着看那一单的进展。") if similar else _("没有找到像是同一件事的单，请返回。"),
        done=_("已并单。"),
    )


@require_http_methods(READ_AND_SEND)
@audience("desk", permission=Permission.ORDERS_CANCEL)
def cancel(request: HttpRequest, order_id: int) -> HttpResponse:
    """End an order that cannot go on."""
    order = order_here(request, order_id)
    form = forms.ReasonForm(sent(request), reasons=forms.CANCEL)
    return moved_at_desk(
        request,
        order,
        form,
        lambda at: screening.cancel(order_id=order.pk, reason=form.said, by=request.user, at=at),
        title=_("取消这一单"),
        button=_("取消这一单"),
        lead=_("取消后不能恢复。居民和已经接单的人都会收到通知。"),
        danger=True,
        done=_("已取消，居民会看到原因。"),
    )


@require_http_methods(READ_AND_SEND)
@audience("desk", permission=Permission.ORDERS_DISPATCH)
def transfer(request: HttpRequest, order_id: int) -> HttpResponse:
    """Take it back from whoever has it, and hand it to another."""
    order = order_here(request, order_id)
    form = forms.TransferForm(sent(request), reasons=forms.TRANSFER, candidates=queries.ranked(order))

    def act(at: Any) -> None:
        target = form.cleaned_data["target"]
        dispatching.transfer(order_id=order.pk, target=target, reason=form.said, by=request.user, at=at)

    return moved_at_desk(
        request,
        order,
        form,
        act,
        title=_("转派"),
        button=_("改派"),
        lead=_("现在拿着单的人会收到通知，约好的时间和房间作废。"),
        done=_("已改派，等对方答复。"),
    )


@require_http_methods(READ_AND_SEND)
@audience("desk", permission=Permission.ORDERS_DISPATCH)
def rework(request: HttpRequest, order_id: int) -> HttpResponse:
    """Put a disputed order back into the queue."""
    order = order_here(request, order_id)
    form = forms.NoteForm(sent(request))
    return moved_at_desk(
        request,
        order,
        form,
        lambda at: reviewing.rework(
            order_id=order.pk, note=form.cleaned_data["note"], by=request.user, at=at
        ),
        title=_("安排补做"),
        button=_("安排补做"),
        lead=_("这一单回到待派，再找人去一次。"),
        done=_("回到待派，请再派一次。"),
    )


@require_http_methods(READ_AND_SEND)
@audience("desk", permission=Permission.ORDERS_CLOSE)
def close(request: HttpRequest, order_id: int) -> HttpResponse:
    """End a reviewed or disputed order after the call."""
    order = order_here(request, order_id)
    form = forms.NoteForm(sent(request))
    return moved_at_desk(
        request,
        order,
        form,
        lambda at: reviewing.close(order_id=order.pk, note=form.cleaned_data["note"], by=request.user, at=at),
        title=_("办结"),
        button=_("办结这一单"),
        done=_("已办结。"),
    )
