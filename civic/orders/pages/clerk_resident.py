"""What staff do in a resident's place, who has no phone of her own or called: both identities are stored."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from civic.access.roles import Permission
from civic.core.acting import sent
from civic.core.web import audience
from civic.orders.forms import desk as forms
from civic.orders.forms.clerk import ChangeTimeForm, RepairForm, WithdrawForm
from civic.orders.pages.desk_order import order_here
from civic.orders.pages.moving import moved
from civic.orders.services import placing, reviewing

PAGES = {"page": "orders/desk/move.html", "fragment": "orders/desk/_move.html"}
PLAIN = {"lead": "", "danger": False, "tab": "desk"}


@require_http_methods(["GET", "POST"])
@audience("desk", permission=Permission.ORDERS_PLACE)
def repair_for(request: HttpRequest, order_id: int) -> HttpResponse:
    """Write down what the resident added on the phone."""
    order = order_here(request, order_id)
    form = RepairForm(sent(request), initial={"words": order.words})

    def act(at: Any) -> None:
        words = form.cleaned_data["words"]
        placing.repair(order_id=order.pk, words=words, item_id=order.item_id, by=request.user, at=at)

    words = PLAIN | {"title": _("代补充"), "button": _("补充好了"), "lead": order.reason}
    to = reverse("orders:at_desk", args=[order.pk])
    return moved(request, order, form, act, done=_("已补充，重新排队受理。"), to=to, **PAGES, **words)


@require_http_methods(["GET", "POST"])
@audience("desk", permission=Permission.ORDERS_PLACE)
def change_time_for(request: HttpRequest, order_id: int) -> HttpResponse:
    """Ask for another day, as the resident said on the phone."""
    order = order_here(request, order_id)
    form = ChangeTimeForm(
        sent(request), initial={"wanted_on": order.wanted_on, "wanted_half": order.wanted_half}
    )

    def act(at: Any) -> None:
        placing.change_time(order_id=order.pk, by=request.user, at=at, **form.cleaned_data)

    words = PLAIN | {"title": _("代改时间"), "button": _("改时间")}
    to = reverse("orders:at_desk", args=[order.pk])
    return moved(
        request, order, form, act, done=_("时间改了，拿着单的人会收到通知。"), to=to, **PAGES, **words
    )


@require_http_methods(["GET", "POST"])
@audience("desk", permission=Permission.ORDERS_PLACE)
def withdraw_for(request: HttpRequest, order_id: int) -> HttpResponse:
    """Withdraw, because the resident says that it is no longer needed."""
    order = order_here(request, order_id)
    form = WithdrawForm(sent(request))

    def act(at: Any) -> None:
        placing.withdraw(order_id=order.pk, reason=form.cleaned_data["reason"], by=request.user, at=at)

    words = PLAIN | {"title": _("代撤单"), "button": _("替居民撤单"), "danger": True}
    to = reverse("orders:at_desk", args=[order.pk])
    return moved(request, order, form, act, done=_("已替居民撤单。"), to=to, **PAGES, **words)


@require_http_methods(["GET", "POST"])
@audience("desk", permission=Permission.ORDERS_CLOSE)
def review_by_phone(request: HttpRequest, order_id: int) -> HttpResponse:
    """The grade the resident gave on the phone; marked as such."""
    order = order_here(request, order_id)
    form = forms.PhoneReviewForm(sent(request))

    def act(at: Any) -> None:
        said = form.cleaned_data
        reviewing.review(
            order_id=order.pk,
            grade=said["grade"],
            tags=(),
            words=said["words"],
            is_anonymous=False,
            by_phone=True,
            by=request.user,
            at=at,
        )

    lead = _("电话里问到的评价会标明“电话代评”。没问到就不要替居民评。")
    words = PLAIN | {"title": _("电话问评价"), "button": _("记下评价"), "lead": lead}
    to = reverse("orders:at_desk", args=[order.pk])
    return moved(request, order, form, act, done=_("评价已记下。"), to=to, **PAGES, **words)


@require_http_methods(["GET", "POST"])
@audience("desk", permission=Permission.ORDERS_CLOSE)
def dispute_by_phone(request: HttpRequest, order_id: int) -> HttpResponse:
    """「没做完」, said on the phone."""
    order = order_here(request, order_id)
    form = RepairForm(sent(request), label=_("还差什么没做完"))

    def act(at: Any) -> None:
        reviewing.dispute(order_id=order.pk, words=form.cleaned_data["words"], by=request.user, at=at)

    words = PLAIN | {"title": _("居民说没做完"), "button": _("记下来")}
    to = reverse("orders:at_desk", args=[order.pk])
    return moved(request, order, form, act, done=_("记下了，请安排补做或说明办结。"), to=to, **PAGES, **words)
