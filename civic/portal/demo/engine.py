"""Smart dispatch at work in 襄垣县: offers answered, people who knew better, places that lack hands."""

from collections.abc import Generator, Iterator
from datetime import datetime, timedelta

from django.db.models import Q

from civic.access.services import settings
from civic.core.errors import Refused
from civic.orders.models import Category, Dispatch, Item, Order, Plan
from civic.orders.models.menu import DispatchMode
from civic.orders.services import dispatching, menu, offering, planning, rulings, screening
from civic.orders.states import DispatchState
from civic.orders.targets import Target
from civic.people.models import Person
from civic.portal.demo.stories import County, Story, Tale, Teller, awake, place_order, serve

SENT = ("elder",)  # categories in which the engine asks by itself
OFFERED, OVERRIDDEN, LACKING = 24, 4, 5
SILENT = 3  # the one of the offered whose first answer never comes, whatever the dice say
WHY = ("居民点名要找他们", "他们熟悉这家的情况", "居民点名要找他们", "路不通，或者位置标得不准")
DECLINES = ("这几天时间排不开", "人手不够", "路太远")


def stories(teller: Teller, county: County, admin: Person, *, now: datetime) -> Iterator[Story]:
    """The city lets the engine send in some categories; then orders by which it can be judged."""
    begun = now - timedelta(days=11)
    yield _let(admin, at=begun)
    items = list(Item.objects.filter(category__slug__in=SENT, months="").order_by("pk"))
    known = [item for item in items if _is_known(item, county)] or items
    for number in range(OFFERED):
        placed_at = awake(begun + timedelta(hours=2 + number * 10))
        yield _offered(teller, county, known[number % len(known)], placed_at, is_silent=number == SILENT)
    others = Item.objects.exclude(category__slug__in=SENT).filter(months="").order_by("pk")
    usual = [item for item in others if _is_known(item, county)]
    for number in range(OVERRIDDEN):
        at = awake(now - timedelta(days=1 + 2 * number, hours=3))
        yield _overridden(teller, county, usual[number % len(usual)], at, WHY[number])
    rare = [item for item in others if not _is_known(item, county)]
    for number in range(LACKING if rare else 0):
        yield _lacking(
            teller, county, rare[number // 2 % len(rare)], awake(now - timedelta(hours=20 + number))
        )


def settle(county: County, *, now: datetime) -> None:
    """The plan of this moment, with somebody kept from an order whose resident does not want him."""
    offering.lapse_silent(at=now)
    planning.catch_up(at=now, everything=True)
    plans = Plan.objects.filter(order__state="screened", order__place__path__startswith=_path(county))
    plan = next((one for one in plans.order_by("pk") if len(one.candidates) > 1), None)
    if plan is not None:
        target = next(one["target"] for one in plan.candidates if one["target"] != plan.target)
        by = county.dispatcher
        reason = "居民不愿意让他们去"
        rulings.forbid(order_id=plan.order_id, target=Target.read(target), reason=reason, by=by, at=now)
    planning.catch_up(at=now, everything=True)
    planning.forget()


def _let(admin: Person, *, at: datetime) -> Story:
    yield at
    for category in Category.objects.filter(slug__in=SENT).order_by("pk"):
        menu.set_dispatch_mode(category_id=category.pk, mode=DispatchMode.SEND, by=admin, at=at)
    settings.set_setting(key="matching.volunteers_may_take", value=1, by=admin, at=at)


def _taken_in(teller: Teller, county: County, item: Item, placed_at: datetime) -> Order | None:
    """An order placed and screened; None when it was refused."""
    order = place_order(teller, county, item=item, words=item.description, channel="phone", at=placed_at)
    if order is not None:
        screening.screen(
            order_id=order.pk, item_id=item.pk, is_urgent=False, note="", by=county.dispatcher, at=placed_at
        )
    return order


def _offered(teller: Teller, county: County, item: Item, placed_at: datetime, *, is_silent: bool) -> Story:
    """Asked by the engine; who is asked says yes as often as was reckoned, else no or nothing."""
    yield placed_at
    order = _taken_in(teller, county, item, placed_at)
    at = placed_at + timedelta(minutes=15)
    for attempt in range(3):
        yield at
        if order is None or not _is_asked(order, at):
            return
        offer = Dispatch.objects.filter(order=order, state=DispatchState.OFFERED).order_by("pk")[0]
        person = _answering(offer, county)
        at = awake(at + teller.hours(0.3, 1.5))
        if offer.answer_by is None or at >= offer.answer_by:
            return
        yield at
        says_yes = teller.chance((offer.card or {}).get("chance", 500) / 1000)
        if says_yes and not (is_silent and attempt == 0):
            dispatching.accept(order_id=order.pk, by=person, at=at)
            yield from serve(Tale(teller, county, order, item, ""), person, at)
            return
        at = yield from _refused(teller, order, offer, person, at, is_silent=is_silent)


def _answering(offer: Dispatch, county: County) -> Person:
    """Who answers: the leader, the volunteer, for a site the center."""
    if offer.team is not None:
        return offer.team.leader
    return offer.volunteer.person if offer.volunteer is not None else county.dispatcher


def _is_asked(order: Order, at: datetime) -> bool:
    """Whether somebody waits to answer, after the engine had its round."""
    planning.catch_up(at=at)
    offering.offer(order_id=order.pk, at=at)
    return Dispatch.objects.filter(order=order, state=DispatchState.OFFERED).exists()


def _refused(
    teller: Teller, order: Order, offer: Dispatch, person: Person, at: datetime, *, is_silent: bool
) -> Generator[datetime, None, datetime]:
    """No, or silence until the time is over; returns when it happened."""
    if not is_silent and teller.chance(0.6):
        reason = teller.dice.choice(DECLINES)
        dispatching.decline(order_id=order.pk, reason=reason, by=person, at=at)
        return at + timedelta(minutes=5)
    over = (offer.answer_by or at) + timedelta(minutes=1)
    yield over
    dispatching.lapse_offer(dispatch_id=offer.pk, at=over)
    return over + timedelta(minutes=5)


def _overridden(teller: Teller, county: County, item: Item, at: datetime, why: str) -> Story:
    """The dispatcher takes another than the proposed one, and says why."""
    yield at
    order = _taken_in(teller, county, item, at)
    at += timedelta(minutes=30)
    yield at
    planning.catch_up(at=at)
    plan = Plan.objects.filter(order=order).first() if order else None
    listed = plan.candidates if plan else []
    others = [one["target"] for one in listed if plan and one["target"] != plan.target]
    if order is None or not others:
        return
    for target in others:
        try:
            dispatching.dispatch(
                order_id=order.pk, target=Target.read(target), override=why, by=county.dispatcher, at=at
            )
        except Refused:
            continue  # asked for another order meanwhile
        return


def _lacking(teller: Teller, county: County, item: Item, at: datetime) -> Story:
    """Something that nobody in the county has learnt."""
    yield at
    _taken_in(teller, county, item, at)


def _is_known(item: Item, county: County) -> bool:
    """Whether anybody near has the skill, or a site offers the item."""
    path = _path(county)
    near = Q(place__path__startswith=path) | Q(is_mobile=True)
    return (
        item.skill.teams.filter(near, closed_on=None).exists()
        or item.skill.volunteers.filter(home__path__startswith=path, left_at=None).exists()
        or item.claims.filter(venue__place__path__startswith=path, dropped_at=None).exists()
    )


def _path(county: County) -> str:
    return "".join(f"{part}/" for part in county.villages[0].path.split("/")[:2])
