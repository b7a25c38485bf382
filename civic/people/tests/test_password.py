"""Passwords of staff: the same words for every mistake, a pause after five, weak ones refused."""

from datetime import timedelta

import pytest
from django.urls import reverse

from civic.core.errors import Refused
from civic.people import services
from civic.people.models import Person, SignIn
from civic.people.tests.factories import PASSWORD, PersonFactory
from tests.moments import NOON

pytestmark = pytest.mark.django_db

GOOD = "san-chong-men-yi-zhan-deng"


def enter(person, password=PASSWORD, at=NOON, address="10.0.0.1"):
    phone = person if isinstance(person, str) else person.phone
    return services.sign_in_by_password(phone=phone, password=password, address=address, at=at)


def test_the_right_password_signs_in(dispatcher):
    assert enter(dispatcher) == dispatcher


@pytest.mark.parametrize("kind", ["wrong", "unknown", "disabled", "without"])
def test_every_mistake_sounds_the_same(kind):
    person = PersonFactory(is_active=kind != "disabled")
    if kind == "without":
        person.set_unusable_password()
        person.save()
    who = "13811112222" if kind == "unknown" else person
    with pytest.raises(Refused) as refusal:
        enter(who, "nonsense" if kind == "wrong" else PASSWORD)
    assert str(refusal.value) == "手机号或密码不对。"


@pytest.mark.parametrize("known", [True, False])
def test_five_failures_shut_the_phone_for_a_quarter_of_an_hour(dispatcher, known):
    who = dispatcher if known else "13811112222"
    for _ in range(5):
        with pytest.raises(Refused, match="不对"):
            enter(who, "nonsense")
    with pytest.raises(Refused, match="暂停"):
        enter(who)
    with pytest.raises(Refused, match="暂停"):
        enter(who, at=NOON + timedelta(minutes=14))
    if known:
        assert enter(who, at=NOON + timedelta(minutes=15)) == dispatcher


def test_old_failures_are_forgotten_and_a_success_forgives(dispatcher):
    for _ in range(4):
        with pytest.raises(Refused):
            enter(dispatcher, "nonsense")
    assert enter(dispatcher)
    for _ in range(4):
        with pytest.raises(Refused):
            enter(dispatcher, "nonsense")
    with pytest.raises(Refused, match="不对"):
        enter(dispatcher, "nonsense", at=NOON + timedelta(hours=1))
    assert enter(dispatcher, at=NOON + timedelta(hours=1))


def test_twenty_failures_shut_the_address(dispatcher):
    for number in range(20):
        with pytest.raises(Refused, match="不对"):
            enter(f"1381111{number:04}", "nonsense")
    with pytest.raises(Refused, match="暂停"):
        enter(dispatcher)
    assert enter(dispatcher, address="10.0.0.2")


@pytest.mark.parametrize(
    ("password", "words"), [("short", "12"), ("1" * 16, "数字"), ("password1234", "常见")]
)
def test_weak_passwords_are_refused(dispatcher, password, words):
    with pytest.raises(Refused, match=words):
        services.set_password(person_id=dispatcher.pk, password=password, by=dispatcher, at=NOON, keep=None)


def test_a_new_password_ends_the_other_browsers(dispatcher):
    rows = [
        services.begin_sign_in(person=dispatcher, session_key=key, device="", address="", at=NOON)
        for key in ("here", "there")
    ]
    services.set_password(person_id=dispatcher.pk, password=GOOD, by=dispatcher, at=NOON, keep=rows[0])
    assert list(SignIn.objects.filter(ended_at=None)) == [rows[0]]
    assert Person.objects.get(pk=dispatcher.pk).check_password(GOOD)
    services.set_password(person_id=dispatcher.pk, password=GOOD, by=dispatcher, at=NOON, keep=None)
    assert not SignIn.objects.filter(ended_at=None).exists()


# --- Pages


def test_the_password_page_signs_in_and_leads_back(client, dispatcher):
    form = {"phone": dispatcher.phone, "password": PASSWORD, "next": "/my/profile/"}
    assert client.post(reverse("people:password"), form).url == "/my/profile/"
    assert client.get(reverse("people:password"), {"next": "/x/"}).status_code == 200


def test_the_password_page_says_what_is_wrong_and_keeps_the_phone(client, dispatcher):
    answer = client.post(reverse("people:password"), {"phone": dispatcher.phone, "password": "nonsense"})
    assert answer.status_code == 422
    assert "手机号或密码不对" in answer.text
    assert dispatcher.phone in answer.text
    assert "nonsense" not in answer.text


def test_staff_set_a_password_on_the_page(client, dispatcher):
    client.force_login(dispatcher)
    url = reverse("people:new_password")
    assert client.get(url).status_code == 200
    assert client.post(url, {"password": "short"}).status_code == 422
    assert client.post(url, {"password": GOOD}).url == reverse("people:sign_ins")
    assert client.get(reverse("people:sign_ins")).status_code == 200


def test_residents_have_no_password(client, zhang):
    client.force_login(zhang)
    assert client.get(reverse("people:new_password")).status_code == 404
