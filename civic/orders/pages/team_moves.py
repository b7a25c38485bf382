"""The moves of whom an order was handed to: a team’s leader or member, a volunteer, a site’s clerk.

A clerk comes from the desk and goes back there; everybody else from and to the order on the phone.
"""

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
from civic.orders import rules
from civic.orders.forms import team as forms
from civic.orders.models import Order
from civic.orders.pages.moving import moved
from civic.orders.queries import team
from civic.orders.queries.order import order_in_hand, order_in_reach
from civic.orders.services import dispatching, serving

READ_AND_SEND = ["GET", "POST"]
FRAMES = {
    True: ("orders/team/move.html", "orders/team/_move.html"),
    False: ("orders/desk/move.html", "orders/desk/_move.html"),
}


def _order(request: HttpRequest, order_id: int) -> Order:
    """The order, for whom it was handed to or for staff of the subtree; absent to anybody else."""
    mine = order_in_hand(request.user, order_id)
    found = mine or order_in_reach(request.user, order_id, Permission.ORDERS_SEE)
    if found is None:
        raise Http404
    found.is_mine = mine is not None
    if mine is None:  # a clerk answers for her site, though the latest offer may be to another
        found.current = rules.offer_to(request.user, found) or found.current
    return found


def _moved(request: HttpRequest, order: Order, form: Form, act: Any, **words: Any) -> HttpResponse:
    """`moved` in the team's frame; `title`, `button` and `done` are the move's words."""
    mine = order.is_mine
    words = {"lead": "", "danger": False, "tab": "mine" if mine else "desk"} | words
    page, fragment = FRAMES[mine]
    return moved(
        request,
        order,
        form,
        act,
        page=page,
        fragment=fragment,
        to=words.pop("to", "") or reverse("orders:team_order" if mine else "orders:at_desk", args=[order.pk]),
        **words,
    )


def _is_invitation(order: Order) -> bool:
    return order.current is not None and order.current.volunteer_id is not None


@require_http_methods(READ_AND_SEND)
@audience("team")
def accept(request: HttpRequest, order_id: int) -> HttpResponse:
    """Take the order; the contact opens, and the resident learns who comes."""
    order = _order(request, order_id)
    held = order.current
    form = forms.MembersForm(sent(request), members=lambda: team.members_of(held.team if held else None))

    def act(at: Any) -> None:
        dispatching.accept(order_id=order.pk, member_ids=form.cleaned_data["members"], by=request.user, at=at)

    if _is_invitation(order):
        words = {
            "title": _("接受邀请"),
            "button": _("我来帮"),
            "lead": _("接受以后就能看到居民的电话和门牌。"),
        }
    else:
        lead = _("接单以后就能看到居民的电话和门牌。谁去可以现在定，也可以以后再定。")
        words = {"title": _("接单"), "button": _("接这一单"), "lead": lead}
    return _moved(request, order, form, act, done=_("已接单，居民会收到通知。"), **words)


@require_http_methods(READ_AND_SEND)
@audience("team")
def decline(request: HttpRequest, order_id: int) -> HttpResponse:
    """Say no; the order goes back to the desk and nothing else follows."""
    order = _order(request, order_id)
    invited = _is_invitation(order)
    form = forms.DeclineForm(sent(request), optional=invited)
    back = reverse("orders:team_home") if order.is_mine else reverse("orders:today")
    words = {
        "title": _("谢绝邀请") if invited else _("接不了"),
        "button": _("谢绝") if invited else _("退给派单员"),
        "lead": _("谢绝不影响您的任何积分和星级，也可以不写原因。")
        if invited
        else _("退回以后由派单员另外找人，不影响队伍的任何积分和星级。"),
    }
    return _moved(
        request,
        order,
        form,
        lambda at: dispatching.decline(order_id=order.pk, reason=form.said, by=request.user, at=at),
        done=_("已告诉派单员，另外找人。"),
        to=back,
        **words,
    )


@require_http_methods(READ_AND_SEND)
@audience("team")
def assign(request: HttpRequest, order_id: int) -> HttpResponse:
    """Name who of the team goes."""
    order = _order(request, order_id)
    held = order.current
    members = team.members_of(held.team if held else None)
    named = [one.pk for one in held.members.order_by("pk")] if held else []
    form = forms.MembersForm(sent(request), members=lambda: members, initial={"members": named})
    return _moved(
        request,
        order,
        form,
        lambda at: dispatching.assign(
            order_id=order.pk, member_ids=form.cleaned_data["members"], by=request.user, at=at
        ),
        title=_("安排队员"),
        button=_("就这么安排"),
        lead="" if members else _("队里还没有登记的队员。"),
        done=_("已安排，队员会收到通知。"),
    )


@require_http_methods(READ_AND_SEND)
@audience("team")
def schedule(request: HttpRequest, order_id: int) -> HttpResponse:
    """Agree on a time with the resident, and write it down."""
    order = _order(request, order_id)
    form = forms.ScheduleForm(sent(request), order=order, now=timezone.now())

    def act(at: Any) -> None:
        serving.schedule(
            order_id=order.pk,
            starts_at=form.moment("opens"),
            ends_at=form.moment("closes"),
            by=request.user,
            at=at,
        )

    return _moved(
        request,
        order,
        form,
        act,
        title=_("约时间"),
        button=_("定这个时间"),
        lead=_("请先给居民打电话，说好了再定。居民会收到短信。"),
        done=_("时间定了，居民会收到通知。"),
    )


@require_http_methods(READ_AND_SEND)
@audience("team")
def start(request: HttpRequest, order_id: int) -> HttpResponse:
    """The service begins now."""
    order = _order(request, order_id)
    return _moved(
        request,
        order,
        forms.StartForm(sent(request)),
        lambda at: serving.start(order_id=order.pk, by=request.user, at=at),
        title=_("开始服务"),
        button=_("到了，开始服务"),
        lead=_("到了居民家或站里再按。"),
        done=_("已开始。做完后请写两句小结。"),
    )


@require_http_methods(READ_AND_SEND)
@audience("team")
def finish(request: HttpRequest, order_id: int) -> HttpResponse:
    """The service ends, told in two lines; the resident is asked for her review."""
    order = _order(request, order_id)
    form = forms.FinishForm(sent(request))
    return _moved(
        request,
        order,
        form,
        lambda at: serving.finish(
            order_id=order.pk, summary=form.cleaned_data["summary"], by=request.user, at=at
        ),
        title=_("服务小结"),
        button=_("服务完成"),
        done=_("辛苦了。居民会收到评单的通知。"),
    )
