import pytest

from civic.core.errors import Refused
from civic.journal.models import Entry
from civic.places import services
from civic.places.models import Change, Kind, Place
from tests.moments import NOON


def add(parent, by, name="新建社区", kind=Kind.RESIDENTS_COMMITTEE, code=""):
    return services.add(parent_id=parent.pk, name=name, kind=kind, code=code, reason="新设", by=by, at=NOON)


def test_a_place_is_added_below_its_parent(guhan, head):
    place = add(guhan, head, name="  新建 社区 ", code="140423100099")
    assert place.name == "新建 社区"
    assert (place.parent, place.level, place.path) == (guhan, "village", f"{guhan.path}{place.pk}/")
    assert place.initials == "xjsq"
    change = Change.objects.get(place=place)
    assert (change.kind, change.after, change.reason, change.by) == ("added", "新建 社区", "新设", head)
    assert Entry.objects.get(what="places.add").about_id == place.pk


def test_the_code_is_optional(guhan, head):
    assert add(guhan, head).code is None
    assert add(guhan, head, name="又一社区").code is None


@pytest.mark.parametrize(
    ("name", "code", "kind", "words"),
    [
        ("府前社区", "", Kind.RESIDENTS_COMMITTEE, "同级已经有"),
        ("", "", Kind.RESIDENTS_COMMITTEE, "请填写名称"),
        ("甲" * 61, "", Kind.RESIDENTS_COMMITTEE, "最多 60 个字"),
        ("新建社区", "123", Kind.RESIDENTS_COMMITTEE, "12 位数字"),
        ("新建社区", "140423100001", Kind.RESIDENTS_COMMITTEE, "已经给了「府前社区」"),
        ("新建社区", "", Kind.TOWN, "不能设在"),
    ],
)
def test_what_cannot_be_is_refused_in_plain_words(guhan, fuqian, head, name, code, kind, words):
    with pytest.raises(Refused, match=words):
        add(guhan, head, name=name, code=code, kind=kind)


def test_nothing_stands_below_a_village_or_a_closed_place(guhan, fuqian, head):
    with pytest.raises(Refused, match="村社区下面"):
        add(fuqian, head)
    services.close(place_id=fuqian.pk, reason="撤", by=head, at=NOON)
    with pytest.raises(Refused, match="撤销"):
        add(fuqian, head)


def test_a_closed_sister_frees_her_name(guhan, fuqian, head):
    services.close(place_id=fuqian.pk, reason="撤", by=head, at=NOON)
    add(guhan, head, name="府前社区")
    assert Place.objects.filter(name="府前社区").count() == 2
