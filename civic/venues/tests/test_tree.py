"""Editing the tree: who may, and how the sites follow."""

import pytest

from civic.core.errors import Denied, Refused
from civic.journal.models import Entry
from civic.venues.models import Venue, VenueKind
from civic.venues.services import tree
from civic.venues.tests.factories import BookingFactory, RoomFactory, VenueFactory
from tests.moments import LONG_AGO, NOON


def edits(place, into):
    """Every verb of the tree, bound to a place."""
    alias = place.aliases.create(name="旧名")
    return {
        "add": lambda by: tree.add_place(
            parent_id=place.pk, name="新", kind="residents_committee", reason="x", by=by, at=NOON
        ),
        "rename": lambda by: tree.rename_place(place_id=place.pk, name="新", reason="x", by=by, at=NOON),
        "merge": lambda by: tree.merge_place(place_id=place.pk, into_id=into.pk, reason="x", by=by, at=NOON),
        "close": lambda by: tree.close_place(place_id=place.pk, reason="x", by=by, at=NOON),
        "add_alias": lambda by: tree.add_alias(place_id=place.pk, name="别名", by=by, at=NOON),
        "remove_alias": lambda by: tree.remove_alias(alias_id=alias.pk, by=by, at=NOON),
    }


@pytest.mark.parametrize("verb", ["add", "rename", "merge", "close", "add_alias", "remove_alias"])
@pytest.mark.parametrize("who", ["institute_clerk", "dispatcher", "supervisor", "zhang", "other_dispatcher"])
def test_only_the_head_and_the_admin_edit_the_tree(guhan, wangqiao, request, verb, who):
    with pytest.raises(Denied):
        edits(guhan, wangqiao)[verb](request.getfixturevalue(who))


@pytest.mark.parametrize("verb", ["add", "rename", "merge", "close", "add_alias", "remove_alias"])
@pytest.mark.parametrize("who", ["head", "admin"])
def test_the_head_of_the_county_and_the_admin_may(guhan, wangqiao, request, verb, who):
    edits(guhan, wangqiao)[verb](request.getfixturevalue(who))


def test_nobody_merges_into_another_county(guhan, danzhu, head):
    with pytest.raises(Denied):
        tree.merge_place(place_id=guhan.pk, into_id=danzhu.pk, reason="x", by=head, at=NOON)


@pytest.mark.parametrize("verb", ["add", "rename", "merge", "close"])
def test_a_reason_is_asked_for(guhan, wangqiao, head, verb):
    verbs = {
        "add": lambda: tree.add_place(
            parent_id=guhan.pk, name="新", kind="residents_committee", reason=" ", by=head, at=NOON
        ),
        "rename": lambda: tree.rename_place(place_id=guhan.pk, name="新", reason="", by=head, at=NOON),
        "merge": lambda: tree.merge_place(
            place_id=guhan.pk, into_id=wangqiao.pk, reason="", by=head, at=NOON
        ),
        "close": lambda: tree.close_place(place_id=guhan.pk, reason="", by=head, at=NOON),
    }
    with pytest.raises(Refused, match="理由"):
        verbs[verb]()


def test_a_site_with_a_name_of_its_own_keeps_it(fuqian, station, head):
    post = VenueFactory(place=fuqian, kind=VenueKind.POST, name="府前驿家")
    Venue.objects.filter(pk=station.pk).update(name="府前红房子")
    tree.rename_place(place_id=fuqian.pk, name="府新社区", reason="更名", by=head, at=NOON)
    assert set(Venue.objects.filter(pk__in=[post.pk, station.pk]).values_list("name", flat=True)) == {
        "府前驿家",
        "府前红房子",
    }


def test_a_place_with_other_sites_is_not_closed(fuqian, station, head):
    VenueFactory(place=fuqian, kind=VenueKind.POST, name="府前驿家")
    with pytest.raises(Refused, match="还有 1 个"):
        tree.close_place(place_id=fuqian.pk, reason="撤", by=head, at=NOON)


def test_a_site_booked_ahead_keeps_its_place_from_closing(fuqian, station, head):
    BookingFactory(room=RoomFactory(venue=station))
    with pytest.raises(Refused, match="1 个房间预约"):
        tree.close_place(place_id=fuqian.pk, reason="撤", by=head, at=LONG_AGO)
    assert not Entry.objects.filter(what="venues.close").exists()
