"""The only writer of inbox and outbox."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models, transaction
from django.utils import translation
from procrastinate.contrib.django import app as jobs
from psycopg.types.json import Jsonb

from civic.core import rows
from civic.core.errors import Refused
from civic.notices import channels, kinds
from civic.notices.models import Delivery, DeliveryState, Mute, Notice

if TYPE_CHECKING:
    from civic.people.models import Person

# Minutes to wait after the first, second, third … failed try; the last one repeats.
WAITS = (1, 5, 15, 60)
MAX_TRIES = 8
CODE_MINUTES = 5
SWEEP_BATCH = 200
# Jobs whose worker is gone. One that took its worker down so often is given up; one whose like already waits
# is let go. A queueing lock allows one waiting job, so of several lost ones the last is taken up.
SILENCE = timedelta(minutes=1)
MOST_LIVES = 3
LOST = """
SELECT job.id,
       job.attempts + 1 >= %s,
       EXISTS (SELECT FROM procrastinate_jobs other WHERE other.queueing_lock = job.queueing_lock
               AND (other.status = 'todo' OR (other.id > job.id AND other.status = 'doing')))
FROM procrastinate_jobs job LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
WHERE job.status = 'doing' AND (worker.id IS NULL OR worker.last_heartbeat < %s)
ORDER BY job.id FOR UPDATE OF job SKIP LOCKED
"""
PUT = """
INSERT INTO notices_notice (person_id, kind, params, url, about_type, about_id, at, read_at)
VALUES (%s, %s, %s, %s, %s, %s, %s,
        (SELECT %s::timestamptz FROM notices_mute WHERE person_id = %s AND kind = %s))
RETURNING id, read_at
"""


def queue(
    *,
    to: "Person",
    kind: str,
    at: datetime,
    about: models.Model | None = None,
    url: str = "",
    sms: bool = False,
    **params: Any,
) -> Notice | None:
    """Put a notice of `kind` into the inbox of `to`, and a message on its way when the kind says so.

    Must run inside the caller's transaction: a rollback takes notice, delivery and job along. `params` fill
    the blanks of the kind (`number`, `item`, `who`, `when`, `reason`): plain values without personal data.
    `sms` sends the message even for a kind that usually stays in the house. A kind the reader switched off is
    kept as read and not sent. Somebody who left gets nothing: None.
    """
    if to.left_at is not None:
        return None
    sheet = kinds.KINDS[kind]
    notice = Notice(
        person=to,
        kind=kind,
        params={name: str(value) for name, value in params.items() if value not in (None, "")},
        url=url,
        about_type=about._meta.label_lower if about is not None else "",
        about_id=about.pk if about is not None else None,
        at=at,
    )
    _put(notice, switchable=sheet.switchable)
    if (sheet.sms or sms) and to.phone and notice.read_at is None:
        _send_out(
            key=f"notice:{notice.pk}",
            notice=notice,
            to=to.phone,
            text=_message(kind, notice.params, to.language),
            at=at,
            useless_after=None,
        )
    return notice


def _put(notice: Notice, *, switchable: bool) -> None:
    """Insert the notice; one of a kind that its reader switched off is read from the beginning."""
    if not switchable:
        rows.insert(notice)
        return
    values: list[Any] = [notice.person_id, notice.kind, Jsonb(notice.params), notice.url]
    values += [notice.about_type, notice.about_id, notice.at]
    muted = [notice.at, notice.person_id, notice.kind]
    notice.pk, notice.read_at = rows.run(PUT, [*values, *muted]).fetchone()


def queue_code(*, phone: str, code: str, purpose: str, key: str, at: datetime) -> None:
    """Put a one-time code on its way; the worker sends it at once, and not at all once it has run out."""
    text = translation.gettext("验证码 {code}，{minutes} 分钟内有效。请勿告诉任何人。【{product}】").format(
        code=code, minutes=CODE_MINUTES, product=settings.CITY["product"]
    )
    _send_out(
        key=f"code:{key}:{purpose}",
        notice=None,
        to=phone,
        text=text,
        at=at,
        useless_after=at + timedelta(minutes=CODE_MINUTES),
    )


def _message(kind: str, params: dict[str, Any], language: str) -> str:
    """The words of a text message: title, body and the name of the sender."""
    with translation.override(language or settings.LANGUAGE_CODE):
        words = [word for word in (kinds.title(kind), kinds.body(kind, params)) if word]
        return f"{translation.gettext('：').join(words)}【{settings.CITY['product']}】"


def _send_out(
    *, key: str, notice: Notice | None, to: str, text: str, at: datetime, useless_after: datetime | None
) -> None:
    """Write the delivery and its job; both are gone when the transaction is rolled back."""
    delivery = Delivery(
        key=f"{key}:{settings.NOTICE_CHANNEL}",
        notice=notice,
        channel=settings.NOTICE_CHANNEL,
        to=to,
        text=text,
        queued_at=at,
        next_try_at=at,
        useless_after=useless_after,
    )
    rows.insert(delivery)
    start(delivery_ids=[delivery.pk])


def start(*, delivery_ids: Iterable[int]) -> None:
    """Hand deliveries to the worker. A job too many does no harm: a delivery is sent once."""
    job = jobs.configure_task("notices.deliver", queue="notices")
    for delivery_id in delivery_ids:
        job.defer(delivery_id=delivery_id)


@transaction.atomic
def deliver(*, delivery_id: int, at: datetime) -> str:
    """Try one delivery that is due; its state afterwards, or "busy" when another worker has it.

    The row stays locked while the channel sends, so two workers never send the same one. If this process
    dies between sending and committing, the next try carries the same key and the gateway drops it.
    """
    row = (
        Delivery.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(pk=delivery_id, state=DeliveryState.QUEUED, next_try_at__lte=at)
        .first()
    )
    if row is None:
        return "busy"
    if row.useless_after is not None and row.useless_after < at:
        return _give_up(row, "too late to be of use")
    try:
        channels.load(row.channel).send(to=row.to, text=row.text, key=row.key)
    except channels.Rejected as error:
        return _give_up(row, str(error))
    except channels.Failed as error:
        return _postpone(row, str(error), at)
    row.state = DeliveryState.SENT
    row.sent_at = at
    row.try_count += 1
    row.last_error = ""
    _forget_code(row)
    row.save(update_fields=["state", "sent_at", "try_count", "last_error", "text"])
    return row.state


def _give_up(row: Delivery, error: str) -> str:
    row.state = DeliveryState.FAILED
    row.last_error = error[:200]
    _forget_code(row)
    row.save(update_fields=["state", "last_error", "text"])
    return row.state


def _postpone(row: Delivery, error: str, at: datetime) -> str:
    row.try_count += 1
    if row.try_count >= MAX_TRIES:
        row.save(update_fields=["try_count"])
        return _give_up(row, error)
    row.next_try_at = at + timedelta(minutes=WAITS[min(row.try_count, len(WAITS)) - 1])
    row.last_error = error[:200]
    row.save(update_fields=["try_count", "next_try_at", "last_error"])
    return row.state


def _forget_code(row: Delivery) -> None:
    """A one-time code is not kept once it is on its way or dead."""
    if row.notice_id is None:
        row.text = ""


def sweep(*, at: datetime) -> int:
    """Hand every delivery that is due to the worker (a lost job, a waiting retry); returns how many."""
    due = (
        Delivery.objects.filter(state=DeliveryState.QUEUED, next_try_at__lte=at)
        .order_by("next_try_at")
        .values_list("pk", flat=True)[:SWEEP_BATCH]
    )
    found = list(due)
    with transaction.atomic():
        start(delivery_ids=found)
    return len(found)


@transaction.atomic
def take_up_lost(*, at: datetime) -> int:
    """Put jobs whose worker died in the middle back into the queue; returns how many.

    Without this a lost job keeps its lock, and whatever waits behind it waits for ever.
    """
    taken = 0
    for job, is_given_up, is_waiting in rows.run(LOST, [MOST_LIVES, at - SILENCE]).fetchall():
        if is_given_up or is_waiting:
            end = "failed" if is_given_up else "aborted"
            rows.run("SELECT procrastinate_finish_job_v1(%s, %s, false)", [job, end])
            continue
        rows.run("SELECT procrastinate_retry_job_v2(%s, %s, NULL, NULL, NULL)", [job, at])
        taken += 1
    return taken


@transaction.atomic
def retry(*, delivery_id: int, at: datetime) -> None:
    """Give a failed delivery another round. Raises Refused when it did not fail or has come too late."""
    row = Delivery.objects.select_for_update(of=("self",)).get(pk=delivery_id)
    if row.state != DeliveryState.FAILED or row.notice_id is None:
        raise Refused(translation.gettext_lazy("这条消息不用重发。"))
    row.state = DeliveryState.QUEUED
    row.try_count = 0
    row.next_try_at = at
    row.save(update_fields=["state", "try_count", "next_try_at"])
    start(delivery_ids=[row.pk])


def mark_read(*, notice_id: int, by: "Person", at: datetime) -> Notice | None:
    """Mark one notice of `by` as read; the notice, or None when she has no such notice."""
    Notice.objects.filter(pk=notice_id, person_id=by.pk, read_at=None).update(read_at=at)
    return Notice.objects.filter(pk=notice_id, person_id=by.pk).first()


def mark_all_read(*, by: "Person", at: datetime) -> int:
    """Mark every notice of `by` as read; returns how many were not."""
    return Notice.objects.filter(person_id=by.pk, read_at=None).update(read_at=at)


def mute(*, kind: str, by: "Person") -> None:
    """Switch a kind off for `by`. Raises Refused for a kind that everybody must get."""
    if kind not in kinds.KINDS or not kinds.KINDS[kind].switchable:
        raise Refused(translation.gettext_lazy("这类消息要紧，不能关掉。"))
    Mute.objects.get_or_create(person_id=by.pk, kind=kind)


def unmute(*, kind: str, by: "Person") -> None:
    """Switch a kind on again for `by`."""
    Mute.objects.filter(person_id=by.pk, kind=kind).delete()


@transaction.atomic
def forget_person(*, person: "Person") -> None:
    """Drop the inbox of somebody who left, with messages that still wait."""
    Notice.objects.filter(person_id=person.pk).delete()
    Mute.objects.filter(person_id=person.pk).delete()
