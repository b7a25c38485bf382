"""Sending: once, again after a pause, never twice, and not when it is too late."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection

from civic.core.errors import Refused
from civic.notices import channels, services, tasks
from civic.notices.models import Delivery
from civic.notices.tests.factories import DeliveryFactory
from civic.people import services as people
from tests.moments import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(monkeypatch):
    """A channel that remembers what it sent and fails while `error` is set."""
    sent = []
    found = SimpleNamespace(sent=sent, error=None)

    def send(*, to, text, key):
        if found.error is not None:
            raise found.error
        sent.append((to, text, key))

    found.send = send
    monkeypatch.setattr(channels, "load", lambda name: found)
    return found


def deliver(row, at=NOON):
    state = services.deliver(delivery_id=row.pk, at=at)
    row.refresh_from_db()
    return state


def test_a_message_is_sent_once_and_marked(line):
    row = DeliveryFactory()
    assert deliver(row) == "sent"
    assert (row.sent_at, row.try_count, row.last_error) == (NOON, 1, "")
    assert deliver(row) == "busy"
    assert line.sent == [("13800001234", "有人接单了", row.key)]


def test_a_failure_waits_longer_each_time_and_gives_up_after_eight(line):
    line.error = channels.Failed("gateway answered 503")
    row, at, waits = DeliveryFactory(), NOON, []
    while row.state == "queued":
        deliver(row, at)
        waits.append(int((row.next_try_at - at).total_seconds() // 60))
        assert deliver(row, at) == "busy"
        at = row.next_try_at
    assert waits[:7] == [1, 5, 15, 60, 60, 60, 60]
    assert (row.state, row.try_count, row.last_error) == ("failed", 8, "gateway answered 503")
    assert line.sent == []


def test_a_refused_message_is_not_tried_again(line):
    line.error = channels.Rejected("gateway answered 400")
    row = DeliveryFactory()
    assert deliver(row) == "failed"
    assert row.try_count == 0


def test_a_later_try_succeeds_with_the_same_key(line):
    line.error = channels.Failed("gateway: ReadTimeout")
    row = DeliveryFactory()
    deliver(row)
    line.error = None
    assert deliver(row, row.next_try_at) == "sent"
    assert row.try_count == 2
    assert [key for _, _, key in line.sent] == [row.key]


def test_a_crash_after_sending_sends_again_with_the_same_key(line, monkeypatch):
    row = DeliveryFactory()
    with monkeypatch.context() as patch:
        patch.setattr(Delivery, "save", lambda self, **_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            services.deliver(delivery_id=row.pk, at=NOON)
    row.refresh_from_db()
    assert row.state == "queued"
    assert deliver(row) == "sent"
    assert {key for _, _, key in line.sent} == {row.key}


def test_a_failed_message_gets_another_round_on_request(line):
    line.error = channels.Rejected("gateway answered 400")
    row = DeliveryFactory()
    deliver(row)
    services.retry(delivery_id=row.pk, at=NOON)
    line.error = None
    assert deliver(row) == "sent"
    with pytest.raises(Refused, match="不用重发"):
        services.retry(delivery_id=row.pk, at=NOON)


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_two_workers_at_once_send_once(line):
    row = DeliveryFactory()

    def work(_):
        try:
            return services.deliver(delivery_id=row.pk, at=NOON)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(work, range(4))) == ["busy", "busy", "busy", "sent"]
    assert len(line.sent) == 1


# --- One-time codes


def test_a_code_is_sent_and_then_forgotten(line, settings):
    people.request_code(phone="13800001234", purpose="sign_in", address="10.0.0.1", at=NOON)
    row = Delivery.objects.get()
    assert row.notice is None
    assert row.text.startswith("验证码 ")
    assert deliver(row) == "sent"
    assert row.text == ""
    assert "5 分钟内有效" in line.sent[0][1]


def test_a_code_that_comes_too_late_is_not_sent(line):
    people.request_code(phone="13800001234", purpose="sign_in", address="10.0.0.1", at=NOON)
    row = Delivery.objects.get()
    assert deliver(row, NOON + timedelta(minutes=6)) == "failed"
    assert (row.text, line.sent) == ("", [])
    with pytest.raises(Refused):
        services.retry(delivery_id=row.pk, at=NOON)


# --- The sweep


def test_the_sweep_finds_what_is_due_and_lost(line):
    due, later, sent = (
        DeliveryFactory(),
        DeliveryFactory(next_try_at=NOON + timedelta(hours=1)),
        DeliveryFactory(),
    )
    deliver(sent)
    assert services.sweep(at=NOON) == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT (args->>'delivery_id')::bigint FROM procrastinate_jobs")
        assert [row[0] for row in cursor.fetchall()] == [due.pk]
    assert later.state == "queued"


def test_the_tasks_call_the_services(line):
    row = DeliveryFactory()
    tasks.sweep(timestamp=0)
    tasks.deliver(delivery_id=row.pk, from_a_newer_release=True)
    row.refresh_from_db()
    assert row.state == "sent"
