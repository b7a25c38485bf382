"""Places, the other names they go by, and what happened to them."""

from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    CITY = "city", _("市")
    COUNTY = "county", _("县区")
    TOWNSHIP = "township", _("乡镇街道")
    VILLAGE = "village", _("村社区")


class Kind(models.TextChoices):
    PREFECTURE_CITY = "prefecture_city", _("地级市")
    DISTRICT = "district", _("市辖区")
    COUNTY = "county", _("县")
    COUNTY_CITY = "county_city", _("县级市")
    SUBDISTRICT = "subdistrict", _("街道")
    TOWN = "town", _("镇")
    RURAL_TOWNSHIP = "rural_township", _("乡")
    QUASI_TOWNSHIP = "quasi_township", _("类似乡级单位")
    RESIDENTS_COMMITTEE = "residents_committee", _("社区居委会")
    VILLAGERS_COMMITTEE = "villagers_committee", _("村委会")
    QUASI_RESIDENTS = "quasi_residents", _("类似居委会")
    QUASI_VILLAGERS = "quasi_villagers", _("类似村委会")
    VIRTUAL = "virtual", _("虚拟村")


class Precision(models.TextChoices):
    OWN = "own", _("本地坐标")
    SEAT = "seat", _("驻地坐标")
    TOWNSHIP_SEAT = "township_seat", _("乡镇驻地坐标")
    COUNTY_SEAT = "county_seat", _("县城坐标")


def within(paths: Iterable[str], field: str = "path") -> Q:
    """Rows whose `field` lies in the subtree of any of `paths`; nothing when there are none.

    A range on the path, not LIKE: "1/7/3/" never catches "1/7/31/", and the C-collated index serves it.
    """
    found = Q(pk__in=[])
    for path in paths:
        # "0" is the character after "/": every path below begins with `path` and sorts before this bound.
        found |= Q(**{f"{field}__gte": path, f"{field}__lt": f"{path[:-1]}0"})
    return found


class PlaceQuerySet(models.QuerySet["Place"]):
    def under(self, path: str) -> "PlaceQuerySet":
        """The place at `path` and everything below it."""
        return self.filter(within([path]))

    def valid(self) -> "PlaceQuerySet":
        """Places that exist today: neither merged nor closed."""
        return self.filter(valid_to=None)

    def in_order(self) -> "PlaceQuerySet":
        """By the national code, then by pinyin."""
        return self.order_by("level_order", F("code").asc(nulls_last=True), "sort_key", "id")


class Place(models.Model):
    """One division. Known by its id: codes change, names change, the place stays."""

    code = models.CharField(max_length=12, null=True, unique=True)
    name = models.CharField(max_length=60)
    full_name = models.CharField(max_length=80)
    level = models.CharField(max_length=10, choices=Level)
    level_order = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=Kind)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    path = models.CharField(max_length=120, unique=True, db_collation="C")
    sort_key = models.CharField(max_length=200, db_collation="C")
    initials = models.CharField(max_length=40, db_collation="C", db_index=True)
    lon = models.DecimalField(max_digits=8, decimal_places=5, null=True)
    lat = models.DecimalField(max_digits=8, decimal_places=5, null=True)
    precision = models.CharField(max_length=16, choices=Precision, blank=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")

    objects = PlaceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="places_place_level_known", condition=Q(level__in=Level.values)),
            models.CheckConstraint(name="places_place_kind_known", condition=Q(kind__in=Kind.values)),
            models.CheckConstraint(name="places_place_path_closed", condition=Q(path__endswith="/")),
            models.CheckConstraint(
                name="places_place_only_the_city_has_no_parent",
                condition=Q(level=Level.CITY, parent=None) | (~Q(level=Level.CITY) & Q(parent__isnull=False)),
            ),
            models.CheckConstraint(
                name="places_place_merged_is_closed",
                condition=Q(merged_into=None) | Q(valid_to__isnull=False),
            ),
            models.CheckConstraint(
                name="places_place_code_has_12_digits", condition=Q(code=None) | Q(code__regex=r"^\d{12}$")
            ),
            models.CheckConstraint(
                name="places_place_valid_span",
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="places_place_point_is_whole",
                condition=Q(lon=None, lat=None) | Q(lon__isnull=False, lat__isnull=False),
            ),
            models.UniqueConstraint(
                name="places_place_name_unique_among_siblings",
                fields=["parent", "name"],
                condition=Q(valid_to=None),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ancestor_ids(self) -> list[int]:
        """Ids from the root down to this place itself."""
        return [int(part) for part in self.path.split("/") if part]


class Alias(models.Model):
    """Another name people use for a place: 延南街道 for 延安南路街道."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(name="places_alias_once", fields=["place", "name"])]

    def __str__(self) -> str:
        return self.name


class ChangeKind(models.TextChoices):
    ADDED = "added", _("新设")
    RENAMED = "renamed", _("更名")
    MERGED = "merged", _("并入")
    CLOSED = "closed", _("撤销")


class Change(models.Model):
    """One line of a place's history; written once."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=10, choices=ChangeKind)
    on = models.DateField()
    before = models.CharField(max_length=80, blank=True)
    after = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    into = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="places_change_kind_known", condition=Q(kind__in=ChangeKind.values))
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.kind} {self.on}"
