"""A6 导入中心: template, upload, preview, take in or drop, failed rows back, undo; and the export."""

import json
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from civic.access.queries import paths_reached
from civic.access.roles import Permission
from civic.core import sheets
from civic.core.acting import pressed
from civic.core.errors import Refused
from civic.core.web import answer, audience
from civic.places.models import Place
from civic.venues import columns, queries
from civic.venues.forms import UploadForm
from civic.venues.models import Batch, RowVerdict
from civic.venues.services import imports as services
from civic.venues.states import BatchState

IMPORT = Permission.VENUES_IMPORT
SHOWN = ("名称", "所在地", "类型", "电话")


@audience("desk", permission=IMPORT)
@require_GET
def imports(request: HttpRequest) -> HttpResponse:
    """Workbooks of the last time, each with its state."""
    found = list(queries.batches(request.user)[:100])
    return render(request, "venues/imports/list.html", {"tab": "imports", "batches": found})


@audience("desk", permission=IMPORT)
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Send a workbook; it is judged, not yet taken in."""
    tops = Place.objects.valid().filter(path__in=paths_reached(request.user, IMPORT)).in_order()
    sent = request.method == "POST"
    form = UploadForm(request.POST, request.FILES, tops=tops) if sent else UploadForm(tops=tops)
    if form.is_bound and form.is_valid():
        try:
            batch = services.upload(
                file=form.cleaned_data["file"],
                place_id=form.cleaned_data["place"].pk,
                by=request.user,
                at=timezone.now(),
            )
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("venues:batch", batch.pk)
    context = {"tab": "imports", "form": form}
    return render(request, "venues/imports/upload.html", context, status=422 if form.errors else 200)


@audience("desk", permission=IMPORT)
@require_GET
def batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The verdict on every row before it is taken in, and what became of the workbook after."""
    here = _mine(request, batch_id)
    only = request.GET.get("only", "")
    verdict = only if only in RowVerdict.values else ""
    rows, after = queries.batch_rows(here, verdict=verdict, after=request.GET.get("after", ""))
    now = timezone.now()
    context = {
        "tab": "imports",
        "batch": here,
        "only": verdict,
        "rows": [(row, _shown(row.cells)) for row in rows],
        "shown": SHOWN,
        "next_row": after,
        "right_count": here.new_count + here.changed_count,
        "taken_count": queries.taken_count(here) if here.queued_at else 0,
        "is_open": here.state == BatchState.PREVIEWED and here.queued_at is None,
        "may_still_undo": here.state == BatchState.APPLIED
        and here.applied_at is not None
        and now - here.applied_at <= services.UNDO_WITHIN,
    }
    return answer(
        request, page="venues/imports/batch.html", fragment="venues/imports/_batch.html", context=context
    )


@audience("desk", permission=IMPORT)
@require_POST
def apply(request: HttpRequest, batch_id: int) -> HttpResponse:
    """只导入正确的 N 行."""
    here = _mine(request, batch_id)
    big = here.new_count + here.changed_count > services.BIG
    return pressed(
        request,
        lambda at: services.apply(batch_id=here.pk, by=request.user, at=at),
        words=_("开始导入，可以离开这一页。") if big else _("已导入。24 小时内可以撤销。"),
        to=reverse("venues:batch", args=[here.pk]),
    )


@audience("desk", permission=IMPORT)
@require_POST
def drop(request: HttpRequest, batch_id: int) -> HttpResponse:
    """全部不导入."""
    here = _mine(request, batch_id)
    return pressed(
        request,
        lambda at: services.drop(batch_id=here.pk, by=request.user, at=at),
        words=_("一行都没有导入。"),
        to=reverse("venues:batch", args=[here.pk]),
    )


@audience("desk", permission=IMPORT)
@require_POST
def undo(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Put everything back."""
    here = _mine(request, batch_id)
    return pressed(
        request,
        lambda at: services.undo(batch_id=here.pk, by=request.user, at=at),
        words=_("已撤销，恢复到导入前的样子。"),
        to=reverse("venues:batch", args=[here.pk]),
    )


@audience("desk", permission=IMPORT)
@require_GET
def failed(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The wrong rows as a workbook: values kept, what is wrong in the last column, ready to send again."""
    here = _mine(request, batch_id)
    rows = []
    for row in here.rows.filter(verdict=RowVerdict.WRONG).order_by("number"):
        cells = json.loads(row.cells)
        told = "；".join(f"{error['column']}：{error['words']}" for error in row.errors)
        rows.append([*(cells.get(header, "") for header in columns.headers()), told])
    raw = sheets.write(sheet="阵地", headers=[*columns.headers(), "错误"], rows=rows)
    return _download(raw, _("没有导入的行"))


@audience("desk", permission=IMPORT)
@require_GET
def template(request: HttpRequest) -> HttpResponse:
    """An empty workbook with headers, one grey example, drop-downs and 填写说明."""
    raw = sheets.template(sheet="阵地", columns=columns.COLUMNS, notes=columns.NOTES)
    return _download(raw, _("阵地导入模板"))


@audience("desk", permission=IMPORT)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Every venue in reach as a workbook of the same columns; by POST, since it is written to the journal."""
    raw = services.export(by=request.user, at=timezone.now())
    return _download(raw, _("阵地"))


def _download(raw: bytes, name: str) -> HttpResponse:
    response = HttpResponse(raw, content_type=sheets.XLSX)
    day = f"{timezone.localdate():%Y%m%d}"
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'{name}-{day}.xlsx')}"
    return response


def _shown(cells: str) -> list[tuple[str, str]]:
    told = json.loads(cells)
    return [(header, told.get(header, "")) for header in SHOWN]


def _mine(request: HttpRequest, batch_id: int) -> Batch:
    """A workbook for a place within reach; anything else reads as absent."""
    found = queries.batches(request.user).filter(pk=batch_id).first()
    if found is None:
        raise Http404
    return found
