"""What every act on a page shares: a form that is answered, or a button that is pressed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone

from civic.core.errors import Refused
from civic.pooling.models import Pool
from civic.pooling.queries import desk

FRAMES = {"pools": "pooling/desk/form.html", "mine": "pooling/team/form.html"}


def sent(request: HttpRequest) -> QueryDict | None:
    """What the form was sent with; None when it is only asked for."""
    return request.POST if request.method == "POST" else None


def pool_here(request: HttpRequest, pool_id: int) -> Pool:
    """The round; one of a place where the person does not dispatch reads as absent."""
    found = desk.pool_at_desk(request.user, pool_id)
    if found is None:
        raise Http404
    return found


def acted(
    request: HttpRequest,
    form: Form,
    act: Callable[[datetime], Any],
    *,
    to: str,
    done: str,
    tab: str = "pools",
    **words: Any,
) -> HttpResponse:
    """Act when the form is right and go on to `to`; else the form again, with what is wrong.

    `words`: `title`, `button`, perhaps `lead`, `danger` and `page` (a template of its own).
    """
    if form.is_bound and form.is_valid():
        try:
            act(timezone.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, done)
            return redirect(to)
    context = {"lead": "", "danger": False, **words, "form": form, "up": to, "tab": tab}
    page = str(context.pop("page", FRAMES["mine" if tab == "mine" else "pools"]))
    return render(request, page, context, status=422 if form.errors else 200)


def pressed(request: HttpRequest, act: Callable[[datetime], Any], *, to: str, done: str) -> HttpResponse:
    """A button without a form: act, and say how it went where it leads."""
    try:
        act(timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect(to)
