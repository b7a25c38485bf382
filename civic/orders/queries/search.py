"""Finding an item: by its name and everyday names, and from a resident's own sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.contrib.postgres.aggregates import StringAgg
from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Count, F, Max, Q, TextField
from django.db.models.functions import MD5, Concat

from civic.core import words as chinese
from civic.orders.models import Item, Referral, Synonym
from civic.orders.queries.menu import offered_at
from civic.orders.suggestions import Referral as Advice
from civic.orders.suggestions import Suggester
from civic.places.models import Place


@dataclass(frozen=True, slots=True)
class Offer:
    """An item suggested for somebody's words, and the piece of them that led to it."""

    item: Item
    why: str


def items_matching(text: str, place: Place | None, on: date, limit: int = 10) -> list[Item]:
    """Items whose name, everyday names or description hold all tokens of `text`, the best first."""
    tokens = chinese.tokens(text)[:12]
    if not tokens:
        return []
    query = SearchQuery(tokens[0], config="simple")
    for token in tokens[1:]:
        query &= SearchQuery(token, config="simple")
    found = offered_at(place, on).filter(Q(search=query) | Q(name__icontains=text.strip()[:30]))
    return list(found.order_by(SearchRank(F("search"), query).desc(nulls_last=True), "id")[:limit])


def offers_for(text: str, place: Place | None, on: date, limit: int = 3) -> list[Offer]:
    """The items that fit somebody's own words best, of those the place offers."""
    best = _suggester().best(text, limit * 2)
    items = {item.slug: item for item in offered_at(place, on).filter(slug__in=[one.slug for one in best])}
    return [Offer(items[one.slug], one.why) for one in best if one.slug in items][:limit]


def advice_for(text: str) -> Advice | None:
    """The number to call instead, when the words belong to another desk; None when they do not."""
    return _suggester().referral(text)


def warm() -> None:
    """Load the dictionary and build the suggester before the first resident asks."""
    _suggester()


def _suggester() -> Suggester:
    """The suggester of the menu as it stands; built anew when somebody changed the menu."""
    said = StringAgg(Concat("name", "description", output_field=TextField()), "", order_by="pk")
    items = Item.objects.aggregate(words=MD5(said), gone=Count("withdrawn_on"))
    synonyms = Synonym.objects.aggregate(count=Count("pk"), last=Max("pk"))
    referrals = Referral.objects.aggregate(count=Count("pk"), last=Max("pk"))
    return _built(tuple(value for row in (items, synonyms, referrals) for value in row.values()))


@lru_cache(maxsize=2)
def _built(_version: Sequence[int | str | None]) -> Suggester:
    everyday: dict[int, list[str]] = {}
    for item_id, words in Synonym.objects.order_by("pk").values_list("item_id", "words"):
        everyday.setdefault(item_id, []).append(words)
    items = [
        {
            "slug": item.slug,
            "name": item.name,
            "description": item.description,
            "synonyms": ";".join(everyday.get(item.pk, ())),
        }
        for item in Item.objects.filter(withdrawn_on=None).order_by("category__position", "pk")
    ]
    return Suggester(items, [], _referrals())


def _referrals() -> list[dict[str, str]]:
    return [
        {
            "phrase": known.words,
            "target": known.target,
            "urgent": "1" if known.is_urgent else "0",
            "unless": known.unless,
            "sentence": known.sentence,
        }
        for known in Referral.objects.order_by("pk")
    ]
