"""The menu: items, what a place does not offer, everyday words, monthly issues and claims."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.contrib.postgres.search import SearchVector
from django.db import transaction
from django.db.models import Value
from django.utils.translation import gettext as _

from civic.access.queries import holds, reaches
from civic.access.roles import Permission
from civic.core.errors import Denied, Refused
from civic.core.words import search_text
from civic.journal import services as journal
from civic.notices import services as notices
from civic.orders.models import Category, Claim, Issue, Item, Referral, Switch, Synonym
from civic.orders.models.menu import DispatchMode
from civic.orders.services.touches import touch
from civic.people.models import Person
from civic.places.models import Level, Place
from civic.venues.models import Venue
from civic.volunteers.models import Skill

EDITABLE = ("name", "description", "minutes", "mode", "evidence", "risk", "safeguards", "materials")


def _check_editor(by: Person, path: str) -> None:
    if not reaches(by, Permission.MENU_EDIT, path):
        raise Denied


@transaction.atomic
def edit_item(*, item_id: int, by: Person, at: datetime, **fields: object) -> Item:
    """Change the words of an item for the whole city; needs the permission over the city. Raises Denied."""
    _check_editor(by, Place.objects.get(level=Level.CITY).path)
    item = Item.objects.select_for_update(of=("self",)).get(pk=item_id)
    for name in EDITABLE:
        if name in fields:
            setattr(item, name, fields[name])
    item.save(update_fields=list(EDITABLE))
    index_items([item.pk])
    journal.write(at=at, by=by, what="menu.edit_item", about=item, fields=sorted(fields))
    return item


@transaction.atomic
def switch_off(*, item_id: int, place_id: int, months: Iterable[int], by: Person, at: datetime) -> Switch:
    """Offer an item at a place only in `months` (1–12), or not at all when empty. Raises Denied, Refused."""
    place = Place.objects.get(pk=place_id)
    _check_editor(by, place.path)
    wanted = sorted(set(months))
    if not all(1 <= month <= 12 for month in wanted):
        raise Refused(_("月份是 1 到 12。"))
    switch, _made = Switch.objects.update_or_create(
        item_id=item_id,
        place=place,
        defaults={"months": ",".join(map(str, wanted)), "at": at, "by": by},
    )
    journal.write(at=at, by=by, what="menu.switch_off", about=switch, place_path=place.path, months=wanted)
    return switch


@transaction.atomic
def switch_on(*, item_id: int, place_id: int, by: Person, at: datetime) -> None:
    """Offer an item at a place again. Raises Denied."""
    place = Place.objects.get(pk=place_id)
    _check_editor(by, place.path)
    Switch.objects.filter(item_id=item_id, place=place).delete()
    journal.write(at=at, by=by, what="menu.switch_on", place_path=place.path, item=item_id)


@transaction.atomic
def set_dispatch_mode(*, category_id: int, mode: str, by: Person, at: datetime) -> Category:
    """Say how far the engine goes with orders of a category: the city sets it. Raises Denied, Refused."""
    if not holds(by, Permission.SETTINGS_EDIT):
        raise Denied
    if mode not in DispatchMode.values:
        raise Refused(_("请选一种派单方式。"))
    category = Category.objects.select_for_update(of=("self",)).get(pk=category_id)
    category.dispatch_mode = mode
    category.save(update_fields=["dispatch_mode"])
    journal.write(at=at, by=by, what="menu.set_dispatch_mode", about=category, mode=mode)
    touch(f"category:{category.pk}")
    return category


@transaction.atomic
def add_synonym(*, item_id: int, words: str, by: Person, at: datetime) -> Synonym:
    """Teach the search an everyday word for an item. Raises Denied, Refused."""
    _check_editor(by, Place.objects.get(level=Level.CITY).path)
    words = words.strip()
    if not 2 <= len(words) <= 40:
        raise Refused(_("请写 2 到 40 个字的说法。"))
    item = Item.objects.get(pk=item_id)
    synonym, _made = Synonym.objects.get_or_create(item=item, words=words)
    index_items([item.pk])
    journal.write(at=at, by=by, what="menu.add_synonym", about=synonym, words=words)
    return synonym


@transaction.atomic
def remove_synonym(*, synonym_id: int, by: Person, at: datetime) -> None:
    """Forget an everyday word. Raises Denied."""
    _check_editor(by, Place.objects.get(level=Level.CITY).path)
    synonym = Synonym.objects.get(pk=synonym_id)
    item_id, words = synonym.item_id, synonym.words
    synonym.delete()
    index_items([item_id])
    journal.write(at=at, by=by, what="menu.remove_synonym", words=words, item=item_id)


@transaction.atomic
def draft_issue(
    *,
    place_id: int,
    month: date,
    number: int,
    theme: str,
    demonstration_id: int,
    item_ids: Iterable[int],
    by: Person,
    at: datetime,
) -> Issue:
    """Prepare the monthly list of a county, anew until it is published. Raises Denied, Refused."""
    place = Place.objects.get(pk=place_id)
    _check_editor(by, place.path)
    theme, items = (
        theme.strip(),
        list(Item.objects.filter(pk__in=set(item_ids), withdrawn_on=None).order_by("id")),
    )
    if not theme or not items:
        raise Refused(_("请写本月主题，并至少选一项服务。"))
    venue = Venue.objects.open().select_related("place").get(pk=demonstration_id)
    if not venue.place.path.startswith(place.path):
        raise Refused(_("示范站点要在本地。"))
    issue = (
        Issue.objects.select_for_update(of=("self",)).filter(place=place, month=month.replace(day=1)).first()
    )
    if issue is not None and issue.published_at is not None:
        raise Refused(_("这个月的清单已经发布，不能再改。"))
    issue = issue or Issue(place=place, month=month.replace(day=1), drafted_at=at, drafted_by=by)
    issue.number, issue.theme, issue.demonstration = number, theme, venue
    issue.save()
    issue.items.set(items)
    journal.write(at=at, by=by, what="menu.draft_issue", about=issue, place_path=place.path, theme=theme)
    return issue


@transaction.atomic
def publish_issue(*, issue_id: int, by: Person, at: datetime) -> Issue:
    """Publish a monthly list; the clerks below are asked to claim. Raises Denied, Refused."""
    issue = Issue.objects.select_for_update(of=("self",)).select_related("place").get(pk=issue_id)
    _check_editor(by, issue.place.path)
    if issue.published_at is not None:
        raise Refused(_("这一期已经发布过了。"))
    issue.published_at, issue.published_by = at, by
    issue.save(update_fields=["published_at", "published_by"])
    journal.write(at=at, by=by, what="menu.publish_issue", about=issue, place_path=issue.place.path)
    clerks = Person.objects.filter(
        grants__revoked_at=None, grants__place__path__startswith=issue.place.path, is_active=True
    )
    for clerk in clerks.exclude(pk=by.pk).distinct().order_by("id"):
        notices.queue(
            to=clerk,
            kind="menu.issued",
            about=issue,
            at=at,
            url="/desk/claims/",
            number=f"{issue.month:%Y-%m}",
            item=issue.theme,
        )
    return issue


@transaction.atomic
def claim(*, item_id: int, venue_id: int, by: Person, at: datetime, issue_id: int | None = None) -> Claim:
    """领单: the site offers the item from now on. Claiming twice changes nothing. Raises Denied, Refused."""
    venue = Venue.objects.open().select_related("place").get(pk=venue_id)
    if not reaches(by, Permission.MENU_CLAIM, venue.place.path):
        raise Denied
    if (
        issue_id is not None
        and not Issue.objects.filter(pk=issue_id, published_at__isnull=False, items=item_id).exists()
    ):
        raise Refused(_("这一期清单里没有这项服务。"))
    made, is_new = Claim.objects.get_or_create(
        item_id=item_id,
        venue=venue,
        dropped_at=None,
        defaults={"issue_id": issue_id, "claimed_at": at, "claimed_by": by},
    )
    if is_new:
        journal.write(at=at, by=by, what="menu.claim", about=made, place_path=venue.place.path, item=item_id)
        touch(f"venue:{venue.pk}")
    return made


@transaction.atomic
def drop_claim(*, claim_id: int, by: Person, at: datetime) -> Claim:
    """The site no longer offers the item. Raises Denied, Refused."""
    made = Claim.objects.select_for_update(of=("self",)).select_related("venue__place").get(pk=claim_id)
    if not reaches(by, Permission.MENU_CLAIM, made.venue.place.path):
        raise Denied
    if made.dropped_at is not None:
        raise Refused(_("这项服务已经退了。"))
    made.dropped_at, made.dropped_by = at, by
    made.save(update_fields=["dropped_at", "dropped_by"])
    journal.write(at=at, by=by, what="menu.drop_claim", about=made, place_path=made.venue.place.path)
    touch(f"venue:{made.venue_id}")
    return made


def index_items(item_ids: Iterable[int]) -> None:
    """Write the search words of items anew: name, description, category, everyday words, initials."""
    items = Item.objects.filter(pk__in=list(item_ids)).select_related("category").prefetch_related("synonyms")
    for item in items.order_by("id"):
        words = search_text(
            item.name,
            item.description,
            item.category.name,
            *(synonym.words for synonym in item.synonyms.all()),
        )
        Item.objects.filter(pk=item.pk).update(search=SearchVector(Value(words), config="simple"))


@transaction.atomic
def load_menu(
    *,
    categories: Iterable[Mapping[str, str]],
    skills: Iterable[Mapping[str, str]],
    items: Iterable[Mapping[str, str]],
    synonyms: Iterable[Mapping[str, str]],
    referrals: Iterable[Mapping[str, str]],
) -> int:
    """Load the menu that ships with the product; rows already there are left as the city edited them.

    Returns the number of items now on the menu.
    """
    Category.objects.bulk_create(
        [
            Category(slug=r["slug"], name=r["name"], icon=r["icon"], position=int(r["order"]))
            for r in categories
        ],
        ignore_conflicts=True,
    )
    Skill.objects.bulk_create([Skill(slug=r["slug"], name=r["name"]) for r in skills], ignore_conflicts=True)
    by_slug = {category.slug: category for category in Category.objects.order_by("id")}
    skill_of = {skill.slug: skill for skill in Skill.objects.order_by("id")}
    items = list(items)
    Item.objects.bulk_create(
        [_item(row, by_slug[row["category"]], skill_of[row["skill"]]) for row in items], ignore_conflicts=True
    )
    item_of = {item.slug: item for item in Item.objects.order_by("id")}
    own = [(row["slug"], words) for row in items for words in row["synonyms"].split(";") if words]
    said = [*own, *((row["item"], row["phrase"]) for row in synonyms)]
    Synonym.objects.bulk_create(
        [Synonym(item=item_of[slug], words=words) for slug, words in said], ignore_conflicts=True
    )
    Referral.objects.bulk_create([_referral(row) for row in referrals], ignore_conflicts=True)
    index_items(item.pk for item in item_of.values())
    return len(item_of)


def _item(row: Mapping[str, str], category: Category, skill: Skill) -> Item:
    return Item(
        slug=row["slug"],
        category=category,
        skill=skill,
        name=row["name"],
        description=row["description"],
        minutes=int(row["minutes"]),
        mode=row["place_mode"],
        evidence=row["evidence"],
        risk=row["risk"],
        safeguards=row["safeguards"],
        materials=row["materials"],
        platform=row["platform"],
        months=row["months"].replace(";", ","),
        helper_count=int(row["min_helpers"]),
        is_hazardous=row["hazardous"] == "1",
    )


def _referral(row: Mapping[str, str]) -> Referral:
    return Referral(
        words=row["phrase"],
        unless=row["unless"],
        target=row["target"],
        is_urgent=row["urgent"] == "1",
        sentence=row["sentence"],
    )
