"""C2: who should do an order and why, why not another, and the word of a person over the engine's."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from civic.access.roles import Permission
from civic.core.acting import sent
from civic.core.errors import Refused
from civic.core.web import answer, audience
from civic.orders.forms import plan as forms
from civic.orders.models import Order, Ruling
from civic.orders.pages.desk_moves import moved_at_desk, order_here
from civic.orders.queries import cards, why_not
from civic.orders.queries import desk as queries
from civic.orders.services import dispatching, rulings
from civic.orders.targets import Target

READ_AND_SEND = ["GET", "POST"]
HANDED = {
    "team": gettext_lazy("给这支队伍"),
    "venue": gettext_lazy("给这个站点"),
    "volunteer": gettext_lazy("邀请这位志愿者"),
}


def planned(order: Order) -> dict[str, Any]:
    """What the order's page and the page of dispatching show of the plan; no cards while the engine rests."""
    now, ruled = timezone.now(), cards.rulings_of(order)
    return {
        "advice": cards.advice(order, now, ruled),
        "is_past": order.wanted_on is not None and order.wanted_on < timezone.localdate(now),
        "rulings": why_not.told_of(ruled) if ruled else [],
    }


@require_http_methods(READ_AND_SEND)
@audience("desk", permission=Permission.ORDERS_DISPATCH)
def dispatch(request: HttpRequest, order_id: int) -> HttpResponse:
    """Choose who does it. Who was not proposed is confirmed on a step of its own, which tells the price."""
    order = order_here(request, order_id)
    context = planned(order)
    advice: cards.Advice | None = context["advice"]
    asked = _asked(request)
    is_override = bool(advice and advice.proposed and asked and asked != advice.proposed.target)
    form = forms.DispatchForm(sent(request), is_override=is_override, initial={"target": asked})

    def act(at: Any) -> None:
        said = form.cleaned_data
        target = said["target"]
        dispatching.dispatch(
            order_id=order.pk,
            target=target,
            note=said["note"],
            reasons=queries.reasons_for(order, target),
            override=form.said if is_override else "",
            by=request.user,
            at=at,
        )

    return moved_at_desk(
        request,
        order,
        form,
        act,
        page="orders/desk/dispatch.html",
        fragment="orders/desk/_dispatch.html",
        candidates=SimpleLazyObject(lambda: queries.ranked(order)),
        chosen=_chosen(asked, advice),
        title=_("派单"),
        button=_("派单"),
        done=_("已派出，等对方答复。"),
        **context,
    )


def _asked(request: HttpRequest) -> str:
    """The target that the address or the form names; nothing for what names none."""
    text = (request.POST if request.method == "POST" else request.GET).get("target", "")
    try:
        return str(Target.read(text))
    except ValueError:
        return ""


def _chosen(target: str, advice: cards.Advice | None) -> dict[str, Any] | None:
    """The one to confirm: the name, the words of the button, and the card when the engine listed it."""
    name = why_not.names_of([target]).get(target) if target else None
    if name is None:
        return None
    card = advice.card(target) if advice else None
    return {"target": target, "name": name, "card": card, "words": HANDED[Target.read(target).kind]}


@require_GET
@audience("desk", permission=Permission.ORDERS_DISPATCH)
def ask_why_not(request: HttpRequest, order_id: int) -> HttpResponse:
    """「为什么不是……？」 for any team or volunteer of the county, found by name."""
    order = order_here(request, order_id)
    text = request.GET.get("q", "").strip()[:40]
    advice = cards.advice(order, timezone.now())
    context = {
        "tab": "desk",
        "order": order,
        "q": text,
        "advice": advice,
        "answers": why_not.answers(order, text, advice, timezone.now()) if advice else [],
        "up": reverse("orders:at_desk", args=[order.pk]),
    }
    return answer(
        request, page="orders/desk/why_not.html", fragment="orders/desk/_why_not.html", context=context
    )


@require_http_methods(READ_AND_SEND)
@audience("desk", permission=Permission.ORDERS_DISPATCH)
def pin(request: HttpRequest, order_id: int) -> HttpResponse:
    """「就派给」: the engine keeps the order for this one, whatever else it finds."""
    return _ruled(
        request,
        order_here(request, order_id),
        rulings.pin,
        reasons=forms.OVERRIDE,
        title=_("就派给"),
        done=_("已定下。智能派单会照这个办，别的单跟着重排。"),
    )


@require_http_methods(READ_AND_SEND)
@audience("desk", permission=Permission.ORDERS_DISPATCH)
def forbid(request: HttpRequest, order_id: int) -> HttpResponse:
    """「不派给」: the engine never proposes this one for the order."""
    return _ruled(
        request,
        order_here(request, order_id),
        rulings.forbid,
        reasons=forms.FORBID,
        title=_("不派给"),
        done=_("已定下。智能派单不再提这一家。"),
    )


def _ruled(
    request: HttpRequest, order: Order, rule: Any, *, reasons: Any, title: str, done: str
) -> HttpResponse:
    """The page of a ruling over the target that the address names; without one, the list to choose from."""
    asked = _asked(request)
    chosen = _chosen(asked, cards.advice(order, timezone.now()))
    if chosen is None and request.method == "GET":
        return redirect("orders:dispatch", order.pk)
    form = forms.RulingForm(sent(request), reasons=reasons, initial={"target": asked})
    return moved_at_desk(
        request,
        order,
        form,
        lambda at: rule(
            order_id=order.pk, target=form.cleaned_data["target"], reason=form.said, by=request.user, at=at
        ),
        page="orders/desk/rule.html",
        fragment="orders/desk/_rule.html",
        chosen=chosen,
        title=title,
        button=title,
        done=done,
    )


@require_POST
@audience("desk", permission=Permission.ORDERS_DISPATCH)
def lift(request: HttpRequest, order_id: int, ruling_id: int) -> HttpResponse:
    """Take a ruling back; it stays on the list with who lifted it."""
    order = order_here(request, order_id)
    ruling = get_object_or_404(Ruling, pk=ruling_id, order=order)
    try:
        rulings.lift(ruling_id=ruling.pk, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已撤销，智能派单会重新算。"))
    return redirect("orders:at_desk", order.pk)
