"""Services, their parts, contracts and promises of the tenant in scope, as the composition engine reads them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import groupby
from typing import Literal
from uuid import UUID

from calendars.engine import CalendarVersions, WorkingTime
from calendars.public import calendars_in_force
from catalogue.models import Component as RegisterRow
from catalogue.models import PlannedTask
from catalogue.models import Service as ServiceRow
from catalogue.public import Register, plans_in_force, register
from sla.engine.composition import (
    Band,
    Check,
    Component,
    Group,
    Landscape,
    Member,
    Promise,
    Service,
    Task,
    Terms,
    check_service,
)
from sla.models import AvailabilityPromise, Target
from sla.services.book import target_definitions
from sla.services.history import seconds
from suppliers.models import ContractTerms
from suppliers.public import ContractState, contracts_at

# Worst starts are looked for in the year ahead: weekends, bank holidays and changes of the clock all come in it.
HORIZON = 366 * 86_400
_Hours = Callable[[UUID], WorkingTime]
METRICS: tuple[Literal["resolution", "fulfilment"], ...] = ("resolution", "fulfilment")


@dataclass(frozen=True, slots=True)
class Composition:
    """Everything that promises are checked by, as it stands at an instant. Services and components by key, as text."""

    at: datetime
    register: Register
    landscape: Landscape
    promises: Mapping[str, Sequence[Promise]]
    availability: Mapping[str, Fraction]
    bands: Mapping[str, Band]
    plans: Mapping[str, Sequence[Task]]

    def check(self, service: UUID) -> Check:
        """Hold one service's promises against its parts, by the worst start in the year from `at` on."""
        key, low = str(service), seconds(self.at)
        return check_service(
            self.landscape,
            key,
            promises=self.promises.get(key, ()),
            availability=self.availability.get(key),
            band=self.bands.get(key),
            plan=self.plans.get(key),
            low=low,
            high=low + HORIZON,
        )

    def relying_on(self, wanted: UUID) -> list[UUID]:
        """The services that a service or a component is a part of, at whatever depth; a service itself is the first."""
        users: dict[str, set[str]] = defaultdict(set)
        for key, service in self.landscape.services.items():
            for group in service.groups:
                for member in group.members:
                    users[member.key].add(key)
        found = [str(wanted)]
        for key in found:
            found += sorted(users[key] - set(found))
        return [UUID(key) for key in found if key in self.landscape.services]


def composition_at(at: datetime, *, changed: ContractTerms | None = None) -> Composition:
    """The composition at an instant (UTC); `changed` are terms to be, as if they were in force. Reads everything anew.

    Nothing is kept between calls: what is being saved in the same transaction must be seen.
    """
    known, calendars, contracts = register(), calendars_in_force(), dict(contracts_at(at))
    if changed is not None:
        state = contracts[changed.contract_id]
        contracts[changed.contract_id] = ContractState(state.contract, state.is_in_force, changed)

    def hours(key: UUID) -> WorkingTime:
        versions: CalendarVersions = calendars[str(key)]
        return versions(seconds(at))

    components = {str(key): _component(row, contracts, hours) for key, row in known.components.items()}
    services = {
        str(key): Service(
            str(key), row.name, hours(row.hours_id) if row.hours_id else None, _groups(known, key)
        )
        for key, row in known.services.items()
    }
    plans = {
        str(service): tuple(_task(task, hours) for task in tasks)
        for service, tasks in plans_in_force(at).items()
    }
    return Composition(
        at, known, Landscape(services, components), _promises(at, hours), _availability(at), _bands(), plans
    )


def _component(row: RegisterRow, contracts: Mapping[UUID, ContractState], hours: _Hours) -> Component:
    state = contracts.get(row.contract_id) if row.contract_id else None
    if state is None:
        return Component(str(row.pk), row.name, problem="missing_contract")
    if not state.is_in_force:
        return Component(str(row.pk), row.name, problem="contract_not_in_force")
    if state.terms is None:
        return Component(str(row.pk), row.name, problem="missing_terms")
    said = state.terms
    terms = Terms(
        contract=state.contract.code,
        provider=state.contract.provider.name,
        hours=hours(said.calendar_id),
        resolution=said.resolution_seconds,
        fulfilment=said.fulfilment_seconds,
        availability=None if said.availability is None else Fraction(said.availability) / 100,
    )
    return Component(str(row.pk), row.name, terms)


def _groups(known: Register, service: UUID) -> tuple[Group, ...]:
    return tuple(
        Group(
            group.name,
            tuple(
                Member(str(part.component_id or part.used_service_id), part.handover_seconds)
                for part in known.parts.get(group.pk, ())
            ),
            group.needed,
            group.is_in_turn,
        )
        for group in known.groups.get(service, ())
    )


def _task(task: PlannedTask, hours: _Hours) -> Task:
    return Task(
        key=task.code,
        name=task.name,
        seconds=task.seconds or 0,
        hours=hours(task.calendar_id) if task.calendar_id else None,
        component=str(task.component_id) if task.component_id else "",
        after=tuple(task.after),
    )


def _promises(at: datetime, hours: _Hours) -> dict[str, list[Promise]]:
    """What the SLA targets that name a service promise, by service. Targets for all services promise for none."""
    names = dict(Target.objects.values_list("code", "name"))
    found: dict[str, list[Promise]] = defaultdict(list)
    for target in target_definitions():
        metric = next((metric for metric in METRICS if metric == target.metric), None)
        if target.kind != "sla" or metric is None or not target.in_force(seconds(at)):
            continue
        for service in target.scope.get("service", ()):
            promise = Promise(
                metric, target.code, names[target.code], target.duration, hours(UUID(target.calendar))
            )
            found[str(service)].append(promise)
    return {key: sorted(promises, key=lambda promise: promise.name) for key, promises in found.items()}


def _availability(at: datetime) -> dict[str, Fraction]:
    """What availability is promised of each service, if any is."""
    rows = AvailabilityPromise.objects.filter(effective_from__lte=at).order_by(
        "service_id", "effective_from", "id"
    )
    latest = {key: list(versions)[-1] for key, versions in groupby(rows, key=lambda row: row.service_id)}
    return {str(key): Fraction(row.percent) / 100 for key, row in latest.items() if row.percent is not None}


def _bands() -> dict[str, Band]:
    """The band that each service is in, if any."""
    rows = ServiceRow.objects.filter(availability_band__isnull=False).values_list(
        "pk", "availability_band__name", "availability_band__percent"
    )
    return {str(key): Band(name, Fraction(percent) / 100) for key, name, percent in rows}
