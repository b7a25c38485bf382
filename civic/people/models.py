"""Persons, one-time codes, attempts, sign-ins, consents."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from civic.core.fields import SealedTextField


class PersonManager(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> "Person":
        """The person behind a keyed hash of a phone."""
        return self.get(phone_hash=username)


class Person(AbstractBaseUser):
    """Anyone the city serves or who serves. `name` is masked wherever the reader need not know it."""

    name = models.CharField(max_length=40)
    phone = SealedTextField(blank=True, default="")
    phone_hash = models.CharField(max_length=64, null=True, unique=True)
    id_number = SealedTextField(blank=True, default="")
    id_number_hash = models.CharField(max_length=64, null=True, unique=True)
    address = SealedTextField(blank=True, default="")
    home = models.ForeignKey("places.Place", models.PROTECT, null=True, related_name="residents")
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    totp_secret = SealedTextField(blank=True, default="")
    totp_last_step = models.BigIntegerField(default=0)
    language = models.CharField(max_length=10, blank=True)
    mode = models.CharField(max_length=4, blank=True)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    USERNAME_FIELD = "phone_hash"
    REQUIRED_FIELDS = []
    objects = PersonManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="people_person_phone_is_findable",
                condition=Q(phone="", phone_hash=None) | (~Q(phone="") & Q(phone_hash__isnull=False)),
            ),
            models.CheckConstraint(
                name="people_person_id_number_is_findable",
                condition=Q(id_number="", id_number_hash=None)
                | (~Q(id_number="") & Q(id_number_hash__isnull=False)),
            ),
            models.CheckConstraint(
                name="people_person_gone_is_not_active", condition=Q(left_at=None) | Q(is_active=False)
            ),
        ]

    def __str__(self) -> str:
        return f"person {self.pk}"


class Code(models.Model):
    """A one-time code sent to a phone. Only its keyed hash is kept."""

    phone_hash = models.CharField(max_length=64)
    purpose = models.CharField(max_length=12)
    code_hash = models.CharField(max_length=64)
    address_hash = models.CharField(max_length=64)
    try_count = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["phone_hash", "-sent_at"], name="people_code_phone"),
            models.Index(fields=["address_hash", "-sent_at"], name="people_code_address"),
        ]
        constraints = [
            models.CheckConstraint(name="people_code_five_tries", condition=Q(try_count__lte=5)),
        ]

    def __str__(self) -> str:
        return f"code of {self.sent_at:%F %T}"


class Lock(models.Model):
    """Failed password or TOTP tries of one account name or one address; locked for a while after five."""

    key = models.CharField(max_length=80, primary_key=True)
    failed_count = models.PositiveSmallIntegerField(default=0)
    last_failed_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.key


class SignIn(models.Model):
    """One signed-in browser, listed to its owner, who may end it.

    `needs_totp` marks a person who works for the city: until `verified_at` is set, nothing but the second
    step is open to this browser. `idle_minutes` is how long it may rest.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    device = models.CharField(max_length=80)
    at = models.DateTimeField()
    seen_at = models.DateTimeField()
    needs_totp = models.BooleanField(default=False)
    idle_minutes = models.PositiveIntegerField(default=30 * 24 * 60)
    verified_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person", "-at"], name="people_signin_person")]

    def __str__(self) -> str:
        return f"{self.device} {self.at:%F %T}"


class Purpose(models.TextChoices):
    SERVICE = "service", _("办理您的点单")
    CONTACT = "contact", _("接单后把联系方式给服务队")
    MATCHING = "matching", _("根据技能和距离推荐任务")
    PUBLICATION = "publication", _("公开展示姓名或照片")
    LOCATION = "location", _("签到时核对是否在服务地点")
    EXCHANGE = "exchange", _("向全国志愿服务系统报送")


class Consent(models.Model):
    """A person agreed to one purpose under one version of the notice; withdrawing ends the row."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=16, choices=Purpose)
    notice_version = models.CharField(max_length=20)
    channel = models.CharField(max_length=16)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="people_consent_purpose_known", condition=Q(purpose__in=Purpose.values)
            ),
            models.CheckConstraint(
                name="people_consent_withdrawn_at_and_by",
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
            ),
            models.UniqueConstraint(
                name="people_consent_one_standing",
                fields=["person", "purpose"],
                condition=Q(withdrawn_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.notice_version}"
