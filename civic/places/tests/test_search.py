"""What people type, in the whole city."""

import pytest

from civic.places import queries, services
from civic.places.models import Place
from tests.moments import NOON


def named(text, **options):
    return [spot.place.name for spot in queries.search(text, **options)]


@pytest.mark.slow
def test_people_find_their_place_among_2790(db):
    services.load_divisions(at=NOON)
    first = {
        "延南街道": "延安南路街道",
        "虒亭": "虒亭镇",
        "襄垣": "襄垣县",
        "襄垣县古韩镇府前社区": "府前社区",
        "襄垣 古韩 府前": "府前社区",
        "襄垣府前": "府前社区",
        "襄垣縣": "襄垣县",
        "长子": "长子县",
        "zzx": "长子县",
    }
    assert {text: (named(text) or [""])[0] for text in first} == first
    assert "虒亭镇" in named("stz")
    assert named("ＳＴＺ") == named("stz")
    found = queries.search("府前")
    assert "襄垣县 古韩镇" in [spot.trail for spot in found if spot.place.name == "府前社区"]
    assert "府前社区" in named("府前村")
    county = Place.objects.get(name="长子县")
    assert named("府前", top=county) == []


@pytest.mark.parametrize(
    "text",
    ["", "   ", "没有这个地方", "%", "_", "\\", "'; DROP TABLE places_place; --", "🏮" * 99],
)
def test_nonsense_finds_nothing(fuqian, text):
    assert named(text) == []


def test_a_path_that_leads_nowhere_is_tried_to_its_end(fuqian, xiangyuan):
    assert named("襄垣县古韩镇没有") == []


@pytest.mark.parametrize("wrong", [None, "", "x", "１２", "-1", "9" * 30, 0])
def test_an_id_that_is_none_finds_nothing(fuqian, wrong):
    assert queries.by_id(wrong) is None


def test_ancestors_run_from_the_city_down(city, xiangyuan, guhan, fuqian):
    assert queries.ancestors(fuqian) == [city, xiangyuan, guhan]
    assert queries.ancestors(city) == []
    assert queries.root() == city
    assert list(queries.counties()) == [xiangyuan]


@pytest.mark.parametrize("count", [1, 3])
def test_trails_cost_one_query_for_any_number(guhan, count, django_assert_num_queries):
    from civic.places.tests.factories import PlaceFactory  # noqa: PLC0415 (only here)

    places = [PlaceFactory(parent=guhan) for _ in range(count)]
    with django_assert_num_queries(1):
        assert {spot.trail for spot in queries.spots(places)} == {"襄垣县 古韩镇"}
