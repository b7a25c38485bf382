"""Three rounds of 流动拼单 in 襄垣县: one done, one on the road today, one planned for in two days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone

from civic.orders.draft import Draft
from civic.orders.models import Item, Order
from civic.orders.services import placing, screening
from civic.orders.states import OrderState
from civic.people.models import Person
from civic.places.models import Place
from civic.pooling.models import Need, Pool, Stop, Tour
from civic.pooling.services import crews, driving, giving, needs, planning, publishing, rounds
from civic.portal.demo.cast import VILLAGE
from civic.portal.demo.stories import PLAIN_SUMMARY, County, Story
from civic.venues.models import Venue, VenueKind
from civic.volunteers.models import Skill, Team

# What villages wait for: service, people, half of the day, priority, words.
ASKED = (
    ("haircut", 26, "morning", 0, "老人多，想在村委会院里剪"),
    ("blood-pressure", 40, "morning", 1, ""),
    ("appliance", 8, "any", 0, "攒了几样小家电，集中修"),
    ("knives", 18, "any", 0, ""),
    ("lights", 5, "afternoon", 0, "日间照料中心要换灯"),
    ("haircut", 22, "any", 0, ""),
    ("health-advice", 35, "morning", 0, "村里老人想问慢病用药"),
    ("appliance", 6, "afternoon", 0, ""),
    ("shoes", 12, "any", 0, ""),
    ("pipes", 2, "any", 2, "五保户家下水堵了"),
    ("vision-check", 45, "afternoon", 0, "村小学的孩子"),
    ("phone-lesson", 15, "any", 0, ""),
)
# What others put in: kind, who (a site, a partner), words, amount, unit, skill, whether it is used.
GIVEN = (
    ("talent", "县医院体检科", "会量血压、会义诊的护士", 2, "人", "health-check", True),
    ("talent", "", "退休老师，教手机", 1, "人", "digital-help", True),
    ("idea", "", "小板凳上讲身边事，边剪头发边听", None, "", "", True),
    ("idea", "县文化馆", "快板《反诈八句》", 1, "段", "", True),
    ("material", "县农商行", "米面油", 40, "份", "", True),
    ("material", "", "老花镜、放大镜", 30, "副", "", True),
    ("material", "某保健品店", "试用装", 50, "盒", "", False),
)
BRANDS = ("文明集市流动服务队", "匠心家电维修队", "虒亭镇便民维修队")


@dataclass(frozen=True, slots=True)
class Hands:
    """Who acts in the rounds: the dispatcher, the clerk of a township, the mobile teams."""

    county: Place
    villages: list[Place]
    dispatcher: Person
    clerk: Person
    teams: list[Team]


def stories(county: County, clerk: Person, *, now: datetime) -> Iterator[Story]:
    """The three rounds, each from its draft on."""
    teams = {
        team.name: team
        for team in Team.objects.filter(name__in=BRANDS).select_related("leader").order_by("id")
    }
    top = Place.objects.get(code=county.code)
    hands = Hands(top, county.villages, county.dispatcher, clerk, [teams[name] for name in BRANDS])
    noon = now.replace(hour=12, minute=0, second=0, microsecond=0)
    yield _round(hands, "十一月流动服务进乡村", 8, on=noon - timedelta(days=5), county=county)
    yield _round(hands, "今日流动服务", 5, on=noon, county=county)
    yield _round(hands, "小雪前后流动服务", 12, on=noon + timedelta(days=2), county=county, is_left=True)


def _round(
    hands: Hands, title: str, size: int, *, on: datetime, county: County, is_left: bool = False
) -> Story:
    """One round: gathered for some days, planned, published the day before, driven, wrapped up."""
    at = on - timedelta(days=4, hours=2)
    yield at
    pool = rounds.create_pool(
        place_id=hands.county.pk,
        title=title,
        on=timezone.localdate(on),
        words="一村攒一攒，流动队一趟办完。中午在村里吃自带的干粮。",
        by=hands.dispatcher,
        at=at,
    )
    rounds.open_pool(pool_id=pool.pk, by=hands.dispatcher, at=at)
    tours = _teams(hands, pool, at)
    yield (at := at + timedelta(hours=5))
    _gather(hands, pool, size, at)
    if not is_left:
        _order(hands, county, pool, at)
    yield (at := at + timedelta(days=1))
    _give(hands, pool, tours, at)
    if is_left:
        _waiting_orders(hands, pool, at)
        _near_a_team(hands, pool, at)
    yield (at := at + timedelta(hours=6))
    asked = planning.plan(pool_id=pool.pk, by=hands.dispatcher, at=at)
    planning.work_out(pool_id=pool.pk, stamp=asked.stamp, at=at)
    if not is_left:
        yield from _driven(hands, pool, on)


def _teams(hands: Hands, pool: Pool, at: datetime) -> list[Tour]:
    return [
        crews.add_team(
            pool_id=pool.pk,
            team_id=team.pk,
            depot_id=hands.county.pk,
            opens=time(8),
            closes=time(18),
            by=hands.dispatcher,
            at=at,
        )
        for team in hands.teams
    ]


def _gather(hands: Hands, pool: Pool, size: int, at: datetime) -> None:
    items = {item.slug: item for item in Item.objects.order_by("id")}
    for number, (slug, people, half, priority, words) in enumerate(ASKED[:size]):
        needs.add_need(
            pool_id=pool.pk,
            place_id=hands.villages[number % len(hands.villages)].pk,
            item_id=items[slug].pk,
            minutes=min(180, max(30, people * 3)),
            half=half,
            people=people,
            priority=priority,
            words=words,
            by=hands.dispatcher,
            at=at,
        )


def _order(hands: Hands, county: County, pool: Pool, at: datetime) -> None:
    """An order of a resident that waits in the round from the beginning."""
    resident = county.residents[0]
    village = resident.home or hands.villages[0]
    item = Item.objects.get(slug="appliance")
    draft = Draft(
        place_id=village.pk,
        item_id=item.pk,
        words="电水壶不跳闸了，路远，等流动队来时一起看看就行。",
        channel="phone",
        contact_name=resident.name,
        contact_phone=resident.phone,
        address="3号楼1单元",
    )
    order = placing.place(draft=draft, by=hands.dispatcher, at=at, resident=resident)
    screening.screen(order_id=order.pk, item_id=item.pk, is_urgent=False, note="", by=hands.dispatcher, at=at)
    needs.add_orders(pool_id=pool.pk, order_ids=[order.pk], by=hands.dispatcher, at=at)


def _waiting_orders(hands: Hands, pool: Pool, at: datetime) -> None:
    """Two of the orders that wait at the desk, if they may come that day."""
    found = Order.objects.filter(state=OrderState.SCREENED, place__path__startswith=hands.county.path)
    chosen = list(found.exclude(needs__released_at=None, needs__isnull=False).order_by("due_at", "id")[:2])
    if chosen:
        needs.add_orders(
            pool_id=pool.pk, order_ids=[order.pk for order in chosen], by=hands.dispatcher, at=at
        )


def _near_a_team(hands: Hands, pool: Pool, at: datetime) -> None:
    """Something for which a team stands next door: the plan will let it go alone."""
    needs.add_need(
        pool_id=pool.pk,
        place_id=Place.objects.get(code=VILLAGE).pk,
        item_id=Item.objects.get(slug="company").pk,
        minutes=60,
        half="any",
        people=45,
        priority=0,
        words="独居老人多，想有人来坐坐",
        by=hands.dispatcher,
        at=at,
    )


def _give(hands: Hands, pool: Pool, tours: list[Tour], at: datetime) -> None:
    site = Venue.objects.filter(kind=VenueKind.INSTITUTE, place__grants__person=hands.clerk).first()
    skills = {skill.slug: skill.pk for skill in Skill.objects.order_by("id")}
    for kind, partner, words, amount, unit, skill, is_used in GIVEN:
        given = giving.offer(
            pool_id=pool.pk,
            kind=kind,
            giver=partner or site or "古韩镇商会",
            words=words,
            amount=amount,
            unit=unit,
            skill_id=skills.get(skill),
            by=hands.clerk,
            at=at,
        )
        if not is_used:
            answer = "谢谢，流动服务不带商品。"
            giving.turn_down(contribution_id=given.pk, answer=answer, by=hands.dispatcher, at=at)
        else:
            tour_id = tours[0].pk if kind == "talent" else None
            giving.take(contribution_id=given.pk, tour_id=tour_id, by=hands.dispatcher, at=at)


def _driven(hands: Hands, pool: Pool, on: datetime) -> Story:
    """Published the evening before; leaders say yes, drive, and the round is wrapped up."""
    at = on - timedelta(hours=18)
    yield at
    publishing.publish(pool_id=pool.pk, stamp=None, by=hands.dispatcher, at=at)
    at += timedelta(hours=2)
    yield at
    tours = list(Tour.objects.filter(pool=pool).select_related("team__leader").order_by("id"))
    for tour in tours:
        driving.take_on(tour_id=tour.pk, by=tour.team.leader, at=at)
    for tour, stop in sorted(_stops(tours), key=lambda pair: (pair[1].starts, pair[1].pk)):
        yield (at := _moment(pool, stop.starts))
        driving.arrive(stop_id=stop.pk, by=tour.team.leader, at=at)
        yield (at := max(at, _moment(pool, stop.leaves)))
        need = Need.objects.select_related("item").get(pk=stop.need_id)
        driving.complete(
            stop_id=stop.pk,
            summary=PLAIN_SUMMARY,
            served=max(1, need.people - stop.pk % 3),
            by=tour.team.leader,
            at=at,
        )
    at = _moment(pool, time(18, 30))
    yield at
    rounds.wrap_up(pool_id=pool.pk, by=hands.dispatcher, at=at)


def _stops(tours: list[Tour]) -> Iterator[tuple[Tour, Stop]]:
    for tour in tours:
        for stop in Stop.objects.filter(tour=tour).order_by("position"):
            yield tour, stop


def _moment(pool: Pool, clock: time) -> datetime:
    return datetime.combine(pool.on, clock, timezone.get_current_timezone())
