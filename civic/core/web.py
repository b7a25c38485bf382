"""What every page shares: who it is for, and one URL with two bodies."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

AUDIENCES = ("public", "member", "team", "desk", "city", "admin")

Page = Callable[..., HttpResponse]


def audience(name: str, *, permission: str = "") -> Callable[[Page], Page]:
    """Declare who a page is for; a page without this mark fails the architecture tests.

    `public` opens to guests. `member` needs a signed-in person. `team`, `desk`, `city` and `admin` need
    one who holds `permission` somewhere (any permission at all when it is empty); the access middleware
    checks it before the page runs. Reach over a single thing is the page's own business: 404.
    """
    if name not in AUDIENCES:
        raise ValueError(f"unknown audience {name!r}")

    def mark(page: Page) -> Page:
        if name == "public":
            page = login_not_required(page)
        page.audience = name  # type: ignore[attr-defined]
        page.permission = permission  # type: ignore[attr-defined]
        return page

    return mark


def id_in(text: str) -> int | None:
    """The id that a query or a button names; None for anything that cannot be one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def answer(
    request: HttpRequest, *, page: str, fragment: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """One URL, two bodies: the whole page, or the fragment that htmx asked for."""
    htmx = request.htmx  # type: ignore[attr-defined]
    partial = htmx and not htmx.boosted and not htmx.history_restore_request
    response = render(request, fragment if partial else page, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
