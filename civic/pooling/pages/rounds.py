"""C7 流动拼单: the rounds of the dispatcher's places; one round from draft to end."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from civic.access.roles import Permission
from civic.core.acting import pressed, sent
from civic.core.web import audience
from civic.pooling.forms import PoolForm, ReasonForm
from civic.pooling.models import Kind, Pool
from civic.pooling.pages.acting import acted, pool_here
from civic.pooling.queries import day, desk
from civic.pooling.services import rounds
from civic.pooling.states import GATHERING, POOL, PoolState

DISPATCH = Permission.ORDERS_DISPATCH
READ_AND_SEND = ["GET", "POST"]


@require_GET
@audience("desk", permission=DISPATCH)
def pools(request: HttpRequest) -> HttpResponse:
    """Every round of the dispatcher's places, the latest day first."""
    return render(
        request, "pooling/desk/pools.html", {"tab": "pools", "pools": desk.pools_reached(request.user)}
    )


@require_http_methods(READ_AND_SEND)
@audience("desk", permission=DISPATCH)
def create_pool(request: HttpRequest) -> HttpResponse:
    """Draft a round."""
    form = PoolForm(sent(request), places=desk.places_for_pools(request.user))
    made: list[Pool] = []

    def act(at: Any) -> None:
        said = form.cleaned_data
        made.append(
            rounds.create_pool(
                place_id=said["place"],
                title=said["title"],
                on=said["on"],
                words=said["words"],
                by=request.user,
                at=at,
            )
        )

    answer = acted(
        request,
        form,
        act,
        to=reverse("pooling:pools"),
        title=_("新开一轮拼单"),
        button=_("存成草稿"),
        done=_("存好了。看一遍，再开始征集。"),
    )
    return redirect("pooling:pool", made[0].pk) if made else answer


@require_http_methods(READ_AND_SEND)
@audience("desk", permission=DISPATCH)
def edit_pool(request: HttpRequest, pool_id: int) -> HttpResponse:
    """Change title, day and words."""
    pool = pool_here(request, pool_id)
    form = PoolForm(sent(request), initial={"title": pool.title, "on": pool.on, "words": pool.words})

    def act(at: Any) -> None:
        said = form.cleaned_data
        rounds.edit_pool(
            pool_id=pool.pk, title=said["title"], on=said["on"], words=said["words"], by=request.user, at=at
        )

    return acted(request, form, act, to=_at(pool), title=_("改这一轮"), button=_("保存"), done=_("改好了。"))


@require_GET
@audience("desk", permission=DISPATCH)
def pool(request: HttpRequest, pool_id: int) -> HttpResponse:
    """One round: what it gathered, the menu made of it, and the next step."""
    found = pool_here(request, pool_id)
    tours = day.standing_tours(found)
    given = desk.contributions(found)
    context = {
        "tab": "pools",
        "pool": found,
        "needs": day.standing_needs(found),
        "tours": tours,
        "kinds": [(kind.label, [one for one in given if one.kind == kind]) for kind in Kind],
        "menu": desk.menu(tours, given),
        "moves": POOL.open_to(found.state),
        "is_gathering": found.state in GATHERING,
        "is_published": found.state in {PoolState.PUBLISHED, PoolState.DONE},
        "outcome": desk.outcome(found) if found.published_at else None,
        "now": timezone.now(),
    }
    return render(request, "pooling/desk/pool.html", context)


@require_POST
@audience("desk", permission=DISPATCH)
def open_pool(request: HttpRequest, pool_id: int) -> HttpResponse:
    """Ask the sites."""
    found = pool_here(request, pool_id)
    return pressed(
        request,
        lambda at: rounds.open_pool(pool_id=found.pk, by=request.user, at=at),
        to=_at(found),
        words=_("开始征集了，各站专干会收到消息。"),
    )


@require_http_methods(READ_AND_SEND)
@audience("desk", permission=DISPATCH)
def cancel(request: HttpRequest, pool_id: int) -> HttpResponse:
    """Give the round up."""
    found = pool_here(request, pool_id)
    form = ReasonForm(sent(request))
    return acted(
        request,
        form,
        lambda at: rounds.cancel(
            pool_id=found.pk, reason=form.cleaned_data["reason"], by=request.user, at=at
        ),
        to=_at(found),
        title=_("取消这一轮"),
        button=_("取消这一轮"),
        lead=_("取消后不能恢复。里面的点单回到待派，出了东西的站点会收到消息。"),
        danger=True,
        done=_("已取消。"),
    )


@require_POST
@audience("desk", permission=DISPATCH)
def wrap_up(request: HttpRequest, pool_id: int) -> HttpResponse:
    """The day is over."""
    found = pool_here(request, pool_id)
    return pressed(
        request,
        lambda at: rounds.wrap_up(pool_id=found.pk, by=request.user, at=at),
        to=_at(found),
        words=_("这一轮收好了。"),
    )


def _at(pool: Pool) -> str:
    return reverse("pooling:pool", args=[pool.pk])
