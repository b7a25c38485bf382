"""Behind the mask: one person's name, phone and address, for a reason that is journalled."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from civic.access import rules, services
from civic.access.forms import ReasonForm
from civic.access.roles import Permission
from civic.core.web import answer, audience
from civic.people.queries import by_id


@audience("desk", permission=Permission.PEOPLE_UNMASK)
@require_http_methods(["GET", "POST"])
def unmask(request: HttpRequest, person_id: int) -> HttpResponse:
    """Ask for the reason, then show; only for residents of a place within reach."""
    by: Any = request.user
    person = by_id(person_id)
    path = person.home.path if person is not None and person.home is not None else ""
    if person is None or not path or not rules.may_unmask(by, path):
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None)
    opened = None
    if form.is_valid():
        opened = services.unmask(
            person_id=person.pk,
            place_path=path,
            reason=form.cleaned_data["reason"],
            by=by,
            at=timezone.now(),
        )
    context = {"form": form, "person": person, "opened": opened}
    return answer(
        request,
        page="access/unmask.html",
        fragment="access/_unmask.html",
        context=context,
        status=422 if form.errors else 200,
    )
