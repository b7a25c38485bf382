"""What every page of an act shares: the form that was sent, the one service call, the answer."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone

from civic.core.errors import Refused

Act = Callable[[datetime], Any]


def sent(request: HttpRequest) -> QueryDict | None:
    """What the form was sent with; None when it is only asked for."""
    return request.POST if request.method == "POST" else None


def done(
    request: HttpRequest, form: Form, act: Act, *, page: str, words: str, to: str = "", **context: Any
) -> HttpResponse:
    """Act when the form was sent and is right, then go on with `words`; else show it, 422 when it is wrong.

    Goes on to `to`, or to the address that `act` returns. A refusal stands above the form like any fault.
    """
    if form.is_bound and form.is_valid():
        try:
            onward = act(timezone.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, words)
            return redirect(to or onward)
    return render(request, page, context | {"form": form}, status=422 if form.errors else 200)


def pressed(request: HttpRequest, act: Act, *, words: str, to: str) -> HttpResponse:
    """A button without a form: act, and go back with what came of it."""
    try:
        act(timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words)
    return redirect(to)
