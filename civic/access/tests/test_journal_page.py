"""The auditor's page: what it shows, to whom, and that looking is written down."""

import pytest
from django.urls import reverse

from civic.access.roles import Role
from civic.access.tests.factories import staff
from civic.journal import queries, services
from civic.journal.models import Entry
from civic.journal.words import told, words
from tests.moments import LONG_AGO, NOON

pytestmark = pytest.mark.django_db

URL = "/admin/journal/"


@pytest.fixture
def desk(client, auditor):
    client.force_login(auditor)
    return client


def note(what="orders.dispatch", **changes):
    services.write(**{"at": NOON, "by": None, "what": what} | changes)


def shown(page):
    return [
        row.what for row, *_ in page.context["lines"] if row.what not in {"people.sign_in", "journal.view"}
    ]


def test_lines_are_shown_in_words(desk, dispatcher, zhang, fuqian):
    note(by=dispatcher, on_behalf_of=zhang, about=zhang, place_path=fuqian.path, team="匠心家电")
    text = desk.get(reverse("access:journal")).text
    assert all(word in text for word in ("周洁", "派单", "匠心家电", f"people.person {zhang.pk}", "张*"))


@pytest.mark.parametrize("person", ["admin", "security_admin", "head", "supervisor", "zhang"])
def test_only_auditors_read_the_journal(request, client, person):
    client.force_login(request.getfixturevalue(person))
    assert client.get(URL).status_code == 403


def test_looking_is_written_down_once_per_search(desk, auditor, zhang):
    desk.get(URL, {"who": zhang.phone, "what": "orders."})
    desk.get(URL, {"who": zhang.phone, "what": "orders.", "after": "99999999"})
    line = Entry.objects.get(what="journal.view")
    assert line.by == auditor
    assert line.details == {"person": zhang.pk, "asked": {"what": "orders."}}


def test_lines_are_sieved(desk, dispatcher, zhang, fuqian, danzhu):
    note("orders.dispatch", by=dispatcher, about=zhang, place_path=fuqian.path)
    note("orders.close", by=zhang, place_path=danzhu.path)
    note("venues.edit", at=LONG_AGO)
    for query, expected in [
        ({"who": dispatcher.phone}, ["orders.dispatch"]),
        ({"who": zhang.phone}, ["orders.close", "orders.dispatch"]),
        ({"who": "13899999999"}, []),
        ({"what": "orders."}, ["orders.close", "orders.dispatch"]),
        ({"what": "orders.close"}, ["orders.close"]),
        ({"about": f"people.person {zhang.pk}"}, ["orders.dispatch"]),
        ({"about": "people.person"}, ["orders.dispatch"]),
        ({"where": "府前社区"}, ["orders.dispatch"]),
        ({"where": "哪里也不是"}, []),
        ({"since": "2026-11-20"}, ["orders.close", "orders.dispatch"]),
        ({"until": "2026-03-02"}, ["venues.edit"]),
        ({"since": "2026-03-02", "until": "2026-03-02"}, ["venues.edit"]),
        ({"since": "昨天", "until": "2026-99-99"}, ["venues.edit", "orders.close", "orders.dispatch"]),
    ]:
        assert shown(desk.get(URL, query)) == expected, query


def test_an_auditor_of_one_county_sees_her_county(client, xiangyuan, fuqian, danzhu):
    client.force_login(staff("冯远", Role.AUDITOR, xiangyuan))
    note("orders.dispatch", place_path=fuqian.path)
    note("orders.close", place_path=danzhu.path)
    note("access.set_setting")
    assert shown(client.get(URL)) == ["orders.dispatch"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_number_of_queries(desk, dispatcher, count, django_assert_num_queries):
    for _ in range(count):
        note(by=dispatcher)
    desk.get(URL)
    with django_assert_num_queries(4):  # session with sign-in, grants, city, lines
        desk.get(URL, {"after": "99999999"})


def test_the_list_goes_on_page_by_page(desk, monkeypatch):
    monkeypatch.setattr(queries, "PAGE_SIZE", 2)
    for _ in range(3):
        note()
    seen, after = [], ""
    while after is not None:
        page = desk.get(URL, {"what": "orders.", "after": after}).context["page"]
        seen += [row.pk for row in page.rows]
        after = page.next_cursor
    assert len(seen) == len(set(seen)) == 3


def test_acts_without_words_are_shown_by_their_slug():
    assert words("menu.sing") == "菜单：sing"
    assert words("x.y") == "x：y"
    assert words("odd") == "odd"


def test_states_ways_and_roles_are_told_in_words():
    assert told({"number": "20261123-0021", "was": "screened", "channel": "web"}) == [
        ("单号", "20261123-0021"),
        ("之前", "已受理"),
        ("方式", "网上"),
    ]
    assert told({"role": "auditor", "was": "unheard"}) == [("角色", "审计员"), ("之前", "unheard")]
