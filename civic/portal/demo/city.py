"""Builds the demo city from the files of `orders/demo`: people, teams, monthly lists, and stories."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path

import civic.orders
from civic.access.models import Grant
from civic.access.roles import Role
from civic.core.worktime import is_working_day
from civic.orders.models import Item
from civic.orders.services import menu
from civic.people import services as people
from civic.people.models import Person
from civic.places.models import Level, Place
from civic.portal.demo import cast, engine, fairs, pooling, sites
from civic.portal.demo.stories import (
    County,
    Story,
    Teller,
    Words,
    order_story,
    reading_story,
    refer_story,
    run,
)
from civic.venues.models import Venue, VenueKind
from civic.venues.services import circle
from civic.volunteers import services as volunteers
from civic.volunteers.models import Skill, Team

FILES = Path(civic.orders.__file__).parent / "demo"
DAYS = 14
# Orders that stop before the named act, among those of the last days: so that every state can be seen.
STALLS = (
    *["screen"] * 5, *["return"] * 4, *["reject"] * 4, *["withdraw"] * 4, *["cancel"] * 3, *["dispatch"] * 7,
    *["accept"] * 7, *["provision"] * 4, *["schedule"] * 4, *["finish"] * 3, *["review"] * 6,
    *["dispute"] * 6, *["call"] * 5, *["merge"] * 3,
)  # fmt: skip
# Acts that come late in an order's life: it was placed so many days ago.
SPANS = {
    "withdraw": (2, 6),
    "finish": (4, 8),
    "review": (5, 9),
    "dispute": (6, 11),
    "call": (6, 11),
    "merge": (1, 6),
}


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one file of the demo."""
    with (FILES / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def build(*, now: datetime) -> dict[str, int]:
    """Fill a city that has its network and menu with people and fourteen days of orders; returns counts."""
    founded = now - timedelta(days=60)
    parts = cast.appoint(at=founded)
    founder = parts["陈立"]
    names = cycle(row["name"] for row in rows("people") if row["role"] in {"clerk", "dispatcher", "head"})
    dispatchers = cast.staff_of_counties(founder, names=[next(names) for _ in range(12)], at=founded)
    teams = _teams(parts, at=founded)
    _issues(dispatchers, at=now)
    _sites(dispatchers[cast.COUNTY], at=now)
    counties = _counties(dispatchers, teams, parts, at=founded)
    teller = Teller(words=_words(), now=now)
    readers = [*parts.values(), *(team.leader for team in teams), *dispatchers.values()]
    home = next(one for one in counties if one.code == cast.COUNTY)
    stories = [
        *_stories(teller, counties, now),
        *(reading_story(person, at=now - teller.hours(14, 30)) for person in readers),
        *pooling.stories(home, parts["孙丽"], now=now),
        *engine.stories(Teller(words=teller.words, now=now), home, parts["褚明"], now=now),
    ]
    acts = run(stories, until=now)
    engine.settle(home, now=now)
    fairs.build(by=dispatchers[cast.COUNTY], at=now)
    circle.count_nightly(at=now)
    return {"teams": len(teams), "acts": acts}


def _teams(parts: dict[str, Person], *, at: datetime) -> list[Team]:
    """The teams the documents name, each with a leader and a few members, all invented people."""
    skills = {skill.slug: skill.pk for skill in Skill.objects.order_by("id")}
    places = {place.code: place for place in Place.objects.exclude(code=None)}
    helpers = cycle(row["name"] for row in rows("people") if row["role"] in {"leader", "volunteer"})
    number = 2000
    found: list[Team] = []
    for row in rows("teams"):
        place = places[row["place_code"]]
        wanted = [skills[slug] for slug in row["skills"].split(";")]
        members: list[Person] = []
        if row["brand"] == "匠心家电":
            members = [parts["李建国"], parts["王志强"]]
        while len(members) < 3:
            number += 1
            members.append(
                people.find_or_create_by_phone(
                    phone=f"1000000{number}", name=next(helpers), at=at, by=None, home=place
                )
            )
        for person in members:
            volunteers.register_volunteer(
                person_id=person.pk, home_id=person.home_id or place.pk, skill_ids=wanted, by=person, at=at
            )
        found.append(_team(row, place, wanted, members, at=at))
    return found


def _team(
    row: dict[str, str], place: Place, skill_ids: list[int], members: list[Person], *, at: datetime
) -> Team:
    founder = Person.objects.get(pk=_editor(place))
    team = volunteers.create_team(
        name=row["name"],
        kind=row["kind"],
        tier=row["tier"],
        place_id=place.pk,
        leader_id=members[0].pk,
        skill_ids=skill_ids,
        is_mobile=row["is_mobile"] == "1",
        intro=row["intro"],
        by=founder,
        at=at,
    )
    for person in members[1:]:
        asked = volunteers.join(team_id=team.pk, by=person, at=at)
        volunteers.approve(membership_id=asked.pk, by=members[0], at=at)
    return team


def _editor(place: Place) -> int:
    """The dispatcher of the place's county, who may found teams there."""
    found = Grant.objects.standing().filter(role=Role.CENTER_DISPATCHER, place_id__in=place.ancestor_ids)
    return found.order_by("id").values_list("person_id", flat=True)[0]


def _issues(dispatchers: dict[str, Person], *, at: datetime) -> None:
    """The monthly lists of 襄垣县, and what its sites claimed of them."""
    county = Place.objects.get(code=cast.COUNTY)
    by = dispatchers[cast.COUNTY]
    items = {item.slug: item.pk for item in Item.objects.order_by("id")}
    sites = list(Venue.objects.filter(place__path__startswith=county.path).order_by("id"))
    by_kind = defaultdict(list)
    for site in sites:
        by_kind[site.kind].append(site)
    for number, row in enumerate(rows("issues"), start=1):
        month = datetime.fromisoformat(f"{row['month']}-01").date()
        demonstration = (by_kind[row["demonstration_kind"]] or by_kind[VenueKind.CENTER])[
            number % 3 % max(1, len(by_kind[row["demonstration_kind"]]))
        ]
        drafted = menu.draft_issue(
            place_id=county.pk,
            month=month,
            number=number,
            theme=row["theme"],
            demonstration_id=demonstration.pk,
            item_ids=[items[slug] for slug in row["items"].split(";")],
            by=by,
            at=at - timedelta(days=20),
        )
        menu.publish_issue(issue_id=drafted.pk, by=by, at=at - timedelta(days=19))
    fuqian = Place.objects.get(code=cast.VILLAGE)
    for site in sites:
        if site.place_id in fuqian.ancestor_ids:
            for item_id in drafted.items.values_list("id", flat=True):
                menu.claim(
                    item_id=item_id, venue_id=site.pk, issue_id=drafted.pk, by=by, at=at - timedelta(days=18)
                )


def _sites(by: Person, *, at: datetime) -> None:
    """The three sites that serve 府前社区, and its neighborhood post, told in full."""
    village = Place.objects.get(code=cast.VILLAGE)
    near = Venue.objects.filter(place_id__in=village.ancestor_ids).select_related("place").order_by("id")
    sites.describe(near, by=by, at=at)
    sites.open_post(village, by=by, at=at)


def _counties(
    dispatchers: dict[str, Person], teams: list[Team], parts: dict[str, Person], *, at: datetime
) -> list[County]:
    """Every county with its dispatcher, some villages, residents of them, and the teams that serve it."""
    names = cycle(row["name"] for row in rows("people") if row["role"] in {"elder", "resident"})
    phones = (f"1000000{number}" for number in range(5001, 9999))
    ready = list(
        Team.objects.filter(pk__in=[team.pk for team in teams])
        .select_related("place", "leader")
        .prefetch_related("skills")
        .order_by("id")
    )
    found: list[County] = []
    for code, dispatcher in dispatchers.items():
        path = Place.objects.get(code=code).path
        with_station = Place.objects.under(path).filter(level=Level.VILLAGE, venues__kind=VenueKind.STATION)
        villages = list(with_station.in_order()[::17][:12])
        residents = [
            people.find_or_create_by_phone(phone=next(phones), name=next(names), at=at, by=None, home=village)
            for village in villages
        ]
        if code == cast.COUNTY:
            residents += [parts["张桂兰"], parts["张桂兰"], parts["刘秀英"]]
        stations = Venue.objects.filter(kind=VenueKind.STATION, place__in=villages).order_by("id")
        found.append(
            County(
                code=code,
                dispatcher=dispatcher,
                villages=villages,
                residents=residents,
                teams=[team for team in ready if team.is_mobile or team.place.path.startswith(path)],
                stations={station.place_id: station for station in stations},
            )
        )
    return found


def _words() -> Words:
    reasons = defaultdict(list)
    for row in rows("reasons"):
        reasons[row["kind"]].append(row["words"])
    reviews = defaultdict(list)
    for row in rows("reviews"):
        reviews[int(row["grade"])].append(row["words"])
    summaries = defaultdict(list)
    for row in rows("summaries"):
        summaries[row["item"]].append(f"{row['first']}\n{row['second']}")
    return Words(
        declines=reasons["decline"],
        summaries=dict(summaries),
        reviews=dict(reviews),
        returns=reasons["return"],
        rejections=reasons["reject"],
        disputes=reasons["dispute"],
        outside=[(row["words"], row["referred_to"]) for row in rows("outside")],
    )


def _stories(teller: Teller, counties: list[County], now: datetime) -> Iterator[Story]:
    """One story per row of the file, spread over the days; half of them in 襄垣县."""
    items = {item.slug: item for item in Item.objects.select_related("category").order_by("id")}
    told = rows("orders")
    teller.dice.shuffle(told)
    home = next(county for county in counties if county.code == cast.COUNTY)
    for index, row in enumerate(told):
        item = items[row["item"]]
        able = [county for county in counties if _can(county, item)] or counties
        stall = STALLS[index] if index < len(STALLS) else ""
        county = home if home in able and (stall or index % 2) else teller.dice.choice(able)
        least, most = SPANS.get(stall, (0, 3) if stall else (0, DAYS))
        placed_at = _moment(teller, now, least=least, most=most)
        yield order_story(
            teller,
            county,
            item=item,
            words=row["words"],
            channel=row["channel"],
            placed_at=placed_at,
            stall=stall,
        )
    for row in rows("outside"):
        yield refer_story(
            teller,
            teller.dice.choice(counties),
            words=row["words"],
            target=row["referred_to"],
            channel=row["channel"],
            placed_at=_moment(teller, now, least=0, most=DAYS),
        )


def _can(county: County, item: Item) -> bool:
    return any(item.skill_id in {skill.pk for skill in team.skills.all()} for team in county.teams)


def _moment(teller: Teller, now: datetime, *, least: int, most: int) -> datetime:
    """A daytime moment between `least` and `most` days ago, on working days more often."""
    while True:
        moment = now - timedelta(minutes=teller.dice.randint(60 + least * 24 * 60, most * 24 * 60))
        if 7 <= moment.hour < 21 and (is_working_day(moment.date()) or teller.chance(0.3)):
            return moment
