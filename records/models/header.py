"""The header that every process shares, and what permits, numbers and finds it."""

from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db import models

from catalogue.models import Service
from people.models import Membership, Organisation, Provider, SupportGroup
from tenancy.models import TenantForeignKey, TenantModel, TenantOneToOneField

LIVE_PHASES = ("open", "pending")
_LIVE = models.Q(phase__in=LIVE_PHASES)


class Record(TenantModel):
    """One numbered piece of process work.

    A column is here only if every process has it *and* a cross-process screen sorts, filters or permits by it;
    each process keeps the rest in its own table.
    """

    # No column: what a follower made of the last step taken with this instance, so that nobody has to read it back.
    projection: Any = None

    kind = models.CharField(max_length=12)
    number = models.CharField(max_length=12)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    state = models.CharField(max_length=24)
    phase = models.CharField(max_length=8)
    priority = models.PositiveSmallIntegerField(null=True)
    service = TenantForeignKey(Service, null=True)
    requester = TenantForeignKey(Membership, null=True)
    affected_user = TenantForeignKey(Membership, null=True)
    organisation = TenantForeignKey(Organisation, null=True)
    support_group = TenantForeignKey(SupportGroup, null=True)
    provider = TenantForeignKey(Provider, null=True)
    assignee = TenantForeignKey(Membership, null=True)
    is_restricted = models.BooleanField(default=False)
    external_reference = models.CharField(max_length=120, blank=True)
    opened_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", "number", name="record_number"),
            models.CheckConstraint(
                name="record_phase", condition=models.Q(phase__in=["open", "pending", "resolved", "closed"])
            ),
            models.CheckConstraint(
                name="record_priority",
                condition=models.Q(priority__isnull=True) | models.Q(priority__range=(1, 5)),
            ),
        )
        indexes = (
            models.Index(
                "tenant", "kind", models.F("opened_at").desc(), models.F("id").desc(), name="record_newest"
            ),
            models.Index(
                "tenant",
                "kind",
                models.F("opened_at").desc(),
                models.F("id").desc(),
                name="record_live",
                condition=_LIVE,
            ),
            models.Index(
                "tenant",
                "support_group",
                models.F("opened_at").desc(),
                models.F("id").desc(),
                name="record_live_group",
                condition=_LIVE,
            ),
            models.Index("tenant", "assignee", name="record_live_assignee", condition=_LIVE),
            models.Index(
                "tenant", "kind", "resolved_at", name="record_resolved", condition=models.Q(phase="resolved")
            ),
            models.Index(
                "tenant",
                "external_reference",
                name="record_external",
                condition=~models.Q(external_reference=""),
            ),
        )

    def __str__(self) -> str:
        return self.number


class RecordParty(TenantModel):
    """A provider that holds, held, raised, or was asked to help with a record. The supplier's role reads by it."""

    record = TenantForeignKey(Record)
    provider = TenantForeignKey(Provider)
    since = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint("tenant", "provider", "record", name="record_party_once"),)


class RecordPerson(TenantModel):
    """A person to whom a record is visible as their own: its requester, affected user, a watcher or an approver."""

    class Reason(models.TextChoices):
        REQUESTER = "requester"
        AFFECTED = "affected"
        WATCHER = "watcher"
        APPROVER = "approver"

    record = TenantForeignKey(Record)
    membership = TenantForeignKey(Membership)
    reason = models.CharField(max_length=9, choices=Reason.choices)

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", "membership", "record", "reason", name="record_person_once"),
            models.CheckConstraint(
                name="record_person_reason",
                condition=models.Q(reason__in=["requester", "affected", "watcher", "approver"]),
            ),
        )
        indexes = (models.Index("tenant", "record", name="record_person_of"),)


class Counter(TenantModel):
    """The last number given to a kind of record."""

    kind = models.CharField(max_length=12)
    value = models.BigIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint("tenant", "kind", name="counter_kind"),)


class SearchDocument(models.Model):
    """What full-text search reads: never selected directly, only through `records_search`."""

    record = TenantOneToOneField(Record, primary_key=True)
    tenant = models.ForeignKey(
        "tenancy.Tenant", on_delete=models.DO_NOTHING, related_name="+", db_index=False
    )
    opened_at = models.DateTimeField()
    words = SearchVectorField()
