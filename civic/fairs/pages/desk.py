"""C6 集市排期: the month, one fair with its stalls, its sheet, and the fixed days."""

from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from civic.access.roles import Permission
from civic.core import sheets
from civic.core.acting import done, pressed, sent
from civic.core.web import audience
from civic.fairs import days, rules
from civic.fairs.forms import WEEKDAYS, FixedDayForm, JoinForm, host_words
from civic.fairs.models import Fair, Rhythm
from civic.fairs.pages.finding import finder
from civic.fairs.queries import desk as queries
from civic.fairs.services import fixed_days as services
from civic.fairs.services.moving import EARLY
from civic.fairs.states import AHEAD, LIFE
from civic.journal import services as journal

SEE, EDIT = Permission.FAIRS_SEE, Permission.FAIRS_EDIT


@audience("desk", permission=SEE)
@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    """The month: fixed days, holidays, fairs; a grid on the desk, a list on the phone."""
    today = timezone.localdate()
    first = days.month_of(request.GET.get("month", ""), today)
    found = queries.month(request.user, first)
    context = {
        "tab": "fairs",
        "first": first,
        "lead_in": range(first.weekday()),
        "weekdays": WEEKDAYS,
        "days": found,
        "is_empty": all(day.is_empty for day in found),
        "today": today,
        "earlier": days.month_before(first),
        "later": days.next_month(first),
        "may_plan": bool(queries.tops(request.user)),
    }
    return render(request, "fairs/desk/calendar.html", context)


def fair_here(request: HttpRequest, fair_id: int, permission: str = SEE) -> Fair:
    """The fair, in reach of this person; absent to anybody else."""
    found = queries.fair_seen(request.user, fair_id, permission)
    if found is None:
        raise Http404
    return found


@audience("desk", permission=SEE)
@require_GET
def fair(request: HttpRequest, fair_id: int) -> HttpResponse:
    """One fair: when and where, its stalls, what can be done now, and what came of it."""
    here = fair_here(request, fair_id)
    may_edit = rules.may_publish(request.user, here)
    is_ahead = here.state in AHEAD
    context = {
        "tab": "fairs",
        "fair": here,
        "mark": _mark(here),
        "sessions": queries.sessions(here),
        "may_edit": may_edit,
        "is_ahead": is_ahead,
        "moves": _moves(here) if may_edit else [],
        "form": JoinForm(stalls=queries.stalls_for(here)) if may_edit and is_ahead else None,
    }
    return render(request, "fairs/desk/fair.html", context)


def _moves(here: Fair) -> list[str]:
    """The moves open now; nobody begins or ends a fair of another day."""
    has_come = timezone.now() >= here.span.lower - EARLY
    return [name for name in LIFE.open_to(here.state) if has_come or name not in {"start", "close"}]


def _mark(here: Fair) -> days.Mark:
    day = timezone.localdate(here.span.lower)
    return days.mark_of(day, queries.by_hand(day, day))


@audience("desk", permission=SEE)
@require_GET
def sheet(request: HttpRequest, fair_id: int) -> HttpResponse:
    """The outcome on paper: stalls, people served, leaflets."""
    here = fair_here(request, fair_id)
    context = {"fair": here, "sessions": queries.sessions(here)}
    return render(request, "fairs/desk/sheet.html", context)


def _where(here: Fair) -> str:
    above = f"{here.place.parent.name} " if here.place.parent else ""
    return f"{above}{here.place.name}{here.spot}"


@audience("desk", permission=SEE)
@require_GET
def sheet_file(request: HttpRequest, fair_id: int) -> HttpResponse:
    """The outcome as a workbook; taking it out leaves a line in the journal."""
    here = fair_here(request, fair_id)
    headers = [_("集市"), _("日期"), _("地方"), _("摊位"), _("种类"), _("谁出摊"), _("服务人数")]
    what = [here.title, f"{timezone.localdate(here.span.lower)}", _where(here)]
    rows: list[list[object]] = [
        [*what, one.stall.title, one.stall.get_kind_display(), host_words(one.stall), one.served_count]
        for one in queries.sessions(here)
    ]
    rows.append([*what, _("合计"), "", "", here.served_count])
    rows.append([*what, _("宣传册"), "", "", here.leaflet_count])
    rows.append([*what, _("有奖问答"), "", "", here.quiz_count])
    book = sheets.write(sheet=_("集市成果"), headers=headers, rows=rows)
    journal.write(
        at=timezone.now(),
        by=request.user,
        what="fairs.export",
        about=here,
        place_path=here.place.path,
        count=len(rows),
    )
    response = HttpResponse(book, content_type=sheets.XLSX)
    name = quote(f"{here.title}-{timezone.localdate(here.span.lower)}.xlsx")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response


# --- Fixed days.


@audience("desk", permission=SEE)
@require_GET
def fixed_days(request: HttpRequest) -> HttpResponse:
    """The fixed days in reach, and those of the places above."""
    found = queries.fixed_days(request.user)
    context = {
        "tab": "fairs",
        "rows": [(one, rhythm_words(one), rules.may_plan(request.user, one.place)) for one in found],
        "may_plan": bool(queries.tops(request.user)),
    }
    return render(request, "fairs/desk/fixed_days.html", context)


def rhythm_words(one: object) -> str:
    """每周五, 每月 20 日."""
    if one.rhythm == Rhythm.WEEKLY:
        return _("每{weekday}").format(weekday=WEEKDAYS[one.weekday])
    return _("每月 {day} 日").format(day=one.day_of_month)


@audience("desk", permission=EDIT)
@require_http_methods(["GET", "POST"])
def set_fixed_day(request: HttpRequest) -> HttpResponse:
    """Name a weekday or a day of the month."""
    form = FixedDayForm(sent(request), find=finder(request), initial={"opens": "09:00", "closes": "11:30"})

    def act(at: object) -> str:
        said = form.cleaned_data
        services.set_fixed_day(
            place_id=said["place"],
            name=said["name"],
            rhythm=said["rhythm"],
            number=said["number"],
            opens=said["opens"],
            closes=said["closes"],
            by=request.user,
            at=at,
        )
        return reverse("fairs:fixed_days")

    context = {"title": _("加固定活动日"), "button": _("定下这一天"), "up": reverse("fairs:fixed_days")}
    words = _("固定活动日已定下，日历上看得到。")
    return done(request, form, act, page="fairs/desk/form.html", words=words, tab="fairs", **context)


@audience("desk", permission=EDIT)
@require_POST
def drop_fixed_day(request: HttpRequest, fixed_day_id: int) -> HttpResponse:
    """End a fixed day."""
    found = queries.fixed_day_edited(request.user, fixed_day_id)
    if found is None:
        raise Http404
    return pressed(
        request,
        lambda at: services.drop_fixed_day(fixed_day_id=found.pk, by=request.user, at=at),
        words=_("「{name}」以后不再排。").format(name=found.name),
        to=reverse("fairs:fixed_days"),
    )
