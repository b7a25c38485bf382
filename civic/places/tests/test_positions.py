from math import isclose

import pytest

from civic.places.models import Kind, Level, Place, Precision
from civic.places.positions import KM_PER_DEGREE, Plane, plane, point_of, positions
from civic.places.tests.factories import PlaceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    city = PlaceFactory(level=Level.CITY, lon=113.1, lat=36.0, precision=Precision.SEAT, parent=None)
    county = PlaceFactory(level=Level.COUNTY, parent=city, lon=113.1, lat=36.5, precision=Precision.SEAT)
    town = PlaceFactory(
        level=Level.TOWNSHIP, parent=county, lon=113.1, lat=36.5, precision=Precision.COUNTY_SEAT
    )
    villages = PlaceFactory.create_batch(20, parent=town, kind=Kind.VILLAGERS_COMMITTEE)
    return city, county, town, villages


def test_a_seat_is_where_it_is(tree):
    city, county, _town, _villages = tree
    found = positions([city.pk, county.pk])
    assert (found[city.pk].x_km, found[city.pk].y_km, found[city.pk].is_estimated) == (0, 0, False)
    assert isclose(found[county.pk].y_km, KM_PER_DEGREE / 2)
    assert found[county.pk].x_km == 0


def test_a_repeated_seat_is_no_position(tree, django_assert_num_queries):
    _city, county, town, villages = tree
    with django_assert_num_queries(1):
        found = positions()
    assert found[town.pk].is_estimated
    assert 0 < found[town.pk].km_to(found[county.pk]) <= 0.12 * KM_PER_DEGREE
    spots = [found[village.pk] for village in villages]
    assert all(spot.is_estimated and spot.km_to(found[town.pk]) <= 0.03 * KM_PER_DEGREE for spot in spots)
    assert len({(spot.x_km, spot.y_km) for spot in spots}) == len(spots)


def test_a_point_stays_when_siblings_come_and_whatever_is_asked(tree, django_assert_num_queries):
    city, _county, town, villages = tree
    first = positions([villages[7].pk])[villages[7].pk]
    PlaceFactory.create_batch(3, parent=town)
    assert positions(paths=[town.path])[villages[7].pk] == first == positions()[villages[7].pk]
    with django_assert_num_queries(1):
        assert point_of(villages[7]) == first
    assert len(positions(paths=[city.path])) == len(positions()) == 26


def test_a_surveyed_point_wins_and_moves_those_below(tree):
    _city, _county, town, villages = tree
    found = positions(known={town.pk: (113.2, 36.4)})
    assert found[town.pk] == plane().point(113.2, 36.4)
    assert not found[town.pk].is_estimated
    assert found[villages[0].pk].km_to(found[town.pk]) <= 0.03 * KM_PER_DEGREE


def test_unknown_ids_are_left_out_and_a_bare_tree_still_has_points(tree):
    assert positions([0, -1]) == {}
    Place.objects.update(lon=None, lat=None, precision="")
    assert plane() == Plane()
    assert all(point.is_estimated for point in positions().values())
