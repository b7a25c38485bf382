"""People of the bench: residents, dispatchers and teams, each with a browser that is signed in."""

import itertools
import random
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.middleware.csrf import _mask_cipher_secret
from django.utils import timezone
from django.utils.crypto import get_random_string

from bench._kit_client import post
from civic.access.models import Grant
from civic.access.roles import Role
from civic.people.models import Person, SignIn
from civic.people.queries import phone_mark
from civic.places.models import Level, Place
from civic.volunteers.models import Membership, Skill, Team, TeamKind, Volunteer

dice = random.Random(20261123)
_serial = itertools.count(1)
NAMES = ("张桂兰", "刘秀英", "王志强", "李建国", "赵敏", "孙丽", "周洁", "吴刚", "郑涛", "冯静")


@dataclass(frozen=True, slots=True)
class Browser:
    """A signed-in browser: whose, and its two cookies."""

    person: Person
    session_key: str
    secret: str

    @property
    def cookies(self) -> str:
        """What the browser sends along."""
        return f"sessionid={self.session_key}; csrftoken={self.secret}"

    def form(self, path: str, **fields: Any) -> bytes:
        """A form as the page makes it: masked CSRF token, fresh form token, and the fields."""
        hidden = {"csrfmiddlewaretoken": _mask_cipher_secret(self.secret), "form_token": uuid4().hex}
        return post(path, urlencode(hidden | fields), self.cookies)


def villages() -> list[Place]:
    """All villages and communities of the network, in an order that is the same each time."""
    found = list(Place.objects.filter(level=Level.VILLAGE, valid_to=None).order_by("id"))
    dice.shuffle(found)
    return found


def persons(count: int, homes: Sequence[Place]) -> list[Person]:
    """That many new people, their homes spread over `homes`."""
    now, found = timezone.now(), []
    for number in itertools.islice(_serial, count):
        phone = f"1{3_000_000_000 + number:010d}"
        person = Person(name=dice.choice(NAMES), home=homes[number % len(homes)], joined_at=now)
        person.phone, person.phone_hash, person.address = phone, phone_mark(phone), "3号楼2单元501"
        person.password = "!no password"
        found.append(person)
    return Person.objects.bulk_create(found, batch_size=1000)


def browsers(owners: Sequence[Person], *extras: dict[str, Any], staff: bool = False) -> list[Browser]:
    """Sign everybody in; `extras` is what each session holds besides, such as a draft."""
    now, store = timezone.now(), SessionStore()
    found, rows, sign_ins = [], [], []
    for person, extra in itertools.zip_longest(owners, extras, fillvalue={}):
        key, secret = get_random_string(32, "abcdefghijklmnopqrstuvwxyz0123456789"), secrets.token_hex(16)
        held = {
            SESSION_KEY: str(person.pk),
            BACKEND_SESSION_KEY: "civic.people.backends.PersonBackend",
            HASH_SESSION_KEY: person.get_session_auth_hash(),
            **extra,
        }
        rows.append(Session(key, store.encode(held), now + timedelta(days=30)))
        sign_ins.append(
            SignIn(
                person=person,
                session_key=key,
                device="bench",
                at=now,
                seen_at=now,
                needs_totp=staff,
                idle_minutes=30 if staff else 30 * 24 * 60,
                verified_at=now,
            )
        )
        found.append(Browser(person, key, secret))
    Session.objects.bulk_create(rows, batch_size=1000)
    SignIn.objects.bulk_create(sign_ins, batch_size=1000)
    return found


def counties() -> list[Place]:
    """The counties of the city."""
    return list(Place.objects.filter(level=Level.COUNTY, valid_to=None).order_by("id"))


def staff(role: str, tops: Sequence[Place]) -> list[Browser]:
    """A person with `role` for each of `tops`, signed in with both steps."""
    now = timezone.now()
    people = persons(len(tops), tops)
    Grant.objects.bulk_create(
        Grant(person=person, role=role, place=top, granted_at=now, granted_by=person)
        for person, top in zip(people, tops, strict=True)
    )
    return browsers(people, staff=True)


def dispatchers(tops: Sequence[Place]) -> dict[int, Browser]:
    """A dispatcher for each county, by the county's id."""
    found = staff(Role.CENTER_DISPATCHER, tops)
    return {top.pk: browser for top, browser in zip(tops, found, strict=True)}


def teams(tops: Sequence[Place], *, each: int, members: int = 4) -> list[Team]:
    """Teams of every county with a leader, members and three skills each."""
    now, skills = timezone.now(), list(Skill.objects.order_by("id"))
    kinds = itertools.cycle(TeamKind.values)
    made = []
    for top in tops:
        for number in range(each):
            people = persons(members, [top])
            volunteers = Volunteer.objects.bulk_create(
                Volunteer(person=person, home=top, registered_at=now) for person in people
            )
            leader = people[0]
            team = Team.objects.create(
                name=f"{top.name}第{number + 1}队", kind=next(kinds), place=top, leader=leader
            )
            known = dice.sample(skills, 3)
            team.skills.set(known)
            for volunteer in volunteers:
                volunteer.skills.set(known)
            Membership.objects.bulk_create(
                Membership(team=team, volunteer=one, asked_at=now, decided_at=now, decided_by=leader)
                for one in volunteers
            )
            made.append(team)
    return made


def endless(values: Sequence[Any]) -> Iterator[Any]:
    """The values again and again, in an order that is the same each time."""
    shuffled = list(values)
    dice.shuffle(shuffled)
    return itertools.cycle(shuffled)
