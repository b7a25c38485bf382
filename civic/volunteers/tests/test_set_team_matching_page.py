"""The leader's switch 不参加智能派单, on the page of the team's members."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


def press(client, team, matching):
    url = reverse("volunteers:set_team_matching", args=[team.pk])
    return client.post(url, {"matching": matching}, follow=True)


def test_the_leader_switches_the_team_out_and_in_again(client, li, team):
    client.force_login(li)
    page = reverse("volunteers:members", args=[team.pk])
    assert "不参加智能派单" in client.get(page).content.decode()

    assert "派单员还能手动找你们" in press(client, team, "off").content.decode()
    team.refresh_from_db()
    assert not team.matching

    assert "已参加智能派单" in press(client, team, "on").content.decode()
    team.refresh_from_db()
    assert team.matching


def test_a_member_who_does_not_lead_has_no_switch(client, wang, team):
    client.force_login(wang)

    assert press(client, team, "off").status_code == 404
    team.refresh_from_db()
    assert team.matching
