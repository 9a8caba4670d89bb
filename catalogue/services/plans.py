"""How a service is fulfilled: a small graph of tasks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext

from calendars.models import Calendar
from catalogue.engine.cycles import find_cycle
from catalogue.engine.gates import pass_gates
from catalogue.models import Component, FulfilmentPlan, PlannedTask, Service
from catalogue.policy import DEFINE, require
from catalogue.services.refusals import (
    MOST_SECONDS,
    CircularCompositionError,
    RegisterRefusedError,
    check_version,
)
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
    seen_version: int | None = None,
) -> FulfilmentPlan:
    """A plan from an instant (UTC) on. A live service must still keep its promises, or the reason be given.

    `seen_version` is how many plans of the service were known. Raises RegisterRefusedError, CircularCompositionError,
    StaleVersionError, and what the gates of publishing raise.
    """
    require(actor, DEFINE)
    _check(tasks)
    try:
        with transaction.atomic():
            # As it is now: it may have gone live since it was read.
            service = Service.objects.select_for_update(no_key=True).get(pk=service.pk)
            check_version(seen=seen_version, current=FulfilmentPlan.objects.filter(service=service).count())
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
            pass_gates(
                services=[service],
                occasion="save",
                accepted_because=accepted_because,
                actor=actor,
                at=max(at, effective_from),
            )
    except IntegrityError as error:
        words = gettext("There is a plan from this instant on already; plans are added, never edited.")
        raise RegisterRefusedError(words, fields={"effective_from": words}) from error
    return plan


def _check(tasks: Sequence[PlanTask]) -> None:
    wrong: dict[str, str] = {}
    codes = [task.code for task in tasks]
    if not tasks:
        wrong["tasks"] = gettext("A plan needs at least one task.")
    for index, task in enumerate(tasks):
        for name, words in _wrong_with(task, codes).items():
            wrong[f"tasks[{index}].{name}"] = words
    if wrong:
        raise RegisterRefusedError(gettext("The plan cannot be written down like this."), fields=wrong)
    cycle = find_cycle({task.code: task.after for task in tasks})
    if cycle:
        names = {task.code: task.name for task in tasks}
        raise CircularCompositionError(
            tuple(names[code] for code in cycle),
            place=f"tasks[{codes.index(cycle[0])}].after",
            words=gettext("These tasks would wait for each other in a circle: %(circle)s."),
        )


def _wrong_with(task: PlanTask, codes: Sequence[str]) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if not task.code or slugify(task.code) != task.code or len(task.code) > 60:
        wrong["code"] = gettext("Use small letters, digits and hyphens, at most 60.")
    elif codes.count(task.code) > 1:
        wrong["code"] = gettext("Each task needs a code of its own.")
    if not task.name.strip() or len(task.name) > 200:
        wrong["name"] = gettext("Give the task a name of at most 200 characters.")
    if task.component is not None and (task.seconds is not None or task.calendar is not None):
        wrong["seconds"] = gettext("Give a time and its calendar, or a component, not both.")
    elif task.component is None and (task.seconds is None or task.calendar is None):
        wrong["seconds"] = gettext("Give a time and its calendar, or a component.")
    elif task.seconds is not None and not 0 < task.seconds <= MOST_SECONDS:
        wrong["seconds"] = gettext("Give more than no time, and at most a year.")
    unknown = [code for code in task.after if code not in codes]
    if unknown:
        wrong["after"] = gettext("There is no task %(code)s.") % {"code": unknown[0]}
    elif len(set(task.after)) < len(task.after):
        wrong["after"] = gettext("A task is named twice.")
    return wrong
