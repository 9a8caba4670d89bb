"""The steps that an agent can take on an incident: each one's form, words, and the one service it calls."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from desk.queries.choices import category_choices, service_choices
from desk.web import forms
from desk.web.views.steps import Given, StepPage, of_assign, steps_beside
from incidents import public as incidents
from people.public import Actor
from records.public import Record


def _of_classify(actor: Actor, record: Record, _typed: Mapping[str, str]) -> dict[str, Any]:
    detail = incidents.detail_of(record)
    return {
        "services": service_choices(),
        "categories": category_choices(),
        "may_override": actor.may("incident:override-priority"),
        "initial": {
            "title": record.title,
            "description": record.description,
            "service": record.service.code if record.service else "",
            "category": detail.category.code if detail.category else "",
            "impact": detail.impact,
            "urgency": detail.urgency,
            "priority": record.priority if detail.is_priority_overridden else "",
        },
    }


def _assign(given: Given) -> None:
    data = given.data
    incidents.assign(
        support_group=data["support_group"],
        assignee=data["assignee"],
        work_note=data["work_note"],
        **given.common,
    )


def _classify(given: Given) -> None:
    changed = {name: given.data[name] for name in given.changed - {"version", "next"}}
    if "priority" in changed:
        changed["reason"] = given.data["reason"]
    incidents.classify(to=incidents.classification_of(changed), **given.common)


def _pend(waiting_for: str) -> Callable[[Given], object]:
    def run(given: Given) -> object:
        return incidents.pend(
            waiting_for=waiting_for,
            comment=given.data.get("comment", ""),
            reason=given.data.get("reason", ""),
            until=_end_of(given.data["until"]),
            **given.common,
        )

    return run


def _end_of(day: date | None) -> datetime | None:
    """The end of a day by the reader's clocks."""
    if day is None:
        return None
    # The last day of all has none after it; the service refuses it anyhow.
    following = min(day, date.max - timedelta(days=2)) + timedelta(days=1)
    return datetime.combine(following, time(), timezone.get_current_timezone())


INCIDENT_STEPS: dict[str, StepPage] = {
    "take": StepPage(_("Take"), _("Take it"), forms.StepForm, lambda given: incidents.take(**given.common)),
    "start": StepPage(
        _("Start work"), _("Start work"), forms.StepForm, lambda given: incidents.start(**given.common)
    ),
    "assign": StepPage(_("Assign"), _("Assign"), forms.AssignForm, _assign, arguments=of_assign),
    "pend_requester": StepPage(
        _("Ask the requester"), _("Send the question"), forms.QuestionForm, _pend("requester")
    ),
    "pend_provider": StepPage(_("Wait for a provider"), _("Wait"), forms.WaitForm, _pend("provider")),
    "pend_change": StepPage(_("Wait for a change"), _("Wait"), forms.WaitForm, _pend("change")),
    "resume": StepPage(
        _("Resume work"),
        _("Resume work"),
        forms.ResumeForm,
        lambda given: incidents.resume(work_note=given.data["work_note"], **given.common),
    ),
    "resolve": StepPage(
        _("Resolve"),
        _("Resolve and tell the requester"),
        forms.ResolveForm,
        lambda given: incidents.resolve(
            resolution_code=given.data["resolution_code"], resolution=given.data["resolution"], **given.common
        ),
    ),
    "reopen": StepPage(
        _("Reopen"),
        _("Reopen"),
        forms.ReopenForm,
        lambda given: incidents.reopen(comment=given.data["comment"], **given.common),
    ),
    "confirm": StepPage(
        _("It is fixed"), _("It is fixed"), forms.StepForm, lambda given: incidents.confirm(**given.common)
    ),
    "close": StepPage(_("Close"), _("Close"), forms.StepForm, lambda given: incidents.close(**given.common)),
    "cancel": StepPage(
        _("Cancel the incident"),
        _("Cancel the incident"),
        forms.ReasonForm,
        lambda given: incidents.cancel(reason=given.data["reason"], **given.common),
        is_danger=True,
    ),
    "classify": StepPage(_("Classify"), _("Save"), forms.ClassifyForm, _classify, arguments=_of_classify),
    "comment": StepPage(
        _("Reply to the requester"),
        _("Send"),
        forms.CommentForm,
        lambda given: incidents.comment(body=given.data["body"], **given.common),
        permission="incident:comment",
    ),
    **steps_beside("incident", note=incidents.note),
}
