"""`civic rotate_keys`: after a new key was put first in CIVIC_FIELD_KEYS, seal everything with it."""

import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from civic.core import crypto
from civic.people.services import keys


class Command(BaseCommand):
    help = (
        "Seal all personal data with the first key of CIVIC_FIELD_KEYS. With --rehash, also compute look-up "
        "hashes anew: CIVIC_HASH_KEY is the new key, CIVIC_OLD_HASH_KEY the one before. May be repeated."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--rehash` reads the old key from the environment, never from the command line."""
        parser.add_argument("--rehash", action="store_true")

    def handle(self, *, rehash: bool, **_options: Any) -> None:
        """Say what was done, and which keys may now be thrown away."""
        old_key = os.environ.get("CIVIC_OLD_HASH_KEY", "").encode()
        if rehash and not old_key:
            raise CommandError("设 CIVIC_OLD_HASH_KEY 为旧密钥 / Set CIVIC_OLD_HASH_KEY to the old key.")
        try:
            self._told("resealed", keys.reseal(at=timezone.now()))
            if rehash:
                self._told("rehashed", keys.rehash(old_key=old_key, at=timezone.now()))
        except (crypto.Unreadable, ValueError) as error:
            raise CommandError(f"{error}. 补上旧密钥后再运行一次 / Add the old key and run again.") from None
        self.stdout.write(f"全部数据都用密钥 {crypto.writing_key()} 封存 / Everything is under this key now.")

    def _told(self, verb: str, counts: dict[str, int]) -> None:
        for column, count in counts.items():
            self.stdout.write(f"{column}: {count} {verb}")
