"""The tasks that fulfil a request, and what runs of itself for them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from records.models import Record
from tenancy.engine.scope import current_tenant_id
from tenancy.models import Tenant, TenantForeignKey, TenantModel, TenantOneToOneField


class Task(models.Model):
    """What a fulfilment task has beside the header: its place in the plan, and the plan's words as they were then.

    `after` are codes of tasks of the same request. `replaces` is the code of the task whose place it took.
    """

    record = TenantOneToOneField(Record, primary_key=True)
    tenant = models.ForeignKey(
        Tenant, on_delete=models.DO_NOTHING, related_name="+", default=current_tenant_id, db_index=False
    )
    request = TenantForeignKey(Record)
    code = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField()
    after = ArrayField(models.CharField(max_length=80), default=list)
    definition = models.JSONField(default=dict, help_text="the task as the plan had it")
    answers = models.JSONField(default=dict, help_text="to its form, given on completing it")
    replaces = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint("tenant", "request", "code", name="task_code"),)


class AutomationRun(TenantModel):
    """One run of a task's action. However often it is sent, it goes under one key, so that it happens once.

    It is `due` at `next_at` until it `ended` in an outcome, or waits (`called`) until then to be called back.
    """

    class State(models.TextChoices):
        DUE = "due"
        CALLED = "called"
        ENDED = "ended"

    class Kind(models.TextChoices):
        HOOK = "hook"
        RUN = "run"

    record = TenantForeignKey(Record)
    attempt = models.PositiveSmallIntegerField()
    tries = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=4, choices=Kind.choices)
    state = models.CharField(max_length=6, choices=State.choices, default=State.DUE)
    token_hash = models.CharField(max_length=64)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    log = models.JSONField(default=list)
    outcome = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", "record", "attempt", name="automation_attempt"),
            models.UniqueConstraint("tenant", "token_hash", name="automation_token"),
            models.CheckConstraint(
                name="automation_state", condition=Q(state__in=["due", "called", "ended"])
            ),
            models.CheckConstraint(name="automation_kind", condition=Q(kind__in=["hook", "run"])),
        )
        indexes = (models.Index("next_at", name="automation_due", condition=~Q(state="ended")),)


class Hook(TenantModel):
    """An address that tasks may call, with the secret (sealed) that calls are signed with.

    `answers_later`: it may answer 202 and call back. `version` counts the changes to it.
    """

    code = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    url = models.CharField(max_length=500)
    secret = models.TextField(help_text="sealed")
    timeout_seconds = models.PositiveSmallIntegerField(default=10)
    answers_later = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", "code", name="hook_code"),
            models.CheckConstraint(name="hook_timeout", condition=Q(timeout_seconds__range=(1, 60))),
        )

    def __str__(self) -> str:
        return self.code


class HookDelivery(TenantModel):
    """One call of a hook, with what was answered; `status` is None when nothing was. Kept for a month."""

    class Result(models.TextChoices):
        DONE = "done"
        FAILED = "failed"
        RUNNING = "running"
        AGAIN = "again"

    hook = TenantForeignKey(Hook)
    sent_at = models.DateTimeField()
    key = models.CharField(max_length=60)
    is_test = models.BooleanField(default=False)
    status = models.PositiveSmallIntegerField(null=True)
    result = models.CharField(max_length=7, choices=Result.choices)
    reason = models.CharField(max_length=500, blank=True)
    milliseconds = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="hook_delivery_result", condition=Q(result__in=["done", "failed", "running", "again"])
            ),
        )
        indexes = (models.Index("tenant", "hook", "sent_at", "id", name="hook_delivery_of"),)


class AllowedHost(TenantModel):
    """A host that hooks of the tenant may name."""

    host = models.CharField(max_length=253)

    class Meta:
        constraints = (models.UniqueConstraint("tenant", "host", name="allowed_host"),)

    def __str__(self) -> str:
        return self.host
