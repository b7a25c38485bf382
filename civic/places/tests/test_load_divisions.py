"""The first load: the whole network of a city out of one list."""

import time

import pytest

from civic.journal.models import Entry
from civic.people.tests.factories import PersonFactory
from civic.places import services
from civic.places.models import Change, Kind, Level, Place
from tests.moments import NOON


@pytest.fixture
def changzhi(db):
    return services.load_divisions(at=NOON)


@pytest.mark.slow
def test_the_city_stands_in_five_seconds_and_a_second_load_adds_nothing(db):
    start = time.monotonic()
    assert services.load_divisions(at=NOON) == 2790
    assert time.monotonic() - start < 5
    assert services.load_divisions(at=NOON) == 0
    assert Change.objects.count() == 2790
    assert Entry.objects.filter(what="places.load").count() == 1


@pytest.mark.slow
def test_the_counts_are_those_of_the_list(changzhi):
    levels = [Place.objects.filter(level=level).count() for level in Level]
    assert levels == [1, 12, 149, 2628]
    statutory = Place.objects.filter(kind__in=[Kind.SUBDISTRICT, Kind.TOWN, Kind.RURAL_TOWNSHIP])
    assert statutory.count() == 128


@pytest.mark.slow
def test_paths_initials_and_aliases_are_filled(changzhi):
    town = Place.objects.select_related("parent__parent").get(name="古韩镇")
    fuqian = Place.objects.get(name="府前社区", parent=town)
    above = [town.parent.parent, town.parent, town, fuqian]
    assert fuqian.ancestor_ids == [place.pk for place in above]
    assert Place.objects.get(name="虒亭镇").initials == "stz"
    assert Place.objects.get(level=Level.CITY).initials == "czs"
    assert Place.objects.get(aliases__name="延南街道").name == "延安南路街道"


@pytest.mark.slow
def test_a_renamed_place_keeps_its_new_name_when_the_list_is_loaded_again(changzhi):
    place = Place.objects.get(name="虒亭镇")
    services.rename(place_id=place.pk, name="虒亭新镇", reason="试", by=PersonFactory(), at=NOON)
    services.load_divisions(at=NOON)
    place.refresh_from_db()
    assert place.name == "虒亭新镇"


def test_places_sort_as_a_dictionary_does(db, tmp_path):
    file = tmp_path / "places.csv"
    file.write_text(
        "code,name,full_name,level,kind,parent_code,lon,lat,coord_precision\n"
        "140400000000,某市,某市,city,prefecture_city,,,,\n"
        "140428000000,长子县,长子县,county,county,140400000000,,,\n"
        "140429000000,安县,安县,county,county,140400000000,,,\n",
        encoding="utf-8",
    )
    services.load_divisions(at=NOON, file=file)
    counties = Place.objects.filter(level="county").order_by("sort_key")
    assert list(counties.values_list("name", flat=True)) == ["安县", "长子县"]
