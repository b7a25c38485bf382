"""The demonstration's words fit the menu, the places and the forms they will be put into."""

import csv
from pathlib import Path

import pytest

from civic.orders.models.menu import ServiceMode
from civic.orders.models.order import Channel, HalfDay, Where
from civic.orders.models.work import CallBackReason, FeedbackKind
from civic.orders.services.reviewing import GOOD_TAGS, POOR_TAGS
from civic.orders.suggestions import read as read_data
from civic.volunteers.models import TeamKind, TeamTier

DEMO = Path(__file__).parents[1] / "demo"
PLACES = Path(__file__).parents[2] / "places" / "data" / "places_changzhi.csv"


def rows(path):
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def demo(name):
    return rows(DEMO / f"{name}.csv")


@pytest.fixture(scope="module")
def menu():
    return {row["slug"]: row for row in read_data("menu.csv")}


def listed(cell):
    return [part for part in cell.split(";") if part]


def test_orders_name_an_item_and_fit_the_order_form(menu):
    orders = demo("orders")

    assert len(orders) >= 220
    assert {row["item"] for row in orders} == set(menu)
    for row in orders:
        assert row["channel"] in Channel.values, row["words"]
        assert row["half"] in HalfDay.values, row["words"]
        assert row["where"] in Where.values, row["words"]
        assert row["urgent"] in {"0", "1"}, row["words"]
        assert 4 <= len(row["words"]) <= 120, row["words"]
        mode = menu[row["item"]]["place_mode"]
        assert mode in {row["where"], ServiceMode.EITHER}, row["words"]
        assert not any(sign.isdigit() and run >= 7 for run, sign in runs(row["words"])), "no phone numbers"


def runs(text):
    """Each sign with the length of the run of digits it ends."""
    length = 0
    for sign in text:
        length = length + 1 if sign.isdigit() else 0
        yield length, sign


def test_needs_outside_the_menu_name_a_known_target():
    targets = {row["target"] for row in read_data("referrals.csv")}

    for row in demo("outside"):
        assert row["referred_to"] in targets
        assert row["channel"] in Channel.values


def test_reviews_carry_the_tags_their_grade_offers(menu):
    reviews = demo("reviews")

    assert {row["grade"] for row in reviews} == set("12345")
    for row in reviews:
        allowed = GOOD_TAGS if int(row["grade"]) >= 4 else POOR_TAGS
        assert set(listed(row["tags"])) <= set(allowed), row["words"]
        assert set(listed(row["items"])) <= set(menu), row["words"]


def test_summaries_have_two_lines_that_fit(menu):
    summaries = demo("summaries")

    assert any(row["item"] == "" for row in summaries)
    for row in summaries:
        assert row["item"] in {"", *menu}
        assert row["first"]
        assert row["second"]
        assert len(f"{row['first']}\n{row['second']}") <= 200


def test_reasons_call_backs_and_feedback_are_of_known_kinds():
    assert {"decline", "return", "reject", "cancel", "withdraw"} <= {row["kind"] for row in demo("reasons")}
    assert {row["reason"] for row in demo("callbacks")} == set(CallBackReason.values)
    assert {row["kind"] for row in demo("feedback")} == set(FeedbackKind.values)


def test_teams_stand_in_places_and_together_have_every_skill(menu):
    teams = demo("teams")
    codes = {row["code"] for row in rows(PLACES)}

    assert len({row["name"] for row in teams}) == len(teams) >= 40
    assert {skill for row in teams for skill in listed(row["skills"])} == {
        row["slug"] for row in read_data("skills.csv")
    }
    for row in teams:
        assert row["kind"] in TeamKind.values, row["name"]
        assert row["tier"] in TeamTier.values, row["name"]
        assert row["place_code"] in codes, row["name"]
        assert row["source"] == "invented" or row["source"].startswith("F00"), row["name"]


def test_people_are_invented_grown_up_and_named_once():
    people = demo("people")

    assert len({row["name"] for row in people}) == len(people) >= 80
    for row in people:
        assert row["invented"] == "1"
        assert 1930 <= int(row["birth_year"]) <= 2006, row["name"]


def test_each_month_has_one_theme_and_items_in_season(menu):
    issues = demo("issues")

    assert [row["month"] for row in issues] == [f"2026-{month:02}" for month in range(1, 11)]
    for row in issues:
        assert row["demonstration_kind"] in {"center", "institute", "station"}
        for slug in listed(row["items"]):
            months = listed(menu[slug]["months"])
            assert not months or str(int(row["month"][5:])) in months, (row["month"], slug)
