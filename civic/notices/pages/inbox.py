"""R23 消息: read, and switch kinds off."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from civic.core.errors import Refused
from civic.core.web import answer, audience, id_in
from civic.notices import kinds, queries, services
from civic.notices.queries.mailbox import audiences_of


@audience("member")
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """The notices of the person, newest first."""
    person: Any = request.user
    after = request.GET.get("after", "")
    page = queries.inbox(person, id_in(after))
    return answer(
        request,
        page="notices/inbox.html",
        fragment="notices/_inbox.html",
        context={"tab": "mine", "page": page, "unread_count": queries.unread_count(person)},
    )


@audience("member")
@require_GET
def follow(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Mark one notice as read and go where it points."""
    person: Any = request.user
    notice = services.mark_read(notice_id=notice_id, by=person, at=timezone.now())
    if notice is None:
        raise Http404
    own = notice.url.startswith("/") and not notice.url.startswith("//")
    return HttpResponseRedirect(notice.url if own else reverse("notices:inbox"))


@audience("member")
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all as read."""
    person: Any = request.user
    services.mark_all_read(by=person, at=timezone.now())
    return HttpResponseRedirect(reverse("notices:inbox"))


@audience("member")
@require_safe
def switches(request: HttpRequest) -> HttpResponse:
    """Which kinds are on."""
    person: Any = request.user
    groups = queries.switches(person, audiences_of(person))
    return render(request, "notices/switches.html", {"tab": "mine", "groups": groups})


@audience("member")
@require_POST
def switch(request: HttpRequest, kind: str) -> HttpResponse:
    """Turn one kind off or on."""
    person: Any = request.user
    if kind not in kinds.KINDS:
        raise Http404
    if request.POST.get("on") == "yes":
        services.unmute(kind=kind, by=person)
        messages.success(request, _("已打开「{title}」。").format(title=kinds.title(kind)))
    else:
        try:
            services.mute(kind=kind, by=person)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("已关掉「{title}」，不再提醒。").format(title=kinds.title(kind)))
    return HttpResponseRedirect(reverse("notices:switches"))
