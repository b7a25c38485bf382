"""The inbox, its switches, and the health of the machine."""

from datetime import timedelta
from importlib.metadata import PackageNotFoundError

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from civic.core import release
from civic.notices import queries, services
from civic.notices.models import Delivery, Mute, Notice
from civic.notices.queries import machine as ward
from civic.notices.queries import mailbox
from civic.notices.tests.factories import DeliveryFactory, NoticeFactory
from tests.moments import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine(client, zhang):
    client.force_login(zhang)
    return client


@pytest.mark.parametrize("count", [1, 3])
def test_the_inbox_asks_the_same_number_of_queries(mine, zhang, count, django_assert_num_queries):
    NoticeFactory.create_batch(count, person=zhang)
    mine.get(reverse("notices:inbox"))
    with django_assert_num_queries(4):  # session with sign-in, inbox, unread, and the frame's grants
        page = mine.get(reverse("notices:inbox"))
    assert len(page.context["page"].rows) == count


def test_an_empty_inbox_says_what_it_is_for(mine):
    assert "还没有消息" in mine.get(reverse("notices:inbox")).text


def test_only_ones_own_notices_are_there(mine, neighbour):
    notice = NoticeFactory(person=neighbour)
    assert "1120-0037" not in mine.get(reverse("notices:inbox")).text
    assert mine.get(reverse("notices:follow", args=[notice.pk])).status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_the_inbox_goes_on_page_by_page(mine, zhang, monkeypatch):
    monkeypatch.setattr(mailbox, "PAGE_SIZE", 2)
    NoticeFactory.create_batch(3, person=zhang)
    first = mine.get(reverse("notices:inbox")).context["page"]
    second = mine.get(reverse("notices:inbox"), {"after": first.next_cursor}).context["page"]
    assert second.next_cursor is None
    assert len({row.notice.pk for row in first.rows + second.rows}) == 3


def test_following_a_notice_reads_it(mine, zhang):
    notice = NoticeFactory(person=zhang)
    assert queries.unread_count(zhang) == 1
    assert mine.get(reverse("notices:follow", args=[notice.pk])).url == "/my/"
    assert queries.unread_count(zhang) == 0


@pytest.mark.parametrize("url", ["", "//evil.example/", "https://evil.example/"])
def test_a_notice_without_a_page_of_ours_leads_back_to_the_inbox(mine, zhang, url):
    notice = NoticeFactory(person=zhang, url=url)
    assert mine.get(reverse("notices:follow", args=[notice.pk])).url == reverse("notices:inbox")


def test_all_are_read_at_once(mine, zhang, neighbour):
    NoticeFactory.create_batch(2, person=zhang)
    NoticeFactory(person=neighbour)
    assert mine.post(reverse("notices:read_all")).status_code == 302
    assert (queries.unread_count(zhang), queries.unread_count(neighbour)) == (0, 1)


def test_kinds_are_switched_on_the_page(mine, zhang):
    url = reverse("notices:switch", args=["orders.accepted"])
    mine.post(url, {"on": "no"})
    assert Mute.objects.get().person == zhang
    assert "已关" in mine.get(reverse("notices:switches")).text
    mine.post(url, {"on": "yes"})
    assert not Mute.objects.exists()
    assert (
        "不能关掉"
        in mine.post(reverse("notices:switch", args=["orders.cancelled"]), {"on": "no"}, follow=True).text
    )
    assert mine.post(reverse("notices:switch", args=["orders.sung"])).status_code == 404


def test_residents_see_only_what_concerns_them(mine, zhang):
    assert "有单快到期" not in mine.get(reverse("notices:switches")).text
    NoticeFactory(person=zhang, kind="volunteers.asked")
    assert "有人想入队" in mine.get(reverse("notices:switches")).text


def test_a_guest_has_no_unread(client):
    client.get(reverse("portal:privacy"))
    assert queries.unread_count(client.get(reverse("portal:privacy")).wsgi_request.user) == 0


def test_own_data_tells_what_one_was_told(mine, zhang):
    NoticeFactory(person=zhang)
    assert "1120-0037" in mine.get(reverse("people:data")).text


# --- Health


def state_of(about, at=NOON):
    return next(mark for mark in queries.health(at).marks if mark.about == about)


def heartbeat(at):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)", [at])


def test_the_health_page_opens_to_the_system_admin_only(client, admin, head):
    client.force_login(head)
    assert client.get(reverse("notices:health")).status_code == 403
    client.force_login(admin)
    page = client.get(reverse("notices:health"))
    assert "运行状况" in page.text
    assert "0.1.0" in page.text


def test_the_worker_is_dead_late_or_alive():
    assert state_of("后台任务进程").kind == ward.BAD
    heartbeat(NOON - timedelta(minutes=5))
    assert state_of("后台任务进程").word == "没有运行"
    heartbeat(NOON)
    assert state_of("后台任务进程").kind == ward.GOOD


def test_jobs_that_wait_or_fail_are_shown(db):
    assert state_of("任务队列").kind == ward.GOOD
    services.start(delivery_ids=[1])
    assert state_of("任务队列").kind == ward.GOOD
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = %s", [NOON - timedelta(hours=1)])
    assert state_of("任务队列").kind == ward.FAIR


def test_messages_that_wait_or_fail_are_shown(db):
    DeliveryFactory()
    assert state_of("短信").kind == ward.GOOD
    assert state_of("短信", NOON + timedelta(hours=1)).kind == ward.BAD
    Delivery.objects.update(state="failed")
    assert state_of("短信").kind == ward.FAIR


def test_backups_are_missing_old_or_fresh(db, settings, tmp_path):
    settings.DATA = tmp_path
    assert state_of("备份").word == "还没有"
    record = tmp_path / "last-backup"
    for text, kind in [("nonsense", ward.FAIR), (f"{NOON.isoformat()} x.tar", ward.GOOD)]:
        record.write_text(text)
        assert state_of("备份").kind == kind
    assert state_of("备份", NOON + timedelta(days=3)).word == "太久了"


def test_a_full_disk_is_shown(db, settings, tmp_path):
    settings.DATA = tmp_path / "nothing"
    assert state_of("磁盘").kind == ward.BAD
    settings.DATA = tmp_path
    assert state_of("磁盘").about == "磁盘"


def test_failed_messages_are_listed_masked_and_sent_again(client, admin):
    row = DeliveryFactory(state="failed", last_error="gateway answered 400", try_count=8)
    client.force_login(admin)
    page = client.get(reverse("notices:health"))
    assert "138****1234" in page.text
    assert "13800001234" not in page.text
    url = reverse("notices:retry", args=[row.pk])
    assert client.post(url).status_code == 302
    assert "不用重发" in client.post(url, follow=True).text
    assert client.post(reverse("notices:retry", args=[0])).status_code == 404
    assert timezone.now() > Delivery.objects.get().next_try_at
    assert Notice.objects.count() == 1


def test_rows_name_themselves(zhang):
    notice = NoticeFactory(person=zhang)
    assert str(notice) == f"orders.screened to {zhang.pk}"
    assert str(DeliveryFactory(notice=notice)) == "file queued"
    assert str(Mute(kind="orders.accepted")) == "orders.accepted"


def test_the_release_is_read_from_the_checkout_or_the_package(monkeypatch, tmp_path):
    monkeypatch.setattr(release, "ROOT", tmp_path)
    monkeypatch.setattr(release, "installed", lambda name: "9.9")
    assert release.version.__wrapped__() == "9.9"

    def nowhere(name):
        raise PackageNotFoundError

    monkeypatch.setattr(release, "installed", nowhere)
    assert release.version.__wrapped__() == "?"
