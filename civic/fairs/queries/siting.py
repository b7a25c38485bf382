"""Proposals of where to hold fairs, and what they say in words."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Prefetch
from django.utils.translation import gettext as _

from civic.access.queries import paths_reached
from civic.access.roles import Permission
from civic.fairs.models import Siting, SitingPlace
from civic.places.models import Place, within

if TYPE_CHECKING:
    from civic.people.models import Person

MOST = 30


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a solved proposal proves, in sentences."""

    covers: str
    bound: str
    compared: str
    honest: list[str]


def sitings(person: "Person | AnonymousUser") -> list[Siting]:
    """The latest proposals for places where she may read fairs."""
    reached = within(paths_reached(person, Permission.FAIRS_SEE), "place__path")
    found = Siting.objects.filter(reached).select_related("place", "asked_by")
    return list(found.order_by("-asked_at", "-id")[:MOST])


def siting_seen(person: "Person | AnonymousUser", siting_id: int, permission: str) -> Siting | None:
    """A proposal in her reach."""
    reached = within(paths_reached(person, permission), "place__path")
    return Siting.objects.filter(reached, pk=siting_id).select_related("place", "adopted_by").first()


def chosen(siting: Siting) -> list[SitingPlace]:
    """The chosen places in their order, with the villages each reaches."""
    found = siting.chosen.select_related("place__parent").annotate(reach_count=Count("reached"))
    villages = Prefetch("reached", Place.objects.in_order())
    return list(found.prefetch_related(villages).order_by("rank"))


def verdict(siting: Siting, *, count: int) -> Verdict:
    """The certificate in words: what is covered, how much more could be at most, and against what.

    `count` is how many places were chosen; fewer than asked for when more of them would add nobody.
    """
    unit = _("人") if siting.counts_people else _("个村社区")
    pattern = _(
        "这 {count} 场集市，{radius} 公里内能覆盖 {covered} {unit}（共 {total} {unit}，{share}），"
        "到达 {reached}/{villages} 个村社区。"
    )
    covers = pattern.format(
        count=count,
        radius=f"{siting.radius_m / 1000:g}",
        covered=siting.weight_covered,
        unit=unit,
        total=siting.weight_total,
        share=percent(siting.weight_covered, siting.weight_total),
        reached=siting.reached_count,
        villages=siting.village_count,
    )
    honest = _honest(siting)
    if count < siting.fair_count:
        honest.insert(0, _("{count} 场就够了，再多也不会多覆盖一个村。").format(count=count))
    return Verdict(covers, _bound(siting, unit), _compared(siting, unit), honest)


def _bound(siting: Siting, unit: str) -> str:
    if siting.weight_covered == siting.weight_bound:
        return _("已经证明：同样场数，没有别的选法能覆盖更多。")
    return _("无论怎么选，最多能覆盖 {bound} {unit}，这个方案离上限差 {gap}。").format(
        bound=siting.weight_bound,
        unit=unit,
        gap=percent(siting.weight_bound - siting.weight_covered, siting.weight_bound),
    )


def _compared(siting: Siting, unit: str) -> str:
    more = siting.weight_covered - siting.weight_largest
    way = _("按人最多的村选") if siting.counts_people else _("按区划顺序选")
    if more <= 0:
        return _("{way}，结果一样。").format(way=way)
    return _("{way}，只能覆盖 {covered} {unit}；这个方案多 {more} {unit}。").format(
        way=way, covered=siting.weight_largest, unit=unit, more=more
    )


def _honest(siting: Siting) -> list[str]:
    """What the figures rest on."""
    said = []
    if siting.estimated_count:
        said.append(
            _("{count} 个村社区没有实测坐标，按示意位置估算，结果只作参考。").format(
                count=siting.estimated_count
            )
        )
    if not siting.counts_people:
        said.append(_("这片地方没有登记人数，每个村社区按 1 个算。"))
    elif siting.unsized_count:
        said.append(
            _("{count} 个村社区没有登记人数，按已登记的中间数算。").format(count=siting.unsized_count)
        )
    said.append(_("距离按直线算，山路会更远。"))
    return said


def percent(part: int, whole: int) -> str:
    """A share with one figure after the point; a small one is never rounded down to nothing."""
    if whole <= 0 or part <= 0:
        return "0 %"
    share = 100 * part / whole
    return _("不到 0.1 %") if share < 0.1 else f"{share:.1f} %"
