"""C5 清单发布 and 领单: compile the month's list, look at it, publish it; sites take items on."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from civic.access.queries import reaches
from civic.access.roles import Permission
from civic.core.acting import sent
from civic.core.errors import Refused
from civic.core.web import answer, audience, id_in
from civic.orders.forms.menu import IssueForm
from civic.orders.models import Claim, Issue, Item
from civic.orders.queries import compiling as queries
from civic.orders.queries.menu import offered_at
from civic.orders.services import menu
from civic.venues.models import Venue


@require_GET
@audience("desk", permission=Permission.MENU_CLAIM)
def issues(request: HttpRequest) -> HttpResponse:
    """The monthly lists, the latest first."""
    context = {
        "tab": "issues",
        "issues": list(queries.issues_seen(request.user)[:36]),
        "may_compile": queries.may_compile(request.user),
    }
    return answer(
        request, page="orders/menu/issues.html", fragment="orders/menu/_issues.html", context=context
    )


@require_http_methods(["GET", "POST"])
@audience("desk", permission=Permission.MENU_EDIT)
def draft_issue(request: HttpRequest) -> HttpResponse:
    """Compile a month's list; a draft of the same month is gone on with."""
    today = timezone.localdate(timezone.now())
    places = queries.places_to_issue_for(request.user)
    draft = _draft(request)
    items = list(offered_at(None, today))
    form = IssueForm(
        sent(request),
        places=places,
        venues=queries.venues_of(places),
        items=items,
        initial=_begun(draft, today),
    )
    if form.is_bound and form.is_valid():
        try:
            made = _drafted(request, form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("草稿存好了，请看一遍再发布。"))
            return redirect("orders:issue", made.pk)
    return answer(
        request,
        page="orders/menu/draft_issue.html",
        fragment="orders/menu/_draft_issue.html",
        context={"tab": "issues", "form": form, "groups": _groups(form, items)},
        status=422 if form.errors else 200,
    )


def _drafted(request: HttpRequest, form: IssueForm) -> Issue:
    said = form.cleaned_data
    return menu.draft_issue(
        place_id=said["place"],
        month=said["month"],
        number=said["number"],
        theme=said["theme"],
        demonstration_id=said["demonstration"],
        item_ids=said["items"],
        by=request.user,
        at=timezone.now(),
    )


def _draft(request: HttpRequest) -> Issue | None:
    """The unpublished list that the address names."""
    wanted = id_in(request.GET.get("issue", ""))
    return queries.issues_seen(request.user).filter(pk=wanted, published_at=None).first() if wanted else None


def _begun(draft: Issue | None, today: date) -> dict[str, Any]:
    if draft is None:
        return {"month": f"{today:%Y-%m}", "number": today.month}
    return {
        "place": draft.place_id,
        "month": f"{draft.month:%Y-%m}",
        "number": draft.number,
        "theme": draft.theme,
        "demonstration": draft.demonstration_id,
        "items": list(draft.items.order_by("id").values_list("id", flat=True)),
    }


def _groups(form: IssueForm, items: list[Item]) -> list[dict[str, Any]]:
    """The choice of items by category, as boxes of one field."""
    boxes = dict(zip((item.pk for item in items), form["items"].subwidgets, strict=True))
    groups: dict[str, list[Any]] = {}
    for item in items:
        groups.setdefault(item.category.name, []).append(boxes[item.pk])
    return [
        {"name": name, "boxes": found, "chosen": sum(bool(box.data["selected"]) for box in found)}
        for name, found in groups.items()
    ]


@require_GET
@audience("desk", permission=Permission.MENU_CLAIM)
def issue(request: HttpRequest, issue_id: int) -> HttpResponse:
    """One month's list as the sites will see it; for its compiler also the button that publishes it."""
    found = get_object_or_404(queries.issues_seen(request.user), pk=issue_id)
    context = {
        "tab": "issues",
        "issue": found,
        "items": list(found.items.select_related("category").order_by("category__position", "id")),
        "may_publish": found.published_at is None
        and reaches(request.user, Permission.MENU_EDIT, found.place.path),
    }
    return answer(request, page="orders/menu/issue.html", fragment="orders/menu/_issue.html", context=context)


@require_POST
@audience("desk", permission=Permission.MENU_EDIT)
def publish_issue(request: HttpRequest, issue_id: int) -> HttpResponse:
    """Publish; the clerks below are asked to take items on."""
    found = get_object_or_404(queries.issues_seen(request.user), pk=issue_id)
    try:
        menu.publish_issue(issue_id=found.pk, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已发布，各站专干会收到领单的通知。"))
    return redirect("orders:issue", found.pk)


@require_GET
@audience("desk", permission=Permission.MENU_CLAIM)
def claims(request: HttpRequest) -> HttpResponse:
    """领单: what this month's list offers, and what the site has taken on."""
    venues = queries.venues_to_claim_for(request.user)
    wanted = request.GET.get("venue", "")
    venue = next((one for one in venues if str(one.pk) == wanted), venues[0] if venues else None)
    context: dict[str, Any] = {"tab": "claims", "venues": venues, "venue": venue, "issue": None, "rows": []}
    if venue is not None:
        context |= _offer(venue)
    return answer(
        request, page="orders/menu/claims.html", fragment="orders/menu/_claims.html", context=context
    )


def _offer(venue: Venue) -> dict[str, Any]:
    today = timezone.localdate(timezone.now())
    issue = queries.current_issue_of(venue, today)
    held = {one.item_id: one for one in queries.claims_of(venue)}
    listed = list(issue.items.order_by("id")) if issue else []
    rows = [{"item": item, "claim": held.get(item.pk), "is_listed": True} for item in listed]
    others = {item.pk for item in listed}
    rows += [
        {"item": one.item, "claim": one, "is_listed": False} for key, one in held.items() if key not in others
    ]
    more = [item for item in offered_at(venue.place, today) if item.pk not in others | held.keys()]
    return {"issue": issue, "rows": rows, "more": more}


@require_POST
@audience("desk", permission=Permission.MENU_CLAIM)
def claim(request: HttpRequest, venue_id: int, item_id: int) -> HttpResponse:
    """Take an item on for a site."""
    venue = queries.venue_to_claim_for(request.user, venue_id)
    if venue is None:
        raise Http404
    listed = get_object_or_404(Item, pk=item_id, withdrawn_on=None)
    issue = queries.current_issue_of(venue, timezone.localdate(timezone.now()))
    through = issue if issue and issue.items.filter(pk=listed.pk).exists() else None
    menu.claim(
        item_id=listed.pk,
        venue_id=venue_id,
        issue_id=through.pk if through else None,
        by=request.user,
        at=timezone.now(),
    )
    messages.success(request, _("领了「{item}」。").format(item=listed.name))
    return redirect(f"{reverse('orders:claims')}?venue={venue_id}")


@require_POST
@audience("desk", permission=Permission.MENU_CLAIM)
def drop_claim(request: HttpRequest, claim_id: int) -> HttpResponse:
    """No longer offer an item at a site."""
    made = get_object_or_404(Claim.objects.select_related("item", "venue__place"), pk=claim_id)
    if not reaches(request.user, Permission.MENU_CLAIM, made.venue.place.path):
        raise Http404
    try:
        menu.drop_claim(claim_id=made.pk, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("退了「{item}」。").format(item=made.item.name))
    return redirect(f"{reverse('orders:claims')}?venue={made.venue_id}")
