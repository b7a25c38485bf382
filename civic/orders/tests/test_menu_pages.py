"""C4 菜单管理, C5 清单发布 and 领单."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from civic.access.roles import Role
from civic.access.tests.factories import staff
from civic.notices.models import Notice
from civic.orders.models import Claim, Issue, Switch, Synonym
from civic.orders.tests.factories import ItemFactory
from tests.moments import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

HTMX = {"HX-Request": "true"}
MENU, ISSUES, DRAFT = reverse("orders:menu_desk"), reverse("orders:issues"), reverse("orders:draft_issue")
CLAIMS = reverse("orders:claims")


def at(name, *ids):
    return reverse(f"orders:{name}", args=ids)


def soup(answer):
    return BeautifulSoup(answer.content.decode(), "html.parser")


@pytest.fixture
def item(db):
    return ItemFactory(name="小家电维修")


@pytest.fixture
def editor(city):
    """Who edits the menu for the whole city."""
    return staff("何晴", Role.SYSTEM_ADMIN, city)


@pytest.fixture
def draft(xiangyuan, center, item, dispatcher):
    issue = Issue.objects.create(
        place=xiangyuan,
        month="2026-11-01",
        number=11,
        theme="暖冬",
        demonstration=center,
        drafted_at=NOON,
        drafted_by=dispatcher,
    )
    issue.items.set([item])
    return issue


@pytest.fixture
def issue(draft, dispatcher):
    draft.published_at, draft.published_by = NOON, dispatcher
    draft.save()
    return draft


def said(item, xiangyuan, center, **fields):
    return {
        "place": xiangyuan.pk, "month": "2026-12", "number": "12", "theme": "温暖过冬",
        "demonstration": center.pk, "items": [item.pk],
    } | fields  # fmt: skip


# --- C4


@pytest.mark.parametrize("count", [1, 3])
def test_the_menu_asks_the_same_number_of_queries(client, dispatcher, django_assert_num_queries, count):
    ItemFactory.create_batch(count)
    client.force_login(dispatcher)

    # session with sign-in and person, grants, categories, items, settings
    with django_assert_num_queries(5):
        answer = client.get(MENU)

    assert len(soup(answer).select("a.cell")) == count


def test_only_the_city_changes_the_words_of_an_item(client, editor, dispatcher, item):
    words = {
        "name": "修小家电", "description": "修电饭锅", "minutes": "45", "mode": "home",
        "evidence": "试用正常", "risk": "用电", "safeguards": "先断电", "materials": "万用表",
    }  # fmt: skip
    client.force_login(dispatcher)
    assert "由市里统一改" in client.get(at("edit_item", item.pk)).text
    assert client.post(at("edit_item", item.pk), words).status_code == 403

    client.force_login(editor)
    assert client.post(at("edit_item", item.pk), words | {"minutes": "1"}).status_code == 422
    answer = client.post(at("edit_item", item.pk), words, follow=True)

    item.refresh_from_db()
    assert (item.name, item.minutes) == ("修小家电", 45)
    assert "修小家电" in answer.text


def test_an_item_is_switched_off_for_a_township_or_but_for_some_months_and_on_again(
    client, dispatcher, item, guhan, danzhu
):
    client.force_login(dispatcher)
    url = at("switch_off", item.pk)

    client.post(url, {"place": guhan.pk, "months": ["6", "7"]})
    assert Switch.objects.get().months == "6,7"
    page = client.get(at("menu_item", item.pk), headers=HTMX).text
    assert "只在 6,7 月开展" in page
    client.post(url, {"place": guhan.pk})
    assert "全年不开展" in client.get(at("menu_item", item.pk)).text
    assert "1 处有限制" in client.get(MENU, headers=HTMX).text
    assert client.post(url, {"place": danzhu.pk}).status_code == 422
    client.post(at("switch_on", item.pk), {"place": guhan.pk})
    assert not Switch.objects.exists()
    assert client.post(at("switch_on", item.pk), {"place": "x"}).status_code == 404


def test_everyday_words_are_taught_and_forgotten(client, editor, item):
    client.force_login(editor)

    client.post(at("add_synonym", item.pk), {"words": "电饭锅不通电"})
    wrong = client.post(at("add_synonym", item.pk), {"words": "锅"})

    synonym = Synonym.objects.get()
    assert wrong.status_code == 422
    assert "2 到 40 个字" in wrong.text
    assert client.post(at("add_synonym", item.pk), {}).status_code == 422
    assert "电饭锅不通电" in client.get(at("menu_item", item.pk)).text
    client.post(at("remove_synonym", synonym.pk))
    assert not Synonym.objects.exists()


def test_the_menu_is_not_for_station_clerks(client, station_clerk, item):
    client.force_login(station_clerk)

    assert client.get(MENU).status_code == 403


# --- C5


def test_the_month_is_drafted_looked_at_and_published(
    client, dispatcher, item, xiangyuan, center, station_clerk, other_dispatcher
):
    client.force_login(dispatcher)
    assert client.get(DRAFT).status_code == 200

    preview = client.post(DRAFT, said(item, xiangyuan, center), follow=True)
    issue = Issue.objects.get()
    assert preview.redirect_chain == [(at("issue", issue.pk), 302)]
    assert "小家电维修" in preview.text
    published = client.post(at("publish_issue", issue.pk), follow=True)

    issue.refresh_from_db()
    assert issue.published_by == dispatcher
    assert "发布清单" not in published.text
    assert [notice.person for notice in Notice.objects.filter(kind="menu.issued")] == [station_clerk]
    again = client.post(at("publish_issue", issue.pk), follow=True)
    assert "已经发布过了" in again.text


def test_a_draft_is_gone_on_with(client, dispatcher, draft, item, xiangyuan, center):
    client.force_login(dispatcher)

    form = soup(client.get(f"{DRAFT}?issue={draft.pk}"))
    assert form.select_one("[name=theme]")["value"] == "暖冬"
    assert form.select_one("[name=items][checked]")["value"] == str(item.pk)
    client.post(DRAFT, said(item, xiangyuan, center, month="2026-11", theme="温暖"))

    assert Issue.objects.get().theme == "温暖"
    assert client.get(f"{DRAFT}?issue=x").status_code == 200


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"items": []}, "请至少选一项服务。"), ({"month": "2026年"}, "请这样写月份：2026-12。")],
)
def test_what_is_missing_is_said(client, dispatcher, item, xiangyuan, center, wrong, words):
    client.force_login(dispatcher)

    answer = client.post(DRAFT, said(item, xiangyuan, center, **wrong), headers=HTMX)

    assert answer.status_code == 422
    assert words in answer.text


def test_a_published_month_cannot_be_drafted_again(client, dispatcher, issue, item, xiangyuan, center):
    client.force_login(dispatcher)

    answer = client.post(DRAFT, said(item, xiangyuan, center, month="2026-11"))

    assert answer.status_code == 422
    assert "已经发布" in answer.text


def test_drafts_are_seen_by_their_county_only(client, draft, dispatcher, station_clerk, other_dispatcher):
    for person, status in ((dispatcher, 200), (station_clerk, 404), (other_dispatcher, 404)):
        client.force_login(person)
        assert client.get(at("issue", draft.pk)).status_code == status
    client.force_login(dispatcher)
    assert "草稿" in client.get(ISSUES, headers=HTMX).text


def test_a_published_list_is_seen_below(client, issue, station_clerk):
    client.force_login(station_clerk)

    assert "暖冬" in client.get(ISSUES).text
    assert "去领单" in client.get(at("issue", issue.pk), headers=HTMX).text


# --- Claims


def test_a_site_takes_items_of_the_month_on_and_drops_them(client, station_clerk, station, issue, item):
    other = ItemFactory(name="理发")
    client.force_login(station_clerk)
    page = client.get(CLAIMS)
    assert "本月主题：暖冬" in page.text

    for one in (item, other):
        client.post(at("claim", station.pk, one.pk))
    claims = {claim.item: claim.issue for claim in Claim.objects.all().order_by("pk")}
    assert claims == {item: issue, other: None}
    held = client.get(CLAIMS, headers=HTMX).text
    assert held.count("退掉") == 2

    claim = Claim.objects.get(item=item)
    client.post(at("drop_claim", claim.pk))
    twice = client.post(at("drop_claim", claim.pk), follow=True)
    claim.refresh_from_db()
    assert claim.dropped_by == station_clerk
    assert "已经退了" in twice.text


def test_nobody_takes_on_for_a_site_out_of_reach(client, stranger, station, issue, item):
    client.force_login(stranger)

    assert client.post(at("claim", station.pk, item.pk)).status_code == 404
    assert "没有归您管的站点" in client.get(CLAIMS).text


def test_nobody_drops_the_claim_of_another_township(client, stranger, station, station_clerk, item):
    claim = Claim.objects.create(item=item, venue=station, claimed_at=NOON, claimed_by=station_clerk)
    client.force_login(stranger)

    assert client.post(at("drop_claim", claim.pk)).status_code == 404


def test_the_site_is_chosen_by_name(client, institute_clerk, station, institute):
    client.force_login(institute_clerk)

    assert institute.name in soup(client.get(CLAIMS)).select_one("#claims b").text
    chosen = client.get(CLAIMS, {"venue": station.pk})
    assert station.name in soup(chosen).select_one("#claims b").text
    assert "还没有发布" in chosen.text
