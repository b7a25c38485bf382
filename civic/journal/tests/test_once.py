"""The same form sent twice is answered as the first time, on a real page."""

import pytest
from django.urls import reverse

from civic.journal.models import Entry, Submission
from civic.people.models import Person

pytestmark = pytest.mark.django_db

NAMED = {"name": "张桂芳", "address": "", "mode": "std", "language": "zh-hans", "form_token": "t1"}


@pytest.fixture
def mine(client, zhang):
    client.force_login(zhang)
    return client


def test_the_second_sending_changes_nothing(mine, zhang):
    url = reverse("people:profile")
    first = mine.post(url, NAMED)
    Person.objects.filter(pk=zhang.pk).update(name="后来改的")
    second = mine.post(url, NAMED)
    assert (second.status_code, second.url) == (302, first.url)
    assert Person.objects.get(pk=zhang.pk).name == "后来改的"
    assert Entry.objects.filter(what="people.set_profile").count() == 1


def test_a_form_with_errors_may_be_corrected_with_the_same_token(mine, zhang):
    url = reverse("people:profile")
    assert mine.post(url, NAMED | {"name": ""}).status_code == 422
    assert Submission.objects.count() == 0
    assert mine.post(url, NAMED).status_code == 302
    assert Person.objects.get(pk=zhang.pk).name == "张桂芳"


def test_a_form_without_a_token_is_carried_out_each_time(mine):
    url = reverse("people:profile")
    del_token = {name: value for name, value in NAMED.items() if name != "form_token"}
    assert mine.post(url, del_token).status_code == 302
    assert Submission.objects.count() == 0


def test_another_persons_token_shows_nothing(mine, client, neighbour):
    mine.post(reverse("people:profile"), NAMED)
    client.force_login(neighbour)
    assert client.post(reverse("people:profile"), NAMED).status_code == 302
    assert Person.objects.get(pk=neighbour.pk).name == "张桂芳"
