"""C4 菜单管理: the items, their words, everyday words for them, and where they are off."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from civic.access.roles import Permission
from civic.core.acting import sent
from civic.core.errors import Refused
from civic.core.web import answer, audience, id_in
from civic.orders.forms.menu import ItemForm, SwitchForm, SynonymForm
from civic.orders.models import Item, Switch, Synonym
from civic.orders.queries import compiling as queries
from civic.orders.services import menu

FIELDS = ("name", "description", "minutes", "mode", "evidence", "risk", "safeguards", "materials")


@require_GET
@audience("desk", permission=Permission.MENU_EDIT)
def menu_desk(request: HttpRequest) -> HttpResponse:
    """All items by category."""
    context = {"tab": "menu", "categories": list(queries.menu_by_category())}
    return answer(request, page="orders/menu/index.html", fragment="orders/menu/_index.html", context=context)


@require_GET
@audience("desk", permission=Permission.MENU_EDIT)
def item(request: HttpRequest, item_id: int) -> HttpResponse:
    """One item: its words, its everyday words, where it is off."""
    found = get_object_or_404(queries.item_at_desk(), pk=item_id)
    return _item(request, found)


def _item(
    request: HttpRequest, found: Item, *, synonym: SynonymForm | None = None, switch: SwitchForm | None = None
) -> HttpResponse:
    places = list(queries.places_to_switch(request.user))
    context: dict[str, Any] = {
        "tab": "menu",
        "item": found,
        "may_edit": queries.edits_whole_menu(request.user),
        "synonym_form": synonym or SynonymForm(),
        "switch_form": switch or SwitchForm(places=places),
        "my_places": {place.pk for place in places},
        "form": synonym or switch,
    }
    wrong = any(one is not None and one.errors for one in (synonym, switch))
    return answer(
        request,
        page="orders/menu/item.html",
        fragment="orders/menu/_item.html",
        context=context,
        status=422 if wrong else 200,
    )


@require_http_methods(["GET", "POST"])
@audience("desk", permission=Permission.MENU_EDIT)
def edit_item(request: HttpRequest, item_id: int) -> HttpResponse:
    """Change the words of an item, for the whole city."""
    found = get_object_or_404(queries.item_at_desk(), pk=item_id)
    form = ItemForm(sent(request), initial={name: getattr(found, name) for name in FIELDS})
    if form.is_bound and form.is_valid():
        menu.edit_item(item_id=found.pk, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("已改，居民看到的菜单同时更新。"))
        return redirect("orders:menu_item", found.pk)
    context = {"tab": "menu", "item": found, "form": form, "may_edit": queries.edits_whole_menu(request.user)}
    return answer(
        request,
        page="orders/menu/edit_item.html",
        fragment="orders/menu/_edit_item.html",
        context=context,
        status=422 if form.errors else 200,
    )


@require_POST
@audience("desk", permission=Permission.MENU_EDIT)
def switch_off(request: HttpRequest, item_id: int) -> HttpResponse:
    """Offer an item at a place only in some months, or not at all."""
    found = get_object_or_404(queries.item_at_desk(), pk=item_id)
    form = SwitchForm(request.POST, places=queries.places_to_switch(request.user))
    if not form.is_valid():
        return _item(request, found, switch=form)
    said = form.cleaned_data
    menu.switch_off(
        item_id=found.pk, place_id=said["place"], months=said["months"], by=request.user, at=timezone.now()
    )
    messages.success(request, _("已改，那里的居民马上看到新的菜单。"))
    return redirect("orders:menu_item", found.pk)


@require_POST
@audience("desk", permission=Permission.MENU_EDIT)
def switch_on(request: HttpRequest, item_id: int) -> HttpResponse:
    """Offer an item at a place again."""
    place = request.POST.get("place", "")
    switch = get_object_or_404(Switch, item=item_id, place=id_in(place) or 0)
    menu.switch_on(item_id=item_id, place_id=switch.place_id, by=request.user, at=timezone.now())
    messages.success(request, _("已恢复全年开展。"))
    return redirect("orders:menu_item", item_id)


@require_POST
@audience("desk", permission=Permission.MENU_EDIT)
def add_synonym(request: HttpRequest, item_id: int) -> HttpResponse:
    """Teach the search an everyday word."""
    found = get_object_or_404(queries.item_at_desk(), pk=item_id)
    form = SynonymForm(request.POST)
    if form.is_valid():
        try:
            menu.add_synonym(
                item_id=found.pk, words=form.cleaned_data["words"], by=request.user, at=timezone.now()
            )
        except Refused as refusal:
            form.add_error("words", str(refusal))
        else:
            messages.success(request, _("记下了，居民这样说就能找到。"))
            return redirect("orders:menu_item", found.pk)
    return _item(request, found, synonym=form)


@require_POST
@audience("desk", permission=Permission.MENU_EDIT)
def remove_synonym(request: HttpRequest, synonym_id: int) -> HttpResponse:
    """Forget an everyday word."""
    synonym = get_object_or_404(Synonym, pk=synonym_id)
    menu.remove_synonym(synonym_id=synonym.pk, by=request.user, at=timezone.now())
    messages.success(request, _("已去掉这个说法。"))
    return redirect("orders:menu_item", synonym.item_id)
