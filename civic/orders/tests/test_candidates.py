"""The ranking of who could do an order: pure arithmetic with its reasons."""

from dataclasses import replace

import pytest

from civic.orders.candidates import TEAM, VENUE, VOLUNTEER, Facts, Want, rank, shared, weigh

WANT = Want(path="1/2/3/4/", skill_id=9, skill="小家电维修")
TEAM_NEXT_DOOR = Facts(TEAM, 1, "匠心家电", "府前社区", "1/2/3/4/", skill_ids=frozenset({9}))


def test_the_best_team_knows_the_trade_stands_next_door_and_has_its_hands_free():
    found = weigh(WANT, TEAM_NEXT_DOOR)

    assert found.parts == {"skill": 40, "near": 30, "free": 20}
    assert found.total == 90
    assert found.reasons == ["会小家电维修", "就在本村社区", "手上没有别的单"]
    assert found.target == "team:1"


@pytest.mark.parametrize(
    ("path", "points", "words"),
    [
        ("1/2/3/4/", 30, "就在本村社区"),
        ("1/2/3/", 20, "在同一乡镇街道"),
        ("1/2/3/5/", 20, "在同一乡镇街道"),
        ("1/2/", 10, "在同一县区"),
        ("1/2/30/", 10, "在同一县区"),
        ("1/7/", 0, None),
        ("1/", 0, None),
    ],
)
def test_distance_is_counted_in_places_shared(path, points, words):
    found = weigh(WANT, replace(TEAM_NEXT_DOOR, path=path, in_hand=1))

    assert found.parts["near"] == points
    assert found.reasons == ["会小家电维修", *([words] if words else []), "手上还有 1 单"]


@pytest.mark.parametrize(("in_hand", "points"), [(0, 20), (1, 16), (4, 4), (5, 0), (50, 0)])
def test_work_in_hand_weighs_and_never_below_nothing(in_hand, points):
    assert weigh(WANT, replace(TEAM_NEXT_DOOR, in_hand=in_hand)).parts["free"] == points


def test_a_venue_that_claimed_the_item_counts_as_able():
    found = weigh(WANT, Facts(VENUE, 5, "府前社区实践站", "府前社区", "1/2/3/4/", has_claimed=True))

    assert found.parts["skill"] == 40
    assert found.reasons[0] == "领了这一项"


def test_without_an_item_no_skill_is_counted():
    found = weigh(Want(path="1/2/3/4/"), TEAM_NEXT_DOOR)

    assert found.parts["skill"] == 0


def test_having_declined_changes_no_number_and_is_only_told():
    asked = weigh(WANT, replace(TEAM_NEXT_DOOR, has_declined=True))
    never_asked = weigh(WANT, TEAM_NEXT_DOOR)

    assert asked.total == never_asked.total
    assert asked.parts == never_asked.parts
    assert asked.notes == ["这一单问过，当时没接成"]


def test_a_mobile_team_of_the_county_says_that_it_comes():
    assert (
        "在同一县区，可流动上门"
        in weigh(WANT, replace(TEAM_NEXT_DOOR, path="1/2/8/", is_mobile=True)).reasons
    )


def test_teams_come_first_then_venues_then_volunteers_and_equals_go_by_name():
    everyone = [
        Facts(VOLUNTEER, 1, "王师傅", "府前社区", "1/2/3/4/", skill_ids=frozenset({9})),
        Facts(VENUE, 1, "古韩镇实践所", "古韩镇", "1/2/3/"),
        Facts(TEAM, 3, "乙队", "襄垣县", "1/2/"),
        Facts(TEAM, 2, "甲队", "襄垣县", "1/2/"),
        TEAM_NEXT_DOOR,
    ]

    assert [one.target for one in rank(WANT, everyone)] == [
        "team:1",
        "team:3",
        "team:2",
        "venue:1",
        "volunteer:1",
    ]


def test_every_total_is_the_sum_of_its_parts():
    everyone = [
        replace(TEAM_NEXT_DOOR, id=n, in_hand=n, path="1/2/3/" if n % 2 else "1/9/") for n in range(8)
    ]

    assert all(one.total == sum(one.parts.values()) for one in rank(WANT, everyone))


@pytest.mark.parametrize(
    ("one", "other", "count"), [("1/7/3/", "1/7/31/", 2), ("1/", "1/", 1), ("1/2/3/4/", "1/2/3/4/", 4)]
)
def test_paths_share_whole_places_only(one, other, count):
    assert shared(one, other) == count
