"""`civic simulate`: what policies of offering achieve in the same invented fortnights; a table, a picture.

Needs no database. The figures say how methods compare under the stated assumptions, not how a city will do.
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

READING = (
    "怎样读 reading: 单靠“攒批求最优”收益很小,因为人会拒绝;收益来自全天自动、学到的把握和适时多问一人。"
    " Batching alone gains little when people may refuse; automation round the clock, learned chances and a"
    " spare offer at the right moment do. 数据为合成,试点后须用真实记录重新拟合。"
    " Synthetic: refit on a pilot's log. docs/how-to/read-the-simulator.md"
)


class Command(BaseCommand):
    help = "Compare policies of offering in simulated cities: a table, and a picture with --picture FILE."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Sizes; without `--people` or `--teams` three levels of supply and one of overload are compared."""
        parser.add_argument("--quick", action="store_true", help="one seed and two of the four levels")
        parser.add_argument("--seeds", type=int, default=3)
        parser.add_argument("--people", type=int, help="one level with so many volunteers")
        parser.add_argument("--teams", type=int, help="one level with so many teams")
        parser.add_argument("--orders", type=int, help="default 6000")
        parser.add_argument("--picture", type=Path, metavar="FILE", help="PNG, SVG or PDF")

    def handle(self, **options: Any) -> None:
        """Level by level, each printed as soon as it is done."""
        sizes = [options[name] for name in ("seeds", "orders", "people", "teams")]
        if min(size for size in sizes if size is not None) < 1:
            raise CommandError("数量至少是 1 / Numbers are at least 1.")
        picture: Path | None = options["picture"]
        if picture and (not picture.parent.is_dir() or picture.suffix not in {".png", ".svg", ".pdf"}):
            raise CommandError(
                "图片请写到已有文件夹里的 .png、.svg 或 .pdf / A picture is a .png, .svg or .pdf."
            )
        # The engine is heavy (compiled loops): nobody else who runs a command should load it.
        from civic.matching import simulate, simulate_table  # noqa: PLC0415 - see above

        seeds = 1 if options["quick"] else options["seeds"]
        orders = options["orders"] or simulate.ORDERS
        done = []
        for level in _levels(options):
            done.append(simulate.compare(level, orders=orders, seeds=seeds))
            self.stdout.write("\n".join(simulate_table.lines(done[-1])) + "\n")
        if picture:
            from civic.matching.simulate_picture import draw  # noqa: PLC0415 - see above

            draw(done, picture)
            self.stdout.write(f"图 picture: {picture}")
        self.stdout.write(READING)


def _levels(options: dict[str, Any]) -> list[Any]:
    """What is asked for; else the standard levels."""
    from civic.matching import simulate  # noqa: PLC0415 - heavy, see `handle`

    own = []
    if options["people"]:
        own.append(simulate.Level("own", options["people"]))
    if options["teams"]:
        own.append(simulate.Level("own", options["teams"], teams=True))
    return own or list(simulate.QUICK if options["quick"] else simulate.STANDARD)
