"""By when something that is requested is ready, said before it is ordered: from its plan, calendars and contracts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from typing import Any
from uuid import UUID

from calendars.engine import CalendarVersions, parse_calendar, working_time
from calendars.public import calendar_lines
from catalogue.models import OfferingVersion
from catalogue.public import TaskOfPlan, all_components, plan_of, seconds_of
from requests_app.engine.promise import Timed, ready_at
from requests_app.queries.baskets import BasketView
from suppliers.public import contracts_at
from tenancy.engine.scope import current_scope, current_tenant_id, tenant_scope
from tenancy.public import kept


@dataclass(frozen=True, slots=True)
class OfferPromise:
    """Ready at an instant (UTC) if it is ordered now; `is_latest` when answers may make it sooner."""

    at: datetime
    is_latest: bool


@dataclass(frozen=True, slots=True)
class _Delivery:
    """What the contract of a component says: working seconds of a calendar (its key)."""

    seconds: int
    calendar: UUID


@dataclass(frozen=True, slots=True)
class _Hours:
    by_code: Mapping[str, CalendarVersions]
    by_key: Mapping[UUID, CalendarVersions]


def promised_for(
    wanted: Sequence[tuple[OfferingVersion, Mapping[str, Any]]], at: datetime
) -> list[datetime | None]:
    """When each is ready (UTC) whose fulfilment begins at `at` with these answers; None where nothing can be said.

    Nothing is said without a plan, for a person's task without a time, for a part that no contract promises, nor for a
    calendar that never opens again. Calendars and contracts count as they are in force at `at`. A constant number of
    reads, whatever is wanted.
    """
    return _ends([plan_of(version).chosen(answers) for version, answers in wanted], at)


def promised_for_tasks(*, tasks: Sequence[TaskOfPlan], at: datetime) -> datetime | None:
    """The same for tasks of a plan that answers chose, of a version or of a draft."""
    (end,) = _ends([tasks], at)
    return end


def promised_after_order(
    wanted: Sequence[tuple[OfferingVersion, Mapping[str, Any]]], at: datetime
) -> list[datetime | None]:
    """The same for what is ordered at `at`: nothing is promised while somebody may still refuse it."""
    found = promised_for(wanted, at)
    return [None if needs_approval(version) else end for (version, _), end in zip(wanted, found, strict=True)]


def promised_for_offer(version: OfferingVersion, at: datetime) -> OfferPromise | None:
    """When it is ready at the latest, whatever is answered; None as in `promised_for`."""
    tasks = plan_of(version).tasks
    (end,) = _ends([tasks], at)
    return OfferPromise(end, any(task.when is not None for task in tasks)) if end else None


def promised_lines(view: BasketView, at: datetime) -> dict[UUID, datetime | None]:
    """The same for each line in a basket that can be ordered as it is, by its key."""
    lines = [line for line in view.at("basket") if line.card is not None and not line.is_outdated]
    ends = promised_for([(line.version, line.answers) for line in lines], at)
    return {line.id: end for line, end in zip(lines, ends, strict=True)}


def promised_for_task(definition: Mapping[str, Any], begun_at: datetime) -> datetime | None:
    """By when a task that could begin at `begun_at` is to be done, as its plan says; None where that says no time."""
    task = TaskOfPlan(
        code="task",
        name={},
        group="",
        after=(),
        when=None,
        seconds=seconds_of(definition.get("takes")),
        calendar=definition.get("calendar") or "",
        component=definition.get("component") or "",
        told={},
        action=None,
        notation=definition,
    )
    start = ceil(begun_at.timestamp())
    timed = _timed(task, _deliveries({task.component} - {""}, begun_at), _hours(), start)
    end = ready_at([timed], start) if timed.seconds else None
    return None if end is None else datetime.fromtimestamp(end, tz=UTC)


def needs_approval(version: OfferingVersion) -> bool:
    """Whether somebody is asked before it is fulfilled."""
    return bool((version.design.get("approval") or {}).get("levels"))


def _ends(wanted: Sequence[Sequence[TaskOfPlan]], at: datetime) -> list[datetime | None]:
    named = {task.component for tasks in wanted for task in tasks if task.component}
    deliveries = _deliveries(named, at)
    hours, start = _hours(), ceil(at.timestamp())
    found: list[datetime | None] = []
    for tasks in wanted:
        timed = [_timed(task, deliveries, hours, start) for task in tasks]
        is_said = any(each.seconds for each in timed)
        end = ready_at(timed, start) if is_said else None
        found.append(None if end is None else datetime.fromtimestamp(end, tz=UTC))
    return found


def _timed(task: TaskOfPlan, deliveries: Mapping[str, _Delivery], hours: _Hours, start: int) -> Timed:
    seconds, versions = task.seconds, None
    if task.component:
        delivery = deliveries.get(task.component)
        seconds = delivery.seconds if delivery else None
        versions = hours.by_key.get(delivery.calendar) if delivery else None
    elif task.calendar:
        versions = hours.by_code.get(task.calendar)
        if versions is None:
            seconds = None
    elif seconds is None and task.action is not None:
        # What runs by itself takes no time worth telling.
        seconds = 0
    return Timed(task.code, task.after, seconds, versions(start) if versions else None)


@kept
def _hours() -> _Hours:
    by_code, by_key = {}, {}
    for line in calendar_lines().values():
        if line.versions:
            by_code[line.calendar.code] = by_key[line.calendar.pk] = CalendarVersions(
                (int(row.effective_from.timestamp()), working_time(parse_calendar(row.definition)))
                for row in line.versions
            )
    return _Hours(by_code, by_key)


def _deliveries(codes: Collection[str], at: datetime) -> dict[str, _Delivery]:
    """What contracts in force at `at` say of components, by code. As the platform: a promise is the same for all."""
    if not codes:
        return {}
    scope, tenant_id = current_scope(), current_tenant_id()
    with tenant_scope(
        tenant_id, actor=scope.actor if scope else "", request_id=scope.request_id if scope else ""
    ):
        rows = list(all_components().filter(code__in=codes).values_list("code", "contract_id"))
        contracts = contracts_at(at)
    found = {}
    for code, contract in rows:
        state = contracts.get(contract)
        terms = state.terms if state is not None and state.is_in_force else None
        if terms is not None and terms.fulfilment_seconds is not None:
            found[code] = _Delivery(terms.fulfilment_seconds, terms.calendar_id)
    return found
