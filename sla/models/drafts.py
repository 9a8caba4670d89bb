"""Definitions that are tried on real history before they are adopted, or thrown away."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from people.models import Membership
from records.models import Record
from sla.engine.verdicts import DIRECTIONS, WORDS
from tenancy.models import TenantForeignKey, TenantModel

STATES = ("draft", "adopted", "discarded")
RUN_STATES = ("queued", "running", "finished", "cancelled", "failed")


def _choices(words: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(word, word) for word in words]


class Draft(TenantModel):
    """Definitions as somebody typed them, in the notation. Nothing is measured by them until they are adopted.

    Filters say which records they are tried on; empty means any. `version` counts edits.
    """

    name = models.CharField(max_length=200)
    document = models.TextField()
    state = models.CharField(max_length=10, choices=_choices(STATES), default="draft")
    version = models.PositiveIntegerField(default=1)
    opened_from = models.DateField(null=True)
    opened_before = models.DateField(null=True)
    services = ArrayField(models.CharField(max_length=60), default=list, help_text="codes")
    providers = ArrayField(models.CharField(max_length=60), default=list, help_text="codes")
    priorities = ArrayField(models.PositiveSmallIntegerField(), default=list)
    made_by = TenantForeignKey(Membership, null=True)
    made_at = models.DateTimeField()
    edited_at = models.DateTimeField()
    adopted_at = models.DateTimeField(null=True)
    effective_from = models.DateTimeField(null=True, help_text="from when what was adopted holds")

    class Meta:
        constraints = (
            models.CheckConstraint(name="draft_state", condition=Q(state__in=STATES)),
            models.CheckConstraint(
                name="draft_adopted",
                condition=Q(state="adopted", adopted_at__isnull=False, effective_from__isnull=False)
                | (~Q(state="adopted") & Q(adopted_at__isnull=True, effective_from__isnull=True)),
            ),
        )
        indexes = (models.Index("tenant", "state", "id", name="draft_list"),)

    def __str__(self) -> str:
        return self.name


class DraftRun(TenantModel):
    """One time that a draft is tried on history: the text it had, what it was compared with, and what came out.

    `attempt` counts the workers that took it up; only what the last of them wrote counts. `fingerprint` is that of
    the definitions in force when it ran (see `sla.services.fingerprint`).
    """

    draft = TenantForeignKey(Draft)
    draft_version = models.PositiveIntegerField()
    document = models.TextField()
    state = models.CharField(max_length=10, choices=_choices(RUN_STATES), default="queued")
    reason = models.TextField(blank=True, help_text="why it failed")
    asked_at = models.DateTimeField()
    beat_at = models.DateTimeField(help_text="when it last got on")
    finished_at = models.DateTimeField(null=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    definitions_version = models.BigIntegerField(default=0)
    fingerprint = models.CharField(max_length=64, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    tallies = models.JSONField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(name="run_state", condition=Q(state__in=RUN_STATES)),
            models.CheckConstraint(
                name="run_result", condition=Q(state="finished", tallies__isnull=False) | ~Q(state="finished")
            ),
            # Two requests at once: one of them finds the other's.
            models.UniqueConstraint(
                fields=["tenant", "draft"],
                name="one_run_at_once",
                condition=Q(state__in=["queued", "running"]),
            ),
        )
        indexes = (models.Index("tenant", "draft", "id", name="run_of_draft"),)


class DraftChange(TenantModel):
    """One promise on one record whose verdict, or due instant while open, is another under the draft."""

    run = TenantForeignKey(DraftRun)
    attempt = models.PositiveSmallIntegerField()
    record = TenantForeignKey(Record)
    kind = models.CharField(max_length=3)
    metric = models.CharField(max_length=12)
    code = models.CharField(max_length=80)
    party = models.UUIDField(null=True)
    service = models.UUIDField(null=True)
    provider = models.UUIDField(null=True)
    priority = models.PositiveSmallIntegerField(null=True)
    direction = models.CharField(max_length=8, choices=_choices(DIRECTIONS))
    before = models.CharField(max_length=8, choices=_choices(WORDS))
    after = models.CharField(max_length=8, choices=_choices(WORDS))
    due_before = models.DateTimeField(null=True)
    due_after = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(name="change_direction", condition=Q(direction__in=DIRECTIONS)),
            models.CheckConstraint(name="change_verdicts", condition=Q(before__in=WORDS, after__in=WORDS)),
        )
        indexes = (models.Index("tenant", "run", "id", name="change_of_run"),)
