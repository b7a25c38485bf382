"""The pages of the sites, and of the team on the road."""

import pytest
from django.urls import reverse

from civic.orders.models import Order
from civic.pooling.models import Contribution, Need, Stop
from civic.pooling.tests.days import bring, fresh

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def signed_in(client, noon):
    def sign(person):
        client.force_login(person)
        return client

    return sign


# --- Sites.


def test_a_site_asks_and_gives(signed_in, pool, tour, station, station_clerk, fuqian, hair, haircut):
    site = signed_in(station_clerk)
    assert "冬月进村" in site.get("/desk/pool_calls/").text
    need = reverse("pooling:add_need", args=[pool.pk])
    asked = {"place": fuqian.pk, "item": hair.pk, "people": "20", "half": "any", "words": "院里剪"}
    bad = site.post(need, asked | {"people": "0"})
    assert bad.status_code == 422
    assert "院里剪" in bad.text
    site.post(need, asked)
    assert (Need.objects.get().people, Need.objects.get().minutes) == (20, hair.minutes)

    offer = reverse("pooling:offer", args=[pool.pk])
    said = {"kind": "talent", "giver": "partner", "partner": "", "words": "张师傅", "skill": haircut.pk}
    assert "请写合作单位的名字" in site.post(offer, said).text
    site.post(offer, said | {"giver": f"venue:{station.pk}", "amount": "2", "unit": "人"})
    assert (Contribution.objects.get().venue, Contribution.objects.get().skill) == (station, haircut)

    page = site.get(reverse("pooling:call", args=[pool.pk]))
    for words in ("府前社区 · 义剪", "张师傅", "等答复", "能办的"):
        assert words in page.text
    site.post(reverse("pooling:remove_need", args=[pool.pk]), {"need": Need.objects.get().pk})
    assert fresh(Need.objects.get()).released_at is not None
    assert site.post(reverse("pooling:remove_need", args=[pool.pk]), {"need": "7"}).status_code == 404


def test_the_lists_of_a_site(signed_in, published, station_clerk, django_assert_num_queries):
    site = signed_in(station_clerk)
    with django_assert_num_queries(3):
        site.get("/desk/pool_calls/")
    with django_assert_num_queries(9):
        site.get(reverse("pooling:call", args=[published.pk]))


def test_the_dispatcher_comes_back_to_the_round(signed_in, pool, dispatcher, fuqian, hair):
    desk = signed_in(dispatcher)
    said = {
        "place": fuqian.pk,
        "item": hair.pk,
        "people": "3",
        "half": "any",
        "priority": "2",
        "minutes": "50",
    }
    done = desk.post(reverse("pooling:add_need", args=[pool.pk]), said)
    assert done.url == reverse("pooling:pool", args=[pool.pk])
    assert (Need.objects.get().priority, Need.objects.get().minutes) == (2, 50)


@pytest.mark.parametrize("name", ["call", "add_need", "offer"])
def test_the_next_township_reads_nothing(signed_in, pool, stranger, name):
    assert signed_in(stranger).get(reverse(f"pooling:{name}", args=[pool.pk])).status_code == 404


# --- The road.


def test_the_driver_from_the_first_stop_to_the_last(signed_in, published, tour, order, li, station):
    phone = signed_in(li)
    page = phone.get("/team/tours/")
    assert "冬月进村" in page.text
    here = reverse("pooling:tour", args=[tour.pk])
    assert order.contact_phone not in phone.get(here).text
    page = phone.post(reverse("pooling:take_on", args=[tour.pk]), follow=True)
    assert "下一站" in page.text
    for stop in Stop.objects.order_by("position"):
        if stop.need.order_id:
            assert order.contact_phone in phone.get(here).text
            assert order.contact_phone in phone.get(reverse("pooling:tour_sheet", args=[tour.pk])).text
        phone.post(reverse("pooling:arrive", args=[stop.pk]))
        complete = reverse("pooling:complete", args=[stop.pk])
        assert phone.post(complete, {"served": "3", "summary": ""}).status_code == 422
        phone.post(complete, {"served": "3", "summary": "剪完了"})
    assert "这一趟跑完了，办完 4 站" in phone.get(here).text
    assert Order.objects.get(pk=order.pk).state == "served"


def test_what_the_road_asks(signed_in, published, tour, li, django_assert_num_queries):
    phone = signed_in(li)
    with django_assert_num_queries(3):
        phone.get("/team/tours/")
    with django_assert_num_queries(6):
        phone.get(reverse("pooling:tour", args=[tour.pk]))


def test_handed_back(signed_in, published, tour, li):
    phone = signed_in(li)
    back = reverse("pooling:hand_back", args=[tour.pk])
    assert "不影响队伍的任何积分" in phone.get(back).text
    assert phone.post(back, {"reason": ""}).status_code == 422
    assert "车坏了" in phone.post(back, {"reason": "车坏了"}, follow=True).text


def test_a_stop_that_came_to_nothing(signed_in, going, li):
    phone = signed_in(li)
    skip = reverse("pooling:skip", args=[going.pk])
    assert phone.post(skip, {"reason": ""}).status_code == 422
    assert "没办成" in phone.post(skip, {"reason": "家里没人"}, follow=True).text


def test_an_order_that_was_declined_by_itself_is_told(signed_in, going, order, li):
    Order.objects.filter(pk=order.pk).update(state="screened", current=None)
    assert "不用去了" in signed_in(li).get(reverse("pooling:tour", args=[going.tour_id])).text


@pytest.mark.parametrize("name", ["wang", "zhang", "dispatcher", "other_dispatcher"])
def test_only_the_leader_reads_a_tour(signed_in, published, tour, person, name):
    visitor = signed_in(person(name))
    assert visitor.get(reverse("pooling:tour", args=[tour.pk])).status_code == 404
    stop = tour.stops.first()
    assert visitor.post(reverse("pooling:arrive", args=[stop.pk])).status_code == 404


def test_not_before_it_is_published(signed_in, planned, tour, li, dispatcher):
    phone = signed_in(li)
    assert phone.get(reverse("pooling:tour", args=[tour.pk])).status_code == 404
    assert "还没有线路" in phone.get("/team/tours/").text
    bring(planned, "published", by=dispatcher)
    assert phone.get(reverse("pooling:tour", args=[tour.pk])).status_code == 200
