"""The gateway's bad days."""

import threading

import httpx
import pytest

from civic.notices import services
from civic.notices.channels import Failed, Rejected
from civic.notices.channels.sms_http import channel
from civic.notices.channels.sms_http.tests.gateway import Gateway
from civic.notices.tests.factories import DeliveryFactory
from tests.moments import NOON


@pytest.fixture
def gateway(settings):
    server = Gateway()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    settings.SMS_GATEWAY_URL = server.url
    settings.SMS_GATEWAY_TOKEN = ""
    yield server
    server.pause.set()
    server.shutdown()
    thread.join()
    server.server_close()


def send():
    channel.send(to="13800001234", text="有人接单了", key="notice:7")


def test_a_message_carries_its_key_and_the_token(gateway, settings):
    settings.SMS_GATEWAY_TOKEN = "secret"
    send()
    headers, body = gateway.asked[0]
    assert body == {"to": "13800001234", "text": "有人接单了", "key": "notice:7"}
    assert headers["Idempotency-Key"] == "notice:7"
    assert headers["Authorization"] == "Bearer secret"


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 302])
def test_a_bad_moment_is_tried_again(gateway, status):
    gateway.answers = [status]
    with pytest.raises(Failed, match=str(status)) as failure:
        send()
    assert not isinstance(failure.value, Rejected)
    send()
    assert len(gateway.sent) == 1


@pytest.mark.parametrize("status", [400, 401, 404, 422])
def test_a_refusal_is_final(gateway, status):
    gateway.answers = [status]
    with pytest.raises(Rejected):
        send()


def test_a_silent_gateway_counts_as_not_sent_and_the_second_try_is_one_message(gateway, monkeypatch):
    monkeypatch.setattr(channel, "TIMEOUT", httpx.Timeout(0.2))
    gateway.dawdle = True
    with pytest.raises(Failed, match="ReadTimeout"):
        send()
    gateway.dawdle = False
    send()
    assert len(gateway.asked) == 2
    assert len(gateway.sent) == 1


def test_a_dead_gateway_is_tried_again(settings):
    settings.SMS_GATEWAY_URL = "http://127.0.0.1:1/"
    with pytest.raises(Failed, match="ConnectError"):
        send()


@pytest.mark.parametrize("url", ["", "not an address", "http://[::1"])
def test_a_wrong_address_is_tried_again_once_it_is_mended(settings, url):
    settings.SMS_GATEWAY_URL = url
    with pytest.raises(Failed):
        send()


@pytest.mark.django_db
def test_the_outbox_survives_a_bad_night(gateway):
    gateway.answers = [503, 500, 429]
    row, at = DeliveryFactory(channel="sms_http"), NOON
    for _ in range(4):
        services.deliver(delivery_id=row.pk, at=at)
        row.refresh_from_db()
        at = row.next_try_at
    assert (row.state, row.try_count) == ("sent", 4)
    assert list(gateway.sent) == [row.key]
