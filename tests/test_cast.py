"""The cast stands where its picture says."""

from civic.access.queries import reaches
from civic.access.roles import Permission


def test_the_tree_is_the_one_in_the_picture(city, xiangyuan, guhan, fuqian):
    assert fuqian.path == f"{city.id}/{xiangyuan.id}/{guhan.id}/{fuqian.id}/"


def test_the_clerk_reaches_her_town_and_the_stranger_does_not(institute_clerk, stranger, fuqian):
    assert reaches(institute_clerk, Permission.ORDERS_SCREEN, fuqian.path)
    assert not reaches(stranger, Permission.ORDERS_SCREEN, fuqian.path)


def test_the_team_has_a_leader_and_a_member(team, li, wang):
    members = team.memberships.order_by("volunteer__person__name")
    assert [membership.volunteer.person for membership in members] == [li, wang]
    assert team.leader == li


def test_a_place_without_a_parent_gets_a_whole_tree(db):
    from civic.places.tests.factories import PlaceFactory  # noqa: PLC0415 (only this test wants it bare)

    assert PlaceFactory().path.count("/") == 4
