"""Grants: who holds which role over which subtree."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from civic.access.roles import Role


class GrantQuerySet(models.QuerySet["Grant"]):
    def standing(self) -> "GrantQuerySet":
        """Grants in force."""
        return self.filter(revoked_at=None)


class Grant(models.Model):
    """A role over a place and everything below it."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20, choices=Role)
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="grants")
    granted_at = models.DateTimeField()
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = GrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="access_grant_role_known", condition=Q(role__in=Role.values)),
            models.CheckConstraint(
                name="access_grant_revoked_at_and_by",
                condition=Q(revoked_at=None, revoked_by=None)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
            ),
            models.UniqueConstraint(
                name="access_grant_once", fields=["person", "role", "place"], condition=Q(revoked_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} over {self.place_id}"


class Setting(models.Model):
    """One setting of the city, changed in the back office; absent means the default of the code."""

    key = models.CharField(max_length=60, primary_key=True)
    value = models.JSONField()
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return self.key


class CalendarDay(models.Model):
    """A day that the State Council's yearly notice makes a holiday or a working day."""

    on = models.DateField(primary_key=True)
    is_working = models.BooleanField()
    name = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return f"{self.on}"
