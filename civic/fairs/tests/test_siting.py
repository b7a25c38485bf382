"""Where to hold fairs: the question, the proved answer, the fairs that come of it."""

from datetime import timedelta
from itertools import combinations

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from civic.core.errors import Denied, Refused
from civic.fairs import tasks
from civic.fairs.models import Fair, Siting
from civic.fairs.queries import siting as queries
from civic.fairs.services import siting as services
from civic.fairs.tests.factories import TOMORROW, FairFactory, SitingFactory
from civic.fairs.tests.verbs import OTHERS, at_once, last_line
from civic.places.tests.factories import PlaceFactory
from civic.venues.tests.factories import VenueFactory
from tests.moments import NOON

pytestmark = pytest.mark.slow  # the first answer loads the solvers
KM = 1 / 111.32  # a kilometre in degrees of latitude


@pytest.fixture
def villages(guhan):
    """Seven villages on a line, surveyed, with their people: the largest one stands alone at the end."""
    people = (900, 400, 500, 450, 300, 350, 1000)
    kilometres = (0, 1, 2, 3, 4, 5, 20)
    made = []
    for number, (count, km) in enumerate(zip(people, kilometres, strict=True)):
        place = PlaceFactory(parent=guhan, name=f"第{number}村", code=f"14042310020{number}")
        VenueFactory(
            place=place,
            person_count=count,
            lon="113.00000",
            lat=f"{36 + km * KM:.5f}",
            position_is_rough=False,
        )
        made.append(place)
    return made


def ask(place, by, fair_count=2, radius_m=1100):
    return services.ask_siting(place_id=place.pk, fair_count=fair_count, radius_m=radius_m, by=by, at=NOON)


def solve(siting):
    return services.solve_siting(siting_id=siting.pk, at=NOON)


def adopt(siting, by):
    return services.adopt_siting(
        siting_id=siting.pk,
        title="文明集市",
        starts_at=TOMORROW,
        ends_at=TOMORROW + timedelta(hours=2),
        by=by,
        at=NOON,
    )


def test_a_question_becomes_a_job(guhan, villages, institute_clerk):
    siting = ask(guhan, institute_clerk)
    assert (siting.solved_at, siting.fair_count, siting.radius_m) == (None, 2, 1100)
    assert ProcrastinateJob.objects.get(task_name=services.TASK).args == {"siting_id": siting.pk}
    assert last_line(siting) == ("fairs.ask_siting", institute_clerk)


@pytest.mark.parametrize("count", [0, 8, 61])
def test_there_are_no_more_fairs_than_villages(guhan, villages, institute_clerk, count):
    with pytest.raises(Refused, match="1 到 7"):
        ask(guhan, institute_clerk, fair_count=count)


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_asks(guhan, villages, person, who):
    by = person(who)
    with pytest.raises(Denied):
        ask(guhan, by)


def test_the_answer_is_the_best_and_says_so(guhan, villages, institute_clerk):
    siting = solve(ask(guhan, institute_clerk))
    chosen = queries.chosen(siting)
    best = max(_covered(pair) for pair in combinations(range(7), 2))

    assert siting.weight_covered == siting.weight_bound == best == 1800 + 1100
    assert [row.place.name for row in chosen] == ["第1村", "第4村"]
    assert [row.weight_added for row in chosen] == [1800, 1100]
    assert [row.reach_count for row in chosen] == [3, 3]
    assert (siting.village_count, siting.reached_count, siting.estimated_count) == (7, 6, 0)
    assert siting.weight_largest == 1000 + 1300
    said = queries.verdict(siting, count=len(chosen))
    assert "2900 人（共 3900 人，74.4 %），到达 6/7" in said.covers
    assert "没有别的选法" in said.bound
    assert "只能覆盖 2300 人；这个方案多 600 人" in said.compared
    assert said.honest == ["距离按直线算，山路会更远。"]


def _covered(pair):
    people, kilometres = (900, 400, 500, 450, 300, 350, 1000), (0, 1, 2, 3, 4, 5, 20)
    return sum(
        count
        for count, km in zip(people, kilometres, strict=True)
        if any(abs(km - kilometres[site]) <= 1.1 for site in pair)
    )


def test_the_worker_answers_once(guhan, villages, institute_clerk):
    siting = ask(guhan, institute_clerk)
    for _ in range(2):
        tasks.solve_siting(siting_id=siting.pk)
    assert siting.chosen.count() == 2


def test_without_figures_every_village_counts_as_one_and_the_page_says_so(fuqian, guhan, institute_clerk):
    PlaceFactory(parent=guhan)
    siting = solve(ask(guhan, institute_clerk, fair_count=1, radius_m=20_000))
    said = queries.verdict(siting, count=1)
    assert (siting.counts_people, siting.weight_total, siting.estimated_count) == (False, 2, 2)
    assert "2 个村社区（共 2 个村社区" in said.covers
    assert "结果一样" in said.compared
    assert any("示意位置" in sentence for sentence in said.honest)
    assert any("没有登记人数" in sentence for sentence in said.honest)


def test_some_figures_stand_for_the_others_and_more_fairs_than_needed_are_left_out(
    guhan, villages, institute_clerk
):
    VenueFactory(place=PlaceFactory(parent=guhan))  # a station that told neither people nor position
    siting = solve(ask(guhan, institute_clerk, fair_count=8, radius_m=20_000))
    count = siting.chosen.count()
    said = queries.verdict(siting, count=count)
    assert (siting.unsized_count, siting.estimated_count) == (1, 1)
    assert count < 8
    assert "场就够了" in said.honest[0]
    assert any("中间数" in sentence for sentence in said.honest)


def test_a_gap_is_told_in_words():
    siting = Siting(
        fair_count=6,
        radius_m=1000,
        counts_people=True,
        weight_total=1000,
        weight_covered=997,
        weight_bound=1000,
    )
    assert "最多能覆盖 1000 人，这个方案离上限差 0.3 %" in queries.verdict(siting, count=6).bound
    siting.weight_total = siting.weight_bound = 100_000
    siting.weight_covered = 99_990
    assert "不到 0.1 %" in queries.verdict(siting, count=6).bound
    assert queries.percent(0, 0) == "0 %"


def test_what_cannot_be_answered_says_so(guhan):
    siting = solve(SitingFactory(place=guhan))  # no village below
    assert "算不出" in siting.problem
    assert siting.chosen.count() == 0


# --- Taking over.


def test_every_place_gets_a_fair_that_is_not_public_yet(guhan, villages, institute_clerk):
    siting = solve(ask(guhan, institute_clerk))
    made = adopt(siting, institute_clerk)
    assert [(fair.place.name, fair.state, fair.siting) for fair in made] == [
        ("第1村", "planned", siting),
        ("第4村", "planned", siting),
    ]
    assert last_line(siting) == ("fairs.adopt_siting", institute_clerk)
    with pytest.raises(Refused, match="已经排过"):
        adopt(siting, institute_clerk)


def test_all_fairs_or_none(guhan, villages, institute_clerk):
    siting = solve(ask(guhan, institute_clerk))
    FairFactory(place=villages[4])
    with pytest.raises(Refused, match="第4村：这里这个时段已经"):
        adopt(siting, institute_clerk)
    assert Fair.objects.filter(siting=siting).count() == 0


@pytest.mark.parametrize("problem", ["", "算不出"])
def test_without_an_answer_there_is_nothing_to_take_over(guhan, institute_clerk, problem):
    siting = SitingFactory(place=guhan, problem=problem, solved_at=NOON if problem else None)
    with pytest.raises(Refused, match="还没有算出来"):
        adopt(siting, institute_clerk)


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_takes_it_over(guhan, person, who):
    siting = SitingFactory(place=guhan, solved_at=NOON)
    with pytest.raises(Denied):
        adopt(siting, person(who))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_taken_over_twice_at_once_it_makes_the_fairs_once(guhan, villages, institute_clerk, dispatcher):
    siting = solve(ask(guhan, institute_clerk))
    assert at_once(lambda: adopt(siting, institute_clerk), lambda: adopt(siting, dispatcher)) == [
        "done",
        "refused",
    ]
    assert Fair.objects.count() == 2
