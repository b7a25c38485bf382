"""People who try the door: guessing, replaying, listening at it, and leading others through a wrong one."""

import re
from datetime import timedelta

import pyotp
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from civic.people.models import Code, SignIn
from civic.people.services import locks
from civic.people.signals import code_issued
from civic.people.tests.factories import PASSWORD, PersonFactory

pytestmark = pytest.mark.django_db
KNOWN, UNKNOWN = "13800000001", "13800000002"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
EVIL = (
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "http:///evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "\t//evil.example",
    "//testserver@evil.example",
    "https://testserver.evil.example/",
)


@pytest.fixture
def codes():
    """The codes that go out."""
    found = []

    def hear(*, code, **_):
        found.append(code)

    code_issued.connect(hear, weak=False)
    yield found
    code_issued.disconnect(hear)


def ask(client, phone, **more):
    return client.post(reverse("people:sign_in"), {"phone": phone, "agree": "on", **more})


def enter(client, code):
    return client.post(reverse("people:code"), {"code": code})


def bare(text):
    """A page without what differs by design: form keys, and the digits of the phone."""
    text = re.sub(r'(name="(?:csrfmiddlewaretoken|form_token)" value=")[^"]*', r"\1", text)
    return re.sub(r'data-csrf="[^"]*"|138\*+\d+|138 ?\d{4} ?\d{4}', "", text)


# --- Guessing.


def test_a_code_is_not_found_by_trying(client, codes):
    """Five tries, then the right one no longer helps; the next code must be waited for."""
    ask(client, KNOWN)
    wrong = f"{(int(codes[0]) + 1) % 10**6:06}"
    for _ in range(5):
        assert enter(client, wrong).status_code == 422
    assert enter(client, codes[0]).status_code == 422
    assert ask(client, KNOWN).status_code == 422
    assert not SignIn.objects.exists()


def test_tries_are_counted_for_the_phone_and_not_for_the_browser(client, codes):
    """A new browser, or a new session, does not give five more tries."""
    ask(client, KNOWN)
    sealed = client.session["people.sign_in"]
    for _ in range(5):
        other = Client()
        session = other.session
        session["people.sign_in"] = sealed
        session.save()
        assert enter(other, "000000" if codes[0] != "000000" else "000001").status_code == 422
    assert enter(client, codes[0]).status_code == 422


def test_a_code_of_one_phone_opens_no_other(client, codes):
    ask(client, KNOWN)
    other = Client(REMOTE_ADDR="10.0.0.9")
    ask(other, UNKNOWN)
    if codes[0] != codes[1]:
        assert enter(other, codes[0]).status_code == 422


def test_a_locked_password_stays_locked_for_the_right_one_too(client):
    PersonFactory(phone=KNOWN)
    address = reverse("people:password")
    for _ in range(locks.PERSON_TRIES):
        assert client.post(address, {"phone": KNOWN, "password": "wrong"}).status_code == 422
    answer = client.post(address, {"phone": KNOWN, "password": PASSWORD})
    assert answer.status_code == 422
    assert "15 分钟" in answer.text


def test_spelling_the_phone_another_way_gives_no_more_tries(client):
    PersonFactory(phone=KNOWN)
    address = reverse("people:password")
    for spelt in (KNOWN, "138 0000 0001", "+8613800000001", "１３８００００0001", "138-0000-0001"):
        client.post(address, {"phone": spelt, "password": "wrong"})
    assert "15 分钟" in client.post(address, {"phone": KNOWN, "password": PASSWORD}).text


# --- Listening: nobody learns from an answer, or from its cost, whether a phone is known.


@pytest.mark.parametrize("page", ["sign_in", "password"])
def test_known_and_unknown_phones_are_answered_alike_at_the_same_cost(page, codes):
    PersonFactory(phone=KNOWN)
    said = {"agree": "on", "password": "not the one"}
    answers, costs = [], []
    Client().get(reverse("people:sign_in"))  # what the process keeps is read now, not in the first turn
    for number, phone in enumerate((KNOWN, UNKNOWN)):
        client = Client(REMOTE_ADDR=f"10.0.0.{number + 1}")
        with CaptureQueriesContext(connection) as asked:
            answer = client.post(reverse(f"people:{page}"), said | {"phone": phone})
        answers.append((answer.status_code, answer.headers.get("Location"), bare(answer.text)))
        costs.append([re.sub(r"'[^']*'|\d+", "?", query["sql"] or "")[:80] for query in asked])
    assert answers[0] == answers[1]
    assert len(costs[0]) == len(costs[1])


def test_a_wrong_code_costs_the_same_for_known_and_unknown(codes):
    PersonFactory(phone=KNOWN)
    costs = []
    Client().get(reverse("people:sign_in"))  # what the process keeps is read now, not in the first turn
    for number, phone in enumerate((KNOWN, UNKNOWN)):
        client = Client(REMOTE_ADDR=f"10.0.0.{number + 1}")
        ask(client, phone)
        with CaptureQueriesContext(connection) as asked:
            enter(client, "x")
        costs.append(len(asked))
    assert costs[0] == costs[1]


def test_a_clerk_learns_nothing_of_a_resident_of_another_place(client, station_clerk, danzhu):
    """Ordering by telephone: a phone of the next county reads like one that nobody has."""
    PersonFactory(phone=KNOWN, name="丝雀", home=danzhu)
    client.force_login(station_clerk)
    address = reverse("orders:known_person")
    there, nowhere = (client.get(address, {"contact_phone": phone}) for phone in (KNOWN, UNKNOWN))
    assert "丝雀" not in there.text
    assert bare(there.text) == bare(nowhere.text)


# --- Sessions.


def test_a_session_planted_beforehand_is_not_the_one_signed_in(client, codes):
    ask(client, KNOWN)
    planted = client.cookies[settings.SESSION_COOKIE_NAME].value
    enter(client, codes[0])
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = planted
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != planted
    assert thief.get(reverse("portal:mine")).status_code == 302


def test_the_second_step_changes_the_session_again(client, dispatcher, settings):
    settings.SECOND_FACTOR = True
    dispatcher.totp_secret = SECRET
    dispatcher.save()
    client.force_login(dispatcher)
    before = client.session.session_key
    assert client.get("/desk/").url.startswith(reverse("people:second_step"))
    assert client.post(reverse("people:second_step"), {"code": pyotp.TOTP(SECRET).now()}).status_code == 302
    assert client.session.session_key != before
    assert client.get("/desk/").status_code == 200


def test_a_code_of_the_authenticator_seen_over_a_shoulder_is_used_up(dispatcher, settings):
    settings.SECOND_FACTOR = True
    dispatcher.totp_secret = SECRET
    dispatcher.save()
    code = pyotp.TOTP(SECRET).now()
    answers = []
    for _ in range(2):
        client = Client()
        client.force_login(dispatcher)
        answers.append(client.post(reverse("people:second_step"), {"code": code}).status_code)
    assert answers == [302, 422]


@pytest.mark.parametrize("how", ["ended", "disabled", "idle"])
def test_a_revoked_sign_in_is_out_at_its_next_request(client, dispatcher, how):
    client.force_login(dispatcher)
    assert client.get("/desk/").status_code == 200
    now = timezone.now()
    if how == "ended":
        SignIn.objects.update(ended_at=now)
    elif how == "idle":
        SignIn.objects.update(seen_at=now - timedelta(minutes=31))
    else:
        dispatcher.is_active = False
        dispatcher.save()
    assert client.get("/desk/").status_code == 302
    assert client.post("/sign-out/").status_code == 302


def test_a_forged_session_cookie_opens_nothing(client, zhang):
    for forged in ("1", "../../x", "a" * 32, f"{zhang.pk}", "None"):
        client.cookies[settings.SESSION_COOKIE_NAME] = forged
        assert client.get(reverse("portal:mine")).status_code == 302


def test_cookies_cannot_be_read_by_scripts(client, codes):
    ask(client, KNOWN)
    enter(client, codes[0])
    client.post(reverse("core:mode"), {"mode": "care"})
    session = client.cookies[settings.SESSION_COOKIE_NAME]
    assert session["httponly"]
    assert session["samesite"] == "Lax"
    for name, cookie in client.cookies.items():
        assert cookie["httponly"] or name == settings.LANGUAGE_COOKIE_NAME
        assert cookie["samesite"] in {"Lax", "Strict"} or name == settings.LANGUAGE_COOKIE_NAME


# --- Leading astray.


@pytest.mark.parametrize("back", EVIL)
def test_no_way_leads_to_another_host(client, codes, fuqian, zhang, back):
    moved = [
        client.post(reverse("core:mode"), {"mode": "care", "next": back}),
        client.post(reverse("core:language"), {"language": "en", "next": back}),
        client.post(reverse("places:pick", args=[fuqian.pk]), {"next": back}),
    ]
    ask(client, KNOWN, next=back)
    moved.append(enter(client, codes[0]))
    moved.append(client.get(reverse("people:sign_in"), {"next": back}))
    for answer in moved:
        assert answer.status_code == 302
        assert re.match(r"/(?![/\\])", answer.url), answer.url
    shown = client.get(reverse("places:choose"), {"next": back})
    assert f'value="{back}"' not in shown.text


def test_a_code_is_nowhere_in_the_answer_nor_readable_in_the_database(client, codes):
    asked = ask(client, KNOWN)
    page = client.get(asked.url)
    assert codes[0] not in page.text
    assert codes[0] not in str(Code.objects.values_list())


def test_a_guest_who_guesses_addresses_is_only_ever_sent_to_the_door(client):
    for path in ("/desk/", "/desk/orders/1/", "/team/orders/1/", "/admin/accounts/", "/my/orders/1/"):
        answer = client.get(path)
        assert answer.status_code == 302
        assert answer.url.startswith(reverse("people:sign_in"))
