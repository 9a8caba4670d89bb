"""Reports as they were issued, and when further ones are."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Provider
from tenancy.models import TenantForeignKey, TenantModel


class Report(TenantModel):
    """A report, frozen as it was issued. Never changed: its check code opens these figures for good."""

    class Kind(models.TextChoices):
        SLA = "sla", _("Monthly SLA report")
        SUPPLIER = "supplier", _("Supplier report")

    kind = models.CharField(max_length=8, choices=Kind.choices)
    provider = TenantForeignKey(Provider, null=True)
    month = models.DateField(help_text="first day of the month that it tells of")
    question = models.JSONField(help_text="what was asked: kind, month, provider, language")
    title = models.CharField(max_length=400)
    language = models.CharField(max_length=8)
    figures = models.TextField(help_text="the report as canonical JSON (reporting.engine.documents)")
    sha256 = models.CharField(max_length=64)
    check_code = models.CharField(max_length=20)
    issued_at = models.DateTimeField()
    known_at = models.DateTimeField(help_text="up to which instant the figures knew what happened")
    issued_by = models.CharField(max_length=200)
    schedule = models.UUIDField(null=True, help_text="the schedule that it was issued by")

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", "check_code", name="report_check_code"),
            models.UniqueConstraint("tenant", "schedule", "month", name="report_once_a_month"),
        )
        indexes = (
            models.Index("tenant", models.F("issued_at").desc(), models.F("id").desc(), name="report_newest"),
        )

    def __str__(self) -> str:
        return self.title


class Schedule(TenantModel):
    """A report that is issued every month and mailed to people who need no seat."""

    kind = models.CharField(max_length=8, choices=Report.Kind.choices)
    provider = TenantForeignKey(Provider, null=True)
    day = models.PositiveSmallIntegerField(help_text="of the month, 1 to 28")
    hour = models.PositiveSmallIntegerField(help_text="of the day in the tenant's time zone, 0 to 23")
    recipients = ArrayField(models.EmailField(max_length=254))
    language = models.CharField(max_length=8)
    is_enabled = models.BooleanField(default=True)
    next_at = models.DateTimeField(help_text="when it is due next; the report is on the month before")
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.CheckConstraint(name="schedule_day", condition=models.Q(day__gte=1, day__lte=28)),
            models.CheckConstraint(name="schedule_hour", condition=models.Q(hour__lte=23)),
        )
        indexes = (
            models.Index("tenant", "next_at", name="schedule_due", condition=models.Q(is_enabled=True)),
            models.Index(
                "tenant", models.F("created_at").desc(), models.F("id").desc(), name="schedule_newest"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, day {self.day}"
