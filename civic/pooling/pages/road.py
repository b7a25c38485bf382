"""The driver's phone: the tour, the next stop, a call, 到了, 办完. Only for whoever leads the team."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from civic.core.acting import pressed, sent
from civic.core.web import audience
from civic.pooling.forms import DoneForm, ReasonForm
from civic.pooling.models import Stop, Tour
from civic.pooling.pages.acting import acted
from civic.pooling.queries import road
from civic.pooling.services import driving
from civic.pooling.states import PoolState, StopState, TourState

READ_AND_SEND = ["GET", "POST"]


def tour_here(request: HttpRequest, tour_id: int) -> Tour:
    """The tour, for who leads its team; absent to anybody else."""
    found = road.tour_of(request.user, tour_id)
    if found is None:
        raise Http404
    return found


def stop_here(request: HttpRequest, stop_id: int) -> Stop:
    """The stop, for who leads the team of its tour."""
    found = road.stop_of(request.user, stop_id)
    if found is None:
        raise Http404
    return found


@require_GET
@audience("team")
def tours(request: HttpRequest) -> HttpResponse:
    """The tours of one's teams, the latest day first."""
    return render(request, "pooling/team/tours.html", {"tab": "mine", "tours": road.tours_of(request.user)})


@require_GET
@audience("team")
def tour(request: HttpRequest, tour_id: int) -> HttpResponse:
    """The next stop large, the others below it."""
    found = tour_here(request, tour_id)
    is_accepted = found.state == TourState.ACCEPTED
    halts = road.halts(found, with_contact=True)
    ahead = (StopState.AHEAD, StopState.ARRIVED)
    going = is_accepted and found.pool.state == PoolState.PUBLISHED
    context = {
        "tab": "mine",
        "tour": found,
        "halts": halts,
        "next": next((halt for halt in halts if halt.stop.state in ahead), None) if going else None,
        "carried": road.carried(found),
        "is_waiting": found.state == TourState.WAITING and found.pool.state == PoolState.PUBLISHED,
        "is_accepted": is_accepted,
        "done_count": sum(halt.stop.state == StopState.DONE for halt in halts),
    }
    return render(request, "pooling/team/tour.html", context)


@require_GET
@audience("team")
def sheet(request: HttpRequest, tour_id: int) -> HttpResponse:
    """The route sheet on paper, with the contacts that are open to the team."""
    found = tour_here(request, tour_id)
    context = {"tour": found, "halts": road.halts(found, with_contact=True), "carried": road.carried(found)}
    return render(request, "pooling/team/sheet.html", context)


@require_POST
@audience("team")
def take_on(request: HttpRequest, tour_id: int) -> HttpResponse:
    """Say yes for the team."""
    found = tour_here(request, tour_id)
    return pressed(
        request,
        lambda at: driving.take_on(tour_id=found.pk, by=request.user, at=at),
        to=_at(found),
        words=_("接下了。线路上的点单都按时间约好了，居民会收到消息。"),
    )


@require_http_methods(READ_AND_SEND)
@audience("team")
def hand_back(request: HttpRequest, tour_id: int) -> HttpResponse:
    """Say no for the team."""
    found = tour_here(request, tour_id)
    form = ReasonForm(sent(request))
    return acted(
        request,
        form,
        lambda at: driving.hand_back(
            tour_id=found.pk, reason=form.cleaned_data["reason"], by=request.user, at=at
        ),
        to=_at(found),
        tab="mine",
        title=_("这一趟去不了"),
        button=_("退给派单员"),
        lead=_("退回以后由派单员另外安排，不影响队伍的任何积分和星级。"),
        done=_("已退回，派单员会另外安排。"),
    )


@require_POST
@audience("team")
def arrive(request: HttpRequest, stop_id: int) -> HttpResponse:
    """到了."""
    found = stop_here(request, stop_id)
    return pressed(
        request,
        lambda at: driving.arrive(stop_id=found.pk, by=request.user, at=at),
        to=_at(found.tour),
        words=_("记下了：到{place}。").format(place=found.need.place.name),
    )


@require_http_methods(READ_AND_SEND)
@audience("team")
def complete(request: HttpRequest, stop_id: int) -> HttpResponse:
    """办完了."""
    found = stop_here(request, stop_id)
    form = DoneForm(sent(request), initial={"served": found.need.people})

    def act(at: Any) -> None:
        said = form.cleaned_data
        driving.complete(
            stop_id=found.pk, summary=said["summary"], served=said["served"], by=request.user, at=at
        )

    return acted(
        request,
        form,
        act,
        to=_at(found.tour),
        tab="mine",
        title=_("{place}办完了").format(place=found.need.place.name),
        button=_("办完了"),
        done=_("记下了，去下一站吧。"),
    )


@require_http_methods(READ_AND_SEND)
@audience("team")
def skip(request: HttpRequest, stop_id: int) -> HttpResponse:
    """没办成."""
    found = stop_here(request, stop_id)
    form = ReasonForm(sent(request))
    return acted(
        request,
        form,
        lambda at: driving.skip(stop_id=found.pk, reason=form.cleaned_data["reason"], by=request.user, at=at),
        to=_at(found.tour),
        tab="mine",
        title=_("{place}没办成").format(place=found.need.place.name),
        button=_("告诉派单员"),
        lead=_("派单员会另外安排这一站。"),
        done=_("已告诉派单员。"),
    )


def _at(tour: Tour) -> str:
    return reverse("pooling:tour", args=[tour.pk])
