"""The editor of C7: tours with their stops, the price of a change before it is made, pins, publishing."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from civic.access.roles import Permission
from civic.core.acting import pressed
from civic.core.errors import Refused
from civic.core.web import answer, audience, id_in
from civic.matching.tours_model import Move
from civic.pooling import phrases
from civic.pooling.models import Need, Pool
from civic.pooling.pages.acting import pool_here
from civic.pooling.queries import desk
from civic.pooling.queries.day import Day, day_of
from civic.pooling.services import editing, planning, publishing
from civic.pooling.states import GATHERING

DISPATCH = Permission.ORDERS_DISPATCH


@require_GET
@audience("desk", permission=DISPATCH)
def tours(request: HttpRequest, pool_id: int) -> HttpResponse:
    """Every tour with its stops, and what is on none. Asks for itself again while the worker works it out."""
    pool = pool_here(request, pool_id)
    day = day_of(pool)
    is_gathering = pool.state in GATHERING
    context = {
        "tab": "pools",
        "pool": pool,
        "day": day,
        "board": desk.board(day, is_draft=is_gathering),
        "is_gathering": is_gathering,
        "is_planning": planning.is_awaited(pool, timezone.now()),
        "is_late": pool.queued_at is not None,
        "can_publish": pool.state == "planned" and any(route.visits for route in day.plan.routes),
        "gap": _gap(pool),
    }
    return answer(
        request, page="pooling/desk/tours.html", fragment="pooling/desk/_tours.html", context=context
    )


def _gap(pool: Pool) -> int | None:
    """How much better any other plan could be at most, in percent, rounded up."""
    if pool.value is None or not pool.bound or pool.is_proven:
        return None
    return max(1, -int(-100 * (pool.bound - pool.value) // pool.bound))


@require_POST
@audience("desk", permission=DISPATCH)
def plan(request: HttpRequest, pool_id: int) -> HttpResponse:
    """Ask the worker for the best tours."""
    pool = pool_here(request, pool_id)
    return pressed(
        request,
        lambda at: planning.plan(pool_id=pool.pk, by=request.user, at=at),
        to=reverse("pooling:tours", args=[pool.pk]),
        words=_("交给系统排线路了，钉住的站不换队。"),
    )


@require_http_methods(["GET", "POST"])
@audience("desk", permission=DISPATCH)
def move_stop(request: HttpRequest, pool_id: int) -> HttpResponse:
    """Where a need could stand and what each place costs; with a tour named, that change and its price."""
    pool = pool_here(request, pool_id)
    asked = request.POST if request.method == "POST" else request.GET
    day = day_of(pool)
    need = day.needs.get(id_in(asked.get("need", "")) or 0)
    if need is None:
        messages.error(request, _("这一项已经不在这一轮里了，请看最新的再办。"))
        return redirect("pooling:tours", pool.pk)
    tour_id, is_out = id_in(asked.get("tour", "")), asked.get("out") == "1"
    position = id_in(asked.get("position", "")) or 0
    if request.method == "POST" and (tour_id or is_out):
        try:
            editing.move_stop(
                pool_id=pool.pk,
                need_id=need.pk,
                tour_id=None if is_out else tour_id,
                position=position,
                stamp=id_in(asked.get("stamp", "")),
                by=request.user,
                at=timezone.now(),
            )
        except Refused as refusal:
            return _offered(request, pool, day, need, problem=str(refusal), status=422)
        messages.success(request, _("改好了。挪过的站会钉在这支队，重新排线路也不动。"))
        return redirect("pooling:tours", pool.pk)
    if tour_id or is_out:
        try:
            move = editing.priced(day, need.pk, None if is_out else tour_id, position)
        except Refused as refusal:
            return _offered(request, pool, day, need, problem=str(refusal))
        return _offered(request, pool, day, need, moves=[move])
    return _offered(request, pool, day, need)


def _offered(
    request: HttpRequest,
    pool: Pool,
    day: Day,
    need: Need,
    *,
    moves: list[Move] | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    is_one = moves is not None
    if moves is None:
        moves = desk.choices(day, need.pk) if need.pk in day.problem.stop_index else []
    context = {
        "tab": "pools",
        "pool": pool,
        "need": need,
        "stop": day.stops.get(need.pk),
        "rows": [_row(day, move) for move in moves],
        "is_one": is_one,
        "problem": problem,
    }
    return answer(
        request,
        page="pooling/desk/move.html",
        fragment="pooling/desk/_move.html",
        context=context,
        status=status,
    )


def _row(day: Day, move: Move) -> dict[str, Any]:
    """One change in words: which team, which place in the row, between whom, what it costs."""
    tour = day.tours.get(move.crew) if move.crew is not None else None  # type: ignore[call-overload]
    route = next((one for one in move.routes if one.crew == move.crew), None)
    at = move.position or 0
    visit = route.visits[at] if route else None
    before = day.needs[route.visits[at - 1].stop].place.name if route and at else ""  # type: ignore[index]
    return {
        "tour": tour,
        "position": at,
        "number": at + 1,
        "before": before,
        "clock": f"{visit.starts // 60:02}:{visit.starts % 60:02}" if visit else "",
        "returns": f"{route.returns // 60:02}:{route.returns % 60:02}" if route else "",
        "price": phrases.price(move.price),
        "is_gain": move.price < 0,
    }


@require_POST
@audience("desk", permission=DISPATCH)
def pin(request: HttpRequest, pool_id: int) -> HttpResponse:
    """Keep a stop with its team, or let it go."""
    pool = pool_here(request, pool_id)
    need_id, is_pinned = id_in(request.POST.get("need", "")), request.POST.get("pin") == "1"
    if need_id is None:
        raise Http404
    return pressed(
        request,
        lambda at: editing.pin(pool_id=pool.pk, need_id=need_id, is_pinned=is_pinned, by=request.user, at=at),
        to=reverse("pooling:tours", args=[pool.pk]),
        words=_("钉住了，重新排线路也由这支队去。") if is_pinned else _("松开了，重新排线路时可以换队。"),
    )


@require_POST
@audience("desk", permission=DISPATCH)
def publish(request: HttpRequest, pool_id: int) -> HttpResponse:
    """Lock the tours and hand the orders on them out."""
    pool = pool_here(request, pool_id)
    stamp = id_in(request.POST.get("stamp", ""))
    return pressed(
        request,
        lambda at: publishing.publish(pool_id=pool.pk, stamp=stamp, by=request.user, at=at),
        to=reverse("pooling:tours", args=[pool.pk]),
        words=_("发布了：队长会收到线路，线路上的点单已派给各队。"),
    )


@require_GET
@audience("desk", permission=DISPATCH)
def sheet(request: HttpRequest, pool_id: int) -> HttpResponse:
    """Every tour on paper, without contacts: those are on the leader's own sheet."""
    pool = pool_here(request, pool_id)
    found = day_of(pool)
    context = {"pool": pool, "board": desk.board(found), "given": desk.contributions(pool)}
    return render(request, "pooling/desk/sheet.html", context)
