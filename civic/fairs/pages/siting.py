"""「在哪儿办集市」: ask, wait for the worker, read the proposal with its proof, and take it over."""

from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from civic.access.roles import Permission
from civic.core import sheets
from civic.core.acting import done, sent
from civic.core.web import answer, audience
from civic.fairs import rules
from civic.fairs.forms import AdoptForm, AskForm
from civic.fairs.models import Siting
from civic.fairs.pages.finding import finder
from civic.fairs.queries import desk
from civic.fairs.queries import siting as queries
from civic.fairs.services import siting as services
from civic.journal import services as journal

SEE, EDIT = Permission.FAIRS_SEE, Permission.FAIRS_EDIT
SUGGESTED = {"opens": "09:00", "closes": "11:30"}


@audience("desk", permission=SEE)
@require_GET
def sitings(request: HttpRequest) -> HttpResponse:
    """The latest proposals in reach."""
    rows = [
        (one, queries.percent(one.weight_covered, one.weight_total)) for one in queries.sitings(request.user)
    ]
    context = {"tab": "sitings", "rows": rows, "may_plan": bool(desk.tops(request.user))}
    return render(request, "fairs/desk/sitings.html", context)


@audience("desk", permission=EDIT)
@require_http_methods(["GET", "POST"])
def ask_siting(request: HttpRequest) -> HttpResponse:
    """Ask for a proposal; the worker computes it."""
    tops = desk.tops(request.user)
    initial = {"where": tops[0].name if len(tops) == 1 else ""}
    form = AskForm(sent(request), find=finder(request), initial=initial)

    def act(at: Any) -> str:
        said = form.cleaned_data
        made = services.ask_siting(
            place_id=said["place"],
            fair_count=said["fair_count"],
            radius_m=said["radius"],
            by=request.user,
            at=at,
        )
        return reverse("fairs:siting", args=[made.pk])

    context = {
        "title": _("在哪儿办集市"),
        "lead": _("说清楚在哪一片、办几场、多远算到得了，系统找出覆盖人最多的地方，并说明离最好还差多少。"),
        "button": _("算一算"),
        "up": reverse("fairs:sitings"),
    }
    words = _("已经在算，一般几秒钟。")
    return done(request, form, act, page="fairs/desk/form.html", words=words, tab="sitings", **context)


def _siting(request: HttpRequest, siting_id: int, permission: str = SEE) -> Siting:
    found = queries.siting_seen(request.user, siting_id, permission)
    if found is None:
        raise Http404
    return found


@audience("desk", permission=SEE)
@require_GET
def siting(request: HttpRequest, siting_id: int) -> HttpResponse:
    """A proposal: the chosen places, what they reach, the bound and the comparison."""
    here = _siting(request, siting_id)
    is_ready = here.solved_at is not None and not here.problem
    chosen = queries.chosen(here) if is_ready else []
    context = {
        "tab": "sitings",
        "siting": here,
        "radius": f"{here.radius_m / 1000:g}",
        "is_ready": is_ready,
        "is_late": services.is_late(here, timezone.now()),
        "verdict": queries.verdict(here, count=len(chosen)) if is_ready else None,
        "chosen": chosen,
        "may_adopt": is_ready and here.adopted_at is None and rules.may_adopt(request.user, here),
        "form": AdoptForm(initial=SUGGESTED | {"title": _("文明集市")}),
    }
    return answer(request, page="fairs/desk/siting.html", fragment="fairs/desk/_siting.html", context=context)


@audience("desk", permission=SEE)
@require_GET
def siting_file(request: HttpRequest, siting_id: int) -> HttpResponse:
    """The proposal as a workbook: a row for each village reached, and the proof in the last lines."""
    here = _siting(request, siting_id)
    if here.solved_at is None or here.problem:
        raise Http404
    chosen = queries.chosen(here)
    headers = [_("次序"), _("乡镇"), _("办集市的地方"), _("多覆盖"), _("到得了的村社区"), _("位置")]
    rows: list[list[object]] = [
        [
            row.rank,
            row.place.parent.name if row.place.parent else "",
            row.place.name,
            row.weight_added,
            village.name,
            _("示意位置") if row.is_estimated else _("实测坐标"),
        ]
        for row in chosen
        for village in row.reached.all()
    ]
    said = queries.verdict(here, count=len(chosen))
    rows += [[sentence] for sentence in (said.covers, said.bound, said.compared, *said.honest)]
    journal.write(
        at=timezone.now(),
        by=request.user,
        what="fairs.export",
        about=here,
        place_path=here.place.path,
        count=len(rows),
    )
    book = sheets.write(sheet=_("在哪儿办集市"), headers=headers, rows=rows)
    response = HttpResponse(book, content_type=sheets.XLSX)
    name = quote(f"{here.place.name}{_('在哪儿办集市')}.xlsx")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response


@audience("desk", permission=EDIT)
@require_http_methods(["GET", "POST"])
def adopt_siting(request: HttpRequest, siting_id: int) -> HttpResponse:
    """Turn the proposal into fairs, still to be given stalls and published."""
    here = _siting(request, siting_id, EDIT)
    form = AdoptForm(sent(request), initial=SUGGESTED | {"title": _("文明集市")})

    def act(at: Any) -> str:
        starts_at, ends_at = form.span()
        services.adopt_siting(
            siting_id=here.pk,
            title=form.cleaned_data["title"],
            starts_at=starts_at,
            ends_at=ends_at,
            by=request.user,
            at=at,
        )
        month = f"{timezone.localdate(starts_at):%Y-%m}"
        return f"{reverse('fairs:calendar')}?month={month}"

    context = {
        "title": _("照这个方案排集市"),
        "lead": _("每个选中的地方排一场，时间一样，都还没有发布。"),
        "button": _("排上 {count} 场").format(count=here.chosen.count()),
        "up": reverse("fairs:siting", args=[here.pk]),
    }
    words = _("已排上，接下来给每一场加摊位。")
    return done(request, form, act, page="fairs/desk/form.html", words=words, tab="sitings", **context)
