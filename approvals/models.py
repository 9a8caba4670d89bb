"""Levels of approval, the seats of those who decide, and who decides in whose stead."""

from django.db import models
from django.db.models import F, Q

from people.models import Membership
from records.models import Record
from tenancy.models import TenantForeignKey, TenantModel

DECISIONS = (("", "none yet"), ("approved", "approved"), ("rejected", "rejected"))


class Approval(TenantModel):
    """One level of approval of one record. `level` is its notation as the plan had it.

    `party` is who has custody of the record while it is asked: a person, a group or a role, by key. `next_at` is when
    somebody is reminded or it is escalated, by itself.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        ASKED = "asked"
        APPROVED = "approved"
        REJECTED = "rejected"
        SKIPPED = "skipped"
        WITHDRAWN = "withdrawn"

    record = TenantForeignKey(Record)
    position = models.PositiveSmallIntegerField(help_text="from 1")
    level = models.JSONField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    rule = models.CharField(max_length=6, choices=(("any", "any"), ("all", "all"), ("quorum", "quorum")))
    needed = models.PositiveSmallIntegerField(default=1, help_text="how many seats must approve")
    lacks_approvers = models.BooleanField(default=False, help_text="too few are there to approve it")
    party = models.UUIDField(null=True)
    asked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    remind_at = models.DateTimeField(null=True)
    escalate_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", "record", "position", name="approval_position"),
            models.CheckConstraint(
                name="approval_state",
                condition=Q(state__in=["waiting", "asked", "approved", "rejected", "skipped", "withdrawn"]),
            ),
            models.CheckConstraint(name="approval_rule", condition=Q(rule__in=["any", "all", "quorum"])),
        )
        indexes = (
            models.Index("next_at", name="approval_due", condition=Q(state="asked", next_at__isnull=False)),
            models.Index(
                "tenant",
                F("asked_at").desc(),
                F("id").desc(),
                name="approval_asked",
                condition=Q(state="asked"),
            ),
        )


class Approver(TenantModel):
    """The say of one member at one level, and what was decided with it: by them, or by whom it was handed to."""

    class Why(models.TextChoices):
        MANAGER = "manager"
        ROLE = "role"
        GROUP = "group"
        PERSON = "person"
        ESCALATED = "escalated"
        ASSIGNED = "assigned"

    approval = TenantForeignKey(Approval)
    member = TenantForeignKey(Membership)
    why = models.CharField(max_length=9, choices=Why.choices)
    place = models.PositiveSmallIntegerField(help_text="in the order in which they were asked")
    seated_at = models.DateTimeField()
    handed_to = TenantForeignKey(Membership, null=True)
    has_left = models.BooleanField(default=False)
    decision = models.CharField(max_length=8, blank=True, choices=DECISIONS)
    decided_by = TenantForeignKey(Membership, null=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", "approval", "member", name="approver_once"),
            models.CheckConstraint(
                name="approver_decision", condition=Q(decision__in=["", "approved", "rejected"])
            ),
            models.CheckConstraint(
                name="approver_decided_by",
                condition=Q(decision="", decided_by__isnull=True) | Q(decided_by__isnull=False),
            ),
        )
        indexes = (
            models.Index("tenant", "member", "seated_at", name="approver_of"),
            models.Index("tenant", "handed_to", name="approver_handed", condition=Q(handed_to__isnull=False)),
            models.Index(
                "tenant", "decided_by", "decided_at", name="approver_decided", condition=~Q(decision="")
            ),
        )


class Question(TenantModel):
    """What an approver asked before deciding; the words stand in the record's thread, and so does the answer."""

    approval = TenantForeignKey(Approval)
    asked_by = TenantForeignKey(Membership)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index("tenant", "approval", name="question_of"),)


class Delegation(TenantModel):
    """Somebody decides in somebody else's stead, from the first to the last day of it as the tenant counts days."""

    delegator = TenantForeignKey(Membership)
    delegate = TenantForeignKey(Membership)
    first_day = models.DateField()
    last_day = models.DateField()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="ended before its last day")

    class Meta:
        constraints = (
            models.CheckConstraint(name="delegation_days", condition=Q(last_day__gte=F("first_day"))),
        )
        indexes = (
            models.Index("tenant", "delegator", "last_day", name="delegation_from"),
            models.Index("tenant", "delegate", "last_day", name="delegation_to"),
        )
