"""R21 登录: by phone and code, by password, and out again. A guest's begun order survives signing in."""

from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from civic.core import crypto
from civic.core.context import MODE_COOKIE
from civic.core.errors import Refused
from civic.core.web import audience, id_in
from civic.people import queries, services
from civic.people.addresses import address_of, way_back
from civic.people.forms import CodeForm, PasswordForm, PhoneForm
from civic.people.models import Person
from civic.people.services.codes import DEMO_CODE
from civic.people.signals import described

BACKEND = "civic.people.backends.PersonBackend"
BEGUN = "people.sign_in"
CONTEXT = "sign-in"
YEAR = 60 * 60 * 24 * 365


def _begun(request: HttpRequest) -> dict[str, str] | None:
    """Phone and way back of a sign-in under way; the phone lies sealed in the session."""
    kept = request.session.get(BEGUN)
    try:
        return (
            {"phone": crypto.unseal(kept["phone"], context=CONTEXT), "next": kept["next"]} if kept else None
        )
    except crypto.Unreadable:
        return None


def _begin(request: HttpRequest, phone: str, wanted: str) -> None:
    request.session[BEGUN] = {"phone": crypto.seal(phone, context=CONTEXT), "next": wanted}


def _welcome(request: HttpRequest, person: Person, wanted: str) -> HttpResponse:
    """Sign the browser in and lead on: to the second step, to the name, or back to what she was doing."""
    login(request, person, backend=BACKEND)
    request.session.pop(BEGUN, None)
    sign_in = request.sign_in  # type: ignore[attr-defined]
    back = way_back(request, wanted)
    if sign_in.needs_totp and sign_in.verified_at is None:
        request.session["people.next"] = back
        response = HttpResponseRedirect(reverse("people:second_step"))
    elif not person.name and not wanted:
        response = HttpResponseRedirect(reverse("people:profile"))
    else:
        response = HttpResponseRedirect(back)
    if person.mode:
        response.set_cookie(
            MODE_COOKIE,
            person.mode,
            max_age=YEAR,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response


@audience("public")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for the phone and send a code; the answer is the same whether or not the phone is known."""
    wanted = request.POST.get("next", "") or request.GET.get("next", "")
    if request.user.is_authenticated and request.method == "GET":
        return HttpResponseRedirect(way_back(request, wanted))
    form = PhoneForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            phone = services.request_code(
                phone=form.cleaned_data["phone"],
                purpose=services.signing.PURPOSE,
                address=address_of(request),
                at=timezone.now(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            _begin(request, phone, wanted)
            return HttpResponseRedirect(reverse("people:code"))
    context = {"form": form, "next": wanted, "cast": _cast(), "demo_code": DEMO_CODE}
    return render(request, "people/sign_in.html", context, status=422 if form.errors else 200)


def _cast() -> list[dict[str, Any]]:
    """The people of the demo city with what the apps above say about them; empty outside demo mode."""
    return [
        {
            "person": person,
            "words": [words for _receiver, words in described.send(sender=Person, person=person) if words],
        }
        for person in queries.cast()
    ]


@audience("public")
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("code")
def code(request: HttpRequest) -> HttpResponse:
    """Take the code of the text message."""
    begun = _begun(request)
    if begun is None:
        return HttpResponseRedirect(reverse("people:sign_in"))
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            person = services.sign_in_by_code(
                phone=begun["phone"], code=form.cleaned_data["code"], at=timezone.now()
            )
        except Refused as refusal:
            form.add_error("code", str(refusal))
        else:
            return _welcome(request, person, begun["next"])
    context = {"form": form, "phone": begun["phone"], "next": begun["next"], "demo_code": DEMO_CODE}
    return render(request, "people/code.html", context, status=422 if form.errors else 200)


@audience("public")
@require_POST
def resend(request: HttpRequest) -> HttpResponse:
    """Send another code to the same phone, or say how long to wait."""
    begun = _begun(request)
    if begun is None:
        return HttpResponseRedirect(reverse("people:sign_in"))
    try:
        services.request_code(
            phone=begun["phone"],
            purpose=services.signing.PURPOSE,
            address=address_of(request),
            at=timezone.now(),
        )
    except Refused as refusal:
        form = CodeForm({})
        form.errors.clear()
        form.add_error(None, str(refusal))
        context = {"form": form, "phone": begun["phone"], "next": begun["next"], "demo_code": DEMO_CODE}
        return render(request, "people/code.html", context, status=422)
    return HttpResponseRedirect(reverse("people:code"))


@audience("public")
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password")
def password(request: HttpRequest) -> HttpResponse:
    """Sign in by password, for people who work for the city."""
    wanted = request.POST.get("next", "") or request.GET.get("next", "")
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            person = services.sign_in_by_password(
                phone=form.cleaned_data["phone"],
                password=form.cleaned_data["password"],
                address=address_of(request),
                at=timezone.now(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _welcome(request, person, wanted)
    context = {"form": form, "next": wanted}
    return render(request, "people/password.html", context, status=422 if form.errors else 200)


@audience("public")
@require_POST
def demo(request: HttpRequest) -> HttpResponse:
    """Step into the shoes of one of the demo cast; there is no such page outside demo mode."""
    known = {person.pk for person in queries.cast()}
    asked = id_in(request.POST.get("person", ""))
    person = get_object_or_404(Person, pk=asked if asked in known else 0)
    return _welcome(request, person, request.POST.get("next", ""))


@audience("member")
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this browser's sign-in."""
    current = request.sign_in  # type: ignore[attr-defined]
    services.sign_out(sign_in=current, at=timezone.now())
    logout(request)
    return HttpResponseRedirect(reverse(settings.LOGIN_REDIRECT_URL))


sign_out.before_second_step = True  # type: ignore[attr-defined]
