"""Planning a fair, its moves, and the stalls that come to it."""

from datetime import date
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from civic.access.roles import Permission
from civic.core.acting import done, pressed, sent
from civic.core.web import audience, id_in
from civic.fairs.forms import CancelForm, CloseForm, JoinForm, PlanForm, PressForm
from civic.fairs.models import Fair, RecurringDay
from civic.fairs.pages.desk import fair_here
from civic.fairs.pages.finding import finder
from civic.fairs.queries import desk as queries
from civic.fairs.services import moving, stalls
from civic.fairs.states import AHEAD, LIFE
from civic.places.models import Level

EDIT = Permission.FAIRS_EDIT
READ_AND_SEND = ["GET", "POST"]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _fixed_day(request: HttpRequest) -> RecurringDay | None:
    """The fixed day that the calendar's link names, if it is one of hers."""
    asked = id_in(request.GET.get("fixed", ""))
    return next((one for one in queries.fixed_days(request.user, EDIT) if one.pk == asked), None)


def _suggested(request: HttpRequest, fixed: RecurringDay | None) -> dict[str, Any]:
    """What the form begins with: day and hours of the fixed day, the only place of a station."""
    tops = queries.tops(request.user)
    opens, closes = (fixed.opens, fixed.closes) if fixed else ("09:00", "11:30")
    return {
        "title": _("{name}文明集市").format(name=fixed.name) if fixed else _("文明集市"),
        "day": _day(request.GET.get("day", "")),
        "opens": opens,
        "closes": closes,
        "at_site": True,
        "where": tops[0].name if len(tops) == 1 and tops[0].level == Level.VILLAGE else "",
    }


@audience("desk", permission=EDIT)
@require_http_methods(READ_AND_SEND)
def plan_fair(request: HttpRequest) -> HttpResponse:
    """Put a fair on the calendar."""
    fixed = _fixed_day(request)
    form = PlanForm(sent(request), find=finder(request), initial=_suggested(request, fixed))

    def act(at: Any) -> str:
        plan = form.plan(fixed.pk if fixed else None)
        made = moving.plan_fair(plan=plan, by=request.user, at=at)
        return reverse("fairs:fair", args=[made.pk])

    words = _("已排上，接下来加摊位，再发布。")
    context = {"title": _("排一场集市"), "button": _("排上这一场"), "up": reverse("fairs:calendar")}
    return done(request, form, act, page="fairs/desk/form.html", words=words, tab="fairs", **context)


@audience("desk", permission=EDIT)
@require_http_methods(READ_AND_SEND)
def edit_fair(request: HttpRequest, fair_id: int) -> HttpResponse:
    """Move or rename a fair to come."""
    here = fair_here(request, fair_id, EDIT)
    lower, upper = timezone.localtime(here.span.lower), timezone.localtime(here.span.upper)
    initial = {
        "title": here.title,
        "where": f"{here.place.parent.name} {here.place.name}" if here.place.parent else here.place.name,
        "place": here.place_id,
        "spot": here.spot,
        "at_site": here.venue_id is not None,
        "day": lower.date(),
        "opens": lower.time(),
        "closes": upper.time(),
    }
    form = PlanForm(sent(request), find=finder(request), initial=initial)

    def act(at: Any) -> str:
        moving.edit_fair(fair_id=here.pk, plan=form.plan(), by=request.user, at=at)
        return reverse("fairs:fair", args=[here.pk])

    context = {
        "title": _("改集市"),
        "button": _("保存修改"),
        "up": reverse("fairs:fair", args=[here.pk]),
        "lead": _("已经发布的集市改了时间地点，出摊的队伍会收到通知。") if here.published_at else "",
        "is_over": here.state not in AHEAD,
    }
    words = _("已改好。")
    return done(request, form, act, page="fairs/desk/form.html", words=words, tab="fairs", **context)


def _moved(request: HttpRequest, here: Fair, form: Form, act: Any, **words: Any) -> HttpResponse:
    """A move's page; `title`, `button`, `done` and perhaps `lead` are its words."""
    up = reverse("fairs:fair", args=[here.pk])

    def step(at: Any) -> str:
        act(at)
        return up

    name = request.resolver_match.url_name or ""
    context = {
        "tab": "fairs",
        "up": up,
        "subject": here,
        "is_over": not LIFE.is_open_to(name, here.state),
        "danger": name == "cancel",
    }
    said = words.pop("done")
    return done(request, form, step, page="fairs/desk/form.html", words=said, **context, **words)


@audience("desk", permission=EDIT)
@require_http_methods(READ_AND_SEND)
def publish(request: HttpRequest, fair_id: int) -> HttpResponse:
    """Show the fair to residents."""
    here = fair_here(request, fair_id, EDIT)
    return _moved(
        request,
        here,
        PressForm(sent(request)),
        lambda at: moving.publish(fair_id=here.pk, by=request.user, at=at),
        title=_("发布集市"),
        lead=_("发布以后居民在「文明集市」里看得到，出摊的队伍会收到通知。"),
        button=_("发布这场集市"),
        done=_("已发布，队伍会收到通知。"),
    )


@audience("desk", permission=EDIT)
@require_http_methods(READ_AND_SEND)
def start(request: HttpRequest, fair_id: int) -> HttpResponse:
    """The fair begins."""
    here = fair_here(request, fair_id, EDIT)
    return _moved(
        request,
        here,
        PressForm(sent(request)),
        lambda at: moving.start(fair_id=here.pk, by=request.user, at=at),
        title=_("开始集市"),
        lead=_("开始以后，各摊位在手机上记服务人数。"),
        button=_("现在开始"),
        done=_("集市开始了。"),
    )


@audience("desk", permission=EDIT)
@require_http_methods(READ_AND_SEND)
def close(request: HttpRequest, fair_id: int) -> HttpResponse:
    """The fair is over; what came of it is written down."""
    here = fair_here(request, fair_id, EDIT)
    form = CloseForm(sent(request))
    return _moved(
        request,
        here,
        form,
        lambda at: moving.close(fair_id=here.pk, outcome=form.outcome(), by=request.user, at=at),
        title=_("收摊"),
        lead=_("各摊位一共记了 {count} 人。收摊以后人数不能再改。").format(count=here.served_count),
        button=_("收摊，出成果表"),
        done=_("辛苦了，成果表可以打印和导出。"),
    )


@audience("desk", permission=EDIT)
@require_http_methods(READ_AND_SEND)
def cancel(request: HttpRequest, fair_id: int) -> HttpResponse:
    """Call the fair off."""
    here = fair_here(request, fair_id, EDIT)
    form = CancelForm(sent(request))
    return _moved(
        request,
        here,
        form,
        lambda at: moving.cancel(fair_id=here.pk, reason=form.cleaned_data["reason"], by=request.user, at=at),
        title=_("取消集市"),
        lead=_("已经发布的，居民会看到原因，出摊的队伍会收到短信。"),
        button=_("取消这场集市"),
        done=_("已取消。"),
    )


@audience("desk", permission=EDIT)
@require_http_methods(READ_AND_SEND)
def join_fair(request: HttpRequest, fair_id: int) -> HttpResponse:
    """A stall comes to the fair."""
    here = fair_here(request, fair_id, EDIT)
    form = JoinForm(sent(request), stalls=queries.stalls_for(here))
    up = reverse("fairs:fair", args=[here.pk])

    def act(at: Any) -> str:
        stalls.join_fair(fair_id=here.pk, stall_id=form.cleaned_data["stall"], by=request.user, at=at)
        return up

    context = {"title": _("加摊位"), "button": _("加这个摊位"), "up": up, "is_over": here.state not in AHEAD}
    words = _("摊位已加上。")
    return done(request, form, act, page="fairs/desk/form.html", words=words, tab="fairs", **context)


@audience("desk", permission=EDIT)
@require_POST
def leave_fair(request: HttpRequest, session_id: int) -> HttpResponse:
    """Take a stall off the fair."""
    session = queries.session_edited(request.user, session_id)
    if session is None:
        raise Http404
    return pressed(
        request,
        lambda at: stalls.leave_fair(session_id=session.pk, by=request.user, at=at),
        words=_("「{name}」已撤下。").format(name=session.stall.title),
        to=reverse("fairs:fair", args=[session.fair_id]),
    )
