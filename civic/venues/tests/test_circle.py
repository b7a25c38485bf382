"""The 15-minute circle: judging, counting by the worker, and what its pages tell to whom."""

import io
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from openpyxl import load_workbook

from civic.access.models import Setting
from civic.access.queries import SETTINGS_KEY
from civic.core.errors import Denied, Refused
from civic.journal.models import Entry
from civic.places.models import Kind, Level
from civic.places.positions import Point
from civic.places.tests.factories import PlaceFactory
from civic.venues import circle
from civic.venues.circle import Rule, Site, Village
from civic.venues.models import CirclePlace, CirclePoint, CircleRun, Nearness, VenueKind
from civic.venues.services import circle as services
from civic.venues.tests.factories import VenueFactory
from civic.venues.tests.test_desk_pages import enter
from tests.html import parse
from tests.moments import NOON

N = Nearness
RULE = Rule(1000, 1500, 1)


def village(number, x, kind=Kind.RESIDENTS_COMMITTEE, *, estimated=False):
    return Village(number, kind, Point(x, 0.0, estimated))


def site(number, place, x, *, estimated=False):
    return Site(100 + number, place, Point(x, 0.0, estimated))


# --- Judging.


def test_a_community_needs_a_site_within_a_kilometre_and_a_village_within_one_and_a_half():
    villages = [village(1, 0), village(2, 0, Kind.VILLAGERS_COMMITTEE), village(3, 0.4)]
    found = circle.judged(villages, [site(1, 9, 1.4)], RULE)
    assert [answer.nearness for answer in found] == [N.GAP, N.MEASURED, N.MEASURED]
    assert [(answer.metres, answer.nearest, answer.site_count) for answer in found] == [
        (1400, 101, 0),
        (1400, 101, 1),
        (1000, 101, 1),
    ]


def test_a_site_of_its_own_counts_by_the_record_wherever_it_is_drawn():
    (found,) = circle.judged([village(1, 0, estimated=True)], [site(1, 1, 7, estimated=True)], RULE)
    assert (found.nearness, found.site_count) == (N.OWN, 1)


@pytest.mark.parametrize(("here", "there"), [(True, False), (False, True), (True, True)])
def test_a_distance_with_an_estimated_end_is_told_as_estimated(here, there):
    (found,) = circle.judged([village(1, 0, estimated=here)], [site(1, 2, 0.5, estimated=there)], RULE)
    assert (found.nearness, found.is_estimated) == (N.ESTIMATED, True)


def test_several_sites_can_be_asked_for_and_the_surest_way_is_told():
    sites = [site(1, 1, 0), site(2, 2, 0.5), site(3, 3, 0.6, estimated=True)]
    told = [
        circle.judged([village(1, 0)], sites, Rule(1000, 1500, least))[0].nearness for least in (1, 2, 3, 4)
    ]
    assert told == [N.OWN, N.MEASURED, N.ESTIMATED, N.GAP]


def test_a_city_without_sites_lies_outside_and_a_tree_without_villages_has_no_answers():
    (found,) = circle.judged([village(1, 0)], [], RULE)
    assert (found.nearness, found.nearest, found.metres) == (N.GAP, None, None)
    assert circle.judged([], [], RULE) == []
    assert circle.closing([], [], RULE) == circle.Closing([], 0, 0)


def test_the_next_point_is_where_it_closes_most_gaps():
    villages = [village(n, x) for n, x in enumerate((0.0, 0.8, 1.6, 9.0, 9.5, 30.0), start=1)]
    answers = circle.judged(villages, [site(1, 6, 30)], RULE)
    plan = circle.closing(villages, answers, RULE)
    assert plan.points == [(2, [1, 2, 3]), (4, [4, 5])]
    assert (plan.fewest_count, plan.fewest_bound) == (2, 2)


def test_one_point_does_not_close_what_lacks_two():
    villages = [village(1, 0), village(2, 20)]
    rule = Rule(1000, 1500, 2)
    plan = circle.closing(villages, circle.judged(villages, [site(1, 1, 0)], rule), rule)
    assert plan.points == [(1, [1])]


# --- Counting.


@pytest.fixture
def far(wangqiao):
    """A village of the next township without a site."""
    return PlaceFactory(name="王桥村", parent=wangqiao, kind=Kind.VILLAGERS_COMMITTEE)


@pytest.fixture
def run(station, far):
    return services.count_nightly(at=NOON)


def test_the_night_counts_every_village_by_the_settings_of_the_city(run, station, fuqian, far):
    rows = {row.place_id: row for row in CirclePlace.objects.all()}
    assert rows[fuqian.pk].nearness == N.OWN
    assert rows[fuqian.pk].nearest == station
    assert (rows[far.pk].nearness, rows[far.pk].is_estimated) == (N.GAP, True)
    assert [(point.place_id, point.closes) for point in CirclePoint.objects.all()] == [(far.pk, [far.pk])]
    assert (run.urban_metres, run.rural_metres, run.sites_least, run.site_count) == (1000, 1500, 1, 1)
    assert (run.fewest_count, run.fewest_bound, run.surveyed_count, run.done_at) == (1, 1, 0, NOON)


def test_closed_sites_do_not_count_and_a_new_count_takes_the_place_of_the_old(run, station, fuqian):
    station.closed_on = NOON.date()
    station.save()
    services.count_nightly(at=NOON + timedelta(days=1))
    assert CirclePlace.objects.get(place=fuqian).nearness == N.GAP
    assert CircleRun.objects.count() == 2


def test_a_surveyed_station_says_where_its_village_is(station, fuqian, guhan):
    station.lon, station.lat, station.position_is_rough = 0.5, 0.5, False
    station.household_count = 300
    station.save()
    near = VenueFactory(place=guhan, kind=VenueKind.INSTITUTE, lon=0.505, lat=0.5, position_is_rough=False)
    bare = PlaceFactory(name="新开社区", parent=guhan)
    Setting.objects.create(key="circle.sites_least", value=2, changed_at=NOON)
    cache.delete(SETTINGS_KEY)
    done = services.count_nightly(at=NOON)
    row = CirclePlace.objects.get(place=fuqian)
    assert (row.nearness, row.site_count, row.is_estimated, row.household_count) == (
        N.MEASURED,
        2,
        False,
        300,
    )
    assert CirclePlace.objects.get(place=bare).nearness in {N.ESTIMATED, N.GAP}
    assert done.surveyed_count == 2
    assert near.closed_on is None


def test_a_question_is_answered_once(supervisor, station):
    asked = services.ask_circle(by=supervisor, at=NOON)
    assert Entry.objects.filter(what="venues.ask_circle", about_id=asked.pk).exists()
    first = services.count_circle(run_id=asked.pk, at=NOON)
    again = services.count_circle(run_id=asked.pk, at=NOON + timedelta(hours=1))
    assert first.done_at == again.done_at == NOON


def test_one_question_at_a_time_unless_it_was_lost(supervisor, station_clerk, station):
    services.ask_circle(by=supervisor, at=NOON)
    with pytest.raises(Refused):
        services.ask_circle(by=supervisor, at=NOON + timedelta(minutes=5))
    services.ask_circle(by=supervisor, at=NOON + timedelta(hours=2))
    with pytest.raises(Denied):
        services.ask_circle(by=station_clerk, at=NOON + timedelta(hours=9))
    with pytest.raises(Denied):
        services.export_circle(by=station_clerk, at=NOON)


# --- Pages.


def test_before_the_first_count_the_page_says_so_and_the_lists_lead_to_it(client, supervisor):
    enter(client, supervisor)
    assert "还没有算过" in client.get(reverse("venues:circle")).content.decode()
    assert client.get(reverse("venues:circle_places")).url == reverse("venues:circle")
    assert client.get(reverse("venues:circle_points")).url == reverse("venues:circle")


def test_the_certificate_says_how_many_by_which_rule_and_how_sure(client, run, supervisor, far):
    page = enter(client, supervisor).get(reverse("venues:circle")).content.decode()
    assert "2 个村社区，1 个在圈内" in page
    assert "社区 1000 米、村 1500 米以内，有至少 1 处" in page
    assert "其中 1 个的位置是估算的" in page
    assert "最少新开 1 处就能全部补齐" in page
    assert "王桥村" in page


def test_a_head_sees_her_county_and_nothing_of_the_next(client, run, head, danzhu, zhangzi, far):
    PlaceFactory(name="丹朱村", parent=danzhu)
    services.count_nightly(at=NOON)
    enter(client, head)
    page = client.get(reverse("venues:circle")).content.decode()
    assert "2 个村社区，1 个在圈内" in page
    assert "丹朱" not in page
    assert "古韩镇" in page
    lists = client.get(reverse("venues:circle_places")).content.decode()
    assert "王桥村" in lists
    assert "丹朱村" not in lists
    assert client.get(reverse("venues:circle"), {"place": zhangzi.pk}).status_code == 404
    assert client.get(reverse("venues:circle_places"), {"place": "x"}).status_code == 404
    assert client.get(reverse("venues:circle"), {"place": far.parent_id}).status_code == 200


def test_lists_go_on_page_by_page_in_counted_queries(
    client, run, supervisor, wangqiao, django_assert_num_queries
):
    PlaceFactory.create_batch(40, parent=wangqiao, kind=Kind.VILLAGERS_COMMITTEE)
    services.count_nightly(at=NOON)
    enter(client, supervisor)
    url = reverse("venues:circle_places")
    client.get(url)
    with django_assert_num_queries(PLACES_QUERIES):
        first = client.get(url).content.decode()
    page = parse(first)
    assert first.count("<tr><td") == 30
    following = client.get(url, {"after": CirclePlace.objects.order_by("place__path")[30].place.path})
    assert 0 < following.content.decode().count("<tr><td") <= 11
    assert page is not None
    with django_assert_num_queries(CIRCLE_QUERIES):
        client.get(reverse("venues:circle"))
    with django_assert_num_queries(POINTS_QUERIES):
        client.get(reverse("venues:circle_points"))


PLACES_QUERIES, CIRCLE_QUERIES, POINTS_QUERIES = 7, 11, 7


def test_counties_stand_on_the_map_shaded_by_their_share(client, run, supervisor, xiangyuan):
    page = enter(client, supervisor).get(reverse("venues:circle")).content.decode()
    assert 'class="tile' in page
    assert "ramp5" in page
    assert "1 / 2" in page
    assert xiangyuan.level == Level.COUNTY


def test_asking_by_the_button_says_that_the_worker_counts(client, run, supervisor):
    enter(client, supervisor)
    answer = client.post(reverse("venues:ask_circle"), follow=True).content.decode()
    assert "已交给后台计算" in answer
    assert "重新计算</button>" not in answer
    again = client.post(reverse("venues:ask_circle"), follow=True).content.decode()
    assert "正在计算" in again


def test_the_workbook_holds_every_village_in_reach_and_how_sure_it_is(client, run, head):
    response = enter(client, head).post(reverse("venues:export_circle"))
    rows = list(load_workbook(io.BytesIO(response.content)).active.values)
    assert rows[0][:4] == ("县区", "乡镇街道", "村社区", "服务圈")
    told = {row[2]: (row[0], row[1], row[3], row[7]) for row in rows[1:]}
    assert told["府前社区"] == ("襄垣县", "古韩镇", "本地有阵地", "按阵地档案")
    assert told["王桥村"][2:] == ("圈外", "示意位置估算")
    assert Entry.objects.filter(what="venues.export_circle").exists()
