"""缺人地图, and how well the engine's predictions and proposals held."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from civic.access.roles import Permission
from civic.core import sheets
from civic.core.web import answer, audience
from civic.orders.forms.plan import ShortageForm
from civic.orders.queries import reliability
from civic.orders.queries import shortages as queries

VERBS = {
    "override": gettext_lazy("改派给别人"),
    "pin": gettext_lazy("就派给"),
    "forbid": gettext_lazy("不派给"),
}


@require_GET
@audience("desk")
def shortages(request: HttpRequest) -> HttpResponse:
    """C2: where people are missing, on the map and as a list; who reaches nothing sees an empty one."""
    form = _sieve(request)
    made = queries.made_at(request.user)
    context = {
        "tab": "shortages",
        "sieve": form,
        "page": queries.page(request.user, request.GET.get("after", ""), **form.sieve()),
        "tiles": queries.tiles(request.user),
        "made_at": made,
        "is_old": queries.is_old(made, timezone.now()),
    }
    return answer(
        request, page="orders/desk/shortages.html", fragment="orders/desk/_shortages.html", context=context
    )


@require_GET
@audience("desk")
def shortages_sheet(request: HttpRequest) -> HttpResponse:
    """The list as a workbook, by the same filters."""
    rows = queries.table(request.user, **_sieve(request).sieve())
    book = sheets.write(
        sheet=_("缺人"),
        headers=[_("县区"), _("地方"), _("手艺"), _("时间"), _("缺几人次"), _("多一个人能省的分钟")],
        rows=[
            [
                row.county,
                row.shortage.place.name,
                row.shortage.skill.name,
                queries.slot(row.shortage),
                row.shortage.lacking,
                row.minutes,
            ]
            for row in rows
        ],
    )
    response = HttpResponse(book, content_type=sheets.XLSX)
    response["Content-Disposition"] = "attachment; filename=shortages.xlsx"
    return response


def _sieve(request: HttpRequest) -> ShortageForm:
    return ShortageForm(
        request.GET,
        places=list(queries.places_to_choose(request.user)),
        skills=queries.skills_lacking(request.user),
    )


@require_GET
@audience("city", permission=Permission.FIGURES_SEE)
def matching(request: HttpRequest) -> HttpResponse:
    """Predicted against happened, and the overrides of each week by reason."""
    now = timezone.now()
    weeks = [
        (week.monday, [(VERBS[verb], reason, times) for verb, reason, times in week.reasons])
        for week in reliability.overrides(request.user, now)
    ]
    context = {
        "tab": "matching",
        "diagram": reliability.diagram(request.user, now),
        "weeks": weeks,
        "days": reliability.DAYS,
        "now": now,
    }
    return render(request, "orders/desk/matching.html", context)
