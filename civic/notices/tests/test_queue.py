"""A notice is born with what it tells of: words, messages, jobs, and nothing for who is gone."""

import pytest
from django.db import connection, transaction

from civic.notices import kinds, services
from civic.notices.models import Delivery, Mute, Notice
from civic.people import services as people
from civic.people.tests.factories import PersonFactory
from tests.moments import NOON

pytestmark = pytest.mark.django_db


def tell(person, kind="orders.accepted", **params):
    return services.queue(to=person, kind=kind, at=NOON, url="/my/orders/7/", **params)


def jobs():
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, args FROM procrastinate_jobs ORDER BY id")
        return cursor.fetchall()


def test_a_notice_lies_in_the_inbox_and_a_message_goes_out(zhang):
    notice = tell(zhang, about=zhang, number="1120-0037", who="匠心家电", when="周五上午")
    assert (notice.person, notice.kind, notice.url, notice.at) == (
        zhang,
        "orders.accepted",
        "/my/orders/7/",
        NOON,
    )
    assert (notice.about_type, notice.about_id) == ("people.person", zhang.pk)
    delivery = Delivery.objects.get()
    assert (delivery.to, delivery.state, delivery.next_try_at) == (zhang.phone, "queued", NOON)
    assert delivery.text == "有人接单了：匠心家电接了您的单，单号 1120-0037。时间：周五上午。【实践云】"
    assert jobs() == [("notices.deliver", f'{{"delivery_id": {delivery.pk}}}')] or jobs() == [
        ("notices.deliver", {"delivery_id": delivery.pk})
    ]


def test_phone_and_text_are_sealed_at_rest(zhang):
    tell(zhang, number="1120-0037", who="匠心家电")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM notices_delivery")
        row = str(cursor.fetchall())
    assert zhang.phone not in row
    assert "匠心家电" not in row


def test_a_quiet_kind_stays_in_the_house_unless_asked(zhang):
    tell(zhang, "orders.screened", number="1")
    assert Delivery.objects.count() == 0
    tell(zhang, "orders.screened", number="1", sms=True)
    assert Delivery.objects.count() == 1


def test_somebody_without_a_phone_has_only_an_inbox(db):
    tell(PersonFactory(phone=""), number="1")
    assert (Notice.objects.count(), Delivery.objects.count()) == (1, 0)


def test_a_kind_switched_off_is_kept_as_read_and_not_sent(zhang):
    services.mute(kind="orders.accepted", by=zhang)
    assert tell(zhang, number="1").read_at == NOON
    assert Delivery.objects.count() == 0
    services.unmute(kind="orders.accepted", by=zhang)
    assert tell(zhang, number="1").read_at is None


def test_what_must_be_told_cannot_be_switched_off(zhang):
    Mute.objects.create(person=zhang, kind="orders.cancelled")
    assert tell(zhang, "orders.cancelled", number="1").read_at is None
    assert Delivery.objects.count() == 1


def test_who_left_is_told_nothing_and_loses_the_inbox(zhang):
    tell(zhang, number="1")
    people.close_account(person_id=zhang.pk, by=zhang, at=NOON)
    zhang.refresh_from_db()
    assert tell(zhang, number="1") is None
    assert (Notice.objects.count(), Delivery.objects.count()) == (0, 0)


def test_the_reader_gets_her_own_language(zhang):
    zhang.language = "en"
    zhang.save()
    tell(zhang, "orders.cancelled", number="1120-0037")
    assert "1120-0037" in Delivery.objects.get().text


def test_an_unknown_kind_is_a_bug(zhang):
    with pytest.raises(KeyError):
        tell(zhang, "orders.sung")


@pytest.mark.django_db(transaction=True)
def test_a_rollback_takes_notice_delivery_and_job_along(zhang):
    before = jobs()
    with transaction.atomic():
        tell(zhang, number="1")
        transaction.set_rollback(True)
    assert (Notice.objects.count(), Delivery.objects.count()) == (0, 0)
    assert jobs() == before


# --- Words

EVERYTHING = {
    "number": "1120-0037",
    "item": "修电饭锅",
    "who": "匠心家电",
    "when": "周五上午",
    "reason": "下雨",
}


@pytest.mark.parametrize("kind", kinds.KINDS)
def test_every_kind_speaks_with_and_without_its_blanks(kind):
    assert kinds.title(kind)
    assert "{" not in kinds.body(kind, EVERYTHING)
    assert "{" not in kinds.body(kind, {})
    assert set(kinds.KINDS[kind].audience.split()) <= set(kinds.AUDIENCES)


def test_a_sentence_with_an_empty_blank_is_left_out():
    assert kinds.body("orders.rejected", {"number": "7"}) == "单号 7 这次办不了。"
    assert (
        kinds.body("orders.rejected", {"number": "7", "reason": "下雨"}) == "单号 7 这次办不了。原因：下雨。"
    )


def test_a_kind_of_an_older_release_is_shown_by_its_slug():
    assert (kinds.title("old.kind"), kinds.body("old.kind", {})) == ("old.kind", "")


def test_braces_in_values_are_values():
    assert "{who}" in kinds.body("orders.rejected", {"number": "7", "reason": "{who}"})
