"""The second step of staff: bound once, asked at each sign-in, never passed twice with one code."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from civic.access.roles import Role
from civic.core.errors import Refused
from civic.people import services
from civic.people.models import Person, SignIn
from tests.moments import NOON

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def demanded(settings):
    settings.SECOND_FACTOR = True


@pytest.fixture
def sign_in(dispatcher):
    return services.begin_sign_in(person=dispatcher, session_key="s" * 32, device="", address="", at=NOON)


def code_at(at, secret=SECRET):
    return pyotp.TOTP(secret).at(at)


def bind(person, secret=SECRET):
    person.totp_secret = secret
    person.save()


def test_staff_owe_the_second_step_and_may_rest_half_an_hour(sign_in):
    assert sign_in.needs_totp
    assert sign_in.verified_at is None
    assert sign_in.idle_minutes == 30


def test_admins_may_rest_a_quarter_of_an_hour(admin):
    row = services.begin_sign_in(person=admin, session_key="a", device="", address="", at=NOON)
    assert row.idle_minutes == 15


def test_residents_owe_nothing(zhang):
    row = services.begin_sign_in(person=zhang, session_key="z", device="", address="", at=NOON)
    assert not row.needs_totp
    assert row.idle_minutes == 30 * 24 * 60


def test_binding_passes_the_step(sign_in, dispatcher):
    services.enrol_totp(sign_in_id=sign_in.pk, secret=SECRET, code=code_at(NOON), at=NOON)
    sign_in.refresh_from_db()
    assert sign_in.verified_at == NOON
    assert Person.objects.get(pk=dispatcher.pk).totp_secret == SECRET


def test_binding_with_a_wrong_code_binds_nothing(sign_in, dispatcher):
    with pytest.raises(Refused, match="动态码不对"):
        services.enrol_totp(
            sign_in_id=sign_in.pk, secret=SECRET, code=code_at(NOON + timedelta(hours=1)), at=NOON
        )
    assert Person.objects.get(pk=dispatcher.pk).totp_secret == ""


def test_nobody_binds_a_second_app_over_the_first(sign_in, dispatcher):
    bind(dispatcher, "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU")
    with pytest.raises(Refused, match="已经绑定"):
        services.enrol_totp(sign_in_id=sign_in.pk, secret=SECRET, code=code_at(NOON), at=NOON)


@pytest.mark.parametrize("drift", [-30, 0, 30])
def test_a_clock_half_a_minute_off_is_fine(sign_in, dispatcher, drift):
    bind(dispatcher)
    services.verify_totp(sign_in_id=sign_in.pk, code=code_at(NOON + timedelta(seconds=drift)), at=NOON)
    sign_in.refresh_from_db()
    assert sign_in.verified_at == NOON


def test_a_code_is_good_once_even_in_another_browser(sign_in, dispatcher):
    bind(dispatcher)
    services.verify_totp(sign_in_id=sign_in.pk, code=code_at(NOON), at=NOON)
    other = services.begin_sign_in(person=dispatcher, session_key="o", device="", address="", at=NOON)
    with pytest.raises(Refused, match="动态码不对"):
        services.verify_totp(sign_in_id=other.pk, code=code_at(NOON), at=NOON)
    other.refresh_from_db()
    assert other.verified_at is None


def test_five_wrong_codes_pause_for_a_quarter_of_an_hour(sign_in, dispatcher):
    bind(dispatcher)
    for _ in range(5):
        with pytest.raises(Refused, match="动态码不对"):
            services.verify_totp(sign_in_id=sign_in.pk, code="1", at=NOON)
    with pytest.raises(Refused, match="暂停"):
        services.verify_totp(sign_in_id=sign_in.pk, code=code_at(NOON), at=NOON)
    later = NOON + timedelta(minutes=15)
    services.verify_totp(sign_in_id=sign_in.pk, code=code_at(later), at=later)


def test_without_a_bound_app_there_is_nothing_to_verify(sign_in):
    with pytest.raises(Refused, match="还没有绑定"):
        services.verify_totp(sign_in_id=sign_in.pk, code="123456", at=NOON)


def test_unbinding_ends_every_sign_in(sign_in, dispatcher, security_admin):
    bind(dispatcher)
    services.clear_totp(person_id=dispatcher.pk, by=security_admin, at=NOON)
    assert Person.objects.get(pk=dispatcher.pk).totp_secret == ""
    assert not SignIn.objects.filter(person=dispatcher, ended_at=None).exists()


# --- Pages


def test_staff_get_no_page_but_the_second_step(client, dispatcher):
    client.force_login(dispatcher)
    answer = client.get(reverse("people:profile"))
    assert answer.url == f"{reverse('people:second_step')}?next=%2Fmy%2Fprofile%2F"
    assert client.get(reverse("people:sign_in")).status_code == 302
    assert client.get(reverse("portal:privacy")).status_code == 200


def test_binding_on_the_page_shows_picture_and_secret_and_leads_back(client, dispatcher):
    client.force_login(dispatcher)
    page = client.get(reverse("people:second_step") + "?next=/my/profile/")
    assert "data:image/svg+xml" in page.text
    again = client.get(reverse("people:second_step"))
    assert page.context["secret"] == again.context["secret"]

    code = code_at(timezone.now(), page.context["secret"].replace(" ", ""))
    answer = client.post(reverse("people:second_step") + "?next=/my/profile/", {"code": code})
    assert answer.url == "/my/profile/"
    assert client.get(reverse("people:profile")).status_code == 200


def test_a_wrong_code_is_told_beside_the_field(client, dispatcher):
    bind(dispatcher)
    client.force_login(dispatcher)
    answer = client.post(reverse("people:second_step"), {"code": "abc"})
    assert answer.status_code == 422
    assert "动态码不对" in answer.text
    assert "data:image" not in answer.text


def test_somebody_who_owes_the_step_may_sign_out(client, dispatcher):
    client.force_login(dispatcher)
    assert client.post(reverse("people:sign_out")).url == "/"
    assert SignIn.objects.get().ended_at is not None


def test_residents_have_no_second_step(client, zhang):
    client.force_login(zhang)
    assert client.get(reverse("people:second_step")).status_code == 404


def test_a_role_given_while_signed_in_asks_for_the_step(client, zhang, city, security_admin):
    from civic.access import services as access  # noqa: PLC0415 - the app above, only for this story

    client.force_login(zhang)
    assert client.get(reverse("people:profile")).status_code == 200
    access.grant(
        person_id=zhang.pk, role=Role.CITY_SUPERVISOR, place_id=city.pk, by=security_admin, at=timezone.now()
    )
    assert client.get(reverse("people:profile")).status_code == 302


def test_an_htmx_request_that_owes_the_step_leaves_the_page(client, dispatcher):
    client.force_login(dispatcher)
    answer = client.get(reverse("people:profile"), headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert answer["HX-Redirect"].startswith(reverse("people:second_step"))


def test_the_demo_cast_need_no_app_while_demo_is_on(dispatcher, settings):
    dispatcher.is_demo = True
    dispatcher.save()
    begin = {"person": dispatcher, "device": "", "address": "", "at": NOON}
    assert services.begin_sign_in(session_key="1", **begin).verified_at is None
    settings.DEMO = True
    assert services.begin_sign_in(session_key="2", **begin).verified_at == NOON


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_one_code_in_four_browsers_at_once_passes_one(dispatcher):
    bind(dispatcher)
    rows = [
        services.begin_sign_in(person=dispatcher, session_key=str(number), device="", address="", at=NOON)
        for number in range(4)
    ]

    def work(row):
        try:
            services.verify_totp(sign_in_id=row.pk, code=code_at(NOON), at=NOON)
            return "passed"
        except Refused:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(work, rows)) == ["passed", "refused", "refused", "refused"]
