"""Write the generated documents, or say which of them are stale."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from civic.portal.papers import papers


class Command(BaseCommand):
    """`civic docs` writes docs/map.md, states.md, roles.md and personal.md; `--check` only compares."""

    help = "Write docs/map.md, states.md, roles.md and personal.md; --check fails when one is stale."
    requires_system_checks: list[str] = []  # type: ignore[assignment]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail when a file is stale")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        """Compare every paper with its file."""
        folder = settings.BASE / "docs"
        stale = {
            name: text
            for name, text in papers().items()
            if not (folder / name).exists() or (folder / name).read_text(encoding="utf-8") != text
        }
        if check and stale:
            raise CommandError(f"stale: {', '.join(f'docs/{name}' for name in stale)}. Run `make docs`.")
        if not check:
            folder.mkdir(exist_ok=True)
            for name, text in stale.items():
                (folder / name).write_text(text, encoding="utf-8")
                self.stdout.write(f"wrote docs/{name}")
