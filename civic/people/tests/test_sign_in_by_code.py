"""Signing in by a one-time code: the code, its limits, the person it makes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from civic.core.errors import Refused
from civic.journal.models import Entry
from civic.people import services
from civic.people.models import Code, Consent, Person
from civic.people.tests.factories import PersonFactory
from tests.moments import NOON

PHONE = "13800001234"
HERE = "10.0.0.1"

pytestmark = pytest.mark.django_db


def ask(phone=PHONE, at=NOON, address=HERE):
    return services.request_code(phone=phone, purpose="sign_in", address=address, at=at)


def enter(code, phone=PHONE, at=NOON):
    return services.sign_in_by_code(phone=phone, code=code, at=at)


def test_a_new_phone_becomes_a_person_who_consented(codes):
    assert ask(phone=" 138-0000 1234 ") == PHONE
    person = enter(codes[0])
    assert (person.phone, person.name, person.joined_at) == (PHONE, "", NOON)
    consent = Consent.objects.get()
    assert (consent.person, consent.purpose, consent.given_by) == (person, "service", person)
    assert set(Entry.objects.values_list("what", flat=True)) == {"people.join", "people.give_consent"}


def test_a_known_phone_is_the_same_person(codes):
    known = PersonFactory(phone=PHONE)
    ask()
    assert enter(codes[0]) == known
    assert Person.objects.count() == 1


def test_the_code_is_six_figures_and_not_kept(codes):
    ask()
    code = codes[0]
    assert len(code) == 6
    assert code.isdigit()
    assert code not in Code.objects.get().code_hash


def test_a_code_may_be_typed_with_spaces_and_full_width_figures(codes):
    ask()
    code = codes[0]
    wide = "".join(chr(ord(figure) + 0xFEE0) for figure in code)
    assert enter(f" {wide[:3]} {wide[3:]}").phone == PHONE


def test_a_code_works_once(codes):
    ask()
    enter(codes[0])
    with pytest.raises(Refused, match="已失效"):
        enter(codes[0])


def test_a_code_runs_out_after_five_minutes(codes):
    ask()
    with pytest.raises(Refused, match="已失效"):
        enter(codes[0], at=NOON + timedelta(minutes=5))


def test_only_the_newest_code_counts(codes):
    ask()
    ask(at=NOON + timedelta(seconds=61))
    if codes[0] != codes[1]:
        with pytest.raises(Refused, match="不对"):
            enter(codes[0], at=NOON + timedelta(seconds=62))
    assert enter(codes[1], at=NOON + timedelta(seconds=63))


def test_five_wrong_tries_kill_the_code(codes):
    ask()
    wrong = "999999" if codes[0] != "999999" else "999998"
    for _ in range(4):
        with pytest.raises(Refused, match="不对"):
            enter(wrong)
    with pytest.raises(Refused, match="已失效"):
        enter(wrong)
    with pytest.raises(Refused, match="已失效"):
        enter(codes[0])
    assert Code.objects.get().try_count == 5


def test_a_second_code_must_wait_a_minute(codes):
    ask()
    with pytest.raises(Refused, match="60 秒"):
        ask(at=NOON + timedelta(seconds=59))
    ask(at=NOON + timedelta(seconds=60))
    assert len(codes) == 2


def test_ten_codes_a_day_for_a_phone(codes, settings):
    settings.CODES_PER_ADDRESS = 100
    for number in range(10):
        ask(at=NOON + timedelta(minutes=2 * number))
    with pytest.raises(Refused, match="手机号今天"):
        ask(at=NOON + timedelta(minutes=30))
    ask(at=NOON + timedelta(days=1, minutes=1))


def test_ten_codes_a_day_for_an_address(codes):
    for number in range(10):
        ask(phone=f"1380000{number:04}")
    with pytest.raises(Refused, match="这个网络"):
        ask(phone="13900000000")
    ask(phone="13900000000", address="10.0.0.2")


def test_a_phone_that_cannot_be_one_is_refused_with_a_sentence(codes):
    with pytest.raises(Refused, match="少一位"):
        ask(phone="1380000123")
    assert codes == []


def test_a_disabled_person_is_refused_only_after_the_code(codes):
    PersonFactory(phone=PHONE, is_active=False)
    ask()
    with pytest.raises(Refused, match="停用"):
        enter(codes[0])


def test_the_demo_city_sends_zeros(codes, settings):
    settings.DEMO = True
    ask()
    ask()
    assert enter("000000").is_demo


def test_old_codes_are_forgotten(codes):
    ask()
    assert services.codes.forget_codes(at=NOON + timedelta(days=1)) == 0
    assert services.codes.forget_codes(at=NOON + timedelta(days=3)) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_two_requests_at_once_send_one_code(codes):
    def work(_):
        try:
            return ask()
        except Refused:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(work, range(4))) == [PHONE, "refused", "refused", "refused"]
    assert len(codes) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_one_code_entered_four_times_at_once_signs_in_once(codes):
    ask()

    def work(_):
        try:
            return enter(codes[0]).phone
        except Refused:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(work, range(4))) == [PHONE, "refused", "refused", "refused"]
