"""What a team reads: the fairs its stalls go to."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.fairs import rules
from civic.fairs.models import StallSession
from civic.fairs.states import FairState
from civic.people.queries import Chapter
from civic.volunteers.states import MembershipState

if TYPE_CHECKING:
    from civic.people.models import Person

MOST = 50


@dataclass(frozen=True, slots=True)
class Sessions:
    """One person's stalls: today and to come, and those that are over."""

    ahead: list[StallSession]
    over: list[StallSession]


def sessions_of(person: "Person") -> Sessions:
    """Stalls of the teams she leads or is a member of, at fairs that are public."""
    member = Q(
        team__memberships__volunteer__person_id=person.pk, team__memberships__state=MembershipState.MEMBER
    )
    mine = StallSession.objects.filter(Q(team__leader_id=person.pk) | member, left_at=None).distinct()
    told = mine.select_related("fair__place", "stall", "team")
    ahead = told.filter(fair__state__in=(FairState.PUBLISHED, FairState.OPEN)).order_by("span", "id")
    over = told.filter(fair__state=FairState.HELD).order_by("-span", "-id")
    return Sessions(list(ahead[:MOST]), list(over[:MOST]))


def session_of(person: "Person | AnonymousUser", session_id: int) -> StallSession | None:
    """A stall at a fair that she may count for; None for anybody else's."""
    found = StallSession.objects.filter(pk=session_id, left_at=None)
    session = found.select_related("fair__place__parent", "stall", "team__leader").first()
    return session if session is not None and rules.may_tap(person, session) else None


def chapter_of(person: "Person") -> Chapter | None:
    """The fairs that a person was named for, as a chapter of her own data; None without one."""
    found = StallSession.objects.filter(members__person=person).select_related("fair__place", "stall")
    rows = [
        {
            _("集市"): session.fair.title,
            _("摊位"): session.stall.title,
            _("地方"): session.fair.place.name,
            _("时间"): f"{timezone.localtime(session.span.lower):%Y-%m-%d %H:%M}",
        }
        for session in found.order_by("span", "id")
    ]
    return Chapter("fairs", _("集市出摊"), rows) if rows else None
