"""Reads of the service register, in the tenant in scope."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext

from catalogue.models import Component, Dependency, DependencyGroup, FulfilmentPlan, PlannedTask, Service
from lifecycle.public import NotFoundError


@dataclass(frozen=True, slots=True)
class Register:
    """What services are made of: services and components by key, the groups of each service, and their parts."""

    services: Mapping[UUID, Service]
    components: Mapping[UUID, Component]
    groups: Mapping[UUID, Sequence[DependencyGroup]]
    parts: Mapping[UUID, Sequence[Dependency]]


def register() -> Register:
    """The service register of the tenant in scope, as it is now: four reads, whatever its size."""
    groups: dict[UUID, list[DependencyGroup]] = defaultdict(list)
    parts: dict[UUID, list[Dependency]] = defaultdict(list)
    for group in DependencyGroup.objects.order_by("service_id", "position"):
        groups[group.service_id].append(group)
    for part in Dependency.objects.order_by("group_id", "position"):
        parts[part.group_id].append(part)
    components = Component.objects.select_related("provider", "contract").order_by("name", "id")
    return Register(
        services={row.pk: row for row in Service.objects.order_by("name", "id")},
        components={row.pk: row for row in components},
        groups=groups,
        parts=parts,
    )


def plans_in_force(at: datetime) -> dict[UUID, list[PlannedTask]]:
    """The tasks of each service's plan in force at an instant (UTC), by service."""
    plans = FulfilmentPlan.objects.filter(effective_from__lte=at).order_by("effective_from", "id")
    latest = {plan.service_id: plan.pk for plan in plans}
    services = {plan: service for service, plan in latest.items()}
    found: dict[UUID, list[PlannedTask]] = defaultdict(list)
    tasks = PlannedTask.objects.filter(plan__in=services).select_related("calendar", "component")
    for task in tasks.order_by("position"):
        found[services[task.plan_id]].append(task)
    return found


def find_component(code: str) -> Component | None:
    """The component with this code."""
    return Component.objects.select_related("provider", "contract").filter(code=code).first()


def all_components() -> QuerySet[Component]:
    """The service register, each component with its provider and contract."""
    return Component.objects.select_related("provider", "contract")


def get_component(code: str) -> Component:
    """The component with this code. Raises NotFoundError."""
    component = find_component(code)
    if component is None:
        raise NotFoundError(gettext("There is no such component."))
    return component


def services_with(components: Iterable[UUID]) -> dict[UUID, list[Service]]:
    """The services of which components are parts, or whose plans count on them, by component and name."""
    wanted = list(components)
    users: dict[UUID, set[UUID]] = defaultdict(set)
    parts = Dependency.objects.filter(component__in=wanted).values_list("component", "group__service")
    tasks = PlannedTask.objects.filter(component__in=wanted).values_list("component", "plan__service")
    for component, service in [*parts, *tasks]:
        users[component].add(service)
    known = Service.objects.filter(pk__in=set().union(*users.values())).order_by("name", "id")
    rows = list(known) if users else []
    return {key: [row for row in rows if row.pk in users[key]] for key in wanted}


def plans_of(service: Service) -> list[tuple[FulfilmentPlan, list[PlannedTask]]]:
    """Every plan of a service with its tasks, the newest first."""
    plans = FulfilmentPlan.objects.filter(service=service).order_by("-effective_from", "-id")
    tasks: dict[UUID, list[PlannedTask]] = defaultdict(list)
    rows = PlannedTask.objects.filter(plan__service=service).select_related("calendar", "component")
    for task in rows.order_by("position"):
        tasks[task.plan_id].append(task)
    return [(plan, tasks[plan.pk]) for plan in plans]


def components_under(contract_id: UUID) -> list[Component]:
    """The components that are supplied under a contract, by name."""
    return list(Component.objects.filter(contract=contract_id).order_by("name", "id"))
