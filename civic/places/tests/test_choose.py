"""R2 我在哪里: by taps, by typing, remembered."""

import pytest
from django.urls import reverse

from civic.places.signals import place_chosen
from civic.places.tests.factories import PlaceFactory
from tests.html import parse

URL = "/where/"


def labels(response):
    page = parse(response)
    return [tag.get_text(strip=True) for tag in page.select("#choices .choices > *")]


def test_a_guest_taps_from_the_county_to_the_village(client, fuqian, guhan, xiangyuan, zhangzi):
    page = parse(client.get(URL, {"next": "/order/"}))
    assert [a.get_text(strip=True) for a in page.select(".choices a")] == ["襄垣县", "长子县"]
    page = parse(client.get(URL + page.select_one(".choices a")["href"].removeprefix(URL)))
    assert [a.get_text(strip=True) for a in page.select(".choices a")] == ["古韩镇"]
    page = parse(client.get(page.select_one(".choices a")["href"]))
    button = page.select_one(".choices button")
    assert button.get_text(strip=True) == "府前社区"
    answer = client.post(
        button["formaction"], {"next": page.select_one("#choices input[name=next]")["value"]}
    )
    assert answer["Location"] == "/order/"
    assert client.session["place_id"] == fuqian.pk


def test_any_level_will_do(client, guhan):
    client.post(reverse("places:pick", args=[guhan.pk]))
    assert client.session["place_id"] == guhan.pk


def test_typing_finds_and_htmx_gets_the_list_alone(client, fuqian):
    page = parse(client.get(URL, {"q": "府前"}))
    assert page.select_one("#choices .cell b").get_text() == "府前社区"
    assert page.select_one("#choices .cell small").get_text() == "襄垣县 古韩镇"
    part = client.get(URL, {"q": "府前"}, headers={"HX-Request": "true"})
    assert b"<html" not in part.content
    assert page.select_one("#choices h2").get_text() == parse(part).select_one("#choices h2").get_text()


def test_nothing_found_says_what_to_do(client, fuqian):
    assert "可以只打前两个字" in client.get(URL, {"q": "没有"}).content.decode()


def test_the_last_choices_come_first_next_time(client, guhan):
    places = [PlaceFactory(parent=guhan) for _ in range(7)]
    for place in places:
        client.post(reverse("places:pick", args=[place.pk]))
    page = parse(client.get(URL))
    assert [b.get_text() for b in page.select("#choices .cell b")] == [p.name for p in reversed(places[2:])]


def test_choosing_another_place_after_going_back_counts(client, fuqian, guhan):
    """The browser's back button brings the same form again; its second answer is not a repetition."""
    form = {"form_token": "", "next": ""}
    for place in (fuqian, guhan, fuqian):
        client.post(reverse("places:pick", args=[place.pk]), form)
        assert client.session["place_id"] == place.pk


@pytest.mark.parametrize("bad", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_the_way_back_stays_on_this_site(client, fuqian, bad):
    answer = client.post(reverse("places:pick", args=[fuqian.pk]), {"next": bad})
    assert answer["Location"] == reverse("portal:home")
    assert bad not in client.get(URL, {"next": bad}).content.decode().replace("next=", "")


@pytest.mark.parametrize("wrong", ["x", "0", "99999999", "-1"])
def test_a_wrong_step_starts_at_the_top(client, xiangyuan, wrong):
    assert labels(client.get(URL, {"at": wrong})) == ["襄垣县"]


def test_a_closed_place_cannot_be_chosen(client, fuqian):
    type(fuqian).objects.filter(pk=fuqian.pk).update(valid_to="2026-01-01")
    assert client.post(reverse("places:pick", args=[fuqian.pk])).status_code == 404


def test_before_the_tree_is_loaded_the_page_says_so(client, db):
    assert "还没有区划" in client.get(URL).content.decode()


def test_those_above_hear_of_the_choice(client, zhang, fuqian):
    heard = []

    def hear(person, place, **_rest):
        heard.append((person, place))

    place_chosen.connect(hear)
    client.force_login(zhang)
    client.post(reverse("places:pick", args=[fuqian.pk]))
    place_chosen.disconnect(hear)
    assert heard == [(zhang, fuqian)]


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_any_number(client, guhan, count, django_assert_max_num_queries):
    for _ in range(count):
        PlaceFactory(parent=guhan)
    with django_assert_max_num_queries(6):
        client.get(URL, {"at": guhan.pk})
