"""The life of a membership."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from civic.core.machine import Machine, move


class MembershipState(TextChoices):
    ASKED = "asked", _("待批准")
    MEMBER = "member", _("队员")
    LEFT = "left", _("已离队")
    DECLINED = "declined", _("未批准")


S = MembershipState
MEMBERSHIP = Machine(
    initial=S.ASKED,
    approve=move([S.ASKED], S.MEMBER),
    turn_down=move([S.ASKED], S.DECLINED),
    leave=move([S.ASKED, S.MEMBER], S.LEFT),
    remove=move([S.MEMBER], S.LEFT),
)
