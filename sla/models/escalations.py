"""What happens by itself at a point of a clock, and what did."""

from django.db import models
from django.db.models import Q

from people.models import Role, SupportGroup
from records.models import Record
from sla.models.targets import TargetVersion
from tenancy.models import TenantForeignKey, TenantModel


class Escalation(TenantModel):
    """What happens at a percentage of a target's time, of which 100 is the breach.

    A role is notified, or the priority raised, or a group given the record. It belongs to one version of a target: new
    terms have escalations of their own.
    """

    class Action(models.TextChoices):
        RAISE_PRIORITY = "raise_priority", "raise the priority by one"
        NOTIFY_ROLE = "notify_role", "notify a role"
        REASSIGN = "reassign", "reassign to a group"

    target_version = TenantForeignKey(TargetVersion, related_name="escalations")
    percent = models.PositiveSmallIntegerField()
    action = models.CharField(max_length=16, choices=Action.choices)
    role = TenantForeignKey(Role, null=True)
    support_group = TenantForeignKey(SupportGroup, null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["tenant", "target_version", "percent", "action", "role", "support_group"],
                name="escalation_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="escalation_percent", condition=Q(percent__range=(1, 100))),
            models.CheckConstraint(
                name="escalation_action",
                condition=Q(action="notify_role", role__isnull=False)
                | Q(action="raise_priority")
                | Q(action="reassign", support_group__isnull=False),
            ),
        )


class Escalated(TenantModel):
    """An escalation met its point on a record's clock, once: it was done, or left, and then for a reason.

    `party` and `matched_at` tell which of the record's clocks of the target version it was.
    """

    record = TenantForeignKey(Record)
    escalation = TenantForeignKey(Escalation)
    party = models.UUIDField(null=True)
    matched_at = models.DateTimeField()
    point_at = models.DateTimeField(help_text="when the point of the clock was reached")
    at = models.DateTimeField(help_text="when it was acted upon")
    is_done = models.BooleanField()
    reason = models.CharField(max_length=200, blank=True, help_text="why it was left")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["tenant", "record", "escalation", "matched_at", "party"],
                name="escalated_once",
                nulls_distinct=False,
            ),
        )
