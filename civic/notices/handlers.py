"""News from below: a one-time code was made."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from civic.notices import services
from civic.people.signals import code_issued


@receiver(code_issued, dispatch_uid="notices.send_code")
def send_code(*, phone: str, code: str, purpose: str, key: str, at: datetime, **_: Any) -> None:
    """Put the code on its way, in the transaction that made it."""
    services.queue_code(phone=phone, code=code, purpose=purpose, key=key, at=at)
