import pytest
from django.db import IntegrityError

from civic.core.errors import Refused
from civic.places import queries, services
from civic.places.models import Change
from tests.moments import NOON


def test_a_place_gets_a_new_name_and_is_still_found_by_the_old(fuqian, head):
    services.rename(place_id=fuqian.pk, name="府新社区", reason="更名", by=head, at=NOON)
    fuqian.refresh_from_db()
    assert (fuqian.name, fuqian.initials) == ("府新社区", "fxsq")
    assert [spot.place for spot in queries.search("府前社区")] == [fuqian]
    change = Change.objects.get(place=fuqian)
    assert (change.before, change.after) == ("府前社区", "府新社区")


def test_a_sisters_name_is_refused(guhan, wangqiao, head):
    with pytest.raises(Refused, match="同级已经有「王桥镇」"):
        services.rename(place_id=guhan.pk, name="王桥镇", reason="更名", by=head, at=NOON)


def test_history_cannot_be_rewritten(fuqian, head):
    services.rename(place_id=fuqian.pk, name="府新社区", reason="更名", by=head, at=NOON)
    with pytest.raises(IntegrityError, match="append-only"):
        Change.objects.update(reason="另一个理由")
