import threading

import pytest
from django.db import connection

from civic.access.queries import reaches
from civic.access.roles import Permission
from civic.core.errors import Refused
from civic.places import queries, services
from civic.places.models import Change, Level, Place
from civic.places.tests.factories import PlaceFactory
from tests.moments import NOON


def merge(place, into, by):
    return services.merge(place_id=place.pk, into_id=into.pk, reason="乡镇撤并", by=by, at=NOON)


def test_children_follow_and_the_merged_place_lives_on_below_its_successor(guhan, wangqiao, fuqian, head):
    services.add_alias(place_id=wangqiao.pk, name="王桥", by=head, at=NOON)
    village = PlaceFactory(name="返底村", parent=wangqiao)
    merged = merge(wangqiao, guhan, head)
    village.refresh_from_db()
    assert (merged.merged_into, merged.valid_to, merged.parent) == (guhan, NOON.date(), guhan)
    assert merged.path == f"{guhan.path}{wangqiao.pk}/"
    assert (village.parent, village.path) == (guhan, f"{guhan.path}{village.pk}/")
    assert set(guhan.aliases.values_list("name", flat=True)) == {"王桥镇", "王桥"}
    assert list(queries.children(guhan)) == [fuqian, village]
    assert Change.objects.get(kind="merged").into == guhan


def test_the_successors_clerk_reaches_what_still_points_at_the_merged_place(
    guhan, wangqiao, institute_clerk, head
):
    assert not reaches(institute_clerk, Permission.ORDERS_SEE, wangqiao.path)
    merged = merge(wangqiao, guhan, head)
    assert reaches(institute_clerk, Permission.ORDERS_SEE, merged.path)


def test_paths_below_are_rewritten_at_every_depth(xiangyuan, zhangzi, guhan, fuqian, danzhu, admin):
    merge(xiangyuan, zhangzi, admin)
    for place in Place.objects.filter(pk__in=[guhan.pk, fuqian.pk]).select_related("parent"):
        assert place.path == f"{place.parent.path}{place.pk}/"
    fuqian.refresh_from_db()
    assert fuqian.path.startswith(zhangzi.path)


def test_a_chain_of_merges_keeps_every_path_whole(guhan, wangqiao, xiangyuan, head):
    third = PlaceFactory(name="夏店镇", level=Level.TOWNSHIP, parent=xiangyuan)
    merge(wangqiao, guhan, head)
    merge(guhan, third, head)
    wangqiao.refresh_from_db()
    assert (wangqiao.parent, wangqiao.path) == (third, f"{third.path}{wangqiao.pk}/")


@pytest.mark.parametrize("other", ["fuqian", "guhan", "city"])
def test_only_another_place_of_the_same_level_may_take_it_in(request, guhan, fuqian, city, head, other):
    with pytest.raises(Refused, match="同一级"):
        merge(guhan, request.getfixturevalue(other), head)


def test_two_children_of_one_name_must_be_told_apart_first(guhan, wangqiao, fuqian, head):
    PlaceFactory(name="府前社区", parent=wangqiao)
    with pytest.raises(Refused, match="两边都有「府前社区」"):
        merge(wangqiao, guhan, head)
    wangqiao.refresh_from_db()
    assert wangqiao.valid_to is None


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_merges_into_each_other_at_once_leave_one_standing(guhan, wangqiao, head):
    answers = []

    def run(place, into):
        try:
            merge(place, into, head)
            answers.append("merged")
        except Refused:
            answers.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in ((guhan, wangqiao), (wangqiao, guhan))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["merged", "refused"]
    assert Place.objects.valid().filter(level=Level.TOWNSHIP).count() == 1
