"""The pages of accounts, and who is let through to pages at all."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpResponse
from django.urls import reverse

from civic.access import queries, services
from civic.access.middleware import AudienceMiddleware
from civic.access.models import CalendarDay, Grant, Setting
from civic.access.roles import Permission, Role
from civic.access.tests.factories import GrantFactory, staff
from civic.core.errors import Denied, Refused
from civic.journal.models import Entry
from civic.people.models import Person
from civic.people.tests.factories import PersonFactory
from tests.moments import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, security_admin):
    client.force_login(security_admin)
    return client


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_number_of_queries(desk, fuqian, count, django_assert_num_queries):
    GrantFactory.create_batch(count, place=fuqian, role=Role.STATION_CLERK)
    desk.get(reverse("access:accounts"))
    with django_assert_num_queries(3):  # session with sign-in and person, grants, list
        page = desk.get(reverse("access:accounts"))
    assert len(page.context["page"].rows) == count + 1


def test_the_list_ends_where_reach_ends(client, xiangyuan, dispatcher, other_dispatcher):
    client.force_login(staff("韩梅", Role.SECURITY_ADMIN, xiangyuan))
    text = client.get(reverse("access:accounts")).text
    assert "周洁" in text
    assert "蒋明" not in text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"q": "周洁"}, {"周洁"}),
        ({"role": "center_dispatcher"}, {"周洁", "蒋明"}),
        ({"role": "king"}, {"周洁", "蒋明", "陈峰"}),
        ({"q": "谁也不是"}, set()),
    ],
)
def test_the_list_is_filtered(desk, dispatcher, other_dispatcher, query, shown):
    page = desk.get(reverse("access:accounts"), query)
    assert {row.person.name for row in page.context["page"].rows} == shown


def test_a_phone_finds_its_person_whole_numbers_only(desk, dispatcher, zhang):
    page = desk.get(reverse("access:accounts"), {"q": dispatcher.phone})
    assert [row.person for row in page.context["page"].rows] == [dispatcher]
    assert f">{dispatcher.phone[:3]}****{dispatcher.phone[-4:]}<" in page.text
    assert (
        reverse("access:account", args=[zhang.pk])
        in desk.get(reverse("access:accounts"), {"q": zhang.phone}).text
    )


def test_the_list_goes_on_page_by_page(desk, fuqian, monkeypatch):
    monkeypatch.setattr(queries, "PAGE_SIZE", 2)
    GrantFactory.create_batch(3, place=fuqian, role=Role.STATION_CLERK)
    first = desk.get(reverse("access:accounts")).context["page"]
    second = desk.get(reverse("access:accounts"), {"after": first.next_cursor}).context["page"]
    assert second.next_cursor is None
    assert len({row.pk for row in first.rows + second.rows}) == 4


INVITED = {"phone": "13800005678", "name": "钱进", "role": "institute_clerk", "where": "古韩镇"}


def test_inviting_on_the_page(desk, guhan):
    assert desk.get(reverse("access:invite")).status_code == 200
    answer = desk.post(reverse("access:invite"), INVITED)
    person = Person.objects.get(name="钱进")
    assert answer.url == reverse("access:account", args=[person.pk])
    assert "古韩镇" in desk.get(answer.url).text


def test_a_place_that_is_not_found_or_not_one_is_asked_again(desk, guhan, wangqiao, xiangyuan, zhangzi):
    answer = desk.post(reverse("access:invite"), INVITED | {"where": "哪里"})
    assert answer.status_code == 422
    assert "没有找到这个地方" in answer.text
    answer = desk.post(reverse("access:invite"), INVITED | {"where": "镇"})
    assert answer.status_code == 422
    assert "有好几个" in answer.text
    answer = desk.post(reverse("access:invite"), INVITED | {"where": "镇", "place": str(guhan.pk)})
    assert answer.status_code == 302
    assert Grant.objects.get(person__name="钱进").place == guhan


def test_words_typed_anew_win_over_an_earlier_choice(desk, guhan, danzhu):
    answer = desk.post(reverse("access:invite"), INVITED | {"where": "丹朱镇", "place": str(guhan.pk)})
    assert answer.status_code == 302
    assert Grant.objects.get(person__name="钱进").place == danzhu


def test_inviting_a_wrong_phone_or_oneself_is_refused(desk, guhan, security_admin):
    answer = desk.post(reverse("access:invite"), INVITED | {"phone": "1380000"})
    assert "手机号应是 11 位，现在是 7 位" in answer.text
    answer = desk.post(reverse("access:invite"), INVITED | {"phone": security_admin.phone})
    assert answer.status_code == 422
    assert "不能给自己授权" in answer.text


def test_a_role_that_clashes_is_refused_on_the_page(desk, admin, guhan):
    form = {"role": "auditor", "where": "古韩镇"}
    answer = desk.post(reverse("access:account", args=[admin.pk]), form)
    assert answer.status_code == 422
    assert "不能由同一个人" in answer.text
    answer = desk.post(reverse("access:account", args=[admin.pk]), form | {"role": "station_clerk"})
    assert answer.status_code == 302


def test_taking_back_stopping_and_unbinding_on_the_page(desk, dispatcher):
    dispatcher.totp_secret = "JBSWY3DPEHPK3PXP"
    dispatcher.save()
    row = Grant.objects.get(person=dispatcher)
    for name, extra in [
        ("manage", "unbind"),
        ("manage", "disable"),
        ("manage", "enable"),
        ("revoke", row.pk),
    ]:
        assert desk.post(reverse(f"access:{name}", args=[dispatcher.pk, extra])).status_code == 302
    row.refresh_from_db()
    assert row.revoked_at is not None
    verbs = list(Entry.objects.order_by("id").values_list("what", flat=True))
    assert verbs[-4:] == ["people.clear_totp", "people.disable", "people.enable", "access.revoke"]
    assert desk.post(reverse("access:manage", args=[dispatcher.pk, "fly"])).status_code == 404
    assert desk.post(reverse("access:revoke", args=[dispatcher.pk, 0])).status_code == 404


def test_refusals_are_shown(desk, security_admin, zhang):
    own = Grant.objects.get(person=security_admin)
    url = reverse("access:revoke", args=[security_admin.pk, own.pk])
    assert "至少要留一位" in desk.post(url, follow=True).text


def test_an_account_out_of_reach_is_absent(client, xiangyuan, other_dispatcher):
    client.force_login(staff("韩梅", Role.SECURITY_ADMIN, xiangyuan))
    assert client.get(reverse("access:account", args=[other_dispatcher.pk])).status_code == 404
    assert client.get(reverse("access:account", args=[0])).status_code == 404


# --- Masks


def test_the_mask_is_lifted_for_a_reason_and_written_down(client, institute_clerk, zhang):
    client.force_login(institute_clerk)
    url = reverse("access:unmask", args=[zhang.pk])
    asked = client.get(url)
    assert zhang.phone not in asked.text
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": " x "}).status_code == 422
    shown = client.post(url, {"reason": "约上门时间"}, headers={"HX-Request": "true"})
    assert zhang.phone in shown.text
    assert "府前社区3号楼2单元" in shown.text
    line = Entry.objects.get(what="people.unmask")
    assert (line.by, line.about_id, line.details) == (institute_clerk, zhang.pk, {"reason": "约上门时间"})


@pytest.mark.parametrize(("person", "status"), [("stranger", 404), ("station_clerk", 403), ("zhang", 403)])
def test_the_mask_stays_on_for_others(request, client, neighbour, person, status):
    client.force_login(request.getfixturevalue(person))
    assert (
        client.post(reverse("access:unmask", args=[neighbour.pk]), {"reason": "好奇"}).status_code == status
    )
    assert not Entry.objects.filter(what="people.unmask").exists()


def test_somebody_without_a_home_is_out_of_reach(client, institute_clerk):
    client.force_login(institute_clerk)
    assert client.get(reverse("access:unmask", args=[PersonFactory().pk])).status_code == 404


# --- The gate


@pytest.mark.parametrize(
    ("person", "status"), [("security_admin", 200), ("admin", 403), ("dispatcher", 403), ("zhang", 403)]
)
def test_a_page_opens_to_its_permission_only(request, client, person, status):
    client.force_login(request.getfixturevalue(person))
    assert client.get(reverse("access:accounts")).status_code == status


def test_a_guest_is_sent_to_sign_in(client):
    answer = client.get(reverse("access:accounts"))
    assert answer.url == f"{reverse('people:sign_in')}?next=/admin/accounts/"


def test_without_the_second_step_there_is_no_grant(client, dispatcher, settings):
    settings.SECOND_FACTOR = True
    client.force_login(dispatcher)
    page = client.get(reverse("portal:privacy"))
    assert queries.grants_of(page.wsgi_request.user) == []


def unmarked(request):
    return HttpResponse()


def test_a_page_that_names_no_audience_is_a_bug_and_absent_in_production(rf, settings):
    gate = AudienceMiddleware(unmarked)
    with pytest.raises(ImproperlyConfigured, match="unmarked does not name its audience"):
        gate.process_view(rf.get("/"), unmarked, (), {})
    settings.PRODUCTION = True
    with pytest.raises(Http404):
        gate.process_view(rf.get("/"), unmarked, (), {})
    unmarked.__module__ = "django.views.static"
    assert gate.process_view(rf.get("/"), unmarked, (), {}) is None


def test_a_grant_that_came_after_the_sign_in_demands_the_second_step(client, zhang, city, settings):
    settings.SECOND_FACTOR = True
    client.force_login(zhang)
    GrantFactory(person=zhang, role=Role.SECURITY_ADMIN, place=city)
    assert client.get(reverse("access:accounts")).url == reverse("people:second_step")


def test_inviting_somebody_with_that_role_says_so(desk, fuqian, station_clerk):
    form = {"phone": station_clerk.phone, "name": "赵敏", "role": "station_clerk", "where": "府前社区"}
    answer = desk.post(reverse("access:invite"), form)
    assert answer.status_code == 422
    assert "已经有这个角色" in answer.text


def test_a_role_outside_ones_county_is_refused_on_the_page(client, xiangyuan, danzhu, zhang):
    client.force_login(staff("韩梅", Role.SECURITY_ADMIN, xiangyuan))
    form = {"role": "station_clerk", "where": "丹朱镇"}
    answer = client.post(reverse("access:account", args=[zhang.pk]), form)
    assert answer.status_code == 422
    assert "不能在这里授予" in answer.text


def test_the_mask_asks_for_place_and_reason(institute_clerk, zhang, fuqian):
    asked = {"person_id": zhang.pk, "by": institute_clerk, "at": NOON}
    with pytest.raises(Denied):
        services.unmask(place_path="", reason="约上门时间", **asked)
    with pytest.raises(Refused, match="原因"):
        services.unmask(place_path=fuqian.path, reason=" x ", **asked)


def test_the_first_security_admin_is_founded_once(city):
    person = services.found(phone="13800005678", name="陈峰", at=NOON)
    assert queries.reaches(person, Permission.GRANTS_EDIT, city.path)
    with pytest.raises(Refused, match="已经有安全管理员"):
        services.found(phone="13800005679", name="韩梅", at=NOON)


def test_permissions_are_those_of_all_roles(head, zhang):
    assert queries.permissions_of(head) > {Permission.ORDERS_DISPATCH, Permission.FIGURES_SEE}
    assert queries.permissions_of(zhang) == set()
    assert not queries.holds(PersonFactory(is_active=False))
    assert list(queries.places_reached(zhang, Permission.ORDERS_SEE)) == []


def test_rows_name_themselves(security_admin, city):
    grant = Grant.objects.get(person=security_admin)
    assert str(grant) == f"security_admin over {city.pk}"
    assert str(Setting(key="city.name")) == "city.name"
    assert str(CalendarDay(on=NOON.date())) == "2026-11-20"
