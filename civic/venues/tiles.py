"""The tile map: each county a square about where it lies. A map without boundaries needs no approval."""

from dataclasses import dataclass

from civic.places import queries as places
from civic.places.models import Place
from civic.venues import queries

SHADES = 5


@dataclass(frozen=True, slots=True)
class Tile:
    """One county: where it stands on the grid (0 when the map does not know it), and how many venues."""

    place: Place
    column: int
    row: int
    venue_count: int
    shade: int  # 1 is the darkest, for the most venues


def counties() -> list[Tile]:
    """Every county with its square, in the order of the grid; counties the map does not know come last."""
    above = list(places.counties())
    counts = queries.venue_counts(above)
    ranked = sorted(above, key=lambda place: -counts[place.pk])
    grid = places.grid()
    shade = {place.pk: 1 + rank * SHADES // max(1, len(ranked)) for rank, place in enumerate(ranked)}
    tiles = [
        Tile(place, *grid.get(place.code or "", (0, 0)), counts[place.pk], shade[place.pk]) for place in above
    ]
    return sorted(tiles, key=lambda tile: (tile.row == 0, tile.row, tile.column))
