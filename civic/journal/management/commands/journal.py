"""`civic journal verify`: prove that no line was changed, removed or slipped in."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from civic.journal import queries


class Command(BaseCommand):
    help = "verify: recompute every hash chain. heads: print the chain heads, to be kept outside the machine."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`verify [--heads FILE]` or `heads`."""
        parser.add_argument("verb", choices=["verify", "heads"])
        parser.add_argument("--heads", type=Path, help="a file with the output of an earlier `journal heads`")

    def handle(self, *, verb: str, heads: Path | None, **_options: Any) -> None:
        """Print the verdict; fail when the journal is not whole."""
        if verb == "heads":
            self.stdout.write(json.dumps(queries.heads()))
            return
        known = _read(heads) if heads is not None else {}
        found = list(queries.faults(known))
        for fault in found:
            self.stderr.write(f"lane {fault.lane}: {fault.words}")
        if found:
            raise CommandError(
                f"审计记录被动过，{len(found)} 处 / The journal was tampered with, {len(found)} faults."
            )
        self.stdout.write("审计记录完整 / The journal is whole.")


def _read(path: Path) -> dict[int, str]:
    try:
        return {int(lane): str(head) for lane, head in json.loads(path.read_text(encoding="utf-8")).items()}
    except (OSError, ValueError, AttributeError) as error:
        raise CommandError(f"{path}: {error}") from None
