"""R22 我的: name, home, size of print, language, browsers, consents, own data, and the way out."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from civic.core.context import MODE_COOKIE
from civic.core.errors import Refused
from civic.core.web import audience
from civic.people import queries, services
from civic.people.forms import CloseForm, NewPasswordForm, ProfileForm
from civic.people.models import Purpose, SignIn
from civic.people.queries import data
from civic.places.queries import by_id

YEAR = 60 * 60 * 24 * 365


def _remember(response: HttpResponse, mode: str, language: str) -> HttpResponse:
    """What the frame of every page reads from cookies."""
    secure = settings.SESSION_COOKIE_SECURE
    if mode:
        response.set_cookie(MODE_COOKIE, mode, max_age=YEAR, httponly=True, samesite="Lax", secure=secure)
    if language:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, max_age=YEAR, samesite="Lax", secure=secure
        )
    return response


@audience("member")
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Name, address, size of print and language; the home is chosen on the page of places."""
    person: Any = request.user
    initial = {
        "name": person.name,
        "address": person.address,
        "mode": person.mode or request.COOKIES.get(MODE_COOKIE, "std"),
        "language": person.language or request.LANGUAGE_CODE,  # type: ignore[attr-defined]
    }
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        given = form.cleaned_data
        services.set_profile(person_id=person.pk, by=person, at=timezone.now(), **given)
        messages.success(request, _("您的资料已保存。"))
        return _remember(HttpResponseRedirect(reverse("people:profile")), given["mode"], given["language"])
    context = {
        "form": form,
        "tab": "mine",
        "home": person.home,
        "chosen": by_id(request.session.get("place_id")),
    }
    return render(request, "people/profile.html", context, status=422 if form.errors else 200)


@audience("member")
@require_POST
def home(request: HttpRequest) -> HttpResponse:
    """Take the place chosen on the page of places as one's home."""
    place = by_id(request.POST.get("place"))
    if place is None:
        raise Http404
    person: Any = request.user
    services.set_profile(person_id=person.pk, by=person, at=timezone.now(), home=place)
    messages.success(request, _("住处已改为{place}。").format(place=place.name))
    return HttpResponseRedirect(reverse("people:profile"))


@audience("member")
@require_safe
def sign_ins(request: HttpRequest) -> HttpResponse:
    """Where one is signed in."""
    person: Any = request.user
    context = {
        "tab": "mine",
        "rows": queries.standing_sign_ins(person, timezone.now()),
        "current": request.sign_in,  # type: ignore[attr-defined]
    }
    return render(request, "people/sign_ins.html", context)


@audience("member")
@require_POST
def end_sign_in(request: HttpRequest, sign_in_id: int) -> HttpResponse:
    """Throw another browser out."""
    person: Any = request.user
    get_object_or_404(SignIn, pk=sign_in_id, person=person)
    services.end_sign_in(sign_in_id=sign_in_id, by=person, at=timezone.now())
    messages.success(request, _("那台设备已退出登录。"))
    return HttpResponseRedirect(reverse("people:sign_ins"))


@audience("member")
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password")
def new_password(request: HttpRequest) -> HttpResponse:
    """Set a password; for people who work for the city."""
    sign_in = request.sign_in  # type: ignore[attr-defined]
    person: Any = request.user
    if not sign_in.needs_totp:
        raise Http404
    form = NewPasswordForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.set_password(
                person_id=person.pk,
                password=form.cleaned_data["password"],
                by=person,
                at=timezone.now(),
                keep=sign_in,
            )
        except Refused as refusal:
            form.add_error("password", str(refusal))
        else:
            messages.success(request, _("密码已设好，其他设备已退出登录。"))
            return HttpResponseRedirect(reverse("people:sign_ins"))
    context = {"form": form, "tab": "mine"}
    return render(request, "people/new_password.html", context, status=422 if form.errors else 200)


@audience("member")
@require_safe
def consents(request: HttpRequest) -> HttpResponse:
    """What one agreed to, and the way to take it back."""
    person: Any = request.user
    context = {"tab": "mine", "rows": queries.agreements(person), "version": settings.PRIVACY_NOTICE_VERSION}
    return render(request, "people/consents.html", context)


@audience("member")
@require_POST
def consent(request: HttpRequest, purpose: str) -> HttpResponse:
    """Agree to one purpose, or take the consent back."""
    if purpose not in Purpose.values:
        raise Http404
    person: Any = request.user
    if request.POST.get("agree") == "yes":
        services.give_consent(
            person_id=person.pk, purpose=purpose, channel="web", by=person, at=timezone.now()
        )
        messages.success(request, _("已记下您的同意。"))
    else:
        services.withdraw_consent(person_id=person.pk, purpose=purpose, by=person, at=timezone.now())
        messages.success(request, _("已撤回同意。"))
    return HttpResponseRedirect(reverse("people:consents"))


@audience("member")
@require_safe
def own_data(request: HttpRequest) -> HttpResponse:
    """Everything the platform keeps about the person, chapter by chapter."""
    person: Any = request.user
    return render(request, "people/data.html", {"tab": "mine", "chapters": data.chapters(person)})


@audience("member")
@require_safe
def data_file(request: HttpRequest) -> HttpResponse:
    """The same as a file to take along."""
    person: Any = request.user
    response = JsonResponse(
        {chapter.slug: chapter.rows for chapter in data.chapters(person)},
        json_dumps_params={"ensure_ascii": False, "indent": 2},
    )
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


@audience("member")
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest) -> HttpResponse:
    """Close the account, after saying what that means."""
    person: Any = request.user
    form = CloseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.close_account(person_id=person.pk, by=person, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            logout(request)
            messages.success(request, _("账号已注销。服务记录去掉了您的个人信息。"))
            return HttpResponseRedirect(reverse(settings.LOGIN_REDIRECT_URL))
    context = {"form": form, "tab": "mine"}
    return render(request, "people/close.html", context, status=422 if form.errors else 200)
