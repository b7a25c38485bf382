"""On the phone of the team: where to go, who goes, and the counter."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from civic.fairs.handlers import own_data
from civic.fairs.models import Tap

pytestmark = pytest.mark.usefixtures("noon")
HTMX = {"HX-Request": "true"}


def soup(response):
    return BeautifulSoup(response.content, "html.parser")


def at(name, session):
    return reverse(f"fairs:{name}", args=[session.pk])


@pytest.fixture
def session(fair_in):
    return fair_in("open").sessions.get()


@pytest.fixture
def phone(client, wang):
    """A browser in which a member of 匠心家电 is signed in."""
    client.force_login(wang)
    return client


def test_what_comes_and_what_is_over(phone, fair_in, session):
    assert "修小家电" in soup(phone.get(reverse("fairs:team_fairs"))).select_one(".cell").text


def test_somebody_without_a_team_is_told_that_nothing_comes(client, zhang):
    client.force_login(zhang)
    assert "还没有出摊的安排" in soup(client.get(reverse("fairs:team_fairs"))).text


def test_a_press_counts_once_however_often_it_is_sent(phone, session):
    page = soup(phone.get(at("team_session", session)))
    token = page.select_one(".counter-keys [name=form_token]")["value"]
    for _ in range(2):
        answer = phone.post(at("tap", session), {"step": "1", "form_token": token})
        assert answer["Location"] == at("team_session", session)
    assert Tap.objects.count() == 1
    assert soup(phone.get(at("team_session", session), headers=HTMX)).select_one(".counter").text == "13"


def test_a_press_that_means_nothing_is_told(phone, session):
    answer = phone.post(at("tap", session), {"step": "many"}, follow=True)
    assert "每次只能加" in soup(answer).text


def test_the_part_that_is_swapped_is_the_counter_alone(phone, session):
    part = soup(phone.get(at("team_session", session), headers=HTMX))
    assert part.select_one("#counter") is not None
    assert part.html is None


def test_before_its_day_there_is_no_counter(phone, fair_in):
    page = soup(phone.get(at("team_session", fair_in("published").sessions.get())))
    assert not page.select(".counter-keys")
    assert "到集市那天" in page.text


def test_the_team_says_who_goes(phone, session, li, wang):
    assert len(soup(phone.get(at("name_members", session))).select("[type=checkbox]")) == 2
    phone.post(at("name_members", session), {"members": [li.volunteer.pk]})
    assert "李建国" in soup(phone.get(at("team_session", session))).text


@pytest.mark.parametrize("who", ["zhang", "station_clerk", "stranger", "supervisor"])
@pytest.mark.parametrize("page", ["team_session", "name_members"])
def test_anybody_elses_stall_reads_as_absent(client, session, person, who, page):
    client.force_login(person(who))
    assert client.get(at(page, session)).status_code == 404


def test_own_data_names_the_fairs(session, wang):
    assert own_data(person=wang) is None
    session.members.add(wang.volunteer)
    assert own_data(person=wang).rows[0]["摊位"] == "修小家电"


def test_nobody_can_be_named_for_a_stall_of_a_partner(client, dispatcher, fair_in):
    session = fair_in("open").sessions.get()
    session.team = None
    session.save()
    client.force_login(dispatcher)
    assert "还没有登记的队员" in soup(client.get(at("name_members", session))).text
