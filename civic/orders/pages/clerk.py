"""S1 今日 and S2 代点单: a station's or institute's clerk at work."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from civic.access.queries import holds
from civic.access.roles import Permission
from civic.core.acting import sent
from civic.core.errors import Refused
from civic.core.web import answer, audience, id_in
from civic.journal import services as journal
from civic.orders.forms.clerk import PlaceForForm
from civic.orders.models import Item, Order
from civic.orders.queries import clerk as queries
from civic.orders.queries import search
from civic.orders.services import placing
from civic.orders.states import OrderState
from civic.people import services as people
from civic.places.models import Place

S = OrderState
# What a state asks of the clerk.
TO_DO = {
    S.SUBMITTED: gettext_lazy("受理"),
    S.RETURNED: gettext_lazy("问清补上"),
    S.DISPATCHED: gettext_lazy("接单"),
    S.ACCEPTED: gettext_lazy("配单"),
    S.PROVISIONED: gettext_lazy("约时间"),
    S.SCHEDULED: gettext_lazy("今天服务"),
    S.IN_SERVICE: gettext_lazy("写小结"),
}


@require_GET
@audience("desk", permission=Permission.ORDERS_SEE)
def today(request: HttpRequest) -> HttpResponse:
    """What waits for this clerk, by deadline."""
    now = timezone.now()
    rows = [(order, TO_DO[S(order.state)]) for order in queries.today(request.user, now)]
    calls = (
        queries.calls_owed(request.user)[:100].count() if holds(request.user, Permission.ORDERS_CLOSE) else 0
    )
    can_place = holds(request.user, Permission.ORDERS_PLACE)
    context = {"tab": "today", "rows": rows, "calls": calls, "can_place": can_place, "now": now}
    return answer(request, page="orders/desk/today.html", fragment="orders/desk/_today.html", context=context)


@require_http_methods(["GET", "POST"])
@audience("desk", permission=Permission.ORDERS_PLACE)
def place_for(request: HttpRequest) -> HttpResponse:
    """Enter an order that came by phone, on paper, at the door or in a meeting; both persons are stored."""
    form = _form(request, request.POST)
    if request.method == "POST" and form.is_valid():
        try:
            order = _place(request, form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已点单，单号 {number}。").format(number=order.short_number))
            return redirect("orders:at_desk", order.pk)
    return answer(
        request,
        page="orders/desk/place_for.html",
        fragment="orders/desk/_place_for.html",
        context={"tab": "place_for", "form": form, "now": timezone.now()},
        status=422 if form.errors else 200,
    )


@transaction.atomic
def _place(request: HttpRequest, form: PlaceForForm) -> Order:
    """The resident, made when nobody knows her phone, and her order; all or nothing."""
    draft, at = form.draft(), timezone.now()
    home = Place.objects.get(pk=draft.place_id)
    name = draft.contact_name
    if draft.contact_phone:
        resident = people.find_or_create_by_phone(
            phone=draft.contact_phone, name=name, at=at, by=request.user, home=home
        )
    else:
        resident = people.create_without_phone(name=name, at=at, by=request.user, home=home)
    return placing.place(draft=draft, by=request.user, at=at, resident=resident)


def _form(request: HttpRequest, said: Any) -> PlaceForForm:
    """The form with the places and items that the words typed so far may mean."""
    now = timezone.now()
    today = timezone.localdate(now)
    places = queries.places_for(request.user, said.get("place_words", ""))
    chosen = said.get("place", "")
    ground = next((one for one in places if str(one.pk) == chosen), places[0] if len(places) == 1 else None)
    words = said.get("words", "").strip()[:500]
    items = [offer.item for offer in search.offers_for(words, ground, today)] if words else []
    picked = said.get("item", "")
    item_id = id_in(picked)
    if item_id is not None and item_id not in {item.pk for item in items}:
        items += list(Item.objects.filter(pk=item_id, withdrawn_on=None))
    searched = bool(said.get("place_words", "").strip())
    return PlaceForForm(sent(request), places=places, items=items, today=today, searched=searched)


@require_GET
@audience("desk", permission=Permission.ORDERS_PLACE)
def place_choices(request: HttpRequest) -> HttpResponse:
    """Places that the words typed may mean; a part of `place_for`."""
    return render(request, "orders/desk/_place_choices.html", {"form": _form(request, request.GET)})


@require_POST
@audience("desk", permission=Permission.ORDERS_PLACE)
def item_choices(request: HttpRequest) -> HttpResponse:
    """Items that the resident's words may mean, and the number to call instead; a part of `place_for`.

    Asked for by POST: what a resident says does not belong into the address log.
    """
    form = _form(request, request.POST)
    advice = search.advice_for(request.POST.get("words", ""))
    return render(request, "orders/desk/_item_choices.html", {"form": form, "advice": advice})


@require_POST
@audience("desk", permission=Permission.ORDERS_PLACE)
def known_person(request: HttpRequest) -> HttpResponse:
    """Who has this phone, masked, with her latest orders; asking leaves a line in the journal."""
    phone = request.POST.get("contact_phone", "")
    known = queries.known_by_phone(request.user, phone) if phone.strip() else None
    if known is not None:
        journal.write(at=timezone.now(), by=request.user, what="people.look_up", about=known.person)
    context = {"known": known, "now": timezone.now()}
    return render(request, "orders/desk/_known_person.html", context)
