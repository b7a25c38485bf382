"""C1 派单台: the queues, their counts, the next one; and 台账, everything by month."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from civic.access.queries import holds
from civic.access.roles import Permission
from civic.core.web import answer, audience, id_in
from civic.orders.forms.desk import SieveForm, month_of
from civic.orders.queries import clerk
from civic.orders.queries import desk as queries
from civic.orders.queries.keyset import Page
from civic.orders.queries.menu import categories

TITLES = {
    "screen": gettext_lazy("待审"),
    "dispatch": gettext_lazy("待派"),
    "overdue": gettext_lazy("超时"),
    "calls": gettext_lazy("待回访"),
}
EMPTY = {
    "screen": gettext_lazy("没有等着受理的单。"),
    "dispatch": gettext_lazy("没有等着派的单。"),
    "overdue": gettext_lazy("没有超时的单。"),
}


@require_GET
@audience("desk", permission=Permission.ORDERS_SEE)
def desk(request: HttpRequest) -> HttpResponse:
    """One queue of the person's reach, the most pressing first."""
    now = timezone.now()
    queues = queries.open_queues(request.user)
    which = request.GET.get("queue", "")
    if which not in queues:
        which = queues[0]
    form = sieve_form(request)
    sieve = queries.Sieve(**form.sieve())
    context = {
        "tab": "desk",
        "queue": which,
        "page": queries.queue(request.user, which, now, sieve, request.GET.get("after", "")),
        "tabs": tabs(request, which),
        "sieve": form,
        "is_sifted": sieve != queries.NO_SIEVE,
        "nothing": EMPTY[which],
        "can_take_next": set(queues) != {"overdue"},
        "can_place": holds(request.user, Permission.ORDERS_PLACE),
        "now": now,
    }
    return answer(request, page="orders/desk/index.html", fragment="orders/desk/_queue.html", context=context)


@require_GET
@audience("desk", permission=Permission.ORDERS_SEE)
def desk_counts(request: HttpRequest) -> HttpResponse:
    """The tabs with fresh counts, asked for once a minute; nothing (204) while nothing has changed."""
    fresh = tabs(request, request.GET.get("queue", ""))
    if request.GET.get("was") == fresh["was"]:
        return HttpResponse(status=204)
    return render(request, "orders/desk/_tabs.html", {"tabs": fresh, "is_news": True})


@require_GET
@audience("desk", permission=Permission.ORDERS_SEE)
def next_one(request: HttpRequest) -> HttpResponse:
    """办下一件: the most pressing order that the person can act on, other than the one she has before her."""
    skipped = request.GET.get("not", "")
    found = queries.next_due(request.user, timezone.now(), id_in(skipped))
    if found is None:
        messages.success(request, _("手上的单都办完了。"))
        return redirect("orders:desk")
    return redirect("orders:at_desk", found.pk)


@require_GET
@audience("desk", permission=Permission.ORDERS_SEE)
def ledger(request: HttpRequest) -> HttpResponse:
    """台账: all orders of a month; a number or a phone is looked for in every month."""
    now = timezone.now()
    today = timezone.localdate(now)
    month = month_of(request.GET.get("month", ""), today)
    form = sieve_form(request)
    sieve = queries.Sieve(**form.sieve())
    everywhere = queries.is_number_or_phone(sieve.words)
    if everywhere:
        page = Page(queries.found_by(request.user, sieve.words, now))
    else:
        page = queries.ledger(request.user, month, now, sieve, request.GET.get("after", ""))
    context = {
        "tab": "ledger",
        "page": page,
        "sieve": form,
        "month": month,
        "earlier": month - timedelta(days=1),
        "later": following(month) if following(month) <= today else None,
        "everywhere": everywhere,
        "now": now,
    }
    return answer(
        request, page="orders/desk/ledger.html", fragment="orders/desk/_ledger.html", context=context
    )


def following(month: date) -> date:
    """The first day of the next month."""
    return (month + timedelta(days=32)).replace(day=1)


def sieve_form(request: HttpRequest) -> SieveForm:
    """The filters of this request."""
    return SieveForm(
        request.GET, places=list(queries.places_to_choose(request.user)), categories=list(categories())
    )


def tabs(request: HttpRequest, which: str) -> dict[str, Any]:
    """The tabs of the desk with their counts."""
    counts = queries.counts(request.user, timezone.now())
    if holds(request.user, Permission.ORDERS_CLOSE):
        counts["calls"] = clerk.calls_owed(request.user)[: queries.COUNT_CEILING].count()
    return {
        "which": which,
        "was": "-".join(str(count) for count in counts.values()),
        "rows": [
            {"key": key, "title": TITLES[key], "count": count, "is_many": count >= queries.COUNT_CEILING}
            for key, count in counts.items()
        ],
    }
