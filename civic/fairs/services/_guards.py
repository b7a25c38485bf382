"""What several services of this app share: guards of the database in words, and telling the teams."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from civic.core.errors import Refused
from civic.fairs.models import Fair, StallSession
from civic.notices import services as notices
from civic.people.models import Person

FURTHEST = timedelta(days=400)
GUARDS: dict[str, str | Promise] = {
    "fairs_fair_one_at_a_place_at_a_time": _("这里这个时段已经安排了一场集市，请换时间或地方。"),
    "fairs_session_stall_stands_once": _("这个摊位同一时段已经在别的集市出摊，请换一个摊位。"),
    "fairs_session_mobile_team_is_at_one_fair": _("这支流动队伍同一时段在别的集市，请换一个摊位。"),
    "fairs_stall_title_unique_in_place": _("这个地方已经有同名的摊位，请换个名字。"),
    "fairs_fixed_day_name_unique_in_place": _("这个地方已经有同名的固定活动日，请换个名字。"),
}


@contextmanager
def in_words(guards: Mapping[str, str | Promise] = GUARDS) -> Iterator[None]:
    """A refusal of the database as one sentence; raises Refused for a guard that is known."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        sentence = next((words for name, words in guards.items() if name in str(error)), None)
        if sentence is None:
            raise
        raise Refused(sentence) from None


def span_between(starts_at: datetime, ends_at: datetime, *, at: datetime) -> DateTimeTZRange:
    """The span of a fair to come. Raises Refused when it is empty, past, too far, or not of one day."""
    if ends_at <= starts_at:
        raise Refused(_("收摊要晚于开始。"))
    if ends_at <= at:
        raise Refused(_("这个时间已经过去，请选以后的时间。"))
    if starts_at - at > FURTHEST:
        raise Refused(_("最远只能排到一年以后。"))
    if timezone.localdate(starts_at) != timezone.localdate(ends_at):
        raise Refused(_("一场集市在同一天里办完，请分成两场。"))
    return DateTimeTZRange(starts_at, ends_at)


def locked_fair(fair_id: int) -> Fair:
    """The fair with its place, its row held until the end of the transaction."""
    return Fair.objects.select_for_update(of=("self",)).select_related("place").get(pk=fair_id)


def where(fair: Fair) -> str:
    """The place of a fair as a message says it: 府前社区文化广场."""
    return f"{fair.place.name}{fair.spot}"


def spoken(moment: datetime) -> str:
    """An instant as a message says it: 11月20日 09:00."""
    local = timezone.localtime(moment)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def tell_team(session: StallSession, kind: str, *, by: Person, at: datetime, reason: str = "") -> None:
    """A notice to the leader of the stall's team, unless she did it herself; partners are called by phone."""
    if session.team is None or session.team.leader_id == by.pk:
        return
    fair = session.fair
    notices.queue(
        to=session.team.leader,
        kind=kind,
        at=at,
        about=session,
        url=f"/team/fairs/{session.pk}/",
        item=session.stall.title,
        who=where(fair),
        when=spoken(fair.span.lower),
        reason=reason,
    )


def standing(fair: Fair) -> list[StallSession]:
    """The stalls that stand at a fair, with what a notice needs."""
    found = fair.sessions.filter(left_at=None).select_related("fair__place", "stall", "team__leader")
    return list(found.order_by("id"))
