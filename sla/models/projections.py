"""What was computed from the audit, kept for querying: clocks and custody."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from people.models import Provider
from records.models import Record
from sla.models.targets import TargetVersion
from tenancy.models import TenantForeignKey, TenantModel


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
    told_percent = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="the last of the points at that instant that was told"
    )

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
            models.Index("tenant", "started_at", "id", name="clock_started"),
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
        indexes = (
            # What was resolved and reopened: the few records of a list whose user's clock is not one stretch.
            models.Index(
                "tenant",
                "record",
                name="hold_reopened",
                condition=Q(state="resolved", ended_at__isnull=False),
            ),
        )
