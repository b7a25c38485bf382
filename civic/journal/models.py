"""Lines of the journal, the heads of their chains, and the forms already answered."""

from django.conf import settings
from django.db import models

LANES = 8


class Entry(models.Model):
    """One act. Written once; hash and previous are filled by the database, never by Python."""

    lane = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    on_behalf_of = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    what = models.CharField(max_length=60)
    about_type = models.CharField(max_length=40)
    about_id = models.BigIntegerField(null=True)
    place_path = models.CharField(max_length=120, blank=True, db_collation="C")
    details = models.JSONField(default=dict)
    address = models.CharField(max_length=45, blank=True)
    previous = models.CharField(max_length=64, default="")
    hash = models.CharField(max_length=64, default="")

    class Meta:
        indexes = [
            models.Index(fields=["about_type", "about_id", "-id"], name="journal_entry_about"),
            models.Index(fields=["by", "-id"], name="journal_entry_by"),
            models.Index(fields=["-at"], name="journal_entry_at"),
        ]
        constraints = [
            models.CheckConstraint(name="journal_entry_lane_known", condition=models.Q(lane__lt=LANES)),
        ]

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.what} {self.about_type} {self.about_id}"


class Lane(models.Model):
    """The head of one chain: the hash that the next line must name."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    head = models.CharField(max_length=64, default="")
    entry_count = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"lane {self.id}, {self.entry_count} lines"


class Submission(models.Model):
    """A form already sent: its key, and where its answer led. Kept for a week."""

    key = models.CharField(max_length=64, primary_key=True)
    path = models.CharField(max_length=200)
    location = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.path} → {self.location}"
