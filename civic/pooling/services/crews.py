"""The mobile teams of a round's day: where each starts, and from when to when it is out."""

from datetime import datetime, time

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from civic.core.errors import Denied, Refused
from civic.people.models import Person
from civic.places.models import Place
from civic.pooling import rules
from civic.pooling.models import How, Need, Tour
from civic.pooling.queries.desk import at_a_fair
from civic.pooling.services import _round
from civic.volunteers.models import Team

MOST_TEAMS = 12  # of one round


@transaction.atomic
def add_team(
    *, pool_id: int, team_id: int, depot_id: int, opens: time, closes: time, by: Person, at: datetime
) -> Tour:
    """Count on a mobile team for the day. A team goes out once a day. Raises Denied, Refused."""
    pool = _round.locked(pool_id)
    if not rules.may_edit(by, pool):
        raise Denied
    _round.gathering(pool)
    team = Team.objects.filter(pk=team_id, is_mobile=True, closed_on=None).first()
    depot = Place.objects.valid().filter(pk=depot_id).first()
    if team is None or depot is None:
        raise Refused(_("请选一支流动队和它出发的地方。"))
    if closes <= opens:
        raise Refused(_("收车要晚于出车。"))
    if at_a_fair(team.pk, pool).exists():
        raise Refused(_("「{team}」这一天要去集市出摊。").format(team=team.name))
    if Tour.objects.filter(pool=pool).count() >= MOST_TEAMS:
        raise Refused(_("一轮最多 {n} 支队。").format(n=MOST_TEAMS))
    try:
        with transaction.atomic():
            tour = Tour.objects.create(
                pool=pool,
                team=team,
                on=pool.on,
                depot=depot,
                opens=opens,
                closes=closes,
                added_at=at,
                added_by=by,
            )
    except IntegrityError:
        raise Refused(_("「{team}」这一天已经有路要跑了。").format(team=team.name)) from None
    _round.changed(pool)
    _round.record(pool, "add_team", by=by, at=at, team=team.name)
    return tour


@transaction.atomic
def remove_team(*, tour_id: int, by: Person, at: datetime) -> None:
    """Do without a team; its stops wait again, who rode along stays at home. Raises Denied, Refused."""
    pool = _round.locked(Tour.objects.get(pk=tour_id).pool_id)
    if not rules.may_edit(by, pool):
        raise Denied
    _round.gathering(pool)
    tour = Tour.objects.select_related("team").get(pk=tour_id)
    Need.objects.filter(stops__tour=tour).update(how=How.NONE, why="")
    tour.delete()
    _round.changed(pool)
    _round.record(pool, "remove_team", by=by, at=at, team=tour.team.name)
