"""文明集市 of 襄垣县: fixed days, stalls, fairs of the last weeks with their counts, and those to come."""

import random
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from civic.fairs.models import Fair, RecurringDay, Rhythm, Stall, StallKind
from civic.fairs.services import fixed_days, moving, siting, stalls
from civic.fairs.services.moving import Outcome, Plan
from civic.fairs.services.stalls import Sheet
from civic.people.models import Person
from civic.places.models import Level, Place
from civic.portal.demo import cast
from civic.venues.models import Venue, VenueKind
from civic.venues.services import profile
from civic.volunteers.models import Team

FRIDAY = 4
OPENS, CLOSES = time(9), time(11, 30)
# What a team's stall offers, by the skill it has; the first skill that is found here names the stall.
OFFERS = {
    "haircut": ("义务理发", "剪发、刮脸，老人小孩优先"),
    "appliance": ("修小家电", "电饭锅、风扇、插座，现场能修的当场修"),
    "small-crafts": ("修鞋磨刀", "菜刀、剪子、鞋跟，等十分钟就好"),
    "health-check": ("量血压测血糖", "量血压、测血糖，讲怎么吃药"),
    "digital-help": ("手机课堂", "视频通话、挂号、缴费，一步一步教"),
    "tailoring": ("缝补裁剪", "换拉链、改裤脚，带着衣服来"),
    "legal": ("法律咨询", "宅基地、赡养、讨薪，免费问"),
    "policy-guide": ("政策解读", "医保、养老、惠农补贴，讲到听懂"),
}
PARTNERS = (
    ("用电安全", "查用电隐患，讲电费怎么算", "县供电公司"),
    ("配钥匙", "带着钥匙来，五分钟一把", "城关五金店"),
    ("有奖问答", "答对文明知识，领一份小礼品", "县新时代文明实践中心"),
)


def build(*, by: Person, at: datetime) -> dict[str, int]:
    """Everything of fairs in the county, each act at its moment; returns counts."""
    county = Place.objects.get(code=cast.COUNTY)
    dice = random.Random(20)  # noqa: S311 (a story, no secret)
    fixed = _fixed_days(county, by=by, at=at - timedelta(days=40))
    ready = _stalls(county, by=by, at=at - timedelta(days=39))
    grounds = _grounds(county)
    today = timezone.localdate(at)
    friday = today + timedelta(days=(FRIDAY - today.weekday()) % 7 or 7)
    fridays = [friday + timedelta(weeks=week) for week in (-2, -1, 0, 1)]
    held = dict.fromkeys(fridays[:2], fixed[0]) | {_last_20th(today): fixed[1]}  # may be one day
    for place, (day, occasion) in zip(grounds, held.items(), strict=False):
        _held(place, day, occasion, ready, dice=dice, by=by)
    _going_on(grounds[0], ready, by=by, at=at)
    for place, day in zip(grounds[1:], fridays[2:], strict=False):
        _published(place, day, fixed[0], ready, by=by, at=at)
    called_off = _published(grounds[3], fridays[2], fixed[0], [], by=by, at=at, partner=ready[-1])
    moving.cancel(fair_id=called_off.pk, reason="广场铺地砖，改到下个月", by=by, at=at - timedelta(hours=20))
    _plan(grounds[4], fridays[3], fixed[0], by=by, at=at - timedelta(hours=3))
    _count_people(county, by=by, at=at - timedelta(days=30))
    asked = siting.ask_siting(
        place_id=county.pk, fair_count=8, radius_m=3000, by=by, at=at - timedelta(hours=2)
    )
    siting.solve_siting(siting_id=asked.pk, at=at - timedelta(hours=2))
    return {"fairs": Fair.objects.count(), "stalls": len(ready)}


def _fixed_days(county: Place, *, by: Person, at: datetime) -> list[RecurringDay]:
    hours = {"opens": OPENS, "closes": CLOSES}
    return [
        fixed_days.set_fixed_day(
            place_id=county.pk, name=name, rhythm=rhythm, number=number, by=by, at=at, **hours
        )
        for name, rhythm, number in (
            ("周五有约", Rhythm.WEEKLY, FRIDAY),
            ("文明实践日", Rhythm.MONTHLY, 20),
        )
    ]


def _stalls(county: Place, *, by: Person, at: datetime) -> list[Stall]:
    """A mobile stall for each kind of help that some team near the county gives, and those of partners."""
    near = Q(place__path__startswith=county.path) | Q(is_mobile=True)
    teams = Team.objects.filter(near, closed_on=None).select_related("place").prefetch_related("skills")
    free = sorted(teams.order_by("id"), key=lambda team: not team.place.path.startswith(county.path))
    found: list[Stall] = []
    for slug, (title, offer) in OFFERS.items():
        able = next((team for team in free if slug in {skill.slug for skill in team.skills.all()}), None)
        if able is None:
            continue
        free.remove(able)
        sheet = Sheet(StallKind.MOBILE, title, offer, team_id=able.pk)
        found.append(stalls.open_stall(place_id=county.pk, sheet=sheet, by=by, at=at))
    for title, offer, partner in PARTNERS:
        sheet = Sheet(StallKind.MOBILE, title, offer, partner=partner)
        found.append(stalls.open_stall(place_id=county.pk, sheet=sheet, by=by, at=at))
    return found


def _grounds(county: Place) -> list[Place]:
    """府前社区 first, then one village of each of the next townships."""
    home = Place.objects.get(code=cast.VILLAGE)
    found = [home]
    townships = Place.objects.valid().under(county.path).filter(level=Level.TOWNSHIP).in_order()
    for township in [one for one in townships if one.pk != home.parent_id][:5]:
        found += list(Place.objects.valid().filter(parent=township).in_order()[:1])
    return found


def _last_20th(today: date) -> date:
    """The latest 20th before today."""
    day = today.replace(day=20)
    return day if day < today else (today.replace(day=1) - timedelta(days=1)).replace(day=20)


def _plan(place: Place, day: date, occasion: RecurringDay | None, *, by: Person, at: datetime) -> Fair:
    zone = timezone.get_current_timezone()
    plan = Plan(
        place_id=place.pk,
        title=f"{occasion.name if occasion else '便民'}文明集市",
        starts_at=datetime.combine(day, OPENS, zone),
        ends_at=datetime.combine(day, CLOSES, zone),
        spot="文化广场",
        fixed_day_id=occasion.pk if occasion else None,
    )
    return moving.plan_fair(plan=plan, by=by, at=at)


def _published(
    place: Place,
    day: date,
    occasion: RecurringDay,
    ready: list[Stall],
    *,
    by: Person,
    at: datetime,
    partner: Stall | None = None,
) -> Fair:
    """A fair on its way, with these stalls or the one of a partner."""
    planned = at - timedelta(days=2)
    fair = _plan(place, day, occasion, by=by, at=planned)
    for stall in ready[:6] if partner is None else [partner]:
        stalls.join_fair(fair_id=fair.pk, stall_id=stall.pk, by=by, at=planned)
    return moving.publish(fair_id=fair.pk, by=by, at=planned + timedelta(hours=1))


def _held(
    place: Place, day: date, occasion: RecurringDay, ready: list[Stall], *, dice: random.Random, by: Person
) -> None:
    """A fair from its plan to its outcome."""
    opens = datetime.combine(day, OPENS, timezone.get_current_timezone())
    fair = _plan(place, day, occasion, by=by, at=opens - timedelta(days=6))
    sessions = [
        stalls.join_fair(fair_id=fair.pk, stall_id=stall.pk, by=by, at=opens - timedelta(days=5))
        for stall in dice.sample(ready, k=min(7, len(ready)))
    ]
    moving.publish(fair_id=fair.pk, by=by, at=opens - timedelta(days=4))
    moving.start(fair_id=fair.pk, by=by, at=opens - timedelta(minutes=10))
    for session in sessions:
        _count(session.pk, session.team.leader if session.team else by, dice, opens)
    outcome = Outcome(
        leaflet_count=dice.randrange(200, 520, 10),
        quiz_count=dice.randrange(30, 90),
        note="下次多带两把椅子，老人排队站着累。",
    )
    moving.close(fair_id=fair.pk, outcome=outcome, by=by, at=opens + timedelta(hours=3))


def _count(session_id: int, person: Person, dice: random.Random, opens: datetime) -> None:
    """A morning at the counter: presses of five and of one."""
    steps = [5] * dice.randint(2, 7) + [1] * dice.randint(0, 4)
    for number, step in enumerate(steps, start=1):
        stalls.tap(session_id=session_id, step=step, by=person, at=opens + timedelta(minutes=9 * number))


def _going_on(place: Place, ready: list[Stall], *, by: Person, at: datetime) -> None:
    """A fair that is going on while the demo is built, unless it is night."""
    lower = timezone.localtime(at).replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
    upper = lower + timedelta(hours=5)
    if lower.date() != upper.date():
        return
    plan = Plan(place_id=place.pk, title="便民文明集市", starts_at=lower, ends_at=upper, spot="邻里驿家门口")
    fair = moving.plan_fair(plan=plan, by=by, at=lower - timedelta(days=3))
    for stall in ready[:5]:
        stalls.join_fair(fair_id=fair.pk, stall_id=stall.pk, by=by, at=lower - timedelta(days=3))
    moving.publish(fair_id=fair.pk, by=by, at=lower - timedelta(days=2))
    moving.start(fair_id=fair.pk, by=by, at=lower)
    for session in fair.sessions.order_by("id")[:3]:
        person = session.team.leader if session.team else by
        stalls.tap(session_id=session.pk, step=5, by=person, at=lower + timedelta(minutes=20))


def _count_people(county: Place, *, by: Person, at: datetime) -> None:
    """Invented numbers of people for every third station; a proposal puts their median for the others."""
    stations = Venue.objects.filter(
        kind=VenueKind.STATION, place__path__startswith=county.path, closed_on=None, person_count=None
    )
    for station in stations.order_by("id")[::3]:
        people = 240 + station.place_id * 373 % 2300
        profile.edit_venue(
            venue_id=station.pk,
            profile=profile.Profile(name=station.name, person_count=people),
            version=station.version,
            by=by,
            at=at,
        )
