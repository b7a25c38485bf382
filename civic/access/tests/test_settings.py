"""The city's settings and calendar."""

from datetime import date

import pytest
from django.core.cache import cache
from django.urls import reverse

from civic.access import queries, services
from civic.access.defaults import DEFAULTS, LIMITS
from civic.access.forms import LABELS, field_name
from civic.core.errors import Denied, Refused
from civic.journal.models import Entry
from tests.moments import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()
    yield
    cache.clear()


def put(key, value, by):
    services.set_setting(key=key, value=value, by=by, at=NOON)


def test_a_setting_is_the_default_until_it_is_changed(admin, django_capture_on_commit_callbacks):
    assert queries.setting("orders.screen_hours") == DEFAULTS["orders.screen_hours"] == 8
    with django_capture_on_commit_callbacks(execute=True):
        put("orders.screen_hours", 4, admin)
    assert queries.setting("orders.screen_hours") == 4
    assert Entry.objects.get().details == {"key": "orders.screen_hours", "before": 8, "after": 4}
    with django_capture_on_commit_callbacks(execute=True):
        put("orders.screen_hours", 4, admin)
    assert Entry.objects.count() == 1


@pytest.mark.parametrize("person", ["security_admin", "head", "zhang", "auditor"])
def test_only_the_system_admin_changes_settings(request, person):
    by = request.getfixturevalue(person)
    with pytest.raises(Denied):
        put("orders.screen_hours", 4, by)
    with pytest.raises(Denied):
        services.set_calendar_day(on=date(2027, 1, 1), is_working=False, name="", by=by, at=NOON)
    with pytest.raises(Denied):
        services.drop_calendar_day(on=date(2027, 1, 1), by=by, at=NOON)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("orders.screen_hours", 0),
        ("orders.screen_hours", 81),
        ("orders.screen_hours", "8"),
        ("orders.screen_hours", True),
        ("orders.callback_percent", 101),
        ("city.name", "长" * 201),
        ("nothing", 1),
    ],
)
def test_values_out_of_bounds_are_refused(admin, key, value):
    with pytest.raises(Refused):
        put(key, value, admin)


def test_every_number_has_bounds_that_hold_its_default():
    numbers = {key for key, value in DEFAULTS.items() if isinstance(value, int)}
    assert numbers == set(LIMITS)
    assert all(low <= DEFAULTS[key] <= high for key, (low, high) in LIMITS.items())
    assert set(LABELS) == set(DEFAULTS)


def test_the_calendar_takes_days_and_gives_them_back(admin, django_capture_on_commit_callbacks):
    day = date(2027, 1, 1)
    with django_capture_on_commit_callbacks(execute=True):
        services.set_calendar_day(on=day, is_working=False, name="元旦", by=admin, at=NOON)
    assert queries.days_off() == {day: False}
    with django_capture_on_commit_callbacks(execute=True):
        services.set_calendar(days={day: (True, "元旦")}, by=admin, at=NOON)
    assert queries.days_off() == {day: True}
    with django_capture_on_commit_callbacks(execute=True):
        services.drop_calendar_day(on=day, by=admin, at=NOON)
        services.drop_calendar_day(on=day, by=admin, at=NOON)
    assert queries.days_off() == {}
    assert list(Entry.objects.order_by("id").values_list("what", flat=True)) == [
        "access.set_calendar",
        "access.set_calendar",
        "access.drop_calendar_day",
    ]


# --- Pages


def whole(**changes):
    return {field_name(key): DEFAULTS[key] for key in LABELS} | changes


def test_the_page_saves_what_was_changed(client, admin):
    client.force_login(admin)
    url = reverse("access:settings")
    assert client.get(url).status_code == 200
    answer = client.post(url, whole(**{"orders-screen_hours": "6", "city-phone": "0355-2012345"}))
    assert answer.status_code == 302
    cache.clear()
    assert queries.setting("orders.screen_hours") == 6
    assert "0355-2012345" in client.get(url).text
    keys = {line.details["key"] for line in Entry.objects.filter(what="access.set_setting")}
    assert keys == {"orders.screen_hours", "city.phone"}


def test_the_page_says_what_is_out_of_bounds(client, admin):
    client.force_login(admin)
    answer = client.post(reverse("access:settings"), whole(**{"orders-screen_hours": "900"}))
    assert answer.status_code == 422


@pytest.mark.parametrize("person", ["security_admin", "dispatcher", "zhang"])
@pytest.mark.parametrize("name", ["settings", "calendar"])
def test_the_pages_are_for_the_system_admin(request, client, person, name):
    client.force_login(request.getfixturevalue(person))
    assert client.get(reverse(f"access:{name}")).status_code == 403


NOTICE = "关于2027年部分节假日安排的通知\n一、元旦：1月1日至3日放假，共3天。1月9日（周六）上班。"


def test_a_pasted_notice_is_shown_then_kept(client, admin):
    client.force_login(admin)
    shown = client.post(reverse("access:notice"), {"text": NOTICE})
    assert "2027年1月9日" in shown.text
    assert queries.calendar(2027) == []
    saved = client.post(reverse("access:notice"), {"text": NOTICE, "save": "yes"})
    assert saved.url == f"{reverse('access:calendar')}?year=2027"
    assert len(queries.calendar(2027)) == 4
    assert "元旦" in client.get(saved.url).text


@pytest.mark.parametrize("text", ["", "没有年份", "关于2027年部分节假日安排的通知"])
def test_a_notice_that_cannot_be_read_says_why(client, admin, text):
    client.force_login(admin)
    answer = client.post(reverse("access:notice"), {"text": text})
    assert answer.status_code == 422
    assert "有问题需要改" in answer.text


def test_one_day_is_set_and_dropped_on_the_page(client, admin):
    client.force_login(admin)
    url = reverse("access:calendar")
    assert client.post(url, {"on": "2027-05-04", "kind": "off", "name": "停工检修"}).status_code == 302
    assert [day.name for day in queries.calendar(2027)] == ["停工检修"]
    assert client.post(url, {"on": "x", "kind": "off"}).status_code == 422
    assert client.post(reverse("access:drop_day", args=["2027-05-04"])).status_code == 302
    assert queries.calendar(2027) == []
    assert client.post(reverse("access:drop_day", args=["never"])).status_code == 404
