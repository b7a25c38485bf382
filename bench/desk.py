"""Every list page with 100 000 orders behind it, against the same pages with 100: processor time per request.

The reader sees a hundred orders of hers both times. The others lie behind, spread over two years and the
whole network. The two cities are databases of one server, asked in turn from this process; what counts is the
processor time of this process and of its database process (Linux).
"""

import itertools
import statistics
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench import _kit, _kit_rows
from bench._kit import Target, is_quick, report, say, share, table

FEW, MANY = 100, 100_000
TARGETS = (Target("worst_ratio", 1.2, at_least=False), Target("failed", 0, at_least=False))
DATABASES = {"few": "civic_few", "many": "civic"}
# Of a hundred orders so many wait to be screened, to be dispatched, to be answered, are in hand, are closed.
STATES = (("submitted", 25), ("screened", 25), ("dispatched", 12), ("accepted", 12), ("closed", 26))


@dataclass(slots=True)
class Page:
    """One page: its address, its reader, and what each request took in either city, in seconds."""

    name: str
    path: str
    cookies: str = ""
    cpu: dict[str, list[float]] = field(default_factory=lambda: {"few": [], "many": []})
    wall: dict[str, list[float]] = field(default_factory=lambda: {"few": [], "many": []})
    failed: int = 0

    def middle(self, city: str) -> float:
        """The median processor time of one request, in milliseconds."""
        return round(statistics.median(self.cpu[city]) * 1000, 2)

    @property
    def ratio(self) -> float:
        """How much more the page costs with many orders behind it."""
        return round(self.middle("many") / self.middle("few"), 3)

    def ask(self, city: str, process: Path) -> None:
        """Read the page once and keep what it took."""
        from bench._kit_wsgi import ask

        cpu, wall = time.process_time() + _used(process), time.perf_counter()
        reply = ask(self.path, self.cookies)
        self.wall[city].append(time.perf_counter() - wall)
        self.cpu[city].append(time.process_time() + _used(process) - cpu)
        self.failed += reply.status != 200


def _used(process: Path) -> float:
    """Seconds that a process has been on a processor, to the nanosecond."""
    return int(process.read_text().split()[0]) / 1e9


def hundred() -> list[Page]:
    """A dispatcher, a resident and a team with a hundred orders, and the pages they read."""
    from bench import _kit_people as people
    from civic.access.roles import Role
    from civic.orders.models import Category
    from civic.places.models import Place

    counties = people.counties()
    team = people.teams(counties, each=4)[12]
    home = next(one for one in people.villages() if one.path.startswith(team.place.path))
    resident = people.persons(1, [home])[0]
    orders(resident, home, team)
    desk = people.staff(Role.CENTER_DISPATCHER, [team.place])[0].cookies
    head = people.staff(Role.CENTER_HEAD, [team.place])[0].cookies
    city = people.staff(Role.CITY_SUPERVISOR, [Place.objects.get(parent=None)])[0].cookies
    mine, leader = (one.cookies for one in people.browsers([resident, team.leader]))
    slug = Category.objects.order_by("position").values_list("slug", flat=True)[0]
    return pages(desk=desk, head=head, city=city, mine=mine, leader=leader, slug=slug)


def pages(*, desk: str, head: str, city: str, mine: str, leader: str, slug: str) -> list[Page]:
    """Every list, with who reads it."""
    return [
        Page("desk, to screen", "/desk/?queue=screen", desk),
        Page("desk, to dispatch", "/desk/?queue=dispatch", desk),
        Page("desk, overdue", "/desk/?queue=overdue", desk),
        Page("desk of the city, overdue", "/desk/?queue=overdue", city),
        Page("counts of the desk", "/desk/counts/?queue=screen", desk),
        Page("today", "/desk/today/", desk),
        Page("ledger of the month", "/desk/orders/", head),
        Page("ledger of the city", "/desk/orders/", city),
        Page("calls", "/desk/calls/", head),
        Page("opinions", "/desk/feedback/", head),
        Page("my orders, open", "/my/orders/", mine),
        Page("my orders, ended", "/my/orders/?which=closed", mine),
        Page("my notices", "/my/notices/", mine),
        Page("team, in hand", "/team/", leader),
        Page("team, done", "/team/done/", leader),
        Page("first page, signed in", "/", mine),
        Page("first page, guest", "/"),
        Page("menu", "/order/"),
        Page("one category", f"/order/menu/{slug}/"),
        Page("venue finder", "/venues/"),
        Page("venue finder, words", "/venues/?q=%E5%BA%9C%E5%89%8D"),
    ]


def orders(resident: Any, home: Any, team: Any) -> None:
    """A hundred orders of one resident, of this month, a few of them late; the team has those in hand."""
    from django.utils import timezone

    from civic.orders.models import Item, Order

    now, items = timezone.now(), itertools.cycle(Item.objects.order_by("id"))
    states = [state for state, count in STATES for _ in range(count)]
    rows = [
        Order(
            number=f"{now:%Y%m%d}-{number:04d}",
            place=home,
            item=next(items),
            words="电饭锅不通电了，想请师傅来看看",
            channel="web",
            resident=resident,
            placed_at=now - timedelta(minutes=number),
            placed_by=resident,
            contact_name=resident.name,
            contact_phone=resident.phone,
            contact_phone_hash=resident.phone_hash,
            where="home",
            address="3号楼2单元501",
            state="screened",
            due_at=now + timedelta(hours=20 if number % 4 else -20),
            changed_at=now,
        )
        for number in range(1, FEW + 1)
    ]
    Order.objects.bulk_create(rows)
    for order, state in zip(rows, states, strict=True):
        _bring(order, state, team=team, resident=resident, now=now)


def _bring(order: Any, state: str, *, team: Any, resident: Any, now: Any) -> None:
    """An order in `state`, with the dispatch that belongs to it."""
    from civic.orders.models import Dispatch

    order.state = state
    if state in {"dispatched", "accepted", "closed"}:
        answered = {} if state == "dispatched" else {"answered_at": now, "answered_by": team.leader}
        words = {"dispatched": "offered", "accepted": "accepted", "closed": "done"}
        order.current = Dispatch.objects.create(
            order=order,
            team=team,
            state=words[state],
            dispatched_at=now,
            dispatched_by=resident,
            **answered,
        )
    if state == "closed":
        order.due_at = None
    order.save(update_fields=["state", "current", "due_at"])


class Cities:
    """This process connected to both cities at once; one of them is the one that Django sees."""

    def __init__(self) -> None:
        from django.db import connections

        self.known: dict[str, tuple[Any, Path]] = {}
        connections["default"].close()
        for city, name in DATABASES.items():
            database = connections.create_connection("default")
            database.settings_dict = database.settings_dict | {"NAME": name, "CONN_MAX_AGE": None}
            with database.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                self.known[city] = database, Path(f"/proc/{cursor.fetchone()[0]}/schedstat")

    def enter(self, city: str) -> Path:
        """Let Django see this one; where to read what its database process has used."""
        from django.db import connections

        database, used = self.known[city]
        connections["default"] = database
        return used


def measure(pages: list[Page], *, rounds: int, each: int) -> None:
    """Every page in both cities in turn, so that a busy neighbour slows both; the first readings warm up."""
    cities = Cities()
    turns = itertools.cycle([*DATABASES, *reversed(DATABASES)])
    for number in range(rounds + 1):
        for page in pages:
            for city in itertools.islice(turns, 2 * (each if number else 2)):
                page.ask(city, cities.enter(city))
            if not number:
                for kept in (*page.cpu.values(), *page.wall.values()):
                    kept.clear()


def shown(pages: list[Page]) -> None:
    """The table for people."""
    heads = ("page", "CPU ms, 100", "CPU ms, 100 000", "ratio", "p50 ms", "p95 ms")
    table(
        heads,
        (
            (
                page.name,
                page.middle("few"),
                page.middle("many"),
                page.ratio,
                share(page.wall["many"], 0.5),
                share(page.wall["many"], 0.95),
            )
            for page in pages
        ),
    )


def main() -> None:
    """Prepare, read in turn, report."""
    rounds, each = (3, 8) if is_quick(__doc__) else (6, 20)
    with _kit.city() as data:
        from django.db import connection

        pages = hundred()
        connection.close()
        _kit_rows.copy(data, "civic", DATABASES["few"])
        began = time.monotonic()
        _kit_rows.load(data, MANY - FEW)
        for name in DATABASES.values():
            _kit_rows.tidy(data, name)
        say(f"{MANY - FEW} more orders loaded in {time.monotonic() - began:.1f} s")
        measure(pages, rounds=rounds, each=each)
    shown(pages)
    metrics: dict[str, Any] = {"orders": MANY, "worst_ratio": max(page.ratio for page in pages)}
    metrics["worst_page"] = max(pages, key=lambda page: page.ratio).name
    metrics["failed"] = sum(page.failed for page in pages)
    metrics["pages"] = {
        page.name: {"few_ms": page.middle("few"), "many_ms": page.middle("many"), "ratio": page.ratio}
        for page in pages
    }
    report("desk", metrics, TARGETS)


if __name__ == "__main__":
    main()
