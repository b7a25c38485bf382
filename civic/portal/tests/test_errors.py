"""What is shown when a page cannot be."""

import logging

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory

from civic.portal.pages import errors

pytestmark = pytest.mark.django_db


def test_what_is_absent_says_so_and_leads_home(client):
    answer = client.get("/nothing/here/")
    assert answer.status_code == 404
    assert "没有找到这一页" in BeautifulSoup(answer.content, "html.parser").h1.text


def test_a_resident_is_denied_without_learning_names_of_staff(client, zhang, security_admin):
    client.force_login(zhang)
    answer = client.get("/desk/")
    assert answer.status_code == 403
    assert "您不能看这一页" in answer.content.decode()
    assert security_admin.name not in answer.content.decode()


def test_staff_who_is_denied_learns_who_can_grant(client, station_clerk, security_admin):
    client.force_login(station_clerk)
    answer = client.get("/admin/settings/")
    assert answer.status_code == 403
    assert f"{security_admin.name}（安全管理员）" in answer.content.decode()


def test_the_reason_of_a_refusal_is_shown(client, zhang):
    client.force_login(zhang)
    request = client.get("/").wsgi_request
    answer = errors.denied(request, PermissionDenied("别的县的单"))
    assert "别的县的单" in answer.content.decode()


def test_a_broken_page_gives_a_number_that_stands_in_the_log(caplog):
    with caplog.at_level(logging.ERROR, logger="civic.portal.pages.errors"):
        answer = errors.broken(RequestFactory().get("/"))
    number = caplog.records[-1].message.split()[-1]
    assert answer.status_code == 500
    assert number in answer.content.decode()
