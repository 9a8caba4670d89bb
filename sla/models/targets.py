"""Targets as dated definitions."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from calendars.models import Calendar
from sla.engine import METRICS
from tenancy.models import TenantForeignKey, TenantModel

# As long as the longest rule: `provider:` and a key.
PAUSE_RULE_MAX = 48


class Target(TenantModel):
    """A promise by name: SLA to the user, OLA between groups, UC with a supplier. Its terms are its versions."""

    code = models.SlugField(max_length=80)
    name = models.CharField(max_length=200)

    class Meta:
        constraints = (models.UniqueConstraint("tenant", "code", name="target_code"),)

    def __str__(self) -> str:
        return self.name


class TargetVersion(TenantModel):
    """A target's terms from an instant on, until its next version. Never edited.

    `scope` maps attributes to allowed values, `duration` is in open seconds of the calendar.
    """

    target = TenantForeignKey(Target, related_name="versions")
    effective_from = models.DateTimeField()
    is_retired = models.BooleanField(
        default=False, help_text="from this instant on the target applies to nothing"
    )
    kind = models.CharField(max_length=3)
    metric = models.CharField(max_length=12)
    scope = models.JSONField(default=dict)
    duration = models.PositiveIntegerField(help_text="seconds")
    calendar = TenantForeignKey(Calendar)
    start_on = models.CharField(max_length=24, default="opened")
    stop_on = ArrayField(models.CharField(max_length=24))
    pause_on = ArrayField(models.CharField(max_length=PAUSE_RULE_MAX), default=list)
    pause_until = models.BooleanField(
        default=False, help_text="a pause for something promised for a day ends on that day"
    )
    warn_at = ArrayField(models.PositiveSmallIntegerField(), default=list)
    is_cumulative = models.BooleanField(default=True)

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", "target", "effective_from", name="target_version_instant"),
            models.CheckConstraint(name="target_kind", condition=Q(kind__in=["sla", "ola", "uc"])),
            models.CheckConstraint(name="target_metric", condition=Q(metric__in=METRICS)),
            models.CheckConstraint(name="target_duration", condition=Q(duration__gt=0)),
        )
