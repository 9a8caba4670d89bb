"""Targets as dated definitions, and the projections of clocks and custody for querying."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from calendars.models import Calendar
from people.models import Provider
from records.models import Record
from tenancy.models import TenantForeignKey, TenantModel


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
    pause_on = ArrayField(models.CharField(max_length=24), default=list)
    warn_at = ArrayField(models.PositiveSmallIntegerField(), default=list)
    is_cumulative = models.BooleanField(default=True)

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", "target", "effective_from", name="target_version_instant"),
            models.CheckConstraint(name="target_kind", condition=Q(kind__in=["sla", "ola", "uc"])),
            models.CheckConstraint(name="target_duration", condition=Q(duration__gt=0)),
        )


class Clock(TenantModel):
    """One target on one record, as last computed. A cache: `sla_replay --check` proves it equal to the audit.

    Whether it is breached is derived: due_at < coalesce(stopped_at, now).
    """

    record = TenantForeignKey(Record)
    target_version = TenantForeignKey(TargetVersion)
    code = models.CharField(max_length=80)
    kind = models.CharField(max_length=3)
    metric = models.CharField(max_length=12)
    party = models.UUIDField(null=True)
    state = models.CharField(max_length=10)
    started_at = models.DateTimeField()
    matched_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    duration = models.PositiveIntegerField(help_text="seconds")
    consumed = models.PositiveIntegerField(
        help_text="open seconds used up to running_since, or in all when not running"
    )
    running_since = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)
    met = models.BooleanField(null=True)
    next_fire_at = models.DateTimeField(null=True)
    fire_at = ArrayField(
        models.DateTimeField(), default=list, help_text="warning and breach instants yet to tell"
    )
    fire_percent = ArrayField(models.PositiveSmallIntegerField(), default=list)
    told_at = models.DateTimeField(help_text="instant up to which warnings and breaches have been told")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["tenant", "record", "target_version", "matched_at", "party"],
                name="clock_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="clock_state",
                condition=Q(state__in=["running", "paused", "stopped", "superseded", "cancelled"]),
            ),
        )
        indexes = (
            models.Index("next_fire_at", name="clock_fires", condition=Q(next_fire_at__isnull=False)),
            models.Index("tenant", "due_at", name="clock_due", condition=Q(state="running", kind="sla")),
        )


class Hold(TenantModel):
    """A stretch of custody, as last computed. A record's holds add up to its wall time exactly."""

    record = TenantForeignKey(Record)
    position = models.PositiveSmallIntegerField()
    party_kind = models.CharField(max_length=10)
    party = models.UUIDField(null=True)
    provider = TenantForeignKey(Provider, null=True)
    state = models.CharField(max_length=24)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", "record", "position", name="hold_position"),
            models.CheckConstraint(
                name="hold_party",
                condition=Q(party_kind__in=["group", "requester", "approver", "wire", "unassigned"]),
            ),
        )
