"""Pages of signing in and of one's own things: every one opens, and does what it says."""

from datetime import timedelta

import pyotp
import pytest
from django.urls import reverse
from django.utils import timezone

from civic.people import services, tasks
from civic.people.models import Code, Lock, Person, SignIn
from civic.people.tests.factories import ConsentFactory, PersonFactory
from tests.moments import NOON

pytestmark = pytest.mark.django_db

PHONE = "13800001234"


def test_a_guest_signs_in_and_goes_on_with_the_begun_order(client, codes):
    session = client.session
    session["order"] = {"words": "修电饭锅"}
    session.save()
    before = client.session.session_key

    asked = client.post(reverse("people:sign_in"), {"phone": "138 0000 1234", "agree": "on", "next": "/my/"})
    assert asked.url == reverse("people:code")
    assert "138****1234" in client.get(asked.url).text
    entered = client.post(reverse("people:code"), {"code": codes[0]})

    assert entered.url == "/my/"
    assert client.session["order"] == {"words": "修电饭锅"}
    assert client.session.session_key != before
    assert SignIn.objects.get().person == Person.objects.get()


@pytest.mark.parametrize("name", ["sign_in", "password"])
def test_the_forms_open(client, name):
    assert client.get(reverse(f"people:{name}")).status_code == 200


def test_the_privacy_box_is_unticked_and_needed(client, codes):
    assert "checked" not in client.get(reverse("people:sign_in")).text
    answer = client.post(reverse("people:sign_in"), {"phone": PHONE})
    assert answer.status_code == 422
    assert "请先阅读《隐私政策》" in answer.text
    assert "<title>错误：" in answer.text
    assert PHONE in answer.text
    assert codes == []


@pytest.mark.parametrize("known", [True, False])
def test_the_answer_does_not_tell_whether_a_phone_is_known(client, codes, known):
    if known:
        PersonFactory(phone=PHONE)
    client.post(reverse("people:sign_in"), {"phone": PHONE, "agree": "on"})
    answer = client.post(reverse("people:code"), {"code": "x"})
    assert answer.status_code == 422
    assert "验证码不对" in answer.text


def test_a_foreign_way_back_is_not_followed(client, codes):
    client.post(reverse("people:sign_in"), {"phone": PHONE, "agree": "on", "next": "https://evil.example/"})
    assert client.post(reverse("people:code"), {"code": codes[0]}).url == "/"


def test_a_new_person_without_a_way_back_is_asked_her_name(client, codes):
    client.post(reverse("people:sign_in"), {"phone": PHONE, "agree": "on"})
    assert client.post(reverse("people:code"), {"code": codes[0]}).url == reverse("people:profile")
    assert "好称呼您" in client.get(reverse("people:profile")).text


def test_sending_again_too_soon_says_how_long_to_wait(client, codes):
    client.post(reverse("people:sign_in"), {"phone": PHONE, "agree": "on"})
    answer = client.post(reverse("people:resend"))
    assert answer.status_code == 422
    assert "60 秒" in answer.text
    assert len(codes) == 1


def test_a_sixtieth_second_is_waited_for_on_the_first_page_too(client, codes):
    form = {"phone": PHONE, "agree": "on"}
    client.post(reverse("people:sign_in"), form)
    answer = client.post(reverse("people:sign_in"), form)
    assert answer.status_code == 422
    assert "60 秒" in answer.text


def test_a_code_may_be_sent_again_after_a_minute(client, codes):
    client.post(reverse("people:sign_in"), {"phone": PHONE, "agree": "on"})
    Code.objects.update(sent_at=timezone.now() - timedelta(seconds=61))
    assert client.post(reverse("people:resend")).url == reverse("people:code")
    assert len(codes) == 2


@pytest.mark.parametrize("kept", [None, {"phone": "old:AAAA", "next": ""}])
def test_without_a_begun_sign_in_the_phone_is_asked_first(client, kept):
    session = client.session
    session["people.sign_in"] = kept
    session.save()
    assert client.get(reverse("people:code")).url == reverse("people:sign_in")
    assert client.post(reverse("people:resend")).url == reverse("people:sign_in")


def test_a_chosen_size_of_print_comes_along(client, codes):
    PersonFactory(phone=PHONE, mode="care")
    client.post(reverse("people:sign_in"), {"phone": PHONE, "agree": "on"})
    client.post(reverse("people:code"), {"code": codes[0]})
    assert client.cookies["civic_mode"].value == "care"


def test_the_phone_is_not_readable_in_the_session(client, codes):
    client.post(reverse("people:sign_in"), {"phone": PHONE, "agree": "on"})
    assert PHONE not in str(dict(client.session))


def test_staff_come_to_the_second_step_and_then_where_they_wanted(client, codes, dispatcher, settings):
    settings.SECOND_FACTOR = True
    client.post(reverse("people:sign_in"), {"phone": dispatcher.phone, "agree": "on", "next": "/my/"})
    assert client.post(reverse("people:code"), {"code": codes[0]}).url == reverse("people:second_step")
    secret = client.get(reverse("people:second_step")).context["secret"].replace(" ", "")
    code = pyotp.TOTP(secret).at(timezone.now())
    assert client.post(reverse("people:second_step"), {"code": code}).url == "/my/"
    assert client.get(reverse("people:second_step")).status_code == 302


def test_a_secret_sealed_with_a_lost_key_is_offered_anew(client, dispatcher, settings):
    settings.SECOND_FACTOR = True
    client.force_login(dispatcher)
    session = client.session
    session["people.totp"] = "old:AAAA"
    session.save()
    assert len(client.get(reverse("people:second_step")).context["secret"]) > 30


def test_a_phone_with_a_letter_is_told_on_the_page(client):
    answer = client.post(reverse("people:password"), {"phone": "138x0001234", "password": "x"})
    assert "手机号只能有数字" in answer.text


def test_the_nightly_tidying(codes):
    services.request_code(phone=PHONE, purpose="sign_in", address="", at=timezone.now() - timedelta(days=3))
    tasks.tidy(timestamp=0)
    assert not Code.objects.exists()


def test_rows_name_themselves(zhang):
    row = services.begin_sign_in(person=zhang, session_key="k", device="iPhone", address="", at=NOON)
    assert str(zhang) == f"person {zhang.pk}"
    assert str(row).startswith("iPhone 2026-11-20")
    assert str(Code(sent_at=NOON)).startswith("code of 2026")
    assert str(Lock(key="k")) == "k"
    assert str(ConsentFactory()) == "service 2026-01"
    assert Person.objects.get_by_natural_key(zhang.phone_hash) == zhang
