"""What the dispatcher puts into a round: orders, teams, and the answer to what is offered."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from civic.access.roles import Permission
from civic.core.acting import pressed, sent
from civic.core.web import audience, id_in
from civic.pooling.forms import AnswerForm, OrdersForm, SeatForm, TeamForm
from civic.pooling.models import Contribution, Pool
from civic.pooling.pages.acting import acted, pool_here
from civic.pooling.queries import day, desk
from civic.pooling.services import crews, giving, needs

DISPATCH = Permission.ORDERS_DISPATCH
READ_AND_SEND = ["GET", "POST"]


@require_http_methods(READ_AND_SEND)
@audience("desk", permission=DISPATCH)
def add_orders(request: HttpRequest, pool_id: int) -> HttpResponse:
    """Choose orders that wait to be handed out."""
    pool = pool_here(request, pool_id)
    waiting = desk.orders_to_pool(pool)
    form = OrdersForm(sent(request), orders=waiting)
    return acted(
        request,
        form,
        lambda at: needs.add_orders(
            pool_id=pool.pk, order_ids=form.cleaned_data["orders"], by=request.user, at=at
        ),
        to=_at(pool),
        title=_("收进待派的单"),
        button=_("收进这一轮"),
        lead=_("收进来的单先不单独派，等流动队顺路去办。"),
        done=_("收进来了。"),
        page="pooling/desk/orders.html",
        has_orders=bool(waiting),
    )


@require_http_methods(READ_AND_SEND)
@audience("desk", permission=DISPATCH)
def add_team(request: HttpRequest, pool_id: int) -> HttpResponse:
    """Count on a mobile team for the day."""
    pool = pool_here(request, pool_id)
    form = TeamForm(sent(request), teams=desk.mobile_teams(pool), depots=desk.depots(pool))

    def act(at: Any) -> None:
        said = form.cleaned_data
        crews.add_team(
            pool_id=pool.pk,
            team_id=said["team"],
            depot_id=said["depot"],
            opens=said["opens"],
            closes=said["closes"],
            by=request.user,
            at=at,
        )

    return acted(
        request,
        form,
        act,
        to=_at(pool),
        title=_("加一支流动队"),
        button=_("加上这支队"),
        lead=_("同一天一支队只跑一条线路。先打电话问好队长，再加上来。"),
        done=_("加上了。"),
    )


@require_POST
@audience("desk", permission=DISPATCH)
def remove_team(request: HttpRequest, pool_id: int) -> HttpResponse:
    """Do without a team of the round."""
    pool = pool_here(request, pool_id)
    tour = pool.tours.filter(pk=id_in(request.POST.get("tour", ""))).first()
    if tour is None:
        raise Http404
    return pressed(
        request,
        lambda at: crews.remove_team(tour_id=tour.pk, by=request.user, at=at),
        to=_at(pool),
        words=_("撤下来了，它的站回到待安排。"),
    )


def _given(request: HttpRequest, pool: Pool, contribution_id: int) -> Contribution:
    found = Contribution.objects.filter(pool=pool, pk=contribution_id).first()
    if found is None:
        raise Http404
    return found


@require_http_methods(READ_AND_SEND)
@audience("desk", permission=DISPATCH)
def take(request: HttpRequest, pool_id: int, contribution_id: int) -> HttpResponse:
    """Use what is offered."""
    pool = pool_here(request, pool_id)
    given = _given(request, pool, contribution_id)
    form = SeatForm(sent(request), given=given, tours=day.standing_tours(pool))

    def act(at: Any) -> None:
        tour_id = form.cleaned_data.get("tour")
        giving.take(contribution_id=given.pk, tour_id=tour_id, by=request.user, at=at)

    return acted(
        request,
        form,
        act,
        to=_at(pool),
        title=_("采用：{words}").format(words=given.words),
        button=_("采用"),
        lead=_("采用以后上这一轮的菜单，出的人会收到消息。"),
        done=_("已采用，上了菜单。"),
    )


@require_http_methods(READ_AND_SEND)
@audience("desk", permission=DISPATCH)
def turn_down(request: HttpRequest, pool_id: int, contribution_id: int) -> HttpResponse:
    """Thank you, not this time."""
    pool = pool_here(request, pool_id)
    given = _given(request, pool, contribution_id)
    form = AnswerForm(sent(request))

    def act(at: Any) -> None:
        answer = form.cleaned_data["answer"]
        giving.turn_down(contribution_id=given.pk, answer=answer, by=request.user, at=at)

    return acted(
        request,
        form,
        act,
        to=_at(pool),
        title=_("这次用不上：{words}").format(words=given.words),
        button=_("答复：这次用不上"),
        done=_("已答复。"),
    )


@require_http_methods(READ_AND_SEND)
@audience("desk", permission=DISPATCH)
def ride(request: HttpRequest, pool_id: int, contribution_id: int) -> HttpResponse:
    """With which team a talent rides."""
    pool = pool_here(request, pool_id)
    given = _given(request, pool, contribution_id)
    form = SeatForm(sent(request), given=given, tours=day.standing_tours(pool))

    def act(at: Any) -> None:
        tour_id = form.cleaned_data.get("tour")
        giving.ride(contribution_id=given.pk, tour_id=tour_id, by=request.user, at=at)

    return acted(
        request,
        form,
        act,
        to=_at(pool),
        title=_("跟哪支队去：{words}").format(words=given.words),
        button=_("定下来"),
        done=_("定好了。"),
    )


def _at(pool: Pool) -> str:
    return reverse("pooling:pool", args=[pool.pk])
