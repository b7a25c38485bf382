import pytest

from civic.core.errors import Refused
from civic.journal.models import Entry
from civic.places import queries, services
from tests.moments import NOON


def test_another_name_finds_the_place(fuqian, head):
    services.add_alias(place_id=fuqian.pk, name="老衙门", by=head, at=NOON)
    assert [spot.place for spot in queries.search("老衙门")] == [fuqian]
    assert Entry.objects.get(what="places.add_alias").place_path == fuqian.path


@pytest.mark.parametrize("name", ["府前社区", "老衙门"])
def test_a_name_it_already_has_is_refused(fuqian, head, name):
    services.add_alias(place_id=fuqian.pk, name="老衙门", by=head, at=NOON)
    with pytest.raises(Refused, match="已经有这个名字"):
        services.add_alias(place_id=fuqian.pk, name=name, by=head, at=NOON)


def test_another_name_can_be_forgotten(fuqian, head):
    alias = services.add_alias(place_id=fuqian.pk, name="老衙门", by=head, at=NOON)
    services.remove_alias(alias_id=alias.pk, by=head, at=NOON)
    assert queries.search("老衙门") == []
