"""A3 and A5: the city's settings, and the calendar of holidays. For the system admin."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from civic.access import queries, services
from civic.access.forms import LABELS, DayForm, NoticeForm, SettingsForm, field_name
from civic.access.roles import Permission
from civic.core.web import audience, id_in


@audience("admin", permission=Permission.SETTINGS_EDIT)
@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Deadlines, wording, names and numbers; saved together, journalled one by one."""
    person: Any = request.user
    initial = {field_name(key): queries.setting(key) for key in LABELS}
    form = SettingsForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        for key, value in form.values().items():
            if value != initial[field_name(key)]:
                services.set_setting(key=key, value=value, by=person, at=timezone.now())
        messages.success(request, _("设置已保存，10 秒内在各处生效。"))
        return HttpResponseRedirect(reverse("access:settings"))
    context = {"form": form, "tab": "settings"}
    return render(request, "access/settings.html", context, status=422 if form.errors else 200)


def _year(request: HttpRequest) -> int:
    asked = request.GET.get("year", "")
    this_year = timezone.localdate().year
    year = id_in(asked) or this_year
    return year if 2000 <= year <= 2100 else this_year


def _calendar(
    request: HttpRequest, *, day: DayForm | None = None, notice: NoticeForm | None = None, status: int = 200
) -> HttpResponse:
    year = _year(request)
    read = notice.cleaned_data.get("days", []) if notice is not None and notice.is_valid() else []
    context = {
        "tab": "calendar",
        "year": year,
        "years": (year - 1, year + 1),
        "days": queries.calendar(year),
        "day_form": day or DayForm(),
        "notice_form": notice or NoticeForm(),
        "form": day if day is not None and day.errors else notice,
        "read": read,
    }
    return render(request, "access/calendar.html", context, status=status)


@audience("admin", permission=Permission.SETTINGS_EDIT)
@require_http_methods(["GET", "POST"])
def calendar(request: HttpRequest) -> HttpResponse:
    """The days that differ from the national calendar; a POST sets one of them."""
    person: Any = request.user
    if request.method != "POST":
        return _calendar(request)
    form = DayForm(request.POST)
    if not form.is_valid():
        return _calendar(request, day=form, status=422)
    on = form.cleaned_data["on"]
    services.set_calendar_day(
        on=on,
        is_working=form.cleaned_data["kind"] == "working",
        name=form.cleaned_data["name"],
        by=person,
        at=timezone.now(),
    )
    messages.success(request, _("日历已改。新的期限按它算，已定的期限不变。"))
    return HttpResponseRedirect(f"{reverse('access:calendar')}?year={on.year}")


@audience("admin", permission=Permission.SETTINGS_EDIT)
@require_POST
def notice(request: HttpRequest) -> HttpResponse:
    """Read a pasted notice; what was read is shown first, and kept when sent again with `save`."""
    person: Any = request.user
    form = NoticeForm(request.POST)
    if not form.is_valid():
        return _calendar(request, notice=form, status=422)
    if "save" not in request.POST:
        return _calendar(request, notice=form)
    days = form.cleaned_data["days"]
    count = services.set_calendar(
        days={day.on: (day.is_working, day.name) for day in days}, by=person, at=timezone.now()
    )
    messages.success(request, _("已记下 {count} 天。").format(count=count))
    return HttpResponseRedirect(f"{reverse('access:calendar')}?year={days[0].on.year}")


@audience("admin", permission=Permission.SETTINGS_EDIT)
@require_POST
def drop_day(request: HttpRequest, day: str) -> HttpResponse:
    """Give one day back to the national calendar."""
    person: Any = request.user
    try:
        on = date.fromisoformat(day)
    except ValueError:
        raise Http404 from None
    services.drop_calendar_day(on=on, by=person, at=timezone.now())
    messages.success(request, _("这一天改回国家日历。"))
    return HttpResponseRedirect(f"{reverse('access:calendar')}?year={on.year}")
