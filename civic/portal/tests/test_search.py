"""R20: one box over services, places and sites."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from civic.orders.models import Referral, Synonym
from civic.orders.services.menu import index_items
from civic.orders.tests.factories import ItemFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon"), pytest.mark.slow]


@pytest.fixture
def haircut():
    item = ItemFactory(slug="haircut", name="义剪理发")
    Synonym.objects.create(item=item, words="剪头发")
    index_items([item.pk])
    return item


def page(response):
    return BeautifulSoup(response.content, "html.parser")


def found(client, text):
    return page(client.get(reverse("portal:search"), {"q": text})).select_one("#results")


@pytest.mark.parametrize("text", ["理发", "剪头发", "想把头发剪头发"])
def test_a_service_is_found_by_its_names_and_by_a_sentence(client, haircut, text):
    assert found(client, text).select_one(f"a[href='{reverse('orders:item', args=['haircut'])}']")


def test_a_place_is_found_and_can_be_chosen(client, fuqian, guhan):
    spot = found(client, "府前").select_one(f"form[action='{reverse('places:pick', args=[fuqian.pk])}']")
    assert "襄垣县 古韩镇" in spot.text


def test_a_site_is_found_by_its_name(client, station):
    assert station.name in found(client, "府前社区").text


def test_an_emergency_shows_the_number_first(client):
    Referral.objects.create(words="着火", target="119", sentence="请马上拨打119。", is_urgent=True)
    assert found(client, "家里着火了").select_one("a[href='tel:119']")


def test_nothing_found_leads_to_own_words(client):
    assert found(client, "嗯嗯嗯").select_one(f"a[href='{reverse('orders:say')}']")
    assert "例如" in found(client, " ").text


def test_typing_swaps_the_results_and_nothing_else(client, haircut):
    answer = client.get(reverse("portal:search"), {"q": "理发"}, headers={"HX-Request": "true"})
    assert answer.content.decode().startswith('<div id="results"')
    assert "HX-Request" in answer["Vary"]


def test_the_name_of_a_place_brings_no_service_that_only_sounds_near(client, fuqian):
    ItemFactory(slug="body", name="体质测试", description="在府前广场测一测")
    near = ItemFactory(slug="books", name="府前读书会")
    index_items([near.pk])

    shown = found(client, "府前")

    assert shown.select_one(f"a[href='{reverse('orders:item', args=['books'])}']")
    assert not shown.select_one(f"a[href='{reverse('orders:item', args=['body'])}']")
