"""Fourteen days of orders, told by the services at the moments they happen.

Each story is a generator: it yields the moment of its next act and, woken at that moment, makes it. All
stories run side by side in order of time, so numbers, journal and notices come out as they would have; an
act that would lie in the future is simply not made yet.
"""

import heapq
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import count

from civic.core.errors import Refused
from civic.notices import services as notices
from civic.orders.draft import Draft
from civic.orders.models import Item, Order
from civic.orders.services import dispatching, placing, reviewing, screening, serving
from civic.orders.states import OrderState
from civic.orders.targets import Target
from civic.people.models import Person
from civic.places.models import Place
from civic.venues.models import Venue
from civic.volunteers.models import Team

Story = Iterator[datetime]
PLAIN_SUMMARY = "按约好的做完了，当面看过、试过。\n东西收拾好带走，地方打扫干净。"


@dataclass(frozen=True, slots=True)
class Words:
    """What the people of the demo say, by occasion."""

    declines: list[str]
    summaries: dict[str, list[str]]
    reviews: dict[int, list[str]]
    returns: list[str]
    rejections: list[str]
    disputes: list[str]
    outside: list[tuple[str, str]]


@dataclass(slots=True)
class County:
    """Who acts in one county."""

    code: str
    dispatcher: Person
    villages: list[Place]
    residents: list[Person]
    teams: list[Team]
    stations: dict[int, Venue] = field(default_factory=dict)


@dataclass(slots=True)
class Teller:
    """Draws every choice from one seeded source, so that each demo city is the same."""

    words: Words
    now: datetime
    dice: random.Random = field(default_factory=lambda: random.Random(2026))  # noqa: S311 (a story, no secret)

    def hours(self, least: float, most: float) -> timedelta:
        """A while between two bounds, in hours."""
        return timedelta(minutes=self.dice.randint(int(least * 60), int(most * 60)))

    def chance(self, share: float) -> bool:
        """True in `share` of all cases."""
        return self.dice.random() < share


@dataclass(frozen=True, slots=True)
class Tale:
    """One order on its way: who tells, where, which order of what, and before which act it stops."""

    teller: Teller
    county: County
    order: Order
    item: Item
    stall: str


def run(stories: Iterable[Story], *, until: datetime) -> int:
    """Let all stories happen in order of time up to `until`; returns how many acts were made."""
    order = count()
    waking = [(next(story), next(order), story) for story in stories]
    heapq.heapify(waking)
    acts = 0
    while waking and waking[0][0] <= until:
        _moment, _number, story = heapq.heappop(waking)
        try:
            following = next(story)
        except StopIteration:
            continue
        finally:
            acts += 1
        heapq.heappush(waking, (following, next(order), story))
    return acts


def order_story(
    teller: Teller,
    county: County,
    *,
    item: Item,
    words: str,
    channel: str,
    placed_at: datetime,
    stall: str = "",
) -> Story:
    """One order from its placing as far as it gets; it stops for good before the act named `stall`."""
    at = placed_at
    yield at
    order = place_order(teller, county, item=item, words=words, channel=channel, at=at)
    if order is None:
        return
    at = awake(at + teller.hours(0.3, 4))
    yield at
    if stall == "screen":
        return
    if stall == "merge":
        _twin(teller, county, order, item=item, words=words, at=at)
    if _turned_away(teller, county, order, stall, at):
        return
    screening.screen(
        order_id=order.pk, item_id=item.pk, is_urgent=False, note="", by=county.dispatcher, at=at
    )
    if stall == "withdraw":
        at = awake(at + teller.hours(1, 5))
        yield at
        placing.withdraw(order_id=order.pk, reason="家里人帮着办了", by=order.resident, at=at)
        return
    yield from _find_hands(Tale(teller, county, order, item, stall), at)


def place_order(
    teller: Teller, county: County, *, item: Item, words: str, channel: str, at: datetime
) -> Order | None:
    """Place an order for somebody; None when it is refused: out of season, or five open already."""
    resident = teller.dice.choice(county.residents)
    village = resident.home or county.villages[0]
    station = county.stations.get(village.pk)
    at_home = item.mode == "home" or (item.mode == "either" and teller.chance(0.6)) or station is None
    draft = Draft(
        place_id=village.pk,
        item_id=item.pk,
        words=words,
        channel=channel,
        contact_name=resident.name,
        contact_phone=resident.phone,
        where="home" if at_home and item.mode != "site" else "site",
        address=f"{teller.dice.randint(1, 9)}号楼{teller.dice.randint(1, 4)}单元" if at_home else "",
        venue_id=None if at_home or station is None else station.pk,
        wanted_on=(at + timedelta(days=teller.dice.randint(1, 5))).date(),
        wanted_half=teller.dice.choice(["any", "morning", "afternoon"]),
    )
    by = resident if channel == "web" else county.dispatcher
    try:
        return placing.place(draft=draft, by=by, at=at, resident=resident)
    except Refused:
        return None


def _twin(teller: Teller, county: County, order: Order, *, item: Item, words: str, at: datetime) -> None:
    """The same words once more, from somebody else, folded into the first order."""
    twin = place_order(teller, county, item=item, words=words, channel="phone", at=at)
    if twin is not None:
        reason = "同一件事，两家一起办。"
        screening.merge(order_id=twin.pk, into_id=order.pk, reason=reason, by=county.dispatcher, at=at)


def _turned_away(teller: Teller, county: County, order: Order, stall: str, at: datetime) -> bool:
    """Every way an order ends at the counter; False when it goes on."""
    by, pk = county.dispatcher, order.pk
    ways: dict[str, Callable[[], object]] = {
        "return": lambda: screening.send_back(
            order_id=pk, reason=teller.dice.choice(teller.words.returns), by=by, at=at
        ),
        "reject": lambda: screening.reject(
            order_id=pk, reason=teller.dice.choice(teller.words.rejections), by=by, at=at
        ),
        "cancel": lambda: screening.cancel(order_id=pk, reason="连着下雪，这几天先不出门服务", by=by, at=at),
    }
    if stall in ways:
        ways[stall]()
    return stall in ways


def refer_story(
    teller: Teller, county: County, *, words: str, target: str, channel: str, placed_at: datetime
) -> Story:
    """Words that belong to another desk: taken in, referred, told where."""
    yield placed_at
    resident = teller.dice.choice(county.residents)
    draft = Draft(
        place_id=(resident.home or county.villages[0]).pk,
        words=words,
        channel=channel,
        contact_name=resident.name,
        contact_phone=resident.phone,
        where="home",
        address="村口",
    )
    order = placing.place(draft=draft, by=county.dispatcher, at=placed_at, resident=resident)
    at = awake(placed_at + teller.hours(0.2, 3))
    yield at
    reason = f"这件事由 {target} 受理，已告诉您怎么打电话。"
    screening.refer(order_id=order.pk, target=target, reason=reason, by=county.dispatcher, at=at)


def reading_story(person: Person, *, at: datetime) -> Story:
    """Somebody looks through her inbox."""
    yield at
    notices.mark_all_read(by=person, at=at)


def _find_hands(tale: Tale, at: datetime) -> Story:
    """Dispatch, perhaps a decline and another try, acceptance; then the service."""
    teller, county, order, item, stall = tale.teller, tale.county, tale.order, tale.item, tale.stall
    able = [team for team in county.teams if item.skill_id in {skill.pk for skill in team.skills.all()}]
    choices = teller.dice.sample(able or county.teams, k=min(2, len(able or county.teams)))
    for attempt, team in enumerate(choices):
        at = awake(at + teller.hours(0.5, 5))
        yield at
        if stall == "dispatch":
            return
        dispatching.dispatch(order_id=order.pk, target=Target("team", team.pk), by=county.dispatcher, at=at)
        at = awake(at + teller.hours(0.5, 10))
        yield at
        if stall == "accept":
            return
        if attempt == 0 and len(choices) > 1 and teller.chance(0.12):
            dispatching.decline(
                order_id=order.pk, reason=teller.dice.choice(teller.words.declines), by=team.leader, at=at
            )
            continue
        dispatching.accept(order_id=order.pk, by=team.leader, at=at)
        yield from serve(tale, team.leader, at)
        return


def serve(tale: Tale, person: Person, at: datetime) -> Story:
    """Provision, an agreed time, the visit, and what comes after."""
    teller, county, order, item, stall = tale.teller, tale.county, tale.order, tale.item, tale.stall
    at = awake(at + teller.hours(0.5, 6))
    yield at
    if stall == "provision":
        return
    serving.provision(
        order_id=order.pk, by=county.dispatcher, at=at, materials=item.materials[:60], safety=item.safeguards
    )
    at = awake(at + teller.hours(0.2, 4))
    yield at
    if stall == "schedule":
        return
    begins = slot(at + teller.hours(12, 60), teller.dice)
    ends = begins + timedelta(minutes=item.minutes)
    try:
        serving.schedule(order_id=order.pk, starts_at=begins, ends_at=ends, by=person, at=at)
    except Refused:
        return  # they are busy then, and will find another time
    yield begins
    serving.start(order_id=order.pk, by=person, at=begins)
    yield ends
    if stall == "finish":
        return
    said = teller.words.summaries.get(item.slug, [PLAIN_SUMMARY])
    serving.finish(order_id=order.pk, summary=teller.dice.choice(said), by=person, at=ends)
    yield from _judge(tale, ends)


def _judge(tale: Tale, at: datetime) -> Story:
    """A review, or "not done", or silence; calls that are owed are mostly made."""
    teller, county, order, stall = tale.teller, tale.county, tale.order, tale.stall
    at = awake(at + teller.hours(1, 30))
    yield at
    if stall == "review":
        return
    if stall == "dispute":
        words = teller.dice.choice(teller.words.disputes)
        reviewing.dispute(order_id=order.pk, words=words, by=order.resident, at=at)
        return
    grade = teller.dice.choices([5, 4, 3, 2, 1], weights=[52, 33, 9, 4, 2])[0]
    reviewing.review(
        order_id=order.pk,
        grade=grade,
        tags=teller.dice.sample(reviewing.GOOD_TAGS if grade >= 4 else reviewing.POOR_TAGS, k=1),
        words=teller.dice.choice(teller.words.reviews[grade]) if teller.chance(0.7) else "",
        is_anonymous=teller.chance(0.2),
        by=order.resident,
        at=at,
    )
    at = awake(at + teller.hours(3, 20))
    yield at
    if stall == "call":
        return
    _call(tale, grade, at)
    yield at + timedelta(hours=1)
    if Order.objects.get(pk=order.pk).state == OrderState.REVIEWED:
        reviewing.close(order_id=order.pk, note="", by=county.dispatcher, at=at + timedelta(hours=1))


def _call(tale: Tale, grade: int, at: datetime) -> None:
    """Make the calls that are owed."""
    for callback in tale.order.callbacks.filter(called_at=None).order_by("id"):
        reviewing.call(
            callback_id=callback.pk,
            outcome="电话里问过了，情况属实，已跟队长说。" if grade < 3 else "居民说挺好。",
            is_content=grade >= 3,
            by=tale.county.dispatcher,
            at=at,
        )


def awake(moment: datetime) -> datetime:
    """The same moment if people are up, else the next morning."""
    if moment.hour < 8:
        return moment.replace(hour=8, minute=moment.minute)
    if moment.hour >= 20:
        return (moment + timedelta(days=1)).replace(hour=8, minute=moment.minute)
    return moment


def slot(moment: datetime, dice: random.Random) -> datetime:
    """The next round hour at which visits are made."""
    day = moment.date() + timedelta(days=1 if moment.hour >= 16 else 0)
    return datetime.combine(day, time(dice.choice([9, 10, 14, 15, 16])), moment.tzinfo)
