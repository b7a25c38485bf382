"""R15 for residents: the next fairs near me, one fair, and the file for the phone's calendar."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from civic.fairs import invitation
from civic.fairs.tests.factories import FairFactory, FixedDayFactory, SessionFactory
from civic.places.tests.factories import PlaceFactory
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("noon")


def soup(response):
    return BeautifulSoup(response.content, "html.parser")


def told(fair):
    return reverse("fairs:told_fair", args=[fair.pk])


@pytest.fixture
def here(client, fuqian):
    """A guest who said that she is at 府前社区."""
    client.post(reverse("places:pick", args=[fuqian.pk]))
    return client


def fairs(client):
    return soup(client.get(reverse("fairs:fairs")))


def test_the_next_fairs_of_the_county_with_their_distance(here, fair_in, guhan, danzhu):
    fair = fair_in("published")
    near = FairFactory(place=PlaceFactory(parent=guhan, name="城关村"), state="published")
    FairFactory(place=PlaceFactory(parent=danzhu), state="published")  # the next county
    for state in ("planned", "held", "cancelled"):
        FairFactory(place=PlaceFactory(parent=guhan), state=state)
    cells = fairs(here).select("a.cell")
    assert [cell["href"] for cell in cells] == [told(fair), told(near)]
    assert "就在这里" in cells[0].text
    assert "约" in cells[1].select_one(".cell-end").text


def test_without_a_place_the_whole_city_is_shown(client, fair_in, danzhu):
    fair_in("published")
    FairFactory(place=PlaceFactory(parent=danzhu), state="published")
    page = fairs(client)
    assert len(page.select("a.cell")) == 2
    assert "选村社区" in page.text


def test_nothing_planned_leads_to_the_menu(client, db):
    page = fairs(client)
    assert "最近没有排集市" in page.text
    assert page.select_one(f"main a[href='{reverse('orders:menu')}']")


def test_fixed_days_of_the_place_and_those_above(here, xiangyuan, wangqiao):
    FixedDayFactory(place=xiangyuan, name="县实践日")
    FixedDayFactory(place=wangqiao, name="别处")
    text = fairs(here).text
    assert "县实践日" in text
    assert "别处" not in text


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_for_any_number(here, guhan, count, django_assert_num_queries):
    for _ in range(count):
        SessionFactory(fair__place=PlaceFactory(parent=guhan), fair__state="published")
    with django_assert_num_queries(7):  # session (2), place, fairs, positions (2), fixed days
        assert len(fairs(here).select("a.cell")) == count


@pytest.mark.parametrize("state", ["published", "open", "held"])
def test_a_fair_tells_when_where_and_which_stalls(client, fair_in, state):
    text = soup(client.get(told(fair_in(state)))).text
    assert "2026年11月21日 周六 09:00 – 12:00" in text
    assert "修小家电" in text


def test_a_fair_called_off_says_why_if_it_was_public(client, fair_in, li):
    public = fair_in("cancelled", published_at=NOON, published_by=li)
    assert "有大风" in soup(client.get(told(public))).text
    for draft in (FairFactory(), FairFactory(state="cancelled")):
        assert client.get(told(draft)).status_code == 404


def test_the_file_for_the_calendar(client, fair_in):
    fair = fair_in("published")
    response = client.get(reverse("fairs:invite", args=[fair.pk]))
    lines = response.content.decode().split("\r\n")
    assert response["Content-Type"].startswith("text/calendar")
    assert "DTSTART:20261121T010000Z" in lines
    assert "SUMMARY:周五文明集市" in lines
    assert "STATUS:CONFIRMED" in lines


def test_long_lines_are_folded_and_signs_escaped(fair_in):
    fair = fair_in("cancelled", title="集市；大, 小\\好\n" + "长" * 40)
    text = invitation.written(fair, stalls=[], host="example.org")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    unfolded = text.replace("\r\n ", "")
    assert "SUMMARY:集市；大\\, 小\\\\好\\n" + "长" * 40 in unfolded
    assert "STATUS:CANCELLED" in unfolded


def test_the_page_of_a_site_names_its_next_fair(client, fair_in, station):
    fair = fair_in("published")
    page = soup(client.get(reverse("venues:detail", args=[station.pk])))
    assert page.select_one(f"a[href='{told(fair)}']")
