"""The sites of a round's area: the call, what they need, what they put in, when the team comes."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from civic.access.roles import Permission
from civic.core.acting import pressed, sent
from civic.core.web import audience, id_in
from civic.pooling import rules
from civic.pooling.forms import NeedForm, OfferForm
from civic.pooling.models import Need, Pool
from civic.pooling.pages.acting import acted
from civic.pooling.queries import day, desk
from civic.pooling.queries import sites as queries
from civic.pooling.services import giving, needs
from civic.pooling.states import GATHERING

CLAIM = Permission.MENU_CLAIM
READ_AND_SEND = ["GET", "POST"]


def call_here(request: HttpRequest, pool_id: int) -> Pool:
    """The round, if it was opened where the person works; absent to anybody else."""
    found = queries.call_for(request.user, pool_id)
    if found is None:
        raise Http404
    return found


@require_GET
@audience("desk", permission=CLAIM)
def calls(request: HttpRequest) -> HttpResponse:
    """Rounds of the person's area."""
    return render(
        request, "pooling/sites/calls.html", {"tab": "pool_calls", "pools": queries.calls(request.user)}
    )


@require_GET
@audience("desk", permission=CLAIM)
def call(request: HttpRequest, pool_id: int) -> HttpResponse:
    """One round: the menu so far, one's own needs and contributions, and the buttons for more."""
    pool = call_here(request, pool_id)
    context = {
        "tab": "pool_calls",
        "pool": pool,
        "needs": queries.own_needs(request.user, pool),
        "given": queries.own_contributions(request.user, pool),
        "menu": desk.menu(day.standing_tours(pool), desk.contributions(pool)),
        "is_gathering": pool.state in GATHERING,
    }
    return render(request, "pooling/sites/call.html", context)


def _back(request: HttpRequest, pool: Pool) -> str:
    """The dispatcher came from the round, everybody else from the call."""
    name = "pooling:pool" if rules.may_edit(request.user, pool) else "pooling:call"
    return reverse(name, args=[pool.pk])


@require_http_methods(READ_AND_SEND)
@audience("desk", permission=CLAIM)
def add_need(request: HttpRequest, pool_id: int) -> HttpResponse:
    """Say what a village waits for."""
    pool = call_here(request, pool_id)
    form = NeedForm(
        sent(request),
        places=queries.places_to_ask_for(request.user, pool),
        items=queries.items_to_ask_for(),
        is_editor=rules.may_edit(request.user, pool),
    )
    return acted(
        request,
        form,
        lambda at: needs.add_need(pool_id=pool.pk, by=request.user, at=at, **form.said()),
        to=_back(request, pool),
        title=_("报一项需求"),
        button=_("报上去"),
        lead=_("村里、社区里等着办的事，攒到一起，流动队一趟办完。请不要写居民的姓名和电话。"),
        done=_("报上去了，排好线路会告诉您几点到。"),
    )


@require_http_methods(READ_AND_SEND)
@audience("desk", permission=CLAIM)
def offer(request: HttpRequest, pool_id: int) -> HttpResponse:
    """Put a talent, an idea or material in."""
    pool = call_here(request, pool_id)
    venues, teams = queries.givers(request.user, pool)
    form = OfferForm(
        sent(request),
        initial={"kind": request.GET.get("kind", "")},
        venues=venues,
        teams=teams,
        skills=queries.skills(),
    )
    return acted(
        request,
        form,
        lambda at: giving.offer(pool_id=pool.pk, by=request.user, at=at, **form.said()),
        to=_back(request, pool),
        title=_("拼一份"),
        button=_("拼上去"),
        lead=_("出人才、出创意、出物资都行，用上了就写进这一轮的菜单。"),
        done=_("拼上去了，用不用会告诉您。"),
    )


@require_POST
@audience("desk", permission=CLAIM)
def remove_need(request: HttpRequest, pool_id: int) -> HttpResponse:
    """Take a need back."""
    pool = call_here(request, pool_id)
    need = (
        Need.objects.filter(pool=pool, pk=id_in(request.POST.get("need", ""))).select_related("place").first()
    )
    if need is None or not rules.may_speak_for(request.user, pool, need.place):
        raise Http404

    def act(at: Any) -> None:
        needs.remove_need(need_id=need.pk, by=request.user, at=at)

    return pressed(request, act, to=_back(request, pool), words=_("拿出来了。"))
