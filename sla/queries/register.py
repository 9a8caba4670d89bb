"""Reads of the service register and of fulfilment plans, for pages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from catalogue.models import Component, PlannedTask, Service
from catalogue.public import all_components, plans_of, services_with


class Link(NamedTuple):
    """Something with a page of its own, by code and name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class ComponentLine:
    """A component, its contract if it has one, and the services that count on it."""

    code: str
    name: str
    provider: str
    contract: Link | None
    users: Sequence[Link]


class PlanLine(NamedTuple):
    """A task of a plan: its number in the plan, how long it takes of which calendar, or the component that says so."""

    number: int
    code: str
    name: str
    seconds: int | None
    calendar: str
    calendar_name: str
    component: str
    component_name: str
    after: Sequence[int]


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan from an instant on; `is_in_force` for the one that holds now."""

    effective_from: datetime
    is_in_force: bool
    is_to_come: bool
    tasks: Sequence[PlanLine]


def component_lines(components: Iterable[Component]) -> list[ComponentLine]:
    """Components for a list: two reads however many."""
    rows = list(components)
    users = services_with(row.pk for row in rows)
    return [
        ComponentLine(
            row.code,
            row.name,
            row.provider.name,
            Link(row.contract.code, row.contract.name) if row.contract else None,
            [Link(service.code, service.name) for service in users[row.pk]],
        )
        for row in rows
    ]


def component_choices() -> list[tuple[str, str]]:
    """Every component by code, with its provider."""
    rows = all_components().order_by("name", "id")
    return [(row.code, f"{row.name} ({row.provider.name})") for row in rows]


def plan_views(service: Service, at: datetime) -> list[PlanView]:
    """Every plan of a service, the newest first."""
    found, is_known = [], False
    for plan, tasks in plans_of(service):
        is_to_come = plan.effective_from > at
        is_in_force = not is_to_come and not is_known
        is_known = is_known or is_in_force
        found.append(PlanView(plan.effective_from, is_in_force, is_to_come, _lines(tasks)))
    return found


def _lines(tasks: Sequence[PlannedTask]) -> list[PlanLine]:
    numbers = {task.code: number for number, task in enumerate(tasks, 1)}
    return [
        PlanLine(
            numbers[task.code],
            task.code,
            task.name,
            task.seconds,
            task.calendar.code if task.calendar else "",
            task.calendar.name if task.calendar else "",
            task.component.code if task.component else "",
            task.component.name if task.component else "",
            sorted(numbers[code] for code in task.after),
        )
        for task in tasks
    ]
