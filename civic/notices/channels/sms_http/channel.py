"""POST the message as JSON; the key travels as `Idempotency-Key`, so a repeated try is one message.

The gateway answers 2xx when it took the message (or had it already), 408, 425, 429 and 5xx when it should
be tried again, and any other 4xx when it never will.
"""

import httpx
from django.conf import settings

from civic.notices.channels import Failed, Rejected

TIMEOUT = httpx.Timeout(10, connect=4)
TRY_AGAIN = {408, 425, 429}


def send(*, to: str, text: str, key: str) -> None:
    """Hand one message to the gateway of the settings."""
    if not settings.SMS_GATEWAY_URL:
        raise Failed("no gateway address in the settings")
    headers = {"Idempotency-Key": key}
    if settings.SMS_GATEWAY_TOKEN:
        headers["Authorization"] = f"Bearer {settings.SMS_GATEWAY_TOKEN}"
    try:
        answer = httpx.post(
            settings.SMS_GATEWAY_URL,
            json={"to": to, "text": text, "key": key},
            headers=headers,
            timeout=TIMEOUT,
            follow_redirects=False,
        )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Failed(f"gateway: {type(error).__name__}") from None
    if answer.is_success:
        return
    if answer.is_client_error and answer.status_code not in TRY_AGAIN:
        raise Rejected(f"gateway answered {answer.status_code}")
    raise Failed(f"gateway answered {answer.status_code}")
