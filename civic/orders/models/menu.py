"""The service menu: categories, items, monthly issues and what sites claimed of them."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class ServiceMode(models.TextChoices):
    HOME = "home", _("上门")
    SITE = "site", _("到站")
    EITHER = "either", _("上门或到站")


class DispatchMode(models.TextChoices):
    """How far the engine goes with orders of a category."""

    OFF = "off", _("不用")
    PROPOSE = "propose", _("只提建议，派单员来派")
    SEND = "send", _("自动发出邀请")


class Category(models.Model):
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=20)
    icon = models.CharField(max_length=20)
    position = models.PositiveSmallIntegerField()
    dispatch_mode = models.CharField(
        max_length=7, choices=DispatchMode, default=DispatchMode.PROPOSE, db_default=DispatchMode.PROPOSE
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="orders_category_dispatch_mode_known", condition=Q(dispatch_mode__in=DispatchMode.values)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Item(models.Model):
    """One thing a resident can order. It never carries a price."""

    slug = models.SlugField(max_length=60, unique=True)
    category = models.ForeignKey(Category, models.PROTECT, related_name="items")
    name = models.CharField(max_length=30)
    description = models.CharField(max_length=200)
    skill = models.ForeignKey("volunteers.Skill", models.PROTECT, related_name="items")
    minutes = models.PositiveSmallIntegerField()
    mode = models.CharField(max_length=6, choices=ServiceMode)
    evidence = models.CharField(max_length=120)
    risk = models.CharField(max_length=200)
    safeguards = models.CharField(max_length=200)
    materials = models.CharField(max_length=120, blank=True)
    platform = models.CharField(max_length=16)
    months = models.CharField(max_length=40, blank=True)  # "6,7,8"; empty: all year
    helper_count = models.PositiveSmallIntegerField(default=1)
    is_hazardous = models.BooleanField(default=False)
    search = SearchVectorField(null=True)
    withdrawn_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="orders_item_mode_known", condition=Q(mode__in=ServiceMode.values)),
            models.CheckConstraint(name="orders_item_minutes_sane", condition=Q(minutes__range=(5, 720))),
            models.CheckConstraint(
                name="orders_item_tells_risk_and_safeguards", condition=~Q(risk="") & ~Q(safeguards="")
            ),
        ]
        indexes = [GinIndex(fields=["search"], name="orders_item_search")]

    def __str__(self) -> str:
        return self.name


class Synonym(models.Model):
    """Everyday words for an item: 电饭锅不通电 for 小家电维修."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="synonyms")
    words = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(name="orders_synonym_once", fields=["item", "words"])]

    def __str__(self) -> str:
        return self.words


class Referral(models.Model):
    """Words that belong to another desk: 着火 to 119, 路灯坏了 to 12345."""

    words = models.CharField(max_length=40, unique=True)
    unless = models.CharField(max_length=200, blank=True)  # 演练;演习: with these words it is not meant
    target = models.CharField(max_length=10)
    is_urgent = models.BooleanField(default=False)
    sentence = models.CharField(max_length=120)

    def __str__(self) -> str:
        return f"{self.words} → {self.target}"


class Switch(models.Model):
    """An item that a place does not offer, or only from month to month."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="switches")
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    months = models.CharField(max_length=40, blank=True)  # "6,7,8"; empty: off all year
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(name="orders_switch_once", fields=["item", "place"])]

    def __str__(self) -> str:
        return f"{self.item_id} off at {self.place_id}"


class Issue(models.Model):
    """一月一主题、一月一发布、一月一示范: the monthly list, published to the sites under a place."""

    place = models.ForeignKey("places.Place", models.PROTECT, related_name="issues")
    month = models.DateField()
    number = models.PositiveSmallIntegerField()
    theme = models.CharField(max_length=40)
    demonstration = models.ForeignKey("venues.Venue", models.PROTECT, related_name="+")
    items = models.ManyToManyField(Item, related_name="issues")
    drafted_at = models.DateTimeField()
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="orders_issue_one_a_month", fields=["place", "month"]),
            models.CheckConstraint(name="orders_issue_month_begins_on_1", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="orders_issue_published_at_and_by",
                condition=Q(published_at=None, published_by=None)
                | Q(published_at__isnull=False, published_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.theme}"


class Claim(models.Model):
    """领单: a site offers an item, through a monthly issue or of its own."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="claims")
    venue = models.ForeignKey("venues.Venue", models.PROTECT, related_name="claims")
    issue = models.ForeignKey(Issue, models.PROTECT, null=True, related_name="claims")
    claimed_at = models.DateTimeField()
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    dropped_at = models.DateTimeField(null=True)
    dropped_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="orders_claim_once", fields=["item", "venue"], condition=Q(dropped_at=None)
            ),
            models.CheckConstraint(
                name="orders_claim_dropped_at_and_by",
                condition=Q(dropped_at=None, dropped_by=None)
                | Q(dropped_at__isnull=False, dropped_by__isnull=False),
            ),
            models.CheckConstraint(
                name="orders_claim_dropped_later",
                condition=Q(dropped_at=None) | Q(dropped_at__gte=F("claimed_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} at {self.venue_id}"
