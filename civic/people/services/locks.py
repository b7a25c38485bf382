"""Failed tries: counted per name and per address, locked for a while when there are too many."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from civic.core.crypto import keyed_hash
from civic.core.errors import Refused
from civic.people.models import Lock

LOCK_MINUTES = 15
PERSON_TRIES = 5
ADDRESS_TRIES = 20  # an office shares one address


def key_of(kind: str, text: str) -> str:
    """The row of a name or an address: neither can be read from it."""
    return f"{kind}:{keyed_hash(text, context=f'lock {kind}')}"


def hold(key: str, at: datetime) -> Lock:
    """The row of `key`, locked until the end of the transaction."""
    Lock.objects.bulk_create([Lock(key=key, last_failed_at=at)], ignore_conflicts=True)
    return Lock.objects.select_for_update(of=("self",)).get(key=key)


def check(lock: Lock, at: datetime) -> None:
    """Raises Refused while the lock is shut."""
    if lock.locked_until is not None and at < lock.locked_until:
        raise Refused(_("错误次数太多，已暂停 15 分钟，请稍后再试。"))


def count(lock: Lock, at: datetime, *, tries: int) -> None:
    """One more failure; the last one shuts the lock. Failures older than the pause are forgotten."""
    pause = timedelta(minutes=LOCK_MINUTES)
    lock.failed_count = 1 if lock.last_failed_at + pause <= at else lock.failed_count + 1
    lock.last_failed_at = at
    if lock.failed_count >= tries:
        lock.locked_until = at + pause
        lock.failed_count = 0
    lock.save(update_fields=["failed_count", "last_failed_at", "locked_until"])


def clear(lock: Lock) -> None:
    """Forget the failures after a success."""
    if lock.failed_count:
        lock.failed_count = 0
        lock.save(update_fields=["failed_count"])
