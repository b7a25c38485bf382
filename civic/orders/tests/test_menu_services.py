"""The menu: items, what a place does not offer, everyday words, monthly issues and claims."""

from datetime import date

import pytest

from civic.access.roles import Role
from civic.access.tests.factories import staff
from civic.core.errors import Denied, Refused
from civic.journal.models import Entry
from civic.notices.models import Notice
from civic.orders.models import Category, Claim, Item, Referral, Switch, Synonym
from civic.orders.queries.search import items_matching
from civic.orders.services import menu
from civic.orders.suggestions import read
from civic.orders.tests.factories import ItemFactory
from civic.orders.tests.verbs import AN_HOUR, at_once
from civic.venues.tests.factories import VenueFactory
from tests.moments import NOON

OUTSIDERS = ["zhang", "li", "station_clerk", "institute_clerk", "stranger", "supervisor", "auditor"]


@pytest.fixture
def item(db):
    return ItemFactory(name="小家电维修", description="修一修电饭锅。")


def last_line():
    entry = Entry.objects.order_by("-id").first()
    return entry.what, entry.by, entry.place_path


def found_by(words):
    return items_matching(words, None, NOON.date())


# --- Items and everyday words: the whole city's, so only who reaches the whole city changes them.


@pytest.mark.slow  # the first search of a run reads the dictionary
def test_an_item_is_described_anew_and_found_by_it(item, admin):
    edited = menu.edit_item(
        item_id=item.pk,
        name="家电检修",
        minutes=90,
        slug="other",
        withdrawn_on=NOON.date(),
        by=admin,
        at=NOON,
    )
    edited.refresh_from_db()
    assert (edited.name, edited.minutes, edited.description) == ("家电检修", 90, item.description)
    assert (edited.slug, edited.withdrawn_on) == (item.slug, None), "words only"
    assert found_by("检修") == [item]
    assert last_line()[:2] == ("menu.edit_item", admin)


def test_an_everyday_word_leads_to_its_item(item, admin):
    synonym = menu.add_synonym(item_id=item.pk, words=" 烧水壶 ", by=admin, at=NOON)
    assert synonym.words == "烧水壶"
    assert found_by("烧水壶") == [item]
    assert last_line()[:2] == ("menu.add_synonym", admin)

    assert menu.add_synonym(item_id=item.pk, words="烧水壶", by=admin, at=NOON) == synonym

    menu.remove_synonym(synonym_id=synonym.pk, by=admin, at=NOON)
    assert found_by("烧水壶") == []
    assert not Synonym.objects.exists()
    assert last_line()[:2] == ("menu.remove_synonym", admin)


@pytest.mark.parametrize("words", ["", " 锅 ", "长" * 41])
def test_an_everyday_word_has_two_to_forty_signs(item, admin, words):
    with pytest.raises(Refused):
        menu.add_synonym(item_id=item.pk, words=words, by=admin, at=NOON)


@pytest.mark.parametrize("who", [*OUTSIDERS, "dispatcher", "head"])
def test_nobody_below_the_city_changes_words(item, person, who):
    by, synonym = person(who), Synonym.objects.create(item=item, words="电饭煲")
    with pytest.raises(Denied):
        menu.edit_item(item_id=item.pk, name="别的", by=by, at=NOON)
    with pytest.raises(Denied):
        menu.add_synonym(item_id=item.pk, words="烧水壶", by=by, at=NOON)
    with pytest.raises(Denied):
        menu.remove_synonym(synonym_id=synonym.pk, by=by, at=NOON)


# --- Switches.


def test_a_place_does_not_offer_an_item_and_then_does_again(item, guhan, dispatcher):
    switch = menu.switch_off(item_id=item.pk, place_id=guhan.pk, months=[], by=dispatcher, at=NOON)
    assert (switch.months, switch.at, switch.by) == ("", NOON, dispatcher)
    assert last_line() == ("menu.switch_off", dispatcher, guhan.path)

    menu.switch_on(item_id=item.pk, place_id=guhan.pk, by=dispatcher, at=NOON)
    assert not Switch.objects.exists()
    assert last_line() == ("menu.switch_on", dispatcher, guhan.path)


def test_or_only_in_some_months_as_said_last(item, guhan, dispatcher):
    for months in ([12], [8, 6, 7, 7]):
        menu.switch_off(item_id=item.pk, place_id=guhan.pk, months=months, by=dispatcher, at=NOON)
    assert Switch.objects.get().months == "6,7,8"


@pytest.mark.parametrize("months", [[0], [13], [1, 99]])
def test_months_are_one_to_twelve(item, guhan, dispatcher, months):
    with pytest.raises(Refused):
        menu.switch_off(item_id=item.pk, place_id=guhan.pk, months=months, by=dispatcher, at=NOON)


@pytest.mark.parametrize("who", [*OUTSIDERS, "other_dispatcher"])
def test_nobody_else_switches(item, guhan, person, who):
    by = person(who)
    with pytest.raises(Denied):
        menu.switch_off(item_id=item.pk, place_id=guhan.pk, months=[], by=by, at=NOON)
    with pytest.raises(Denied):
        menu.switch_on(item_id=item.pk, place_id=guhan.pk, by=by, at=NOON)


# --- Issues.


@pytest.fixture
def draft(item, station, xiangyuan, dispatcher):
    """A way to draft the November issue of 襄垣县."""

    def draft_it(by=dispatcher, **said):
        said = {
            "place_id": xiangyuan.pk,
            "month": date(2026, 11, 20),
            "number": 11,
            "theme": "敬老月",
            "demonstration_id": station.pk,
            "item_ids": [item.pk],
        } | said
        return menu.draft_issue(**said, by=by, at=NOON)

    return draft_it


def publish(issue, by, at=NOON + AN_HOUR):
    return menu.publish_issue(issue_id=issue.pk, by=by, at=at)


def test_an_issue_is_drafted_and_drafted_anew(draft, item, dispatcher, xiangyuan):
    other = ItemFactory()
    issue = draft()
    assert draft(theme=" 爱老月 ", item_ids=[other.pk, item.pk]) == issue

    issue.refresh_from_db()
    assert (issue.month, issue.theme, issue.drafted_by) == (date(2026, 11, 1), "爱老月", dispatcher)
    assert set(issue.items.all()) == {item, other}
    assert last_line() == ("menu.draft_issue", dispatcher, xiangyuan.path)


def test_an_issue_has_a_theme_and_items(draft):
    gone = ItemFactory(withdrawn_on=NOON.date())
    for missing in ({"theme": " "}, {"item_ids": []}, {"item_ids": [gone.pk]}):
        with pytest.raises(Refused):
            draft(**missing)


def test_it_is_shown_at_a_site_of_the_county(draft, danzhu):
    with pytest.raises(Refused):
        draft(demonstration_id=VenueFactory(place=danzhu).pk)


def test_published_the_clerks_below_are_asked_to_claim(
    draft, dispatcher, station_clerk, institute_clerk, head, other_dispatcher, supervisor
):
    issue = publish(draft(), dispatcher)

    issue.refresh_from_db()
    assert (issue.published_at, issue.published_by) == (NOON + AN_HOUR, dispatcher)
    assert last_line()[:2] == ("menu.publish_issue", dispatcher)
    asked = Notice.objects.filter(kind="menu.issued").select_related("person")
    assert {notice.person for notice in asked} == {station_clerk, institute_clerk, head}
    assert asked.first().params["item"] == "敬老月"


def test_once_published_it_stays_as_it_is(draft, dispatcher):
    issue = publish(draft(), dispatcher)
    with pytest.raises(Refused):
        draft(theme="别的")
    with pytest.raises(Refused):
        publish(issue, dispatcher)
    assert draft(month=date(2026, 12, 1)) != issue


@pytest.mark.parametrize("who", [*OUTSIDERS, "other_dispatcher"])
def test_nobody_else_drafts_or_publishes(draft, person, who):
    by = person(who)
    with pytest.raises(Denied):
        draft(by)
    with pytest.raises(Denied):
        publish(draft(), by)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_at_once_publish_once(draft, dispatcher, head, station_clerk):
    issue = draft()
    assert at_once(lambda: publish(issue, dispatcher), lambda: publish(issue, head)) == ["done", "refused"]
    assert Notice.objects.filter(person=station_clerk).count() == 1


# --- Claims.


def claim(item, venue, by, issue=None):
    return menu.claim(item_id=item.pk, venue_id=venue.pk, by=by, at=NOON, issue_id=issue and issue.pk)


def drop(made, by):
    return menu.drop_claim(claim_id=made.pk, by=by, at=NOON + AN_HOUR)


def test_a_site_claims_an_item_of_its_own(item, station, station_clerk, fuqian):
    made = claim(item, station, station_clerk)
    assert (made.item, made.venue, made.issue) == (item, station, None)
    assert (made.claimed_at, made.claimed_by) == (NOON, station_clerk)
    assert last_line() == ("menu.claim", station_clerk, fuqian.path)


def test_or_through_an_issue_that_is_published(draft, item, station, station_clerk, dispatcher):
    issue = draft()
    with pytest.raises(Refused):
        claim(item, station, station_clerk, issue)
    publish(issue, dispatcher)
    assert claim(item, station, station_clerk, issue).issue == issue
    with pytest.raises(Refused):
        claim(ItemFactory(), station, station_clerk, issue)


def test_claiming_twice_changes_nothing(item, station, station_clerk, institute_clerk):
    first = claim(item, station, station_clerk)
    assert claim(item, station, institute_clerk) == first
    assert Entry.objects.filter(what="menu.claim").count() == 1


def test_a_claim_is_dropped_once_and_may_be_made_again(item, station, station_clerk, fuqian):
    made = drop(claim(item, station, station_clerk), station_clerk)
    assert (made.dropped_at, made.dropped_by) == (NOON + AN_HOUR, station_clerk)
    assert last_line() == ("menu.drop_claim", station_clerk, fuqian.path)
    with pytest.raises(Refused):
        drop(made, station_clerk)
    assert claim(item, station, station_clerk) != made


@pytest.mark.parametrize("who", ["zhang", "li", "stranger", "other_dispatcher", "supervisor", "admin"])
def test_nobody_else_claims_or_drops(item, station, station_clerk, person, who):
    by, made = person(who), claim(ItemFactory(), station, station_clerk)
    with pytest.raises(Denied):
        claim(item, station, by)
    with pytest.raises(Denied):
        drop(made, by)


def test_a_clerk_of_another_village_claims_for_her_own_only(item, station, guhan):
    other = VenueFactory(place__parent=guhan)
    clerk = staff("王芳", Role.STATION_CLERK, other.place)
    assert claim(item, other, clerk).venue == other
    with pytest.raises(Denied):
        claim(item, station, clerk)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_at_once_claim_once(item, station, station_clerk, institute_clerk):
    outcomes = at_once(
        lambda: claim(item, station, station_clerk), lambda: claim(item, station, institute_clerk)
    )
    assert outcomes == ["done", "done"]
    assert Claim.objects.count() == Entry.objects.filter(what="menu.claim").count() == 1


# --- The menu that ships with the product.


ROW = {
    "slug": "snow",
    "category": "daily",
    "skill": "snow",
    "name": "扫雪",
    "description": "把院里和门口的雪扫开。",
    "minutes": "60",
    "place_mode": "home",
    "evidence": "居民本人或家属确认",
    "risk": "路滑。",
    "safeguards": "穿防滑鞋。",
    "materials": "铁锹",
    "platform": "science",
    "months": "12;1;2",
    "min_helpers": "2",
    "hazardous": "1",
    "synonyms": "铲雪;门口雪厚",
}


def load(**changes):
    """Load a menu of one item."""
    return menu.load_menu(
        categories=[{"slug": "daily", "name": "便民", "icon": "便", "order": "1"}],
        skills=[{"slug": "snow", "name": "扫雪"}],
        items=[ROW | changes],
        synonyms=[{"item": "snow", "phrase": "雪太大出不了门"}, {"item": "snow", "phrase": "铲雪"}],
        referrals=[
            {"phrase": "着火", "unless": "演习", "target": "119", "urgent": "1", "sentence": "请打 119。"}
        ],
    )


@pytest.mark.django_db
def test_a_row_of_the_file_becomes_an_item():
    assert load() == 1
    item = Item.objects.get()
    assert (item.slug, item.category.name, item.skill.slug, item.minutes) == ("snow", "便民", "snow", 60)
    assert (item.months, item.helper_count, item.is_hazardous) == ("12,1,2", 2, True)
    assert set(item.synonyms.values_list("words", flat=True)) == {"铲雪", "门口雪厚", "雪太大出不了门"}
    assert Referral.objects.get().is_urgent


@pytest.mark.django_db
def test_what_the_city_edited_stays():
    load()
    Item.objects.update(name="清雪")
    assert load(name="扫雪除冰") == 1
    assert Item.objects.get().name == "清雪"
    assert Synonym.objects.count() == 3


@pytest.mark.slow
@pytest.mark.django_db
def test_the_files_that_ship_load_whole():
    names = ("categories", "skills", "synonyms", "referrals")
    sheets = {name: read(f"{name}.csv") for name in names} | {"items": read("menu.csv")}
    assert menu.load_menu(**sheets) == len(sheets["items"])
    assert Category.objects.count() == len(sheets["categories"])
    assert not Item.objects.filter(search=None).exists()
    assert items_matching("雪", None, date(2026, 12, 20)) != []
