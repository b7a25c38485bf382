"""The life of a fair."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from civic.core.machine import Machine, move


class FairState(TextChoices):
    PLANNED = "planned", _("筹备中")
    PUBLISHED = "published", _("已发布")
    OPEN = "open", _("正在办")
    HELD = "held", _("已办完")
    CANCELLED = "cancelled", _("已取消")


S = FairState
LIFE = Machine(
    initial=S.PLANNED,
    publish=move([S.PLANNED], S.PUBLISHED),
    start=move([S.PUBLISHED], S.OPEN),
    close=move([S.PUBLISHED, S.OPEN], S.HELD),
    cancel=move([S.PLANNED, S.PUBLISHED], S.CANCELLED),
)
AHEAD = (S.PLANNED, S.PUBLISHED)  # stalls still come and go, day and place may still change
TOLD = (S.PUBLISHED, S.OPEN, S.HELD)  # what residents see as a fair
COUNTED = (S.PUBLISHED, S.OPEN)  # people served are counted
