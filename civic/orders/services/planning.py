"""The warm plan in the worker: repaired for what was touched, written where it changed.

The process that runs the worker's jobs keeps the plan in memory (`_warm`); pages read the database.
A round takes the notes that acts left (`touches`), reads those rows again, repairs the plan exactly and
writes the plans that came out different. It is one transaction under an advisory lock: two workers never
both write, and a round that dies leaves its notes for the next. A plan in memory that does not fit the
database (another day, another worker's turn, a fresh process) is built anew, to the same total.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from civic.access.queries import setting
from civic.core import rows
from civic.matching import policy
from civic.matching.policy import Acceptance
from civic.orders.matching.network import Advice, Network, Option
from civic.orders.matching.parts import HOURS
from civic.orders.models import Plan, Round, Shortage
from civic.orders.queries import supply
from civic.orders.queries.supply import Waiting
from civic.orders.states import OrderState

LOCK = "SELECT pg_try_advisory_xact_lock(hashtext('orders.plan'))"
TAKE = "DELETE FROM orders_touch RETURNING thing"
WRITTEN = ("made_at", "target", "chance", "price", "card", "candidates")


@dataclass
class Warm:
    """What the process remembers between rounds."""

    on: date
    turn: int
    points: supply.Points
    network: Network
    waiting: dict[int, Waiting]


_warm: Warm | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a round did: the orders that it looked at again, and whether the plan was built anew."""

    touched: tuple[int, ...] = ()
    written: int = 0
    total: int = 0
    is_rebuilt: bool = False


def forget() -> None:
    """Drop the plan in memory, as a crash would."""
    global _warm  # noqa: PLW0603 - the plan is the process's own
    _warm = None


def waiting(order_ids: Iterable[int]) -> dict[int, Waiting]:
    """Of these orders, those that wait, as the plan in memory has them; none without one."""
    return {key: _warm.waiting[key] for key in order_ids if key in _warm.waiting} if _warm else {}


def catch_up(*, at: datetime, everything: bool = False) -> Outcome | None:
    """One round. `everything` also tells chances and shortages anew and dates every plan.

    None when another worker is at it. Safe to repeat at any time.
    """
    try:
        with transaction.atomic():
            if not rows.run(LOCK).fetchone()[0]:
                return None
            return _round(at=at, everything=everything)
    except BaseException:
        forget()  # what was repaired in memory was never written
        raise


def _round(*, at: datetime, everything: bool) -> Outcome:
    global _warm  # noqa: PLW0603 - the plan is the process's own
    last = Round.objects.filter(pk=1).first() or Round(pk=1, turn=0)
    things = {thing for (thing,) in rows.run(TAKE).fetchall()}
    if not things and not everything and _warm is not None and _warm.turn == last.turn:
        return Outcome(total=last.total)
    orders = _orders_in(things)
    if everything and _warm is not None:
        things |= _missed(_warm, at)
        orders = _orders_in(things)
    rebuilt = not _fits(last, things, at)
    if rebuilt or _warm is None:
        _warm = _built(at, last.turn)
        changed = set(_warm.waiting)
    else:
        changed = _repaired(_warm, orders, things, at)
    written = _write(_warm, set(_warm.waiting) if everything else changed, at=at)
    if everything or rebuilt:
        _date_all(_warm, at=at)
        _write_shortages(_warm, at=at)
    # Only what changed begins a new turn: two workers that build in turn would never come to rest.
    last.turn += bool(things) or everything
    _warm.turn = last.turn
    last.made_at, last.total, last.is_rebuilt = at, _warm.network.total, rebuilt
    last.order_count = len(_warm.waiting)
    last.save()
    return Outcome(tuple(sorted(orders & set(_warm.waiting))), written, last.total, rebuilt)


# --- The plan in memory.


def _fits(last: Round, things: Iterable[str], at: datetime) -> bool:
    """Whether the plan in memory can be repaired: of today, of the last turn, not crowded."""
    if _warm is None or _warm.turn != last.turn or _warm.on != timezone.localdate(at):
        return False
    return not _warm.network.is_crowded and not any(one.startswith("category:") for one in things)


def _orders_in(things: Iterable[str]) -> set[int]:
    return {int(thing.partition(":")[2]) for thing in things if thing.startswith("order:")}


def _missed(warm: Warm, at: datetime) -> set[str]:
    """What is not as the plan has it although nobody left a note: rows changed by other hands."""
    waiting_now, helpers = supply.waiting(warm.points), supply.helpers(warm.points, at)
    known = warm.network.helpers
    orders = [
        key
        for key in waiting_now.keys() | warm.waiting.keys()
        if waiting_now.get(key) != warm.waiting.get(key)
    ]
    return {f"order:{key}" for key in orders} | {
        target for target in helpers.keys() | known.keys() if helpers.get(target) != known.get(target)
    }


def _built(at: datetime, turn: int) -> Warm:
    """Everything from the database."""
    points = supply.points()
    waiting = supply.waiting(points)
    needs = [one.need for one in waiting.values() if _is_planned(one)]
    helpers = supply.helpers(points, at).values()
    network = Network.built(needs, helpers, supply.rates(points, at))
    return Warm(timezone.localdate(at), turn, points, network, waiting)


def _is_planned(one: Waiting) -> bool:
    """Whether the order looks for somebody; one with offers out waits for their answers."""
    return one.state == OrderState.SCREENED


def _repaired(warm: Warm, orders: set[int], things: set[str], at: datetime) -> set[int]:
    """Repair the plan for what was touched; returns the orders whose plan may read otherwise now."""
    network = warm.network
    before = {key: (network.planned(key), network.price(key)) for key in network.needs}
    found = supply.waiting(warm.points, orders)
    for key in sorted(orders):
        network.drop_need(key)
        warm.waiting.pop(key, None)
    targets = {one for one in things if one.partition(":")[0] in supply.KINDS}
    targets |= supply.targets_touching(orders)
    helpers = supply.helpers(warm.points, at, targets)
    for target in sorted(targets):
        if target in helpers:
            network.put_helper(helpers[target])
        else:
            network.drop_helper(target)
    for key in sorted(found):
        warm.waiting[key] = found[key]
        if _is_planned(found[key]):
            network.put_need(found[key].need)
    after = {key: (network.planned(key), network.price(key)) for key in network.needs}
    return orders | {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


# --- What pages read.


def _write(warm: Warm, orders: Iterable[int], *, at: datetime) -> int:
    """Write the plans of these orders, drop those of orders that wait no more; returns how many it wrote."""
    keys = sorted(orders)
    gone = [key for key in keys if key not in warm.waiting]
    Plan.objects.filter(order__in=gone).delete()
    made = [_plan(warm, warm.waiting[key], at=at) for key in keys if key in warm.waiting]
    Plan.objects.bulk_create(
        made, update_conflicts=True, unique_fields=["order"], update_fields=WRITTEN, batch_size=500
    )
    return len(made)


def _date_all(warm: Warm, *, at: datetime) -> None:
    """Say of every plan that it is of now, and drop those of orders that nobody looks for any more."""
    Plan.objects.exclude(order__in=list(warm.waiting)).delete()
    Plan.objects.exclude(made_at=at).update(made_at=at)


def _plan(warm: Warm, one: Waiting, *, at: datetime) -> Plan:
    advice = warm.network.advice(one.need)
    target = advice.target or (one.standing[0] if one.standing else "")
    listed = [told(option) for option in advice.options]
    return Plan(
        order_id=one.need.id,
        made_at=at,
        target=target,
        chance=round(1000 * chance_of(one, advice, warm.network.rates, at)),
        price=advice.price,
        card=card_of(listed, target),
        candidates=listed,
    )


def told(option: Option) -> dict[str, Any]:
    """An option as pages read it; times and prices in centi-minutes, the chance in thousandths."""
    return {
        "target": option.target,
        "name": option.name,
        "parts": option.parts._asdict(),
        "total": option.total,
        "km": option.km,
        "estimated": option.is_estimated,
        "reduced": option.reduced,
        "override": option.override,
        "chance": round(1000 * option.chance),
    }


def card_of(listed: list[dict[str, Any]], target: str) -> dict[str, Any]:
    """Why `target`, of the listed ones: parts, total, rank by cost, the runner-up and the gap to it.

    Empty when it is not listed. Names stay out: the card is kept with the offer.
    """
    mine = next((row for row in listed if row["target"] == target), None)
    if mine is None:
        return {}
    cheaper = [row for row in listed if (row["total"], row["target"]) < (mine["total"], target)]
    others = [row for row in listed if row["target"] != target]
    second = min(others, key=lambda row: (_more(row), row["total"], row["target"]), default=None)
    return {
        **{name: mine[name] for name in ("parts", "total", "km", "estimated", "chance")},
        "rank": len(cheaper) + 1,
        "runner_up": second["target"] if second else "",
        "gap": _more(second) if second else None,
    }


def _more(row: dict[str, Any]) -> int:
    return int(row["reduced"] if row["override"] is None else row["override"])


# --- The chance that it is filled in time.


def begins(on: date | None, half: str, placed_at: datetime, at: datetime) -> datetime:
    """When somebody must be there: as the wished half-day begins; without a day, within a week."""
    if on is None:
        return max(placed_at + supply.WITHIN, at + supply.AT_LEAST)
    return timezone.make_aware(datetime.combine(on, time(HOURS[half])))


def start_of(one: Waiting, at: datetime) -> datetime:
    """`begins` for an order that waits."""
    return begins(one.need.on, one.need.half, one.placed_at, at)


def chance_of(one: Waiting, advice: Advice, rates: Acceptance, at: datetime) -> float:
    """How likely somebody accepts in time, by the chances of who is asked and who can be asked after them."""
    start = start_of(one, at)
    rounds = policy.rounds_left(at, start)
    chances = [option.chance for option in advice.options]
    standing = len(one.standing)
    mean = sum(chances[:5]) / len(chances[:5]) if chances else rates.group_mean(None)
    first = [rates.probability(target, None) for target in one.standing]
    wanted = max(1, standing, policy.offers_wanted(1, mean, rounds, setting("matching.over_offer_max")))
    if policy.hours_between(at, start) <= 0:
        return 0.0
    return policy.chance_of_fill(1, [*first, *chances], rounds, wanted)


# --- The recruitment map.


def _write_shortages(warm: Warm, *, at: datetime) -> None:
    """Which skill lacks people in which township at which half-day, and what one more would save."""
    lacking: dict[tuple[Any, ...], list[int]] = {}
    for key, need in warm.network.needs.items():
        if not warm.network.planned(key):
            where = (need.skill_id, need.township, need.on, need.half)
            lacking.setdefault(where, []).append(warm.network.price(key))
    made = [
        Shortage(
            skill_id=skill, place_id=place, wanted_on=on, wanted_half=half,
            lacking=len(prices), price=sum(prices) // len(prices), made_at=at,
        )
        for (skill, place, on, half), prices in sorted(lacking.items(), key=str)
    ]  # fmt: skip
    Shortage.objects.all().delete()
    Shortage.objects.bulk_create(made)
