"""The 15-minute circle: which villages and communities have open sites near, where the next helps most.

Pure. A site that stands in the place itself counts by the record alone; any other by straight distance. Most
distances rest on positions that are only estimated, and every answer says which do. There is no population by
village, so each village counts as one.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from civic.places.models import Kind
from civic.places.positions import Point
from civic.venues.models import Nearness

URBAN = {Kind.RESIDENTS_COMMITTEE, Kind.QUASI_RESIDENTS}
MOST_POINTS = 500


@dataclass(frozen=True, slots=True)
class Rule:
    """How far a site may be in metres, and how many it takes."""

    urban_metres: int
    rural_metres: int
    sites_least: int

    def km(self, kind: str) -> float:
        """The radius of a place of this kind."""
        return (self.urban_metres if kind in URBAN else self.rural_metres) / 1000


@dataclass(frozen=True, slots=True)
class Village:
    """A village or community: where, of what kind."""

    place_id: int
    kind: str
    point: Point


@dataclass(frozen=True, slots=True)
class Site:
    """An open site: in which place, and where it lies."""

    venue_id: int
    place_id: int
    point: Point


@dataclass(frozen=True, slots=True)
class Judged:
    """How one village is served; `nearest` is a venue id, None when the city has no site at all."""

    nearness: Nearness
    site_count: int
    nearest: int | None
    metres: int | None
    is_estimated: bool


@dataclass(frozen=True, slots=True)
class Closing:
    """New points in the order in which each closes most gaps, with the places it closes; and the fewest."""

    points: list[tuple[int, list[int]]]
    fewest_count: int
    fewest_bound: int


def judged(villages: Sequence[Village], sites: Sequence[Site], rule: Rule) -> list[Judged]:
    """One answer per village, in their order."""
    from civic.matching import cover  # noqa: PLC0415 (loaded by the worker only: a web process stays small)

    where, at = _plain(villages), _plain(sites)
    near = cover.reach(where, at, [rule.km(village.kind) for village in villages])
    km, nearest = cover.nearest(where, at)
    own = Counter(site.place_id for site in sites)
    found = []
    for row, village in enumerate(villages):
        within = [sites[s] for s in near.indices[near.indptr[row] : near.indptr[row + 1]]]
        other = [site for site in within if site.place_id != village.place_id]
        sure = sum(not (site.point.is_estimated or village.point.is_estimated) for site in other)
        home = own[village.place_id]
        site = sites[nearest[row]] if sites else None
        found.append(
            Judged(
                nearness=_nearness(home, sure, len(other), rule.sites_least),
                site_count=home + len(other),
                nearest=site.venue_id if site else None,
                metres=round(km[row] * 1000) if site else None,
                is_estimated=village.point.is_estimated or bool(site and site.point.is_estimated),
            )
        )
    return found


def closing(villages: Sequence[Village], answers: Sequence[Judged], rule: Rule) -> Closing:
    """Where new points close the gaps of places that lack just one site; any village may have the point.

    A point counts for the village it stands in, and for others by distance.
    """
    from scipy.sparse import csr_matrix  # noqa: PLC0415 (as above)

    from civic.matching import cover  # noqa: PLC0415 - only the worker loads it

    lacking = [
        number
        for number, answer in enumerate(answers)
        if answer.nearness == Nearness.GAP and answer.site_count == rule.sites_least - 1
    ]
    if not lacking:
        return Closing([], 0, 0)
    gaps = [villages[number] for number in lacking]
    near = cover.reach(_plain(gaps), _plain(villages), [rule.km(gap.kind) for gap in gaps]).tolil()
    near[range(len(gaps)), lacking] = 1
    closed_by = csr_matrix(near)
    fewest = cover.fewest(closed_by)
    by_site, left, points = closed_by.tocsc(), set(range(len(gaps))), []
    for site, _gain in cover.next_points(closed_by, [1] * len(gaps), MOST_POINTS):
        closed = sorted(left & set(by_site.indices[by_site.indptr[site] : by_site.indptr[site + 1]].tolist()))
        left -= set(closed)
        points.append((villages[site].place_id, [gaps[number].place_id for number in closed]))
    return Closing(points, len(fewest.chosen), fewest.bound)


def _plain(things: Sequence[Village] | Sequence[Site]) -> list[tuple[float, float]]:
    return [(thing.point.x_km, thing.point.y_km) for thing in things]


def _nearness(home: int, sure: int, other: int, least: int) -> Nearness:
    if home >= least:
        return Nearness.OWN
    if home + sure >= least:
        return Nearness.MEASURED
    return Nearness.ESTIMATED if home + other >= least else Nearness.GAP
