"""What a resident leaves behind: the skeleton of her orders, without a word that tells whose they were."""

from functools import partial
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.db.models import Case, Value, When
from django.utils.translation import gettext_lazy as _

from civic.core.errors import Refused
from civic.orders.models import (
    Attachment,
    CallBack,
    Dispatch,
    Feedback,
    Order,
    Provision,
    Review,
    Ruling,
    Visit,
)

if TYPE_CHECKING:
    from civic.people.models import Person

EMPTIED = "已清空"
NAME_OF_THE_GONE = "已注销"


@transaction.atomic
def forget_resident(*, person: "Person") -> None:
    """Empty words, contacts, addresses and pictures of a person's orders and feedback; dates and states stay.

    Raises Refused while an order of hers is open: she withdraws it or waits for its end first.
    """
    mine = Order.objects.filter(resident=person)
    waiting = mine.open().order_by("id").first()
    if waiting is not None:
        raise Refused(
            _("单号 {number} 还没办完，请先撤单，或等它办结再注销。").format(number=waiting.short_number)
        )
    _drop_pictures(person)
    mine.update(
        words=EMPTIED,
        contact_name=NAME_OF_THE_GONE,
        contact_phone="",
        contact_phone_hash="",
        address="",
        reason=_emptied("reason"),
    )
    of_hers = {"order__resident": person}
    Dispatch.objects.filter(**of_hers).update(note="")
    Ruling.objects.filter(**of_hers).update(reason=EMPTIED)
    Provision.objects.filter(**of_hers).update(helpers="")
    Visit.objects.filter(**of_hers).update(summary=_emptied("summary"))
    Review.objects.filter(**of_hers).update(words="")
    CallBack.objects.filter(**of_hers).update(outcome=_emptied("outcome"))
    Feedback.objects.filter(sent_by=person).update(words=EMPTIED, answer=_emptied("answer"))


def _emptied(field: str) -> Case:
    """What was empty stays empty; constraints ask for a word where there was one."""
    return Case(When(**{field: ""}, then=Value("")), default=Value(EMPTIED), output_field=models.CharField())


def _drop_pictures(person: "Person") -> None:
    """Rows now, files once the transaction stands."""
    for picture in Attachment.objects.filter(order__resident=person).order_by("id"):
        picture.delete()
        transaction.on_commit(partial(picture.file.delete, save=False))
