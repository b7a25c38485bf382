from datetime import timedelta

import pytest

from civic.core.errors import Denied, Refused
from civic.venues import queries
from civic.venues.models import Venue
from civic.venues.services import booking, imports, profile
from civic.venues.tests.workbooks import line, upload
from tests.moments import NOON

POINT = {"经度": "113", "纬度": "36"}
WRITTEN = ("name", "phone", "area_m2", "platforms", "lon", "lat", "position_is_rough", "sort_key", "intro")


@pytest.fixture
def batch(guhan, station, institute_clerk):
    """One new venue and one changed, taken in at noon."""
    made = upload(
        guhan,
        institute_clerk,
        line("邻里驿家", "府前社区", "邻里驿家"),
        line("府前实践站", "府前社区", "站", 电话="0355-7221234", 面积="120", 平台="理论宣讲", **POINT),
    )
    return imports.apply(batch_id=made.pk, by=institute_clerk, at=NOON)


def undo(batch, by, at=NOON):
    return imports.undo(batch_id=batch.pk, by=by, at=at)


def test_everything_stands_as_before(batch, station, institute_clerk):
    before = Venue.objects.get(pk=station.pk)
    assert before.name == "府前实践站"
    assert undo(batch, institute_clerk).state == "undone"
    after = Venue.objects.get()
    for field in WRITTEN:
        assert getattr(after, field) == getattr(station, field)
    assert [found.venue for found in queries.found_by_words(station.name, at=NOON)] == [after]
    with pytest.raises(Refused):
        undo(batch, institute_clerk)


def test_after_a_day_it_is_too_late(batch, institute_clerk):
    undo_at = NOON + timedelta(hours=24, seconds=1)
    with pytest.raises(Refused, match="24 小时"):
        undo(batch, institute_clerk, at=undo_at)
    assert undo(batch, institute_clerk, at=NOON + timedelta(hours=24)).state == "undone"


def test_a_venue_saved_since_is_named(batch, station, institute_clerk):
    now = Venue.objects.get(pk=station.pk)
    changed = profile.Profile(name=now.name, phone="0355-7220000")
    profile.edit_venue(venue_id=now.pk, profile=changed, version=now.version, by=institute_clerk, at=NOON)
    with pytest.raises(Refused, match="第 3 行 府前实践站"):
        undo(batch, institute_clerk)
    assert Venue.objects.count() == 2


def test_a_new_venue_put_to_use_is_named(batch, institute_clerk):
    fresh = Venue.objects.get(name="邻里驿家")
    booking.add_room(venue_id=fresh.pk, name="茶室", seat_count=None, uses="", by=institute_clerk, at=NOON)
    with pytest.raises(Refused, match="第 2 行 邻里驿家"):
        undo(batch, institute_clerk)


@pytest.mark.parametrize("who", ["stranger", "station_clerk", "zhang"])
def test_others_are_denied(batch, request, who):
    with pytest.raises(Denied):
        undo(batch, request.getfixturevalue(who))


def test_what_was_never_taken_in_cannot_be_undone(guhan, fuqian, institute_clerk):
    with pytest.raises(Refused):
        undo(upload(guhan, institute_clerk, line("甲", "府前社区")), institute_clerk)
