"""The life of a pooling round, of what somebody puts in, of a team's tour and of one stop on it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from civic.core.machine import Machine, move


class PoolState(TextChoices):
    DRAFT = "draft", _("草拟")
    OPEN = "open", _("征集中")
    PLANNED = "planned", _("已排线路")
    PUBLISHED = "published", _("已发布")
    DONE = "done", _("已办完")
    CANCELLED = "cancelled", _("已取消")


P = PoolState
GATHERING = (P.OPEN, P.PLANNED)  # needs, contributions and tours may still change

POOL = Machine(
    initial=P.DRAFT,
    open_pool=move([P.DRAFT], P.OPEN),
    plan=move([P.OPEN, P.PLANNED], P.PLANNED),
    publish=move([P.PLANNED], P.PUBLISHED),
    wrap_up=move([P.PUBLISHED], P.DONE),
    cancel=move([P.DRAFT, P.OPEN, P.PLANNED], P.CANCELLED),
)


class ContributionState(TextChoices):
    OFFERED = "offered", _("等答复")
    TAKEN = "taken", _("已采用")
    DECLINED = "declined", _("这次用不上")


CONTRIBUTION = Machine(
    initial=ContributionState.OFFERED,
    take=move([ContributionState.OFFERED], ContributionState.TAKEN),
    turn_down=move([ContributionState.OFFERED], ContributionState.DECLINED),
)


class TourState(TextChoices):
    WAITING = "waiting", _("等队长接")
    ACCEPTED = "accepted", _("队长已接")
    HANDED_BACK = "handed_back", _("队伍去不了")


TOUR = Machine(
    initial=TourState.WAITING,
    take_on=move([TourState.WAITING], TourState.ACCEPTED),
    hand_back=move([TourState.WAITING], TourState.HANDED_BACK),
)


class StopState(TextChoices):
    AHEAD = "ahead", _("还没到")
    ARRIVED = "arrived", _("到了")
    DONE = "done", _("办完了")
    SKIPPED = "skipped", _("没办成")


STOP = Machine(
    initial=StopState.AHEAD,
    arrive=move([StopState.AHEAD], StopState.ARRIVED),
    complete=move([StopState.ARRIVED], StopState.DONE),
    skip=move([StopState.AHEAD], StopState.SKIPPED),
)
