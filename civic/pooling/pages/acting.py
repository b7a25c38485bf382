"""What the pages of pooling share: the round of the address, and the frame around a form."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse

from civic.core import acting as core
from civic.pooling.models import Pool
from civic.pooling.queries import desk

FRAMES = {"pools": "pooling/desk/form.html", "mine": "pooling/team/form.html"}


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
    context = {"lead": "", "danger": False, **words, "up": to, "tab": tab}
    page = str(context.pop("page", FRAMES["mine" if tab == "mine" else "pools"]))
    return core.done(request, form, act, page=page, words=done, to=to, **context)
