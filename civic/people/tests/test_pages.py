"""Pages of signing in and of one's own things: every one opens, and does what it says."""

import pytest
from django.urls import reverse

from civic.people.models import Person, SignIn
from civic.people.tests.factories import PersonFactory

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
