"""The steps that an agent can take on a task: each one's form, words, and the one service it calls."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from design.languages import content_language
from desk.queries.choices import group_choices, organisation_choices, service_choices
from desk.queries.task import form_of_task
from desk.web import forms
from desk.web.views.steps import Given, StepPage, of_assign, steps_beside
from people.public import Actor
from records.public import Record, attachments_of
from requests_app.public import task_steps


def _of_complete(actor: Actor, record: Record, _typed: Mapping[str, str]) -> dict[str, Any]:
    questions = [field for _, field in form_of_task(record).fields()]
    types = {field.type for field in questions}
    return {
        "questions": questions,
        "language": content_language(),
        "organisations": organisation_choices() if "organisation" in types else (),
        "services": service_choices() if "service" in types else (),
        "files": [(str(file.pk), file.name) for file in attachments_of(actor, record)]
        if "file" in types
        else (),
    }


def _of_replace(_actor: Actor, record: Record, _typed: Mapping[str, str]) -> dict[str, Any]:
    group = record.support_group.code if record.support_group else ""
    return {"groups": group_choices(), "initial": {"title": record.title, "support_group": group}}


def _assign(given: Given) -> None:
    data = given.data
    task_steps.assign(
        support_group=data["support_group"],
        assignee=data["assignee"],
        work_note=data["work_note"],
        **given.common,
    )


def _complete(given: Given) -> None:
    data = given.data
    task_steps.complete(answers=data["answers"], work_note=data["work_note"], **given.common)


def _replace(given: Given) -> None:
    data = given.data
    task_steps.replace(
        title=data["title"], support_group=data["support_group"], reason=data["reason"], **given.common
    )


TASK_STEPS: dict[str, StepPage] = {
    "take": StepPage(_("Take"), _("Take it"), forms.StepForm, lambda given: task_steps.take(**given.common)),
    "start": StepPage(
        _("Start work"), _("Start work"), forms.StepForm, lambda given: task_steps.start(**given.common)
    ),
    "assign": StepPage(_("Assign"), _("Assign"), forms.AssignForm, _assign, arguments=of_assign),
    "complete": StepPage(
        _("Complete the task"), _("It is done"), forms.CompleteForm, _complete, arguments=_of_complete
    ),
    "fail": StepPage(
        _("The task failed"),
        _("It failed"),
        forms.ReasonForm,
        lambda given: task_steps.fail(reason=given.data["reason"], **given.common),
        is_danger=True,
    ),
    "retry": StepPage(
        _("Try again"), _("Try again"), forms.StepForm, lambda given: task_steps.retry(**given.common)
    ),
    "skip": StepPage(
        _("Skip the task"),
        _("Skip it"),
        forms.ReasonForm,
        lambda given: task_steps.skip(reason=given.data["reason"], **given.common),
        is_danger=True,
    ),
    "replace": StepPage(
        _("Replace the task"), _("Replace it"), forms.ReplaceForm, _replace, arguments=_of_replace
    ),
    **steps_beside("task", note=task_steps.note),
}
