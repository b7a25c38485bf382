"""A session counts only while its sign-in stands."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from civic.core.errors import Denied
from civic.people import services
from civic.people.addresses import address_of, device_of
from civic.people.models import SignIn
from tests.moments import NOON

pytestmark = pytest.mark.django_db

URL = "/my/profile/"


@pytest.fixture
def mine(client, zhang):
    client.force_login(zhang)
    return client


def rest(minutes):
    SignIn.objects.update(seen_at=timezone.now() - timedelta(minutes=minutes))


def test_a_resident_stays_for_a_month(mine):
    rest(29 * 24 * 60)
    assert mine.get(URL).status_code == 200
    rest(30 * 24 * 60)
    assert mine.get(URL).url == f"{reverse('people:sign_in')}?next={URL}"


def test_staff_stay_for_half_an_hour(client, dispatcher):
    client.force_login(dispatcher)
    rest(29)
    assert client.get(URL).status_code == 200
    rest(31)
    assert client.get(URL).status_code == 302


def test_admins_stay_for_a_quarter_of_an_hour(client, admin):
    client.force_login(admin)
    rest(14)
    assert client.get(URL).status_code == 200
    rest(16)
    assert client.get(URL).status_code == 302


def test_use_is_noted_at_most_once_a_minute(mine):
    row = SignIn.objects.get()
    mine.get(URL)
    assert SignIn.objects.get().seen_at == row.seen_at
    rest(2)
    mine.get(URL)
    assert timezone.now() - SignIn.objects.get().seen_at < timedelta(minutes=1)


def test_signing_out_ends_the_row_and_the_session(mine):
    assert mine.post(reverse("people:sign_out")).url == "/"
    assert SignIn.objects.get().ended_at is not None
    assert mine.get(URL).status_code == 302


def test_a_stolen_session_key_is_worthless_after_signing_out(mine):
    cookie = mine.cookies["sessionid"].value
    mine.post(reverse("people:sign_out"))
    mine.cookies["sessionid"] = cookie
    assert mine.get(URL).status_code == 302


def test_a_browser_is_thrown_out_from_another_one(mine, zhang):
    other = type(mine)()
    other.force_login(zhang)
    row = SignIn.objects.order_by("-id").first()
    assert other.get(URL).status_code == 200
    assert mine.get(reverse("people:sign_ins")).text.count("/end/") == 1
    assert mine.post(reverse("people:end_sign_in", args=[row.pk])).status_code == 302
    assert other.get(URL).status_code == 302
    assert mine.get(URL).status_code == 200


def test_nobody_ends_somebody_elses_browser(mine, neighbour):
    row = services.begin_sign_in(person=neighbour, session_key="n", device="", address="", at=NOON)
    assert mine.post(reverse("people:end_sign_in", args=[row.pk])).status_code == 404
    with pytest.raises(Denied):
        services.end_sign_in(sign_in_id=row.pk, by=SignIn.objects.first().person, at=NOON)


def test_ending_twice_is_ending_once(zhang):
    row = services.begin_sign_in(person=zhang, session_key="n", device="", address="", at=NOON)
    services.end_sign_in(sign_in_id=row.pk, by=zhang, at=NOON)
    services.end_sign_in(sign_in_id=row.pk, by=zhang, at=NOON + timedelta(hours=1))
    services.sign_out(sign_in=row, at=NOON + timedelta(hours=1))
    row.refresh_from_db()
    assert row.ended_at == NOON


def test_signing_in_again_in_the_same_browser_ends_the_first_row(mine, codes, neighbour):
    mine.post(reverse("people:sign_in"), {"phone": neighbour.phone, "agree": "on"})
    mine.post(reverse("people:code"), {"code": codes[0]})
    assert [row.person for row in SignIn.objects.filter(ended_at=None)] == [neighbour]


def test_a_session_without_a_row_is_signed_out(mine):
    SignIn.objects.all().delete()
    assert mine.get(URL).status_code == 302


# --- Where a request comes from


@pytest.mark.parametrize(
    ("proxies", "remote", "forwarded", "address"),
    [
        ([], "10.0.0.9", "1.2.3.4", "10.0.0.9"),
        (["10.0.0.9"], "10.0.0.9", "1.2.3.4", "1.2.3.4"),
        (["10.0.0.9"], "10.0.0.9", "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (["10.0.0.9", "10.0.0.8"], "10.0.0.9", "1.2.3.4, 10.0.0.8", "1.2.3.4"),
        (["10.0.0.9"], "10.0.0.9", "", "10.0.0.9"),
    ],
)
def test_only_known_proxies_are_believed(rf, settings, proxies, remote, forwarded, address):
    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=forwarded)
    assert address_of(request) == address


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 16_0) MicroMessenger/8.0", "微信 · iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0)", "Windows"),
        ("curl", "未知设备"),
    ],
)
def test_a_device_is_named_in_a_word_or_two(rf, agent, words):
    assert device_of(rf.get("/", headers={"User-Agent": agent})) == words
