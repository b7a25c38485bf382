"""意见反馈: suggestions, complaints, praise, appeals, and their answers."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from civic.access.queries import reaches
from civic.access.roles import Permission
from civic.core.errors import Denied, Refused
from civic.journal import services as journal
from civic.notices import services as notices
from civic.orders.models import Feedback, Order
from civic.orders.models.work import FeedbackKind
from civic.people.models import Person
from civic.places.models import Place


@transaction.atomic
def send_feedback(
    *, kind: str, words: str, place: Place, by: Person, at: datetime, order: Order | None = None
) -> Feedback:
    """Keep what a person says. Raises Refused when nothing is said."""
    if kind not in FeedbackKind.values or not words.strip():
        raise Refused(_("请选类型，并写下您的意见。"))
    if order is not None and order.resident_id != by.pk:
        raise Denied
    said = Feedback.objects.create(
        kind=kind, place=place, order=order, words=words.strip()[:500], sent_at=at, sent_by=by
    )
    journal.write(at=at, by=by, what="feedback.send", about=said, place_path=place.path, kind=kind)
    return said


@transaction.atomic
def answer_feedback(*, feedback_id: int, answer: str, by: Person, at: datetime) -> Feedback:
    """Answer once; the sender is told. Raises Denied, Refused."""
    said = (
        Feedback.objects.select_for_update(of=("self",))
        .select_related("place", "sent_by")
        .get(pk=feedback_id)
    )
    if not reaches(by, Permission.FEEDBACK_ANSWER, said.place.path):
        raise Denied
    if said.answered_at is not None:
        raise Refused(_("这条意见已经答复过了。"))
    if not answer.strip():
        raise Refused(_("请写答复。"))
    said.answer, said.answered_at, said.answered_by = answer.strip()[:500], at, by
    said.save(update_fields=["answer", "answered_at", "answered_by"])
    journal.write(at=at, by=by, what="feedback.answer", about=said, place_path=said.place.path)
    notices.queue(
        to=said.sent_by, kind="feedback.answered", about=said, at=at, url="/my/feedback/", who=_("实践中心")
    )
    return said
