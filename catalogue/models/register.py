"""The service register: components, what each service is made of, and how it is fulfilled."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from calendars.models import Calendar
from catalogue.models.services import Service
from people.models import Provider
from suppliers.models import Contract
from tenancy.models import TenantForeignKey, TenantModel


class Component(TenantModel):
    """What a provider supplies to services; a row of the service register. Without a contract nothing binds anyone."""

    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)
    provider = TenantForeignKey(Provider)
    contract = TenantForeignKey(Contract, null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (models.UniqueConstraint("tenant", "code", name="component_code"),)

    def __str__(self) -> str:
        return self.name


class DependencyGroup(TenantModel):
    """Parts of a service of which `needed` must work for it to work: None for all of them, in series.

    `is_in_turn`: when all are down, they are restored one after another instead of side by side.
    """

    service = TenantForeignKey(Service)
    name = models.CharField(max_length=100)
    position = models.PositiveSmallIntegerField()
    needed = models.PositiveSmallIntegerField(null=True, blank=True)
    is_in_turn = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", "service", "name", name="dependency_group_name"),
            models.CheckConstraint(
                name="dependency_group_needed", condition=Q(needed__isnull=True) | Q(needed__gt=0)
            ),
        )

    def __str__(self) -> str:
        return self.name


class Dependency(TenantModel):
    """A part in a group: a component, or another service.

    `handover_seconds` of the service's hours pass until a fault is noticed and passed on to it.
    """

    group = TenantForeignKey(DependencyGroup, related_name="parts")
    position = models.PositiveSmallIntegerField()
    component = TenantForeignKey(Component, null=True, blank=True)
    used_service = TenantForeignKey(Service, null=True, blank=True)
    handover_seconds = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", "group", "position", name="dependency_position"),
            models.CheckConstraint(
                name="dependency_one_part",
                condition=Q(component__isnull=True, used_service__isnull=False)
                | Q(component__isnull=False, used_service__isnull=True),
            ),
        )


class FulfilmentPlan(TenantModel):
    """How a service is fulfilled, from an instant on until the next plan. Never edited, only added."""

    service = TenantForeignKey(Service)
    effective_from = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", "service", "effective_from", name="fulfilment_plan_instant"),
        )


class PlannedTask(TenantModel):
    """A task of a plan, after the tasks with the codes in `after`.

    It takes `seconds` of its calendar, or what the contract of its component says for fulfilment.
    """

    plan = TenantForeignKey(FulfilmentPlan, related_name="tasks")
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField()
    seconds = models.PositiveIntegerField(null=True, blank=True)
    calendar = TenantForeignKey(Calendar, null=True, blank=True)
    component = TenantForeignKey(Component, null=True, blank=True)
    after = ArrayField(models.CharField(max_length=60), default=list)

    class Meta:
        constraints = (
            models.UniqueConstraint("tenant", "plan", "code", name="planned_task_code"),
            models.CheckConstraint(
                name="planned_task_time",
                condition=Q(component__isnull=False, seconds__isnull=True, calendar__isnull=True)
                | Q(component__isnull=True, seconds__isnull=False, calendar__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.name
