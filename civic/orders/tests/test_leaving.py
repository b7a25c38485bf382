"""Leaving empties a resident's orders and keeps their skeleton; an open order comes first."""

import json

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from civic.core.errors import Refused
from civic.orders.models import Attachment, Feedback, Order, Review, Visit
from civic.orders.states import OrderState as S
from civic.orders.tests.factories import OrderFactory, walk
from civic.people import services as people
from civic.people.models import Person
from tests.moments import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def done(fuqian, zhang, dispatcher, team):
    """An order of 张桂兰 that was served and reviewed, and then closed, with a picture."""
    order = walk(OrderFactory(place=fuqian, resident=zhang), S.REVIEWED, dispatcher=dispatcher, team=team)
    Order.objects.filter(pk=order.pk).update(state=S.CLOSED, reason="居民满意")
    Review.objects.update(words="李师傅手艺好")
    picture = Attachment(order=order, key="6f2d0000-0000-4000-8000-000000000001", at=NOON)
    picture.file.save("pot.jpg", ContentFile(b"x"))
    picture.save()
    Feedback.objects.create(
        kind="praise", place=fuqian, order=order, words="谢谢李师傅", sent_at=NOON, sent_by=zhang
    )
    return order


def leave(person):
    people.close_account(person_id=person.pk, by=person, at=NOON)


def test_words_contacts_and_pictures_go_and_the_skeleton_stays(
    done, zhang, django_capture_on_commit_callbacks
):
    stored = Attachment.objects.get().file.name
    with django_capture_on_commit_callbacks(execute=True):
        leave(zhang)
    order = Order.objects.get(pk=done.pk)
    assert (order.words, order.contact_name, order.reason) == ("已清空", "已注销", "已清空")
    assert (order.contact_phone, order.contact_phone_hash, order.address) == ("", "", "")
    assert (order.number, order.placed_at, order.state) == (done.number, done.placed_at, S.CLOSED)
    assert Review.objects.get().words == ""
    assert Visit.objects.get().summary == "已清空"
    feedback = Feedback.objects.get()
    assert (feedback.words, feedback.answer) == ("已清空", "")
    assert not Attachment.objects.exists()
    assert not default_storage.exists(stored)


def test_other_peoples_orders_stay_as_they_are(done, neighbour):
    leave(neighbour)
    assert Order.objects.get(pk=done.pk).words == "电饭锅不通电，想请人看看"
    assert Attachment.objects.exists()


def test_an_open_order_comes_first(client, fuqian, zhang):
    order = OrderFactory(place=fuqian, resident=zhang)
    with pytest.raises(Refused, match=order.short_number):
        leave(zhang)
    assert Person.objects.get(pk=zhang.pk).left_at is None
    client.force_login(zhang)
    answer = client.post(reverse("people:close"), {"sure": "on"})
    assert answer.status_code == 422
    assert "还没办完" in answer.text


def test_own_data_holds_orders_and_feedback(client, done, zhang, neighbour):
    client.force_login(zhang)
    rows = json.loads(client.get(reverse("people:data_file")).content)["orders"]
    assert rows[0]["单号"] == done.number
    assert rows[0]["说的话"] == "电饭锅不通电，想请人看看"
    assert "李师傅手艺好" in rows[0]["评价"]
    assert rows[1]["意见"] == "谢谢李师傅"
    client.force_login(neighbour)
    assert "orders" not in json.loads(client.get(reverse("people:data_file")).content)
