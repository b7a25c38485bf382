"""Persons come into being, change, agree, and leave."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.urls import reverse

from civic.core.errors import Refused
from civic.journal.models import Entry
from civic.people import queries, services
from civic.people.checks import no_demo_people
from civic.people.models import Code, Consent, Person, SignIn
from civic.people.tests.factories import ConsentFactory, PersonFactory
from civic.places.signals import place_chosen
from tests.moments import NOON

pytestmark = pytest.mark.django_db


def fresh(person):
    return Person.objects.get(pk=person.pk)


# --- Made


def test_a_clerk_makes_a_person_by_phone_once(station_clerk, fuqian):
    asked = {"phone": "138 0000 1234", "at": NOON, "by": station_clerk}
    person = services.find_or_create_by_phone(name=" 郭秀兰 ", home=fuqian, **asked)
    assert (person.name, person.phone, person.home) == ("郭秀兰", "13800001234", fuqian)
    assert not person.has_usable_password()
    assert services.find_or_create_by_phone(name="别人", **asked) == person
    line = Entry.objects.get(what="people.join")
    assert (line.by, line.on_behalf_of) == (station_clerk, person)


def test_a_landline_is_enough_for_a_person(station_clerk):
    person = services.find_or_create_by_phone(phone="0355-2012345", name="郭秀兰", at=NOON, by=station_clerk)
    assert queries.by_phone("03552012345") == person


def test_a_phone_that_cannot_be_one_makes_nobody(station_clerk):
    with pytest.raises(Refused, match="少一位"):
        services.find_or_create_by_phone(phone="1380000123", name="郭秀兰", at=NOON, by=station_clerk)
    assert queries.by_phone("1380000123") is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_two_clerks_at_once_make_one_person():
    def work(_):
        try:
            return services.find_or_create_by_phone(phone="13800001234", name="郭秀兰", at=NOON, by=None).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(work, range(4)))) == 1


def test_somebody_without_a_phone(station_clerk):
    person = services.create_without_phone(name="郭秀兰", at=NOON, by=station_clerk)
    assert (person.phone, person.phone_hash) == ("", None)
    with pytest.raises(Refused, match="姓名"):
        services.create_without_phone(name=" ", at=NOON, by=station_clerk)


def test_phone_and_address_are_sealed_at_rest(zhang):
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone, address FROM people_person")
        row = str(cursor.fetchall())
    assert zhang.phone not in row
    assert "3号楼" not in row


@pytest.mark.parametrize(
    "wrong", [{"phone_hash": None}, {"phone": ""}, {"id_number": "1"}, {"left_at": NOON, "is_active": True}]
)
def test_the_database_refuses_half_a_person(wrong, zhang):
    for name, value in wrong.items():
        setattr(zhang, name, value)
    with pytest.raises(IntegrityError):
        zhang.save()


def test_a_citizen_number_belongs_to_one_person(zhang, neighbour):
    number = "11010519491231002X"
    services.set_id_number(person_id=zhang.pk, id_number=number, by=zhang, at=NOON)
    assert queries.by_id_number("110105 19491231 002x") == zhang
    assert queries.by_id_number("1") is None
    with pytest.raises(Refused, match="已经登记"):
        services.set_id_number(person_id=neighbour.pk, id_number=number, by=neighbour, at=NOON)
    with pytest.raises(Refused, match="身份证号"):
        services.set_id_number(person_id=neighbour.pk, id_number="1", by=neighbour, at=NOON)


# --- Changed


def test_only_what_changed_is_written(zhang, guhan):
    services.set_profile(person_id=zhang.pk, by=zhang, at=NOON, name="张桂兰", home=guhan, mode="care")
    assert Entry.objects.get().details == {"fields": ["home_id", "mode"]}
    services.set_profile(person_id=zhang.pk, by=zhang, at=NOON, name="张桂兰")
    assert Entry.objects.count() == 1


@pytest.mark.parametrize(("change", "words"), [({"name": " "}, "姓名"), ({"language": "tlh"}, "语言")])
def test_nonsense_is_refused(zhang, change, words):
    with pytest.raises(Refused, match=words):
        services.set_profile(person_id=zhang.pk, by=zhang, at=NOON, **change)


def test_the_first_chosen_place_is_the_home(fuqian, guhan):
    person = PersonFactory()
    for place in (fuqian, guhan):
        place_chosen.send(sender=None, person=fresh(person), place=place, at=NOON)
    place_chosen.send(sender=None, person=None, place=guhan, at=NOON)
    assert fresh(person).home == fuqian


# --- Agreed


def agree(person, purpose="contact", at=NOON):
    return services.give_consent(person_id=person.pk, purpose=purpose, channel="web", by=person, at=at)


def test_consent_is_given_once_per_notice_and_taken_back(zhang, settings):
    first = agree(zhang)
    assert agree(zhang) == first
    assert queries.agrees(zhang, "contact")
    settings.PRIVACY_NOTICE_VERSION = "2027-01"
    second = agree(zhang, at=NOON + timedelta(days=1))
    assert second.notice_version == "2027-01"
    first.refresh_from_db()
    assert first.withdrawn_at == NOON + timedelta(days=1)
    for _ in range(2):
        services.withdraw_consent(person_id=zhang.pk, purpose="contact", by=zhang, at=NOON)
    assert not queries.agrees(zhang, "contact")
    assert Consent.objects.count() == 2


def test_an_unknown_purpose_is_refused(zhang):
    with pytest.raises(Refused, match="没有这一项"):
        agree(zhang, "selling")


def test_the_database_allows_one_standing_consent(zhang):
    ConsentFactory(person=zhang)
    with pytest.raises(IntegrityError, match="people_consent_one_standing"):
        ConsentFactory(person=zhang)


# --- Left


def test_leaving_empties_everything_that_tells_who_it_was(zhang, station_clerk):
    services.request_code(phone=zhang.phone, purpose="sign_in", address="", at=NOON)
    services.begin_sign_in(person=zhang, session_key="k", device="iPhone", address="", at=NOON)
    agree(zhang)
    services.close_account(person_id=zhang.pk, by=zhang, at=NOON)
    gone = fresh(zhang)
    assert (gone.name, gone.phone, gone.phone_hash, gone.address, gone.home) == ("已注销", "", None, "", None)
    assert (gone.left_at, gone.is_active, gone.has_usable_password()) == (NOON, False, False)
    assert not Code.objects.exists()
    assert [(row.device, row.ended_at) for row in SignIn.objects.all()] == [("", NOON)]
    assert Consent.objects.get().withdrawn_at == NOON
    assert queries.by_phone(zhang.phone) is None
    again = services.find_or_create_by_phone(phone=zhang.phone, name="张桂兰", at=NOON, by=station_clerk)
    assert again.pk != gone.pk


def test_a_closed_account_stays_as_it_is(zhang):
    services.close_account(person_id=zhang.pk, by=zhang, at=NOON)
    for call in (
        lambda: services.close_account(person_id=zhang.pk, by=zhang, at=NOON),
        lambda: services.set_profile(person_id=zhang.pk, by=zhang, at=NOON, name="张"),
        lambda: agree(zhang),
    ):
        with pytest.raises(Refused, match="已经注销"):
            call()


def test_disabling_and_enabling_twice_is_once(zhang, security_admin):
    for service in (services.disable, services.disable, services.enable, services.enable):
        service(person_id=zhang.pk, by=security_admin, at=NOON)
    assert list(Entry.objects.order_by("id").values_list("what", flat=True)) == [
        "people.disable",
        "people.enable",
    ]


# --- Pages


@pytest.fixture
def mine(client, zhang):
    client.force_login(zhang)
    return client


NAMED = {"name": "张桂芳", "address": "府前社区3号楼", "mode": "care", "language": "en"}


def test_the_profile_is_saved_and_the_frame_follows(mine, zhang):
    answer = mine.post(reverse("people:profile"), NAMED)
    assert answer.status_code == 302
    assert (mine.cookies["civic_mode"].value, mine.cookies["django_language"].value) == ("care", "en")
    assert (fresh(zhang).name, fresh(zhang).mode, fresh(zhang).language) == ("张桂芳", "care", "en")


def test_the_profile_asks_for_a_name(mine):
    answer = mine.post(reverse("people:profile"), NAMED | {"name": ""})
    assert answer.status_code == 422
    assert "请填写「姓名」" in answer.text


def test_the_home_is_taken_from_the_chosen_place(mine, zhang, guhan):
    session = mine.session
    session["place_id"] = guhan.pk
    session.save()
    assert "把住处改为古韩镇" in mine.get(reverse("people:profile")).text
    assert mine.post(reverse("people:home"), {"place": guhan.pk}).status_code == 302
    assert fresh(zhang).home == guhan
    assert mine.post(reverse("people:home"), {"place": "0"}).status_code == 404


def test_consents_are_switched_on_the_page(mine, zhang):
    url = reverse("people:consent", args=["contact"])
    mine.post(url, {"agree": "yes"})
    assert queries.agrees(zhang, "contact")
    assert "撤回" in mine.get(reverse("people:consents")).text
    mine.post(url, {"agree": "no"})
    assert not queries.agrees(zhang, "contact")
    assert mine.post(reverse("people:consent", args=["selling"])).status_code == 404


def test_own_data_as_a_page_and_as_a_file(mine, zhang):
    assert zhang.phone in mine.get(reverse("people:data")).text
    file = mine.get(reverse("people:data_file"))
    assert "attachment" in file["Content-Disposition"]
    data = json.loads(file.content)
    assert data["person"][0]["手机号"] == zhang.phone
    assert data["person"][0]["住处"] == zhang.home.full_name


def test_staff_see_their_roles_among_their_data(client, dispatcher):
    client.force_login(dispatcher)
    assert "中心派单员" in client.get(reverse("people:data")).text


def test_closing_asks_first(mine, zhang):
    url = reverse("people:close")
    assert mine.get(url).status_code == 200
    assert mine.post(url).status_code == 422
    assert fresh(zhang).left_at is None
    assert mine.post(url, {"sure": "on"}).url == "/"
    assert fresh(zhang).left_at is not None
    assert mine.get(url).status_code == 302


def test_the_last_security_admin_is_told_why_not(client, security_admin):
    client.force_login(security_admin)
    answer = client.post(reverse("people:close"), {"sure": "on"})
    assert answer.status_code == 422
    assert "唯一的安全管理员" in answer.text


# --- Demo


def test_the_cast_is_listed_in_demo_mode_only(client, settings, dispatcher):
    Person.objects.filter(pk=dispatcher.pk).update(is_demo=True)
    assert "周洁" not in client.get(reverse("people:sign_in")).text
    assert client.post(reverse("people:demo"), {"person": dispatcher.pk}).status_code == 404
    settings.DEMO = True
    text = client.get(reverse("people:sign_in")).text
    assert all(word in text for word in ("周洁", "中心派单员 · 襄垣县", dispatcher.phone, "000000"))
    assert client.post(reverse("people:demo"), {"person": dispatcher.pk, "next": "/my/"}).url == "/my/"


@pytest.mark.parametrize("asked", ["", "x", "0", "99999999999999999999"])
def test_nobody_else_is_entered_by_the_demo_door(client, settings, zhang, asked):
    settings.DEMO = True
    assert client.post(reverse("people:demo"), {"person": asked}).status_code == 404
    assert client.post(reverse("people:demo"), {"person": zhang.pk}).status_code == 404


def test_production_does_not_start_with_demo_people(settings, zhang):
    assert no_demo_people(databases=["default"]) == []
    Person.objects.filter(pk=zhang.pk).update(is_demo=True)
    assert no_demo_people(databases=["default"]) == []
    settings.PRODUCTION = True
    assert [fault.id for fault in no_demo_people(databases=["default"])] == ["people.E001"]
    assert no_demo_people() == []
