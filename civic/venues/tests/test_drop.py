import pytest

from civic.core.errors import Denied, Refused
from civic.venues.models import Venue
from civic.venues.services import imports
from civic.venues.tests.workbooks import line, upload
from tests.moments import NOON


@pytest.fixture
def batch(guhan, fuqian, institute_clerk):
    return upload(guhan, institute_clerk, line("甲", "府前社区"))


def test_nothing_is_taken_in(batch, institute_clerk):
    assert imports.drop(batch_id=batch.pk, by=institute_clerk, at=NOON).state == "dropped"
    assert not Venue.objects.exists()
    with pytest.raises(Refused):
        imports.apply(batch_id=batch.pk, by=institute_clerk, at=NOON)


@pytest.mark.parametrize("who", ["stranger", "station_clerk", "zhang"])
def test_others_are_denied(batch, request, who):
    with pytest.raises(Denied):
        imports.drop(batch_id=batch.pk, by=request.getfixturevalue(who), at=NOON)


def test_what_is_in_cannot_be_dropped(batch, institute_clerk):
    imports.apply(batch_id=batch.pk, by=institute_clerk, at=NOON)
    with pytest.raises(Refused):
        imports.drop(batch_id=batch.pk, by=institute_clerk, at=NOON)
