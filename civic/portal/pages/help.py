"""R25: help, phone numbers, privacy and accessibility in plain words."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from civic.core.personal import Care, declared, our_apps
from civic.core.web import audience
from civic.orders.queries import menu as menus
from civic.orders.queries import resident as residents
from civic.people.models import Purpose

Words = str | Promise
LINES: tuple[tuple[str, Words], ...] = (
    ("120", _("有人病重、受伤、煤气中毒")),
    ("119", _("着火、被困")),
    ("110", _("有人打人、偷抢、诈骗、老人孩子走失")),
    ("122", _("交通事故")),
    ("12345", _("路灯、井盖、停水停暖、物业、办证")),
    ("12356", _("心里难受，想找人说说")),
    ("12348", _("打官司、合同、欠薪的法律咨询")),
    ("96110", _("接到像诈骗的电话")),
)
# What a reader of the privacy notice calls the sealed and masked columns, and what each is for.
COLLECTED: dict[str, tuple[Words, Words]] = {
    "people.Person.name": (_("姓名"), _("称呼您，核对是您本人")),
    "people.Person.phone": (_("手机号"), _("登录，通知您办到哪一步")),
    "people.Person.id_number": (_("身份证号"), _("志愿者登记时核对，只点单不用填")),
    "people.Person.address": (_("您存的门牌"), _("下次点单少写一遍")),
    "orders.Order.contact_name": (_("联系人"), _("上门找谁")),
    "orders.Order.contact_phone": (_("联系电话"), _("接单的人跟您约时间")),
    "orders.Order.address": (_("门牌"), _("上门找得到")),
    "orders.Order.words": (_("您说的事"), _("知道要办什么")),
    "orders.Attachment.file": (_("照片"), _("看清要修什么；拍照地点等信息收到就去掉")),
    "orders.Review.words": (_("评单的话"), _("改进服务")),
    "orders.Feedback.words": (_("意见"), _("答复您")),
    "people.SignIn.device": (_("登录的设备"), _("让您看到谁用您的号登录过")),
}
CARES: dict[Care, Words] = {
    Care.ENCRYPT: _("加密存放，看一次记一次，注销就清"),
    Care.MASK: _("别人看到的是遮住的，注销就换掉"),
    Care.SCRUB: _("只给办事的人看，注销就清"),
}


@dataclass(frozen=True, slots=True)
class Collected:
    """One line of the privacy notice."""

    what: Words
    why: Words


@audience("public")
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """How ordering works, in questions and answers."""
    return render(request, "portal/help.html")


@audience("public")
@require_safe
def phones(request: HttpRequest) -> HttpResponse:
    """Whom to call for what."""
    place = residents.place_of(request.user, request.session.get("place_id"))
    venues = menus.venues_serving(place) if place else []
    context = {
        "place": place,
        "venues": venues,
        "has_phone": any(venue.phone for venue in venues),
        "lines": LINES,
    }
    return render(request, "portal/phones.html", context)


@audience("public")
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """The privacy notice: its version, and what is collected as the code itself declares it."""
    context = {
        "version": settings.PRIVACY_NOTICE_VERSION,
        "groups": collected(),
        "purposes": [purpose.label for purpose in Purpose],
    }
    return render(request, "portal/privacy.html", context)


def collected() -> list[tuple[Words, list[Collected]]]:
    """What people tell us, in groups of how it is cared for: the classes of `personal.py` of each app."""
    cared = {
        f"{config.label}.{field}": care for config in our_apps() for field, care in declared(config).items()
    }
    return [
        (words, [Collected(*COLLECTED[field]) for field in COLLECTED if cared[field] == care])
        for care, words in CARES.items()
    ]


@audience("public")
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    return render(request, "portal/accessibility.html")
