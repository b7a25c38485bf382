"""R25 and R22: help, phones, privacy, accessibility, and 我的."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from civic.core.personal import Care, declared, our_apps
from civic.portal import navigation
from civic.portal.pages.help import COLLECTED, collected
from civic.volunteers.tests.factories import VolunteerFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
# Sealed columns that hold nothing a person tells us about herself.
NOT_TOLD = {
    "people.Person.totp_secret": "made by us for staff",
    "notices.Delivery.to": "the phone again, while a message is on its way",
    "notices.Delivery.text": "our own words",
    "venues.BatchRow.cells": "what clerks upload about sites",
    "venues.BatchRow.before": "what stood there before an upload",
    "venues.Venue.head_name": "on the plaque of a site, by office",
    "orders.Plan.candidates": "names of volunteers that the engine lists, worked out anew every round",
    "orders.Event.actor": "a team or a site as shown on the timeline",
}


def page(response):
    return BeautifulSoup(response.content, "html.parser")


@pytest.mark.parametrize("name", ["help", "phones", "privacy", "accessibility"])
def test_a_guest_can_read_it(client, name):
    assert client.get(reverse(f"portal:{name}")).status_code == 200


def test_phones_of_the_sites_near_come_first(client, fuqian, station, center):
    client.post(reverse("places:pick", args=[fuqian.pk]))
    assert "还没有登记电话" in page(client.get(reverse("portal:phones"))).text
    station.phone = "0355-7221234"
    station.save()
    shown = page(client.get(reverse("portal:phones")))
    phones = [link["href"] for link in shown.select("main .cells a")]
    assert phones[:4] == ["tel:0355-7221234", "tel:120", "tel:119", "tel:110"]
    assert "还没有登记电话" not in shown.text


def test_the_privacy_notice_names_every_sealed_or_masked_column():
    cared = {
        f"{config.label}.{name}"
        for config in our_apps()
        for name, care in declared(config).items()
        if care in {Care.ENCRYPT, Care.MASK}
    }
    assert cared - COLLECTED.keys() - NOT_TOLD.keys() == set()


def test_the_privacy_notice_tells_each_column_once_with_its_care():
    told = [row.what for _care, rows in collected() for row in rows]
    assert len(told) == len(COLLECTED)


def test_the_notice_carries_its_version(client, settings):
    settings.PRIVACY_NOTICE_VERSION = "2027-01"
    assert "版本 2027-01" in page(client.get(reverse("portal:privacy"))).text


# --- 我的


def hrefs(client):
    return [link["href"] for link in page(client.get(reverse("portal:mine"))).select(".cells a")]


def test_a_resident_finds_her_orders_her_data_and_the_way_out(client, zhang):
    client.force_login(zhang)
    assert reverse("orders:mine") in hrefs(client)
    assert reverse("people:profile") in hrefs(client)
    assert reverse("orders:team_home") not in hrefs(client)
    shown = page(client.get(reverse("portal:mine")))
    assert zhang.phone not in shown.text
    assert shown.select_one("form[action='/sign-out/'] button")


def test_a_leader_and_a_volunteer_find_their_orders(client, team, fuqian):
    client.force_login(team.leader)
    assert reverse("orders:team_home") in hrefs(client)
    client.force_login(VolunteerFactory(home=fuqian).person)
    assert reverse("orders:team_home") in hrefs(client)


def test_staff_finds_the_desk(client, station_clerk):
    client.force_login(station_clerk)
    assert "工作台" in page(client.get(reverse("portal:mine"))).text


def test_a_guest_signs_in_first(client):
    assert client.get(reverse("portal:mine")).url == "/sign-in/?next=/my/"


# --- The ways around


def test_the_left_menu_has_only_what_the_permissions_open():
    assert navigation.desk(set()) == []
    groups = navigation.desk({"orders.see", "menu.claim"})
    assert [item["key"] for group in groups for item in group["items"]][:3] == ["today", "ledger", "claims"]


def test_a_way_whose_page_does_not_exist_is_left_out():
    assert list(navigation.links((navigation.Way("x", "X", "help", "portal:nowhere"),))) == []


def test_every_desk_page_of_the_menu_exists():
    ways = [way for _title, ways in navigation.DESK for way in ways]
    assert len(list(navigation.links(tuple(ways)))) == len(ways)
