"""R4–R7: an order grows in the session, one question a page; signing in comes last."""

import json
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from civic.core.crypto import Unreadable, keyed_hash, seal, unseal
from civic.core.errors import Refused
from civic.core.web import audience
from civic.orders.draft import Draft
from civic.orders.forms.resident import ContactForm, TellForm, WhenForm, WhereForm
from civic.orders.models import Item
from civic.orders.pages.resident_place import choose_url, place_of
from civic.orders.queries import menu as menus
from civic.orders.queries import resident as mine
from civic.orders.queries import search
from civic.orders.services import pictures, placing

DRAFT = "order_draft"
BEGUN = "order_begun"  # the address that began the draft
STEPS = ("tell", "where", "when", "contact", "check")
WRITE = require_http_methods(["GET", "HEAD", "POST"])


# --- The draft in the session


def draft_of(request: HttpRequest) -> Draft:
    """What was said so far; an empty draft at the start. Name, phone and door lie sealed in the session."""
    try:
        kept = json.loads(unseal(request.session[DRAFT], context=DRAFT))
    except (KeyError, Unreadable):
        kept = {}
    return Draft.from_session({"place_id": 0, **kept})


def keep(request: HttpRequest, **changes: Any) -> None:
    """Write answers into the draft."""
    kept = Draft.from_session(draft_of(request).to_session() | changes).to_session()
    request.session[DRAFT] = seal(json.dumps(kept), context=DRAFT)


def item_of(draft: Draft) -> Item | None:
    """The item of the draft; None when it was said in own words."""
    if draft.item_id is None:
        return None
    return Item.objects.filter(pk=draft.item_id, withdrawn_on=None).first()


def first_open(draft: Draft) -> str:
    """The first question that has no answer yet; `check` when all have."""
    if not draft.words:
        return "tell"
    if not draft.place_id or (draft.where == "home" and not draft.address):
        return "where"
    return "check" if draft.contact_phone else "contact"


def _onward(request: HttpRequest, step: str) -> HttpResponse:
    """The next question, or back to the check page for somebody who came from there."""
    if "change" in request.GET:
        return redirect("orders:check")
    return redirect(f"orders:{STEPS[STEPS.index(step) + 1]}")


def _answer(request: HttpRequest, step: str, form: Any, **context: Any) -> HttpResponse:
    before = STEPS.index(step) - 1
    up = reverse(f"orders:{STEPS[before]}") if before >= 0 else reverse("orders:menu")
    context |= {
        "tab": "order",
        "form": form,
        "step": STEPS.index(step) + 1,
        "of": len(STEPS),
        "up": reverse("orders:check") if "change" in request.GET else up,
    }
    return render(request, f"orders/resident/{step}.html", context, status=422 if form.errors else 200)


# --- The questions


@audience("public")
@WRITE
def tell(request: HttpRequest) -> HttpResponse:
    """R4: what it is about, one picture, and whether neighbours asked for the same."""
    draft = _begun(request)
    item, place = item_of(draft), place_of(request)
    has_photo = bool(draft.attachment_keys)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = TellForm(data, files, item=item, has_photo=has_photo, initial={"words": draft.words})
    if form.is_valid() and _keep_photo(request, form, draft):
        words = form.cleaned_data["words"].strip()
        keep(request, words=words, item_id=item.pk if item else None)
        request.session[BEGUN] = _mark(request)
        return _onward(request, "tell")
    similar = None
    if item is not None and place is not None:
        besides = request.user if request.user.is_authenticated else None
        similar = mine.similar_open(item.pk, place, besides=besides)
    return _answer(
        request,
        "tell",
        form,
        item=item,
        similar=similar,
        has_photo=has_photo,
        advice=search.advice_for(draft.words) if draft.words else None,
    )


def _begun(request: HttpRequest) -> Draft:
    """The draft, with the item or the words that the address brings: a link from the menu begins anew."""
    slug, words = request.GET.get("item"), request.GET.get("words", "").strip()[:500]
    known = request.session.get(BEGUN) == _mark(request)  # the browser's back button
    if known or (slug is None and not words):
        return draft_of(request)
    item = Item.objects.filter(slug=slug or "", withdrawn_on=None).first()
    kept = draft_of(request).to_session() | {"item_id": item.pk if item else None}
    if request.method != "POST":
        kept["words"] = words
    return Draft.from_session(kept)


def _mark(request: HttpRequest) -> str:
    """A fingerprint of the words in the address, which may tell of the person."""
    return keyed_hash(request.GET.urlencode(), context=BEGUN)


def _keep_photo(request: HttpRequest, form: TellForm, draft: Draft) -> bool:
    """Whether the picture, if any, could be kept; else the form says why."""
    if form.cleaned_data.get("drop_photo"):
        keep(request, attachment_keys=[])
    upload = form.cleaned_data["photo"]
    if not upload:
        return True
    try:
        kept = pictures.keep_picture(upload=upload, at=timezone.now())
    except Refused as refusal:
        form.add_error("photo", str(refusal))
        return False
    keep(request, attachment_keys=[str(kept.key)])
    return True


@audience("public")
@WRITE
def where(request: HttpRequest) -> HttpResponse:
    """R5: at home or at a site near; the place comes first."""
    draft, place = draft_of(request), place_of(request)
    if not draft.words:
        return redirect("orders:tell")
    if place is None:
        messages.info(request, _("先选您在哪个村、哪个社区，才好安排人。"))
        return redirect(choose_url(reverse("orders:where")))
    initial: dict[str, Any] = {"address": draft.address}
    if draft.where == "site":
        initial["where"] = f"site:{draft.venue_id or 0}"
    elif draft.address:
        initial["where"] = "home"
    elif request.user.is_authenticated:
        initial["address"] = request.user.address
    data = request.POST if request.method == "POST" else None
    form = WhereForm(data, item=item_of(draft), venues=menus.venues_serving(place), initial=initial)
    if form.is_valid():
        keep(request, place_id=place.pk, **form.chosen())
        return _onward(request, "where")
    return _answer(
        request, "where", form, place=place, choose=choose_url(request.get_full_path()), item=item_of(draft)
    )


@audience("public")
@WRITE
def when(request: HttpRequest) -> HttpResponse:
    """R5: day and half-day."""
    draft = draft_of(request)
    if first_open(draft) in {"tell", "where"}:
        return redirect(f"orders:{first_open(draft)}")
    data = request.POST if request.method == "POST" else None
    form = WhenForm(
        data,
        today=timezone.localdate(),
        wanted_on=draft.wanted_on,
        initial={"wanted_half": draft.wanted_half, "is_urgent": draft.is_urgent},
    )
    if form.is_valid():
        chosen = form.chosen()
        day = chosen.pop("wanted_on")
        keep(request, wanted_on=day.isoformat() if day else None, **chosen)
        return _onward(request, "when")
    return _answer(request, "when", form)


@audience("public")
@WRITE
def contact(request: HttpRequest) -> HttpResponse:
    """R6: whom to call, oneself or a parent."""
    draft = draft_of(request)
    if first_open(draft) in {"tell", "where"}:
        return redirect(f"orders:{first_open(draft)}")
    initial = {
        "for_self": "yes" if draft.for_self else "no",
        "contact_name": draft.contact_name,
        "contact_phone": draft.contact_phone,
    }
    if request.user.is_authenticated and not draft.contact_phone:
        initial |= {"contact_name": request.user.name, "contact_phone": request.user.phone}
    form = ContactForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        keep(request, **form.chosen())
        return _onward(request, "contact")
    return _answer(request, "contact", form)


@audience("public")
@WRITE
def check(request: HttpRequest) -> HttpResponse:
    """R7: everything on one page with 修改; a guest signs in here, and the draft waits for her."""
    if DRAFT not in request.session:  # sent already, and come back by the browser's button
        return redirect("orders:mine" if request.user.is_authenticated else "orders:menu")
    draft = draft_of(request)
    missing = first_open(draft)
    if missing != "check":
        return redirect(f"orders:{missing}")
    if not request.user.is_authenticated:
        if request.method == "POST" or "sign_in" in request.GET:
            return redirect_to_login(reverse("orders:check"), reverse("people:sign_in"))
    elif request.method == "POST":
        return _place(request, draft)
    return _check_page(request, draft)


def _place(request: HttpRequest, draft: Draft) -> HttpResponse:
    try:
        order = placing.place(draft=draft, by=request.user, at=timezone.now())
    except Refused as refusal:
        return _check_page(request, draft, refusal=str(refusal))
    request.session.pop(DRAFT)
    request.session.pop(BEGUN, None)
    return redirect("orders:placed", order.pk)


def _check_page(request: HttpRequest, draft: Draft, refusal: str = "") -> HttpResponse:
    context = {
        "tab": "order",
        "draft": draft,
        "item": item_of(draft),
        "place": mine.place_named(draft.place_id),
        "venue": mine.venue_named(draft.venue_id),
        "half": mine.half_words(draft.wanted_half),
        "refusal": refusal,
        "step": len(STEPS),
        "of": len(STEPS),
    }
    return render(request, "orders/resident/check.html", context, status=422 if refusal else 200)


@audience("public")
@WRITE
def forget(request: HttpRequest) -> HttpResponse:
    """Throw the draft away; the page itself asks first."""
    if request.method != "POST":
        return redirect("orders:menu")
    request.session.pop(DRAFT, None)
    messages.info(request, _("没提交的内容已经清掉了。"))
    return redirect("orders:menu")
