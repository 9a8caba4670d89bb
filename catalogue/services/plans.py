"""How a service is fulfilled: a small graph of tasks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from calendars.models import Calendar
from catalogue.engine.cycles import find_cycle
from catalogue.engine.gates import pass_gates
from catalogue.models import Component, FulfilmentPlan, PlannedTask, Service
from catalogue.policy import DEFINE, require
from catalogue.services.register import MOST_SECONDS, CircularCompositionError, RegisterRefusedError
from people.public import Actor


@dataclass(frozen=True, slots=True)
class PlanTask:
    """A task: `seconds` of a calendar, or a component whose contract says how long; after tasks with these codes."""

    code: str
    name: str
    seconds: int | None = None
    calendar: Calendar | None = None
    component: Component | None = None
    after: tuple[str, ...] = ()


def set_plan(
    *,
    service: Service,
    tasks: Sequence[PlanTask],
    effective_from: datetime,
    actor: Actor,
    at: datetime,
    accepted_because: str = "",
) -> FulfilmentPlan:
    """A plan from an instant (UTC) on. A live service must still keep its promises, or the reason be given.

    Raises RegisterRefusedError, CircularCompositionError, and what the gates of publishing raise.
    """
    require(actor, DEFINE)
    _check(tasks)
    try:
        with transaction.atomic():
            # As it is now: it may have gone live since it was read.
            service = Service.objects.select_for_update(no_key=True).get(pk=service.pk)
            plan = FulfilmentPlan.objects.create(service=service, effective_from=effective_from)
            PlannedTask.objects.bulk_create(
                PlannedTask(
                    plan=plan,
                    code=task.code,
                    name=task.name,
                    position=position,
                    seconds=task.seconds,
                    calendar=task.calendar,
                    component=task.component,
                    after=list(task.after),
                )
                for position, task in enumerate(tasks)
            )
            if service.stage in ("live", "retiring"):
                pass_gates(
                    service=service,
                    occasion="save",
                    accepted_because=accepted_because,
                    actor=actor,
                    at=max(at, effective_from),
                )
    except IntegrityError as error:
        words = "There is a plan from this instant on already; plans are added, never edited."
        raise RegisterRefusedError(words, fields={"effective_from": words}) from error
    return plan


def _check(tasks: Sequence[PlanTask]) -> None:
    wrong: dict[str, str] = {}
    codes = [task.code for task in tasks]
    if not tasks:
        wrong["tasks"] = "A plan needs at least one task."
    for index, task in enumerate(tasks):
        place = f"tasks[{index}]"
        if not task.code or codes.count(task.code) > 1:
            wrong[f"{place}.code"] = "Each task needs a code of its own."
        if (task.component is None) != (task.seconds is not None and task.calendar is not None):
            wrong[f"{place}.seconds"] = "Give a time and its calendar, or a component."
        elif task.seconds is not None and not 0 < task.seconds <= MOST_SECONDS:
            wrong[f"{place}.seconds"] = "Give more than no time, and at most a year."
        unknown = [code for code in task.after if code not in codes]
        if unknown:
            wrong[f"{place}.after"] = f"There is no task {unknown[0]}."
    if wrong:
        raise RegisterRefusedError("The plan cannot be written down like this.", fields=wrong)
    cycle = find_cycle({task.code: task.after for task in tasks})
    if cycle:
        names = {task.code: task.name for task in tasks}
        raise CircularCompositionError(tuple(names[code] for code in cycle))
