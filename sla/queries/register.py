"""Reads of components, and of how services are fulfilled."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from catalogue.models import Component, Dependency, PlannedTask, Service
from catalogue.public import plans_in_force


class ComponentLine(NamedTuple):
    """A component in a list, with the services that it is part of: code and name."""

    name: str
    provider: str
    contract: str
    contract_name: str
    services: Sequence[tuple[str, str]]


class TaskView(NamedTuple):
    """A task of a plan: it takes so long of a calendar, or as a component's contract says, after other tasks."""

    name: str
    seconds: int | None
    calendar: str
    component: str
    after: Sequence[str]


def all_components() -> QuerySet[Component]:
    """Every component, with its provider and contract."""
    return Component.objects.select_related("provider", "contract")


def component_lines(rows: Iterable[Component]) -> list[ComponentLine]:
    """Components for a list; one more read, however many there are."""
    found = list(rows)
    users: dict[UUID | None, list[tuple[str, str]]] = defaultdict(list)
    uses = Dependency.objects.filter(component__in=[row.pk for row in found]).order_by("group__service__name")
    for key, code, name in uses.values_list("component_id", "group__service__code", "group__service__name"):
        if (code, name) not in users[key]:
            users[key].append((code, name))
    return [
        ComponentLine(
            row.name,
            row.provider.name,
            row.contract.code if row.contract else "",
            row.contract.name if row.contract else "",
            users[row.pk],
        )
        for row in found
    ]


def component_choices() -> list[tuple[str, str]]:
    """Every component by code, with its name and provider."""
    return [
        (row.code, f"{row.name} ({row.provider.name})") for row in all_components().order_by("name", "id")
    ]


def plan_of(service: Service, at: datetime) -> list[PlannedTask]:
    """The tasks of a service's plan in force at an instant (UTC), in order; none without a plan."""
    return plans_in_force(at).get(service.pk, [])


def task_views(service: Service, at: datetime) -> list[TaskView]:
    """The same for a page."""
    tasks = plan_of(service, at)
    names = {task.code: task.name for task in tasks}
    return [
        TaskView(
            task.name,
            task.seconds,
            task.calendar.name if task.calendar else "",
            task.component.name if task.component else "",
            [names[code] for code in task.after],
        )
        for task in tasks
    ]
