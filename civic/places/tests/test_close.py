import pytest

from civic.core.errors import Refused
from civic.places import queries, services
from civic.places.models import Change
from tests.moments import NOON


def close(place, by):
    return services.close(place_id=place.pk, reason="整村搬迁", by=by, at=NOON)


def test_a_closed_place_is_no_longer_found(guhan, fuqian, head):
    close(fuqian, head)
    assert queries.search("府前") == []
    assert queries.by_id(fuqian.pk) is None
    assert list(queries.children(guhan)) == []
    assert Change.objects.get(place=fuqian).kind == "closed"


def test_a_place_that_holds_others_stays(guhan, fuqian, head):
    with pytest.raises(Refused, match="下面还有 1 个地方"):
        close(guhan, head)


def test_the_city_stays(city, admin):
    with pytest.raises(Refused, match="整个城市"):
        close(city, admin)


def test_once_is_enough(fuqian, head):
    close(fuqian, head)
    with pytest.raises(Refused, match="已经并入别处或撤销"):
        close(fuqian, head)
