"""Placing, dispatching and accepting an order over HTTP, against a bare one-insert view on the same server.

One run loads both in turn, round after round, and compares within each round. Afterwards the database is
asked whether every acknowledged request made exactly one order, event, notice and journal line.
"""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from bench import _kit, _kit_rows
from bench._kit import Target, cpu_seconds, is_quick, median, report, say, share, table
from bench._kit_client import Client, Round, post
from bench._kit_server import Server, server
from config import embedded

CONNECTIONS = 16
VERBS = ("place", "dispatch", "accept")
TARGETS = (
    Target("place_ratio", 0.35),
    Target("dispatch_ratio", 0.30),
    Target("accept_ratio", 0.30),
    Target("lost_or_doubled", 0, at_least=False),
    Target("not_acknowledged", 0, at_least=False),
    Target("broken_chains", 0, at_least=False),
)
PLACED = re.compile(r"^/my/orders/(\d+)/placed/$")


@dataclass(frozen=True, slots=True)
class Measured:
    """One round of one kind of request: its rate, and processor time of web and database per request."""

    round: Round
    web_ms: float
    database_ms: float


class Load:
    """The two servers, the client, and everything measured so far."""

    def __init__(self, ours: Server, bare: Server, postmaster: int) -> None:
        self.servers = {"bare": bare, **dict.fromkeys(VERBS, ours)}
        self.postmaster = postmaster
        self.client = Client()
        self.kept: dict[str, list[Measured]] = {kind: [] for kind in ("bare", *VERBS)}
        self.acknowledged: dict[str, list[int]] = {kind: [] for kind in VERBS}
        self.not_acknowledged = 0

    def run(
        self, kind: str, requests: Sequence[bytes], ids: Sequence[int] = (), *, keep: bool = True
    ) -> None:
        """Send `requests`; `ids` are the orders they are about (a placed order tells its own)."""
        found = self.servers[kind]
        web, database = cpu_seconds(found.pid), cpu_seconds(self.postmaster)
        took = self.client.load(found.port, requests, connections=CONNECTIONS)
        web, database = cpu_seconds(found.pid) - web, cpu_seconds(self.postmaster) - database
        if kind != "bare":
            self._acknowledge(kind, took, ids)
        if keep:
            each = 1000 / len(requests)
            self.kept[kind].append(Measured(took, web * each, database * each))

    def _acknowledge(self, kind: str, took: Round, ids: Sequence[int]) -> None:
        wanted = {"dispatch": "/desk/orders/{}/", "accept": "/team/orders/{}/"}.get(kind, "")
        for answer, order_id in itertools.zip_longest(took.answers, ids):
            placed = PLACED.match(answer.location) if kind == "place" else None
            if answer.status == 302 and placed:
                self.acknowledged[kind].append(int(placed[1]))
            elif answer.status == 302 and wanted and answer.location == wanted.format(order_id):
                self.acknowledged[kind].append(order_id)
            else:
                self.not_acknowledged += 1

    def metrics(self) -> dict[str, float]:
        """Ratios are medians of the rounds' own ratios."""
        found: dict[str, float] = {}
        bare = [one.round.rate for one in self.kept["bare"]]
        for kind, kept in self.kept.items():
            rates = [one.round.rate for one in kept]
            if kind != "bare":
                found[f"{kind}_ratio"] = median(ours / base for ours, base in zip(rates, bare, strict=True))
            found[f"{kind}_per_second"] = median(rates, 1)
            found[f"{kind}_web_cpu_ms"] = median((one.web_ms for one in kept), 2)
            found[f"{kind}_database_cpu_ms"] = median((one.database_ms for one in kept), 2)
            times = [answer.seconds for one in kept for answer in one.round.answers]
            found[f"{kind}_p50_ms"], found[f"{kind}_p95_ms"] = share(times, 0.5), share(times, 0.95)
        return found


class Scene:
    """The network's people and what they are about to send."""

    def __init__(self) -> None:
        from bench import _kit_people as people
        from civic.orders.models import Item

        self.people = people
        tops = people.counties()
        self.villages = people.villages()
        self.desks = people.dispatchers(tops)
        self.teams = people.teams(tops, each=4)
        leaders = [team.leader for team in self.teams]
        self.leaders = dict(zip(leaders, people.browsers(leaders), strict=True))
        self.items = list(
            Item.objects.filter(months="", withdrawn_on=None).exclude(mode="site").order_by("id")
        )
        self.serial = itertools.count(1)

    def place(self, count: int) -> list[bytes]:
        """The last step of the wizard, for residents who have answered every question before."""

        owners = self.people.persons(count, self.villages)
        items = self.people.endless(self.items)
        extras = [self._draft(owner, next(items).pk) for owner in owners]
        return [browser.form("/order/check/") for browser in self.people.browsers(owners, *extras)]

    def _draft(self, owner: Any, item_id: int) -> dict[str, Any]:
        """The session of somebody who has come to the last step, as the wizard's own pages keep it."""
        from types import SimpleNamespace

        from civic.orders.pages import resident_draft as wizard

        browser = SimpleNamespace(session={"place_id": owner.home_id})
        wizard.keep(
            browser,
            place_id=owner.home_id,
            item_id=item_id,
            words="电饭锅不通电了，插上没有反应，想请师傅来看看。",
            contact_name=owner.name,
            contact_phone=owner.phone,
            address=owner.address,
        )
        return browser.session

    def dispatch(self, count: int) -> tuple[list[int], list[bytes], list[bytes]]:
        """Orders that wait to be dispatched; the dispatchers' forms, and the leaders' forms of acceptance."""
        owners = self.people.persons(count, self.villages)
        teams = {top: [team for team in self.teams if team.place_id == top] for top in self.desks}
        ids, dispatches, accepts = [], [], []
        for order in self._screened(owners):
            county = order.place.ancestor_ids[1]
            team = self.people.dice.choice(teams[county])
            path, fields = f"/desk/orders/{order.pk}/dispatch/", {"target": f"team:{team.pk}", "note": ""}
            ids.append(order.pk)
            dispatches.append(self.desks[county].form(path, **fields))
            accepts.append(self.leaders[team.leader].form(f"/team/orders/{order.pk}/accept/"))
        return ids, dispatches, accepts

    def _screened(self, owners: Sequence[Any]) -> list[Any]:
        from django.utils import timezone

        from civic.orders.models import Order

        now, items = timezone.now(), self.people.endless(self.items)
        return Order.objects.bulk_create(
            Order(
                number=f"20260101-{next(self.serial):05d}",
                place=owner.home,
                item=next(items),
                words="电饭锅不通电了",
                channel="web",
                resident=owner,
                placed_at=now,
                placed_by=owner,
                contact_name=owner.name,
                contact_phone=owner.phone,
                contact_phone_hash=owner.phone_hash,
                where="home",
                address=owner.address,
                state="screened",
                due_at=now + timedelta(days=1),
                changed_at=now,
            )
            for owner in owners
        )


def one_round(load: Load, scene: Scene, size: int, *, keep: bool) -> None:
    """Bare and ours, one after the other; everything is prepared before the clock starts."""
    places = scene.place(size)
    ids, dispatches, accepts = scene.dispatch(size)
    words = urlencode({"words": "电饭锅不通电了，插上没有反应，想请师傅来看看。"})
    load.run("bare", [post("/", words)] * size * 2, keep=keep)
    load.run("place", places, keep=keep)
    load.run("dispatch", dispatches, ids, keep=keep)
    load.run("accept", accepts, ids, keep=keep)


def told_twice_or_never(load: Load) -> int:
    """How many acknowledged requests did not leave exactly one of each row, and rows nobody acknowledged."""
    from collections import Counter

    from civic.journal.models import Entry
    from civic.notices.models import Notice
    from civic.orders.models import Event, Order

    wrong = 0
    kinds = {"place": "orders.placed", "dispatch": "orders.dispatched", "accept": "orders.accepted"}
    for verb, ids in load.acknowledged.items():
        once = Counter(ids)
        notices = Notice.objects.filter(kind=kinds[verb], about_type="orders.order")
        lines = Entry.objects.filter(what=f"orders.{verb}", about_type="orders.order")
        for found in (
            Counter(Event.objects.filter(what=verb).values_list("order_id", flat=True)),
            Counter(lines.values_list("about_id", flat=True)),
            Counter(notices.values_list("about_id", flat=True)),
        ):
            wrong += sum(abs(found[pk] - once[pk]) for pk in found.keys() | once.keys())
    placed = Order.objects.filter(number__startswith="20260101-").count()
    wrong += abs(Order.objects.count() - placed - len(load.acknowledged["place"]))
    accepted = Order.objects.filter(state="accepted", current__state="accepted").count()
    return wrong + abs(accepted - len(load.acknowledged["accept"]))


CHAINS = """
WITH lines AS (SELECT entry.*, {line} AS written FROM journal_entry entry),
links AS (SELECT lane, previous, count(*) AS found FROM lines GROUP BY lane, previous)
SELECT (SELECT count(*) FROM lines WHERE hash <> encode(sha256(convert_to(written, 'UTF8')), 'hex'))
     + (SELECT count(*) FROM links WHERE found > 1)
     + (SELECT count(*) FROM lines WHERE previous <> '' AND NOT EXISTS
           (SELECT FROM lines earlier WHERE earlier.lane = lines.lane AND earlier.hash = lines.previous))
     + (SELECT count(*) FROM journal_lane lane WHERE NOT EXISTS
           (SELECT FROM lines WHERE lines.lane = lane.id AND lines.hash = lane.head)
        OR lane.entry_count <> (SELECT count(*) FROM lines WHERE lines.lane = lane.id))
"""


def broken_chains() -> int:
    """Lines with a wrong hash or without a predecessor of their own, and lanes whose head is not theirs."""
    from importlib import import_module

    from django.db import connection

    line = import_module("civic.journal.migrations.0003_chain").LINE.format(row="entry")
    with connection.cursor() as cursor:
        cursor.execute(CHAINS.format(line=line.replace("%", "%%")))
        return int(cursor.fetchone()[0])


def shown(metrics: dict[str, float]) -> None:
    """The table for people."""
    heads = ("", "per second", "÷ bare", "p50 ms", "p95 ms", "web CPU ms", "database CPU ms")
    keys = ("per_second", "ratio", "p50_ms", "p95_ms", "web_cpu_ms", "database_cpu_ms")
    table(heads, ([kind, *(metrics.get(f"{kind}_{key}", 1.0) for key in keys)] for kind in ("bare", *VERBS)))


def main() -> None:
    """Prepare, load in rounds, verify, report."""
    quick = is_quick(__doc__)
    rounds, size = (3, 200) if quick else (9, 800)
    with _kit.city() as data:
        from django.db import connection

        from bench._bare import TABLE

        with connection.cursor() as cursor:
            cursor.execute(TABLE)
        scene = Scene()
        postmaster = embedded.server_pid(data)
        assert postmaster is not None
        with server("config.wsgi:application") as ours, server("bench._bare:application") as bare:
            load = Load(ours, bare, postmaster)
            one_round(load, scene, min(size, 200), keep=False)
            _kit_rows.tidy(data, "civic")  # statistics, as autovacuum makes them in its own time
            for _ in range(rounds):
                one_round(load, scene, size, keep=True)
            load.client.close()
        metrics = load.metrics()
        metrics |= {
            "rounds": rounds,
            "acknowledged": sum(len(ids) for ids in load.acknowledged.values()),
            "not_acknowledged": load.not_acknowledged,
            "lost_or_doubled": told_twice_or_never(load),
            "broken_chains": broken_chains(),
        }
    say(f"Median of {rounds} rounds of {size}; {CONNECTIONS} open connections, 2 workers:")
    shown(metrics)
    report("orders", metrics, TARGETS)


if __name__ == "__main__":
    main()
