"""A1 组织与地名: the tree, place by place, with its history, and all that changes it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from civic.access.queries import paths_reached, places_reached
from civic.access.roles import Permission
from civic.core.acting import done, pressed
from civic.core.web import answer, audience
from civic.places import queries as places
from civic.places.models import Alias, Level, Place
from civic.venues import queries
from civic.venues.forms import ReasonForm
from civic.venues.forms_tree import AddForm, AliasForm, MergeForm, RenameForm
from civic.venues.services import tree as services

EDIT = Permission.PLACES_EDIT


@audience("desk", permission=EDIT)
@require_GET
def tree(request: HttpRequest) -> HttpResponse:
    """Where this person may edit, or what she searches there."""
    asked = request.GET.get("q", "").strip()[:60]
    tops = Place.objects.filter(path__in=paths_reached(request.user, EDIT)).in_order()
    found = [
        spot
        for spot in places.search(asked, limit=30)
        if any(spot.place.path.startswith(top.path) for top in tops)
    ]
    context = {"tab": "tree", "q": asked, "found": found, "tops": places.spots(tops)}
    return answer(request, page="venues/tree/tree.html", fragment="venues/tree/_found.html", context=context)


@audience("desk", permission=EDIT)
@require_GET
def place(request: HttpRequest, place_id: int) -> HttpResponse:
    """One place: names, children, sites, history, and what can be done."""
    here = _mine(request, place_id)
    below = list(places.children(here))
    counts = queries.venue_counts(below)
    context = {
        "tab": "tree",
        "here": here,
        "above": [above for above in places.ancestors(here) if _reached(request, above)],
        "aliases": list(here.aliases.order_by("id")),
        "below": [(child, counts[child.pk]) for child in below],
        "venues": queries.sites(here),
        "history": places.history(here),
        "is_standing": here.valid_to is None,
        "may_grow": here.valid_to is None and here.level != Level.VILLAGE,
        "is_city": here.level == Level.CITY,
    }
    return answer(request, page="venues/tree/place.html", fragment="venues/tree/_place.html", context=context)


@audience("desk", permission=EDIT)
@require_http_methods(["GET", "POST"])
def add_place(request: HttpRequest, place_id: int) -> HttpResponse:
    """A new place below this one."""
    here = _standing(request, place_id)
    form = AddForm(_sent(request), parent=here)
    return _done(
        request,
        here,
        form,
        lambda at: services.add_place(parent_id=here.pk, **form.cleaned_data, by=request.user, at=at),
        page="venues/tree/add_place.html",
        words=_("已新设。"),
    )


@audience("desk", permission=EDIT)
@require_http_methods(["GET", "POST"])
def rename_place(request: HttpRequest, place_id: int) -> HttpResponse:
    """A new name."""
    here = _standing(request, place_id)
    form = RenameForm(_sent(request), initial={"name": here.name})
    return _done(
        request,
        here,
        form,
        lambda at: services.rename_place(place_id=here.pk, **form.cleaned_data, by=request.user, at=at),
        page="venues/tree/rename_place.html",
        words=_("已更名，旧名还查得到。"),
    )


@audience("desk", permission=EDIT)
@require_http_methods(["GET", "POST"])
def merge_place(request: HttpRequest, place_id: int) -> HttpResponse:
    """Merge this place into another of its level."""
    here = _standing(request, place_id)
    others = places_reached(request.user, EDIT).valid().filter(level=here.level).exclude(pk=here.pk)
    form = MergeForm(_sent(request), others=others.order_by("sort_key", "id"))
    return _done(
        request,
        here,
        form,
        lambda at: services.merge_place(
            place_id=here.pk,
            into_id=form.cleaned_data["into"].pk,
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=at,
        ),
        page="venues/tree/merge_place.html",
        words=_("已并入，下面的地方和记录都跟过去了。"),
        below_count=places.children(here).count(),
    )


@audience("desk", permission=EDIT)
@require_http_methods(["GET", "POST"])
def close_place(request: HttpRequest, place_id: int) -> HttpResponse:
    """Close a place that is no more."""
    here = _standing(request, place_id)
    form = ReasonForm(_sent(request))
    return _done(
        request,
        here,
        form,
        lambda at: services.close_place(place_id=here.pk, **form.cleaned_data, by=request.user, at=at),
        page="venues/tree/close_place.html",
        words=_("已撤销。"),
    )


@audience("desk", permission=EDIT)
@require_http_methods(["GET", "POST"])
def add_alias(request: HttpRequest, place_id: int) -> HttpResponse:
    """Another name that people use."""
    here = _standing(request, place_id)
    form = AliasForm(_sent(request))
    return _done(
        request,
        here,
        form,
        lambda at: services.add_alias(place_id=here.pk, **form.cleaned_data, by=request.user, at=at),
        page="venues/tree/add_alias.html",
        words=_("已加上别名。"),
    )


@audience("desk", permission=EDIT)
@require_POST
def remove_alias(request: HttpRequest, alias_id: int) -> HttpResponse:
    """Forget another name."""
    alias = get_object_or_404(Alias, pk=alias_id)
    here = _mine(request, alias.place_id)
    return pressed(
        request,
        lambda at: services.remove_alias(alias_id=alias_id, by=request.user, at=at),
        words=_("已去掉别名。"),
        to=reverse("venues:place", args=[here.pk]),
    )


def _done(request: HttpRequest, here: Place, form: Any, act: Any, **told: Any) -> HttpResponse:
    to = reverse("venues:place", args=[here.pk])
    return done(request, form, act, to=to, tab="tree", here=here, **told)


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _reached(request: HttpRequest, here: Place) -> bool:
    return any(here.path.startswith(top) for top in paths_reached(request.user, EDIT))


def _mine(request: HttpRequest, place_id: int) -> Place:
    """A place within reach, closed ones too; anything else reads as absent."""
    here = places_reached(request.user, EDIT).select_related("merged_into").filter(pk=place_id).first()
    if here is None:
        raise Http404
    return here


def _standing(request: HttpRequest, place_id: int) -> Place:
    here = _mine(request, place_id)
    if here.valid_to is not None:
        raise Http404
    return here
