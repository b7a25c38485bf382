"""A2 账号·角色: who holds what where; invited, given, taken back, stopped. For the security admin."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from civic.access import queries, services
from civic.access.forms import GrantForm, InviteForm
from civic.access.roles import SHEETS, Permission, Role
from civic.core.errors import Denied, Refused
from civic.core.web import answer, audience, id_in
from civic.people.queries import by_phone
from civic.places.queries import search

ROLES = [(role.value, role.label, SHEETS[role].sentence) for role in Role]


@audience("admin", permission=Permission.GRANTS_EDIT)
@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    """Who works for the city, by phone, name, role and place."""
    person: Any = request.user
    asked = {name: request.GET.get(name, "").strip()[:60] for name in ("q", "role", "where")}
    spots = search(asked["where"], limit=1) if asked["where"] else []
    after = request.GET.get("after", "")
    page = queries.accounts(
        person,
        text=asked["q"],
        role=asked["role"] if asked["role"] in Role.values else "",
        top=spots[0].place if spots else None,
        after=id_in(after),
    )
    known = by_phone(asked["q"]) if asked["q"] and not page.rows else None
    context = {"tab": "accounts", "page": page, "asked": asked, "roles": ROLES, "known": known}
    return answer(request, page="access/accounts.html", fragment="access/_accounts.html", context=context)


@audience("admin", permission=Permission.GRANTS_EDIT)
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Give somebody her first role; the phone is her account."""
    person: Any = request.user
    form = InviteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            row = services.invite(
                phone=given["phone"],
                name=given["name"],
                role=given["role"],
                place_id=int(given["place"]),
                by=person,
                at=timezone.now(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except Denied:
            form.add_error(None, _("您不能在这里授予角色，也不能给自己授权。"))
        else:
            messages.success(request, _("已授权。请本人用手机号登录，第一次要绑定动态码。"))
            return HttpResponseRedirect(reverse("access:account", args=[row.person_id]))
    context = {"form": form, "tab": "accounts"}
    return render(request, "access/invite.html", context, status=422 if form.errors else 200)


def _account(request: HttpRequest, person_id: int) -> tuple[Any, list[Any]]:
    by: Any = request.user
    found = queries.account(by, person_id)
    if found is None:
        raise Http404
    return found


@audience("admin", permission=Permission.GRANTS_EDIT)
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest, person_id: int) -> HttpResponse:
    """One person's roles; a POST gives another one."""
    by: Any = request.user
    person, grants = _account(request, person_id)
    form = GrantForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.grant(
                person_id=person.pk,
                role=form.cleaned_data["role"],
                place_id=int(form.cleaned_data["place"]),
                by=by,
                at=timezone.now(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except Denied:
            form.add_error(None, _("您不能在这里授予角色，也不能给自己授权。"))
        else:
            messages.success(request, _("已授权。"))
            return HttpResponseRedirect(reverse("access:account", args=[person.pk]))
    context = {"form": form, "tab": "accounts", "person": person, "grants": grants, "own": person.pk == by.pk}
    return render(request, "access/account.html", context, status=422 if form.errors else 200)


@audience("admin", permission=Permission.GRANTS_EDIT)
@require_POST
def revoke(request: HttpRequest, person_id: int, grant_id: int) -> HttpResponse:
    """Take one role back."""
    by: Any = request.user
    person, grants = _account(request, person_id)
    if grant_id not in {grant.pk for grant in grants}:
        raise Http404
    try:
        services.revoke(grant_id=grant_id, by=by, at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("角色已收回。"))
    return HttpResponseRedirect(reverse("access:account", args=[person.pk]))


MOVES = {
    "disable": (services.disable, gettext_lazy("账号已停用，所有设备已退出。")),
    "enable": (services.enable, gettext_lazy("账号已恢复。")),
    "unbind": (services.reset_second_step, gettext_lazy("动态码已解绑，下次登录重新绑定。")),
}


@audience("admin", permission=Permission.GRANTS_EDIT)
@require_POST
def manage(request: HttpRequest, person_id: int, verb: str) -> HttpResponse:
    """Stop an account, let it in again, or unbind a lost phone."""
    by: Any = request.user
    person, _grants = _account(request, person_id)
    if verb not in MOVES:
        raise Http404
    service, words = MOVES[verb]
    service(person_id=person.pk, by=by, at=timezone.now())
    messages.success(request, words)
    return HttpResponseRedirect(reverse("access:account", args=[person.pk]))
