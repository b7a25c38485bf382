"""One site for every statutory division, none for zones and virtual villages."""

from collections import Counter

import pytest

from civic.journal.models import Entry
from civic.places import services as places
from civic.places.models import Kind
from civic.places.tests.factories import PlaceFactory
from civic.venues import queries
from civic.venues.models import Venue
from civic.venues.services.loading import load_venues
from tests.moments import NOON


@pytest.mark.slow
def test_changzhi_has_12_centers_128_institutes_and_2606_stations(db):
    places.load_divisions(at=NOON)
    assert load_venues(at=NOON) == 2746
    assert Counter(Venue.objects.values_list("kind", flat=True)) == {
        "center": 12,
        "institute": 128,
        "station": 2606,
    }
    assert load_venues(at=NOON) == 0
    assert Entry.objects.filter(what="venues.load").count() == 1
    for asked, wanted in (
        ("虒亭", "虒亭镇"),
        ("stz", "虒亭镇"),
        ("延南街道", "延安南路街道"),
        ("府前", "府前社区"),
    ):
        assert wanted in [found.venue.place.name for found in queries.found_by_words(asked, at=NOON)]


@pytest.mark.parametrize(
    ("kind", "count"),
    [
        (Kind.RESIDENTS_COMMITTEE, 1),
        (Kind.VILLAGERS_COMMITTEE, 1),
        (Kind.QUASI_RESIDENTS, 0),
        (Kind.QUASI_VILLAGERS, 0),
        (Kind.VIRTUAL, 0),
    ],
)
def test_only_statutory_villages_have_a_station(guhan, kind, count):
    village = PlaceFactory(parent=guhan, kind=kind)
    load_venues(at=NOON)
    assert Venue.objects.filter(place=village).count() == count


def test_the_names_are_the_citys_own_language_whatever_the_reader_speaks(guhan):
    from django.utils import translation  # noqa: PLC0415 (only here)

    with translation.override("en"):
        load_venues(at=NOON)
    assert Venue.objects.get(place=guhan).name == "古韩镇新时代文明实践所"


def test_a_place_that_was_added_later_gets_its_site(guhan, head):
    load_venues(at=NOON)
    places.add(
        parent_id=guhan.pk, name="新苑社区", kind=Kind.RESIDENTS_COMMITTEE, reason="新设", by=head, at=NOON
    )
    assert load_venues(at=NOON) == 1
