"""The second step of staff: bind an authenticator app once, then type its code at each sign-in."""

import pyotp
import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from civic.core import crypto
from civic.core.errors import Refused
from civic.core.web import audience
from civic.people import services
from civic.people.addresses import way_back
from civic.people.forms import SecondStepForm
from civic.people.models import Person

PENDING = "people.totp"
CONTEXT = "totp-enrolment"


def _pending_secret(request: HttpRequest) -> str:
    """The secret on offer: the same one until it is bound, sealed in the session."""
    kept = request.session.get(PENDING)
    if kept:
        try:
            return crypto.unseal(kept, context=CONTEXT)
        except crypto.Unreadable:
            pass  # the key was changed meanwhile: offer a new one
    secret = services.new_secret()
    request.session[PENDING] = crypto.seal(secret, context=CONTEXT)
    return secret


def _picture(person: Person, secret: str) -> str:
    """The QR code as a data address of an SVG picture, to be scanned by an authenticator app."""
    issuer = f"{settings.CITY['name']}{settings.CITY['product']}"
    address = pyotp.TOTP(secret).provisioning_uri(name=person.phone[-4:], issuer_name=issuer)
    return segno.make(address, error="m").svg_data_uri(scale=5, border=3, dark="#211C18", light="#FFFFFF")


@audience("member")
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("code")
def second_step(request: HttpRequest) -> HttpResponse:
    """Bind the app on the first visit, ask for its code on the others."""
    sign_in = request.sign_in  # type: ignore[attr-defined]
    if not sign_in.needs_totp:
        raise Http404
    back = way_back(request, request.GET.get("next", "") or request.session.get("people.next", ""))
    if sign_in.verified_at is not None:
        return HttpResponseRedirect(back)
    enrolled = bool(request.user.totp_secret)  # type: ignore[union-attr]
    form = SecondStepForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _passed(request, form, enrolled):
        request.session.pop(PENDING, None)
        request.session.pop("people.next", None)
        request.session.cycle_key()
        services.move_sign_in(sign_in=sign_in, session_key=request.session.session_key)
        return HttpResponseRedirect(back)
    context = {"form": form, "enrolled": enrolled, "secret": "", "picture": ""}
    if not enrolled:
        secret = _pending_secret(request)
        groups = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
        context |= {"secret": groups, "picture": _picture(request.user, secret)}
    return render(request, "people/second_step.html", context, status=422 if form.errors else 200)


second_step.before_second_step = True  # type: ignore[attr-defined]


def _passed(request: HttpRequest, form: SecondStepForm, enrolled: bool) -> bool:
    sign_in = request.sign_in  # type: ignore[attr-defined]
    code, at = form.cleaned_data["code"], timezone.now()
    try:
        if enrolled:
            services.verify_totp(sign_in_id=sign_in.pk, code=code, at=at)
        else:
            services.enrol_totp(sign_in_id=sign_in.pk, secret=_pending_secret(request), code=code, at=at)
    except Refused as refusal:
        form.add_error("code", str(refusal))
        return False
    return True
